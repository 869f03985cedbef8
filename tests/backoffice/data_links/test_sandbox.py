"""Before a link is approved the partner tries it out: at the same gateway, on invented people and on nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import event, select, text

from backoffice.clients import service as clients
from backoffice.clients.models import MachineClient
from backoffice.clients.scopes import Scope
from backoffice.clients.service import Particulars
from backoffice.consents.models import Consent, Registrant
from backoffice.data_links import queries, service
from backoffice.data_links.models import LinkConsent, LinkHolding, LinkRequest, LinkUse
from backoffice.data_links.sandbox import service as sandboxes
from backoffice.data_links.sandbox.models import SandboxRequest
from backoffice.data_links.sandbox.reporting import report_now
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Staff
from tests.backoffice.clients.machines import Machine, gateway, pem_of, proved
from tests.backoffice.clients.test_example_client import served
from tests.backoffice.data_links.agreements import LIBRARY, Agreements, stranger
from tests.backoffice.data_links.library import ALL, CARD, found_library
from workflows.links import Check, Necessity, Persona, Result, Terms

PATH = "/links/library-card"
REAL = {each.__tablename__ for each in (Registrant, Consent, LinkConsent, LinkHolding, LinkRequest, LinkUse)}
NEUTRAL = {
    Persona.WITHDRAWN,
    Persona.EXPIRED,
    Persona.ASKED_ANEW,
    Persona.PROTECTED,
    Persona.UNKNOWN,
    Persona.DEAD,
    Persona.MOVED_OUT,
    Persona.SELF_DECLARED,
}


def opened(desk: Agreements, version_id: int, http=None, person: Staff | None = None) -> Machine:
    """Open a sandbox as whoever writes the agreement does; gives the partner's machine."""
    key = ECKey.generate_key("P-256")
    with desk.city.unit(desk.city.actor(person or desk.drafter)) as work:
        version = queries.find_version(work.session, version_id)
        sandbox = sandboxes.open_sandbox(work, version, "試験担当 092-000-0009", pem_of(key))
        client = work.session.get_one(MachineClient, sandbox.client_id)
    return Machine(desk.city, http or gateway(desk.city), client.id, client.handle, key)


def request_of(desk: Agreements, persona: Persona) -> str:
    with desk.city.look() as work:
        found = select(SandboxRequest.reference).where(SandboxRequest.persona == persona)
        return work.session.scalars(found.order_by(SandboxRequest.id.desc()).limit(1)).one()


def fetch(partner: Machine, request: str, *attributes: str, once: str = ""):
    said = {"request": request, "purpose": "issue_card", "attributes": list(attributes or ALL)}
    return partner.call("POST", f"{PATH}/release", json=said, once=once)


def answer(partner: Machine, request: str, number: str = CARD):
    return partner.call("POST", f"{PATH}/answer", json={"request": request, "card_number": number})


def shown(desk: Agreements, version_id: int) -> dict[Check, Result]:
    with desk.city.look() as work:
        report = report_now(work, queries.find_version(work.session, version_id))
        return {each.check: each.result for each in report.findings}


def changed(desk: Agreements, version_id: int, **changes: Any) -> Terms:
    """What the version says, changed."""
    return replace(service.terms_of(desk.version(version_id)), **changes)


