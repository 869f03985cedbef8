"""A resident asks at the portal for a digital ID: proven, with consent, with the wallet's key; and when it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from sqlalchemy import func, select

from backoffice.audit.models import AuditEvent
from backoffice.clients.models import KeptAnswer
from backoffice.consents.models import Registrant
from backoffice.data_links import holdings, own_id
from backoffice.data_links.models import LinkHolding
from backoffice.digital_id import checking, service
from backoffice.digital_id.models import DigitalId, DigitalIdEvent, SpentNonce, WalletNonce
from backoffice.digital_id.workflow import Cause
from backoffice.identity import Role
from backoffice.operations import upkeep
from backoffice.residents import protecting
from tests.backoffice.clients.machines import AUDIENCE, Machine, machine
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.consents.portal import consented, on_a_word, proven, register, withdrawn
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import grown_up
from tests.backoffice.office import City
from tests.backoffice.programs.cities import take_in_residents
from workflows.credentials.encoding import unpacked_json, unpacked_object
from workflows.credentials.sd_jwt import split
from workflows.credentials.signing import Key, new_key, public_part
from workflows.credentials.wallet_simulator import proof_of

NOBODY = "nobody-0000"


@dataclass
class Visit:
    """A resident at the portal, with a telephone."""

    city: City
    portal: Machine
    person: dict[str, Any]
    residents: pl.DataFrame
    key: Key = field(default_factory=new_key)

    def call(self, method: str, path: str, **more: Any) -> Any:
        """With a token of its own: days pass in between."""
        return self.portal.call(method, path, token=self.portal.token(), **more)

    def draw(self, person: dict[str, Any] | None = None) -> Any:
        return self.call("POST", "/portal/digital-ids/nonce", json={"person": person or self.person})

    def proof(self, nonce: str = "", key: Key | None = None, audience: str = AUDIENCE) -> str:
        now = int(self.city.clock.moment.timestamp())
        return proof_of(key or self.key, audience, nonce or self.draw().json()["nonce"], now)

    def ask(self, proof: str = "", person: dict[str, Any] | None = None) -> Any:
        body = {"person": person or self.person, "proof": proof or self.proof()}
        return self.call("PUT", "/portal/digital-ids", json=body)

    def issued(self, key: Key | None = None) -> dict[str, Any]:
        """Draw, wait for the worker, ask."""
        proof = self.proof(key=key)
        holdings.tick(self.city.office)
        answer = self.ask(proof)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def own(self) -> list[dict[str, Any]]:
        return self.call("POST", "/portal/digital-ids/look", json={"person": self.person}).json()["digital_ids"]

    def states(self) -> list[str]:
        return [each["state"] for each in reversed(self.own())]

    def causes(self) -> list[str]:
        with self.city.look() as work:
            found = select(DigitalIdEvent.cause).where(DigitalIdEvent.kind == "revoked").order_by(DigitalIdEvent.id)
            return list(work.session.scalars(found))

    def another_day(self, change) -> None:
        """The registers of the next day are taken in, and the worker looks at them."""
        self.city.clock.pass_(days=1)
        take_in_residents(self.city, people=300, change=change)
        holdings.tick(self.city.office)


def visiting(city: City, *kinds: str, **facts: Any) -> Visit:
    """Somebody who is registered, was proven, and consents."""
    residents = take_in_residents(city, people=300, change=lambda drawn: changed(drawn, grown_up(drawn), **facts))
    portal = machine(city)
    person = proven(grown_up(residents))
    register(portal, person)
    for kind in kinds:
        consented(portal, kind, person)
    return Visit(city, portal, person, residents)


def changed(drawn: pl.DataFrame, pseudonym: str, **facts: Any) -> pl.DataFrame:
    theirs = pl.col("pseudonym") == pseudonym
    return drawn.with_columns(
        pl.when(theirs).then(pl.lit(value).cast(drawn.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in facts.items()
    )


@pytest.fixture
def visit(city: City) -> Visit:
    return visiting(city, "core")


def said_by(credential: str) -> dict[str, object]:
    return {name: value for _salt, name, value in map(unpacked_json, split(credential).disclosures)}


def test_whoever_consents_and_holds_the_key_gets_one(city_on_both: City):
    visit = visiting(city_on_both, "core", "care", disability_physical="grade_4")

    issued = visit.issued()

    said, payload = said_by(issued["credential"]), unpacked_object(issued["credential"].split(".")[1])
    assert payload["cnf"] == {"jwk": public_part(visit.key)}
    assert (payload["iss"], said["city_resident"], said["age_over_20"]) == (AUDIENCE, True, True)
    assert "disability_discount_class" in said
    assert sorted(said) == issued["claims"]
    assert visit.own()[0]["number"] == issued["number"]


def test_it_says_no_more_than_the_consents_open(visit: Visit):
    assert "disability_discount_class" not in said_by(visit.issued()["credential"])


def test_a_number_is_signed_once_for_one_person_within_five_minutes(city_on_both: City):
    visit = visiting(city_on_both, "core")
    other = proven(str(visit.residents["pseudonym"][250]))
    register(visit.portal, other, mail="other@mail.example")
    consented(visit.portal, "core", other)
    proof, of_another = visit.proof(), visit.proof(visit.draw(other).json()["nonce"])
    holdings.tick(visit.city.office)

    assert visit.ask(of_another).status_code == 422
    assert visit.ask(proof).status_code == 200
    assert visit.ask(proof).status_code == 422
    late = visit.proof()
    visit.city.clock.pass_(minutes=5, seconds=1)
    fresh = visit.ask(late)
    assert (fresh.status_code, fresh.json()["errors"][0]["pointer"]) == (422, "#/proof")


def test_a_proof_for_others_or_with_another_key_is_refused(visit: Visit):
    nonce = visit.draw().json()["nonce"]
    holdings.tick(visit.city.office)
    forged = proof_of(new_key(), AUDIENCE, nonce, int(visit.city.clock.moment.timestamp()))
    head, body, _ = visit.proof(nonce).split(".")

    for wrong in (
        visit.proof(nonce, audience="https://another.example"),
        visit.proof("0" * 32),
        f"{head}.{body}.{forged.split('.')[2]}",
    ):
        problem(visit.ask(wrong), 422, "invalid")
    assert visit.ask(visit.proof(nonce)).status_code == 200


@pytest.mark.parametrize("ask", [Visit.draw, Visit.ask])
def test_on_a_mere_word_without_a_consent_or_unregistered_nobody_gets_as_far(visit: Visit, ask):
    proof = () if ask is Visit.draw else (visit.proof(),)
    problem(ask(visit, *proof, person=on_a_word(visit.person["pseudonym"])), 403, "card-needed")
    problem(ask(visit, *proof, person=proven(NOBODY)), 404, "not-there")

    bare = proven(str(visit.residents["pseudonym"][250]))
    register(visit.portal, bare, mail="bare@mail.example")
    problem(ask(visit, *proof, person=bare), 422, "invalid")


def test_until_the_worker_has_looked_it_is_asked_to_come_again_and_the_number_stays_good(visit: Visit):
    proof = visit.proof()

    problem(visit.ask(proof), 503, "unavailable")
    holdings.tick(visit.city.office)

    assert visit.ask(proof).status_code == 200


def test_whoever_is_protected_gone_or_in_no_register_hears_one_and_the_same(city: City):
    visit = visiting(city, "core")
    people = {"gone": str(visit.residents["pseudonym"][201]), "hidden": str(visit.residents["pseudonym"][202])}
    people["unknown"] = "kaze-4711-nobody"
    take_in_residents(
        city, people=300, seed=2, change=lambda _drawn: changed(visit.residents, people["gone"], ward=None)
    )
    with city.unit(city.actor(city.person(Role.PRIVACY_OFFICER))) as work:
        protecting.add(work, people["hidden"], "申出 R8-1")
    answers = []
    for number, pseudonym in enumerate(people.values()):
        person = proven(pseudonym)
        register(visit.portal, person, mail=f"hito{number}@mail.example")
        consented(visit.portal, "core", person)
        proof = visit.proof(visit.draw(person).json()["nonce"])
        holdings.tick(city.office)
        answers.append(visit.ask(proof, person))

    assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}
    with city.look() as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind)))
    assert kinds.count("digital_id_asked_in_vain") == 3


def test_asked_again_on_the_same_key_the_new_one_replaces_the_old(city_on_both: City):
    visit = visiting(city_on_both, "core")
    visit.issued()

    visit.issued()

    assert visit.states() == ["revoked", "live"]
    assert visit.causes() == [Cause.REPLACED]


def test_one_person_has_three_at_most_and_the_oldest_goes(visit: Visit):
    for _ in range(5):
        visit.issued(new_key())

    assert visit.states() == ["revoked", "revoked", "live", "live", "live"]


def test_one_proof_sent_twice_at_once_gives_one(city_on_both: City):
    visit = visiting(city_on_both, "core")
    proof, token = visit.proof(), visit.portal.token()
    holdings.tick(visit.city.office)
    body = {"person": visit.person, "proof": proof}

    with ThreadPoolExecutor(4) as hands:
        asked = [
            hands.submit(visit.portal.call, "PUT", "/portal/digital-ids", token=token, json=body) for _ in range(4)
        ]
        statuses = sorted(each.result().status_code for each in asked)

    assert statuses == [200, 422, 422, 422]
    assert visit.states() == ["live"]


def test_asked_for_on_one_key_with_two_numbers_at_once_one_of_them_lives(city_on_both: City):
    visit = visiting(city_on_both, "core")
    proofs, token = [visit.proof(), visit.proof()], visit.portal.token()
    holdings.tick(visit.city.office)

    def ask(proof: str) -> int:
        body = {"person": visit.person, "proof": proof}
        return visit.portal.call("PUT", "/portal/digital-ids", token=token, json=body).status_code

    with ThreadPoolExecutor(2) as hands:
        assert list(hands.map(ask, proofs)) == [200, 200]

    assert visit.states() == ["revoked", "live"]


def test_two_people_never_share_a_key(visit: Visit):
    visit.issued()
    other = proven(str(visit.residents.filter(pl.col("ward").is_not_null())["pseudonym"][250]))
    register(visit.portal, other, mail="other@mail.example")
    consented(visit.portal, "core", other)
    proof = visit.proof(visit.draw(other).json()["nonce"])
    holdings.tick(visit.city.office)

    problem(visit.ask(proof, other), 422, "invalid")
    assert visit.states() == ["live"]


def test_what_it_says_is_kept_nowhere_not_even_for_a_repeated_call(visit: Visit):
    with visit.city.look() as work:
        before = work.session.scalar(select(func.count(KeptAnswer.id)))
    issued = visit.issued()

    with visit.city.look() as work:
        assert work.session.scalar(select(func.count(KeptAnswer.id))) == before
        row = work.session.scalars(select(DigitalId)).one()
        assert issued["credential"].split("~")[0] not in repr(vars(row))
        assert len(row.said_mark) == 64


def test_its_holder_ends_it_and_nobody_elses(visit: Visit):
    number = visit.issued()["number"]
    other = proven(str(visit.residents["pseudonym"][250]))
    register(visit.portal, other, mail="other@mail.example")

    def end(person: dict[str, Any]) -> Any:
        return visit.portal.call("POST", "/portal/digital-ids/end", json={"person": person, "number": number})

    problem(end(other), 404, "not-there")
    assert end(visit.person).json()["state"] == "revoked"
    assert end(visit.person).json()["state"] == "revoked"
    assert visit.causes() == [Cause.ASKED]


def test_whoever_died_or_moved_out_has_none_from_the_next_registers_on(city_on_both: City):
    visit = visiting(city_on_both, "core")
    who = visit.person["pseudonym"]
    visit.issued()

    visit.another_day(lambda _drawn: visit.residents.filter(pl.col("pseudonym") != who))

    assert visit.states() == ["revoked"]
    assert visit.causes() == [Cause.REGISTER]


def test_whoever_has_moved_out_of_the_city_has_none_either(visit: Visit):
    visit.issued()

    visit.another_day(lambda _drawn: changed(visit.residents, visit.person["pseudonym"], ward=None))

    assert visit.states() == ["revoked"]


def test_whoever_is_protected_has_none_in_the_same_moment(city_on_both: City):
    visit = visiting(city_on_both, "core")
    visit.issued()

    with visit.city.unit(visit.city.actor(visit.city.person(Role.PRIVACY_OFFICER))) as work:
        protecting.add(work, visit.person["pseudonym"], "申出 R8-1")

    assert visit.states() == ["revoked"]


def test_a_changed_class_of_discount_ends_what_says_it_and_nothing_else(city_on_both: City):
    visit = visiting(city_on_both, "core", "care", disability_physical="grade_4")
    visit.issued()
    with visit.city.unit() as work:
        registrant = work.session.scalars(select(Registrant)).one()
        said = {"city_resident": True}
        service.issue_of(work, registrant.id, said, new_key())

    visit.another_day(lambda _drawn: changed(visit.residents, visit.person["pseudonym"], disability_physical="grade_1"))

    assert visit.states() == ["revoked", "live"]


def test_where_nothing_has_changed_it_stays(visit: Visit):
    visit.issued()

    visit.another_day(lambda _drawn: visit.residents)

    assert visit.states() == ["live"]


def test_the_worker_looks_at_whoever_has_one_though_they_consent_to_no_link(visit: Visit):
    visit.issued()
    visit.city.clock.pass_(minutes=10)
    holdings.sweep(visit.city.office)

    with visit.city.look() as work:
        assert work.session.scalar(select(func.count(LinkHolding.id))) == 1
    withdrawn(visit.portal, consent_of(visit), visit.person, token=visit.portal.token())
    holdings.sweep(visit.city.office)
    with visit.city.look() as work:
        assert work.session.scalar(select(func.count(LinkHolding.id))) == 0


def consent_of(visit: Visit) -> str:
    record = visit.call("POST", "/portal/record", json={"person": visit.person, "language": "ja"}).json()
    return record["consents"][0]["reference"]


def test_ninety_days_after_its_end_nobody_knows_whose_it_was(city_on_both: City):
    visit = visiting(city_on_both, "core")
    visit.issued()
    with visit.city.look() as work:
        ends = work.session.scalars(select(DigitalId.expires_on)).one()
        days = (ends - work.today).days

    def kept() -> list[tuple[int | None, str, str]]:
        with visit.city.look() as work:
            columns = (DigitalId.registrant_id, DigitalId.holder_thumbprint, DigitalId.said_mark)
            return [tuple(row) for row in work.session.execute(select(*columns).order_by(DigitalId.id))]

    visit.city.clock.pass_(days=days + service.KEPT_FOR.days)
    upkeep.tick(visit.city.office)
    assert kept()[0][0] is not None
    visit.city.clock.pass_(days=1)
    upkeep.tick(visit.city.office)

    assert kept() == [(None, "", "")]
    with visit.city.look() as work:
        assert [each.kind for each in work.session.scalars(select(DigitalIdEvent))] == ["issued"]


def test_spent_and_forgotten_numbers_are_erased(visit: Visit):
    for _ in range(own_id.MOST_NONCES + 3):
        visit.draw()
    with visit.city.look() as work:
        assert work.session.scalar(select(func.count(WalletNonce.id))) == own_id.MOST_NONCES
    visit.city.clock.pass_(minutes=6)
    with visit.city.unit() as work:
        work.session.add(SpentNonce(mark="a" * 64, at=work.now - timedelta(hours=1)))
        work.session.flush()
        checking.forget_old(work.session, work.now)

    with visit.city.look() as work:
        left = [work.session.scalar(select(func.count(table.id))) for table in (WalletNonce, SpentNonce)]
    assert left == [0, 0]


def test_a_link_and_a_digital_id_are_made_of_the_same_row(desk: Agreements):
    """Whoever has both is looked at once."""
    visit = visiting(desk.city, "core")
    visit.issued()
    with visit.city.look() as work:
        assert work.session.scalar(select(func.count(LinkHolding.id))) == 1
