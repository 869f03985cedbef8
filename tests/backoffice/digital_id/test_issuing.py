"""A digital ID is issued to whoever was proven and consented, says no more than that, and ends when it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backoffice.accounts.models import AccountEntry
from backoffice.audit import AuditEvent
from backoffice.consents import expiring
from backoffice.consents.workflow import Giver
from backoffice.digital_id import queries, service
from backoffice.digital_id.keys import believed, believed_keys, confirm, make_key
from backoffice.digital_id.models import DigitalId, DigitalIdEvent, IssuingKey
from backoffice.digital_id.workflow import Cause, State
from backoffice.errors import FreshProofNeeded, Invalid, NotPermitted, NotThere, Overtaken, Unavailable
from backoffice.identity import Role
from tests.backoffice.clients.machines import officer
from tests.backoffice.consents.counter import NOBODY, consented, withdrawn
from tests.backoffice.digital_id.wallets import HANAKO, NUMBER_NOBODY_HAS, issued, registered
from workflows.credentials.encoding import unpacked, unpacked_json
from workflows.credentials.sd_jwt import split
from workflows.credentials.signing import new_key, private_bytes, public_part
from workflows.rules.vocabulary import ConsentClass

CORE, CARE, TAX = ConsentClass.CORE, ConsentClass.CARE, ConsentClass.TAX
TODAY = date(2026, 11, 24)


@pytest.fixture
def clerk(city):
    return city.person(Role.PRIVACY_OFFICER)


def said_by(credential: str) -> dict[str, object]:
    return {name: value for _salt, name, value in map(unpacked_json, split(credential).disclosures)}


def row_of(city, number: str) -> DigitalId:
    with city.look() as work:
        return queries.find_by_number(work.session, number)


def test_it_says_what_is_known_as_far_as_consents_go(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    modest, open_ = registered(city, clerk, CORE), registered(city, clerk, CORE, CARE, pseudonym="kaze-4711")

    ages = {"age_over_18": True, "age_over_20": True, "age_over_65": True, "age_over_70": True}
    assert said_by(issued(city, modest)[0].credential) == {**ages, "city_resident": True}
    assert said_by(issued(city, open_)[0].credential) == {
        **ages,
        "city_resident": True,
        "disability_discount_class": "B",
    }


@pytest.mark.parametrize("kinds", [(), (CARE,), (TAX,)])
def test_without_the_basic_consent_there_is_none(city, clerk, kinds):
    resident = registered(city, clerk, *kinds)

    with pytest.raises(NotPermitted, match="同意"):
        issued(city, resident)


def test_whose_card_was_not_seen_gets_none(city, clerk):
    resident = registered(city, clerk, CORE, card_seen=False)

    with pytest.raises(NotPermitted, match="カード"):
        issued(city, resident)


def test_nobody_who_is_not_registered_gets_one(city):
    with city.unit() as work, pytest.raises(NotThere):
        service.issue(work, NOBODY, HANAKO, public_part(new_key()))


@pytest.mark.parametrize("key", [{}, {"kty": "oct", "k": "c2VjcmV0"}, dict(new_key().as_dict(private=True))])
def test_a_holder_brings_a_public_key_and_no_other(city, clerk, key):
    resident = registered(city, clerk, CORE)

    with city.unit() as work, pytest.raises(Invalid):
        service.issue(work, resident.registrant_id, HANAKO, key)


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        (HANAKO, date(2027, 11, 24)),
        ({"birth_date": date(1962, 3, 1)}, date(2027, 2, 27)),
        ({"birth_date": date(2008, 11, 26)}, date(2026, 11, 24)),
        ({"ward": "hakata"}, date(2027, 11, 24)),
    ],
)
def test_it_holds_a_year_or_until_an_age_in_it_changes(city, clerk, facts, last):
    _wallet, number = issued(city, registered(city, clerk, CORE), facts)

    assert row_of(city, number).expires_on == last


def test_it_holds_no_longer_than_the_consent_behind_it(city, clerk):
    resident = registered(city, clerk, CORE)
    city.clock.pass_(days=600)

    _wallet, number = issued(city, resident)

    assert row_of(city, number).expires_on == date(2028, 11, 24)


def test_neither_what_it_says_nor_the_key_that_signs_lies_in_the_database(city, clerk):
    wallet, _number = issued(city, registered(city, clerk, CORE, CARE))

    with city.look() as work:
        rows = [
            vars(row)
            for table in (DigitalId, DigitalIdEvent, IssuingKey)
            for row in work.session.scalars(select(table))
        ]
        trail = [event.data for event in work.session.scalars(select(AuditEvent))]
        secret = private_bytes(service.signing_key(work, work.session.scalars(select(IssuingKey)).one()))
    written = repr(rows) + repr(trail)
    assert wallet.credential.split("~")[0] not in written
    assert "1955" not in written
    assert not any(value is True for row in rows for value in row.values())
    assert repr(secret)[2:40] not in written


def test_places_in_the_list_do_not_tell_who_came_first(city, clerk):
    resident = registered(city, clerk, CORE)
    numbers = [issued(city, resident)[1] for _ in range(8)]

    places = [row_of(city, number).place for number in numbers]

    assert places != sorted(places)
    assert len(set(places)) == len(places)


def test_when_it_was_issued_and_revoked_stays_on_record(city_on_both):
    city = city_on_both
    clerk, office = city.person(Role.PRIVACY_OFFICER), city.person(Role.DX_OFFICE)
    _wallet, number = issued(city, registered(city, clerk, CORE))

    with city.unit(city.actor(office)) as work:
        service.revoke(work, number, Cause.LOST)

    with city.look() as work:
        story = work.session.scalars(select(DigitalIdEvent).order_by(DigitalIdEvent.id))
        events = [(each.kind, each.cause, each.staff_id) for each in story]
    assert events == [("issued", "", None), ("revoked", "lost", office.id)]
    for statement in ("UPDATE digital_id_event SET cause = ''", "DELETE FROM digital_id_event"):
        with pytest.raises(DBAPIError, match="never changed"), city.office.engine.begin() as connection:
            connection.execute(text(statement))


def test_it_is_revoked_once_and_by_its_number_alone(city, clerk):
    _wallet, number = issued(city, registered(city, clerk, CORE))
    with city.unit() as work:
        service.revoke(work, number, Cause.ASKED)

    with city.unit() as work, pytest.raises(Overtaken):
        service.revoke(work, number, Cause.LOST)
    with city.unit() as work, pytest.raises(NotThere):
        service.revoke(work, NUMBER_NOBODY_HAS, Cause.LOST)


def test_a_withdrawn_consent_revokes_what_it_had_opened_at_once(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    resident = registered(city, clerk, CORE, CARE, TAX)
    with_class, without = issued(city, resident)[1], issued(city, resident, {"birth_date": date(1955, 4, 1)})[1]

    def states() -> list[str]:
        return [row_of(city, number).state for number in (with_class, without)]

    withdrawn(city, clerk, resident.look_id, resident.consents[TAX])
    assert states() == [State.LIVE, State.LIVE]
    withdrawn(city, clerk, resident.look_id, resident.consents[CARE])
    assert states() == [State.REVOKED, State.LIVE]
    withdrawn(city, clerk, resident.look_id, resident.consents[CORE])
    assert states() == [State.REVOKED, State.REVOKED]
    with city.look() as work:
        causes = set(work.session.scalars(select(DigitalIdEvent.cause).where(DigitalIdEvent.kind == "revoked")))
    assert causes == {Cause.CONSENT_WITHDRAWN}


def test_it_ends_with_a_shorter_consent_that_took_the_place_of_the_one_behind_it(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    resident = registered(city, clerk, CORE, CARE)
    with_class, without = issued(city, resident)[1], issued(city, resident, {"birth_date": date(1955, 4, 1)})[1]
    consented(city, clerk, resident.look_id, CARE, giver=Giver.REPRESENTATIVE, power_ends=TODAY)

    assert expiring.note(city.office) == 0
    city.clock.pass_(days=1)
    assert expiring.note(city.office) == 1

    assert [row_of(city, number).state for number in (with_class, without)] == [State.REVOKED, State.LIVE]
    with city.look() as work:
        causes = set(work.session.scalars(select(DigitalIdEvent.cause).where(DigitalIdEvent.kind == "revoked")))
    assert causes == {Cause.CONSENT_EXPIRED}


def test_what_ends_by_itself_is_not_revoked_as_well(city, clerk):
    resident = registered(city, clerk, CORE)
    city.clock.pass_(days=600)
    _wallet, number = issued(city, resident)
    city.clock.pass_(days=132)

    assert expiring.note(city.office) == 1

    assert row_of(city, number).state == State.LIVE


def test_another_residents_withdrawal_revokes_nothing(city, clerk):
    _wallet, number = issued(city, registered(city, clerk, CORE))
    other = registered(city, clerk, CORE, pseudonym="kaze-4711")

    withdrawn(city, clerk, other.look_id, other.consents[CORE])

    assert row_of(city, number).state == State.LIVE


def test_a_new_key_signs_and_the_old_one_is_believed_until_its_last_digital_id_ends(city, clerk):
    resident = registered(city, clerk, CORE)
    wallet, number = issued(city, resident)
    with city.unit() as work:
        first, second = work.session.scalars(select(IssuingKey)).one().name, make_key(work)
        confirm(work, second)
        second = second.name

    again, _number = issued(city, resident)

    assert (signed_with(wallet.credential), signed_with(again.credential)) == (first, second)
    last = row_of(city, number).expires_on
    with city.look() as work:
        assert set(believed(believed_keys(work, last))) == {first, second}
        assert set(believed(believed_keys(work, date(2030, 1, 1)))) == {second}


def test_one_officer_makes_a_key_and_another_lets_it_sign(city_on_both):
    city = city_on_both
    one, other = officer(city), officer(city)
    resident = registered(city, city.person(Role.PRIVACY_OFFICER), CORE)
    issued(city, resident)
    with city.unit(one) as work:
        key = service.propose_key(work)
    with city.unit(one) as work, pytest.raises(Overtaken):
        service.propose_key(work)
    with city.unit(one) as work, pytest.raises(NotPermitted):
        service.confirm_key(work, key.id)
    assert signed_with(issued(city, resident)[0].credential) != key.name

    with city.unit(other) as work:
        service.confirm_key(work, key.id)
    with city.unit(officer(city)) as work, pytest.raises(Overtaken):
        service.confirm_key(work, key.id)

    assert signed_with(issued(city, resident)[0].credential) == key.name


@pytest.mark.parametrize("act", [service.propose_key, lambda work: service.confirm_key(work, 1), service.stop_signing])
def test_whoever_touches_the_keys_shows_anew_who_they_are(city, act):
    with city.unit(city.actor(city.person(Role.DX_OFFICE))) as work, pytest.raises(FreshProofNeeded):
        act(work)


def test_one_officer_is_enough_to_stop_a_leaked_key_and_all_others_hear_of_it(city_on_both):
    city = city_on_both
    resident = registered(city, city.person(Role.PRIVACY_OFFICER), CORE)
    issued(city, resident)
    one, colleague, clerk = officer(city), officer(city), city.person(Role.CLERK)
    with city.unit(one) as work:
        service.propose_key(work)

    with city.unit(one) as work:
        service.stop_signing(work)

    with city.look() as work:
        assert believed_keys(work, TODAY) == []
        told = {
            each.staff_id
            for each in work.session.scalars(
                select(AccountEntry).where(AccountEntry.kind == "digital_id_signing_stopped")
            )
        }
    assert colleague.staff_id in told
    assert told.isdisjoint({one.staff_id, clerk.id})
    with pytest.raises(Unavailable):
        issued(city, resident)
    with city.unit(one) as work, pytest.raises(Overtaken):
        service.stop_signing(work)


def test_after_a_leak_nothing_is_issued_until_two_have_made_a_new_key(city):
    resident = registered(city, city.person(Role.PRIVACY_OFFICER), CORE)
    issued(city, resident)
    one = officer(city)
    with city.unit(one) as work:
        service.stop_signing(work)
    with city.unit(one) as work:
        key = service.propose_key(work)
    with pytest.raises(Unavailable):
        issued(city, resident)

    with city.unit(officer(city)) as work:
        service.confirm_key(work, key.id)

    assert signed_with(issued(city, resident)[0].credential) == key.name


def signed_with(credential: str) -> str:
    return unpacked_json(credential.split(".", maxsplit=1)[0])["kid"]


def test_they_are_counted_by_what_became_of_them(city_on_both):
    city = city_on_both
    resident = registered(city, city.person(Role.PRIVACY_OFFICER), CORE)
    _one, number = issued(city, resident)
    issued(city, resident, {"birth_date": date(1962, 3, 1)})
    issued(city, resident)
    with city.unit() as work:
        service.revoke(work, number, Cause.WRONG)

    with city.look() as work:
        assert queries.standing(work.session, TODAY) == (2, 0, 1)
        assert queries.standing(work.session, date(2027, 3, 1)) == (1, 1, 1)


def test_the_trail_tells_by_ids(city, clerk):
    _wallet, number = issued(city, registered(city, clerk, CORE))
    with city.unit() as work:
        service.revoke(work, number, Cause.LOST)

    with city.look() as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
    assert kinds[-3:] == ["issuing_key_confirmed", "digital_id_issued", "digital_id_revoked"]


def test_a_disclosure_holds_what_the_statement_does_not(city, clerk):
    wallet, _number = issued(city, registered(city, clerk, CORE))
    statement = unpacked(split(wallet.credential).statement.split(".")[1]).decode()

    assert "age_over" not in statement
    assert "resident" not in statement


def test_a_withdrawal_is_never_turned_away_by_whoever_revokes_at_the_same_moment(city_on_both):
    city = city_on_both
    clerk, office = city.person(Role.PRIVACY_OFFICER), city.person(Role.DX_OFFICE)
    for name in ("kaze-4711", "yuki-0001", "hana-0002", "umi-00003"):
        resident = registered(city, clerk, CORE, pseudonym=name)
        number = issued(city, resident)[1]

        def revoke(number: str = number) -> None:
            with suppress(Overtaken), city.unit(city.actor(office)) as work:
                service.revoke(work, number, Cause.LOST)

        def withdraw(resident=resident) -> None:
            withdrawn(city, clerk, resident.look_id, resident.consents[CORE])

        with ThreadPoolExecutor(2) as hands:
            for done in [hands.submit(revoke), hands.submit(withdraw)]:
                done.result()

        assert row_of(city, number).state == State.REVOKED


def test_what_is_issued_while_a_consent_is_withdrawn_does_not_outlive_it(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    for name in ("kaze-4711", "yuki-0001", "hana-0002", "umi-00003"):
        resident = registered(city, clerk, CORE, pseudonym=name)

        def issue(resident=resident) -> str | None:
            try:
                return issued(city, resident)[1]
            except NotPermitted:
                return None

        with ThreadPoolExecutor(2) as hands:
            number = hands.submit(issue)
            hands.submit(withdrawn, city, clerk, resident.look_id, resident.consents[CORE]).result()

        assert number.result() is None or row_of(city, number.result()).state == State.REVOKED