@contextmanager
def statements(desk: Agreements) -> Iterator[list[str]]:
    """Collect what is sent to the database."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(desk.city.office.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(desk.city.office.engine, "before_cursor_execute", note)


def test_a_partner_meets_everybody_whom_it_will_meet_later(desk_on_both: Agreements):
    desk = desk_on_both
    partner = opened(desk, desk.begin())

    waiting = partner.call("GET", f"{PATH}/requests").json()["requests"]
    answers = {persona: fetch(partner, request_of(desk, persona)) for persona in Persona}

    assert {each["request"] for each in waiting} == {request_of(desk, persona) for persona in Persona}
    assert answers[Persona.CONSENTS].json()["claims"] == {
        "full_name": "架空 花子",
        "city_resident": True,
        "age_over_18": True,
    }
    assert set(answers[Persona.DECLINES].json()["claims"]) == {"full_name", "city_resident"}
    assert answers[Persona.CHILD].json()["claims"]["age_over_18"] is False
    assert (answers[Persona.CEILING].status_code, int(answers[Persona.CEILING].headers["Retry-After"]) > 0) == (
        429,
        True,
    )
    assert {answers[persona].json()["type"] for persona in NEUTRAL} == {"/problems/not-available"}
    assert len({answers[persona].content for persona in NEUTRAL}) == 1


def test_what_a_partner_is_answered_has_the_very_shape_of_what_it_will_be_answered(desk: Agreements):
    library = found_library(desk)
    library.consent("age_over_18")
    real = library.ask_for_card()
    version_id = desk.begin("later-card")
    partner = opened(desk, version_id, library.system.http)

    def told(system: Machine, code: str, request: str) -> list[object]:
        def act(path: str, body: dict[str, object]):
            return system.call("POST", f"/links/{code}/{path}", json=body)

        body = {"request": request, "purpose": "issue_card", "attributes": ["full_name", "age_over_18"]}
        answers = [
            act("release", {**body, "attributes": ["ward"]}),
            act("release", {**body, "attributes": []}),
            act("release", {**body, "request": "f" * 32}),
            act("release", body),
            act("answer", {"request": request, "card_number": "A1B"}),
            act("answer", {"request": "f" * 32, "card_number": CARD}),
            act("answer", {"request": request, "card_number": CARD}),
            act("deletions/done", {"deletion": "f" * 32}),
            system.call("GET", f"/links/{code}/requests"),
            system.call("GET", f"/links/{code}/deletions"),
        ]
        return [(each.status_code, dict(each.headers) | {"content-length": ""}, shape(each.json())) for each in answers]

    assert told(partner, "later-card", request_of(desk, Persona.CONSENTS)) == told(library.system, "library-card", real)


def shape(said: object) -> object:
    """What was said, but for what is each person's own."""
    if isinstance(said, dict) and "claims" in said:
        return {name: type(value) for name, value in said["claims"].items()} | {"version": said["version"]}
    if isinstance(said, dict) and "requests" in said:
        return {frozenset(each) for each in said["requests"]} <= {frozenset({"request", "purpose", "opened_at"})}
    return said


def test_a_call_in_the_sandbox_touches_nobody_real(desk_on_both: Agreements):
    desk = desk_on_both
    library = found_library(desk)
    library.consent("age_over_18")
    library.ask_for_card()
    partner = opened(desk, desk.next(library.version_id, per_minute=100), library.system.http)
    partner.call("GET", f"{PATH}/requests")

    def counted() -> list[int]:
        with desk.city.look() as work:
            return [work.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in sorted(REAL)]

    before = counted()
    with statements(desk) as seen:
        for persona in Persona:
            fetch(partner, request_of(desk, persona))
            answer(partner, request_of(desk, persona))
        partner.call("GET", f"{PATH}/requests")
        due = partner.call("GET", f"{PATH}/deletions").json()["deletions"]
        partner.call("POST", f"{PATH}/deletions/done", json={"deletion": due[0]["deletion"]})

    words = {word.strip('",()') for statement in seen for word in statement.replace(".", " ").split()}
    assert counted() == before
    assert "sandbox_call" in words
    assert words & REAL == set()


def test_a_sandboxs_machine_gets_nothing_of_a_real_link_and_a_real_one_nothing_of_a_sandbox(desk: Agreements):
    library = found_library(desk)
    library.consent("age_over_18")
    real = library.ask_for_card()
    draft = desk.next(library.version_id, per_minute=100)
    partner = opened(desk, draft, library.system.http)

    assert fetch(partner, real).json()["type"] == "/problems/not-available"
    assert fetch(library.system, request_of(desk, Persona.CONSENTS)).json()["type"] == "/problems/not-available"
    assert [each["request"] for each in library.system.call("GET", f"{PATH}/requests").json()["requests"]] == [real]
    assert partner.call("GET", "/portal/links").status_code == 403
    with desk.city.unit(desk.city.actor(desk.drafter)) as work:
        version = queries.find_version(work.session, draft)
        service.discard(work, version, version.version)
    assert fetch(partner, real).json()["type"] == "/problems/not-there"


def test_no_link_is_ever_connected_to_a_sandboxs_machine(desk: Agreements):
    version_id = desk.agreed()
    partner = opened(desk, desk.next(version_id, per_minute=100))

    with desk.city.unit(proved(desk.city, desk.city.actor(desk.bureau.dx))) as work, pytest.raises(Invalid):
        service.propose_machine(work, desk.version(version_id).link_id, partner.client_id)


def test_whatever_is_changed_of_it_a_sandboxs_machine_asks_for_nothing_else(desk: Agreements):
    partner = opened(desk, desk.begin())
    with desk.city.unit(proved(desk.city, desk.city.actor(desk.bureau.dx))) as work:
        wide = Particulars("架空", None, "架空社", "窓口", frozenset(Scope))
        clients.change(work, partner.client_id, wide, work.session.get_one(MachineClient, partner.client_id).version)

    with desk.city.look() as work:
        assert work.session.get_one(MachineClient, partner.client_id).scopes == "links"
    assert partner.call("GET", f"{PATH}/requests").status_code == 200


def test_who_withdraws_leaves_something_to_delete(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = desk.begin()
    partner = opened(desk, version_id)
    request = request_of(desk, Persona.WITHDRAWS)
    fetch(partner, request, once="one-key-for-one-call")
    answer(partner, request)

    (due,) = partner.call("GET", f"{PATH}/deletions").json()["deletions"]
    done = partner.call("POST", f"{PATH}/deletions/done", json={"deletion": due["deletion"]})

    assert due["requests"] == [request]
    assert done.json() == {"done": True}
    assert fetch(partner, request, once="one-key-for-one-call").json()["type"] == "/problems/not-available"
    assert shown(desk, version_id)[Check.DELETED] is Result.SHOWN


def test_a_repeated_call_and_a_key_that_is_used_for_another_are_seen(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = desk.begin()
    partner = opened(desk, version_id)
    request = request_of(desk, Persona.CONSENTS)
    fetch(partner, request, once="one-key-for-one-call")
    assert fetch(partner, request, once="one-key-for-one-call").status_code == 200
    assert shown(desk, version_id)[Check.SENT_AGAIN] is Result.SHOWN

    other = fetch(partner, request, "full_name", once="one-key-for-one-call")

    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-used-otherwise")
    assert shown(desk, version_id)[Check.SENT_AGAIN] is Result.FAILED


def test_the_ceilings_of_the_agreement_are_those_of_the_sandbox(desk: Agreements):
    partner = opened(desk, desk.begin())
    request = request_of(desk, Persona.CONSENTS)

    assert [fetch(partner, request).status_code for _ in range(3)] == [200, 200, 429]
    statuses = [fetch(partner, request_of(desk, Persona.DECLINES)).status_code for _ in range(58)]
    assert statuses[-1] == 429


def test_a_number_that_fails_its_check_and_a_card_for_whoever_was_refused_stand_in_the_report(desk: Agreements):
    version_id = desk.begin()
    partner = opened(desk, version_id)
    fetch(partner, request_of(desk, Persona.CONSENTS))
    fetch(partner, request_of(desk, Persona.DEAD))
    assert shown(desk, version_id)[Check.REFUSAL_KEPT] is Result.SHOWN

    wrong = answer(partner, request_of(desk, Persona.CONSENTS), "A1234B")
    for_nobody = answer(partner, request_of(desk, Persona.DEAD))

    assert (wrong.status_code, for_nobody.status_code) == (422, 404)
    found = shown(desk, version_id)
    assert (found[Check.CARD_NUMBER], found[Check.REFUSAL_KEPT]) == (Result.FAILED, Result.FAILED)


def test_what_was_shown_of_other_terms_shows_nothing(desk: Agreements):
    version_id = desk.begin()
    partner = opened(desk, version_id)
    fetch(partner, request_of(desk, Persona.CONSENTS))

    desk.write(version_id, changed(desk, version_id, controller="別の館長"))
    assert shown(desk, version_id)[Check.FETCHED] is Result.SHOWN
    desk.write(version_id, changed(desk, version_id, per_minute=30))

    assert shown(desk, version_id)[Check.FETCHED] is Result.NOT_YET


def test_the_printed_library_goes_the_whole_way_in_the_sandbox(desk: Agreements, simulator, tmp_path):
    version_id = desk.begin()
    with served(desk.city) as address:
        partner = opened(desk, version_id)
        way = simulator.Gateway(address, partner.handle, partner.key, now=desk.city.clock.moment.timestamp)
        with simulator.closing(simulator.sqlite3.connect(tmp_path / "ledger.db")) as ledger:
            library = simulator.Library(way, ledger)
            broken_off = request_of(desk, Persona.CONSENTS)
            library._fetch(broken_off)  # and killed before it wrote anything down
            first = library.serve()
            second = library.serve()
            cards = ledger.execute("SELECT count(*) FROM card").fetchone()[0]
        with pytest.raises(simulator.RefusedError):
            body = {"request": broken_off, "purpose": "issue_card", "attributes": ["ward"]}
            way.post(f"{PATH}/release", body)

    assert first == simulator.Done(cards=4, refused=9, deleted=1)
    assert second == simulator.Done(refused=8)
    assert cards == 3
    assert set(shown(desk, version_id).values()) == {Result.SHOWN}


def test_what_only_closes_needs_no_trial(desk: Agreements):
    narrower = desk.next(desk.in_force(), retention_days=30)

    desk.put_in_force(narrower)

    assert desk.counts(narrower) == 2


def test_once_approved_the_sandbox_serves_nothing_any_more(desk: Agreements):
    version_id = desk.begin()
    partner = opened(desk, version_id)
    request = request_of(desk, Persona.CONSENTS)
    desk.approve(desk.submit(version_id))

    assert fetch(partner, request).json()["type"] == "/problems/not-there"


def test_filled_anew_everybody_asks_once_more(desk: Agreements):
    version_id = desk.begin()
    partner = opened(desk, version_id)
    before = request_of(desk, Persona.DEAD)
    desk.visit().post(f"/links/versions/{version_id}/sandbox/fill")

    waiting = partner.call("GET", f"{PATH}/requests").json()["requests"]

    assert len(waiting) == len(Persona)
    assert before not in {each["request"] for each in waiting}


def test_the_page_opens_a_sandbox_and_never_shows_a_pasted_key_again(desk: Agreements):
    version_id = desk.begin()
    clerk = desk.visit()
    address = f"/links/versions/{version_id}/sandbox"
    private = ECKey.generate_key("P-256").as_pem(private=True).decode()

    refused = clerk.post(address, {"contact": "試験担当", "public_keys": private}, status=422)
    done = clerk.post(address, {"contact": "試験担当", "public_keys": pem_of(ECKey.generate_key("P-256"))})

    assert private[40:80] not in refused.text
    assert "試験担当" in refused.text
    assert ("支援措置の人" in done.text, "gijo-" in done.text) == (True, True)
    clients_page = desk.visit(desk.bureau.dx).get("/clients").text
    assert "試行用(架空の人だけ)" in clients_page


def test_neither_a_stranger_nor_whoever_has_nothing_whole_opens_one(desk: Agreements):
    version_id = desk.begin(terms=LIBRARY)

    with pytest.raises(NotPermitted):
        opened(desk, version_id, person=stranger(desk))
    lacking = changed(desk, version_id, controller="")
    desk.write(version_id, lacking)
    with pytest.raises(Overtaken):
        opened(desk, version_id)


def test_one_pair_of_eyes_is_enough_for_a_key_that_meets_nobody(desk: Agreements):
    partner = opened(desk, desk.begin())
    dx = desk.bureau.dx
    with desk.city.unit(proved(desk.city, desk.city.actor(dx))) as work:
        clients.add_keys(work, partner.client_id, pem_of(ECKey.generate_key("P-256")))
    with desk.city.unit(proved(desk.city, desk.city.actor(dx))) as work:
        key = clients.queries.find_client(work.session, partner.client_id).keys[-1]
        clients.confirm_key(work, partner.client_id, key.id)

    with desk.city.look() as work:
        assert all(each.is_live for each in clients.queries.find_client(work.session, partner.client_id).keys)


def test_where_nothing_can_be_declined_seven_points_are_shown(desk: Agreements):
    required = tuple(use for use in LIBRARY.uses if use.necessity is Necessity.REQUIRED)
    version_id = desk.begin(terms=replace(LIBRARY, uses=required))

    assert len(shown(desk, version_id)) == len(Check) - 1
