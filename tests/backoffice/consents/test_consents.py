"""A consent holds from when it was given to its last day, ends at once when withdrawn, and stays as it was given."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backoffice.audit import AuditEvent
from backoffice.consents import queries, service
from backoffice.consents.models import Consent, Registrant, RegistrantLook
from backoffice.consents.notices import LANGUAGES, every_notice, shown_on
from backoffice.consents.workflow import Giver, Happened, Standing, last_day, standing_of
from backoffice.errors import Invalid, NotThere, Overtaken
from backoffice.identity import Role
from tests.backoffice.consents.counter import WHO, WHY, consented, entered, given, withdrawn
from tests.workflows.residents import LOOKS_LIKE_ONE
from workflows.rules.facts import CITY_FACTS
from workflows.rules.vocabulary import ConsentClass

TODAY = date(2026, 11, 24)


@pytest.fixture
def clerk(city):
    return city.person(Role.PRIVACY_OFFICER)


def live(city, day: date = TODAY) -> set[ConsentClass]:
    with city.look() as work:
        registrant = work.session.scalars(select(Registrant)).one()
        return {
            kind for kind in ConsentClass if queries.live_consent(work.session, registrant.id, kind, day) is not None
        }


def test_a_consent_holds_from_when_it_was_given_to_the_end_of_its_last_day(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    consented(city, clerk, entered(city, clerk))

    assert live(city) == {ConsentClass.CORE}
    assert live(city, date(2028, 11, 24)) == {ConsentClass.CORE}
    assert live(city, date(2028, 11, 25)) == set()


def test_a_withdrawal_ends_it_at_once_and_cannot_be_repeated(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    look = entered(city, clerk)
    kept = consented(city, clerk, look, ConsentClass.HOUSEHOLD)
    consent = consented(city, clerk, look)

    withdrawn(city, clerk, look, consent)

    assert live(city) == {ConsentClass.HOUSEHOLD}
    with pytest.raises(Overtaken):
        withdrawn(city, clerk, look, consent)
    withdrawn(city, clerk, look, kept)
    assert live(city) == set()


def test_after_a_withdrawal_one_may_consent_anew(city, clerk):
    look = entered(city, clerk)
    withdrawn(city, clerk, look, consented(city, clerk, look))

    consented(city, clerk, look)

    assert live(city) == {ConsentClass.CORE}


def test_a_renewed_consent_takes_the_place_of_the_old_one(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    look = entered(city, clerk)
    old = consented(city, clerk, look)
    city.clock.pass_(days=1)
    look = opened(city, clerk)
    new = consented(city, clerk, look)

    with city.look() as work:
        registrant = work.session.scalars(select(Registrant)).one()
        assert queries.live_consent(work.session, registrant.id, ConsentClass.CORE, TODAY + timedelta(days=1)).id == new
    with pytest.raises(Overtaken):
        withdrawn(city, clerk, look, old)


def opened(city, clerk) -> int:
    with city.unit(city.actor(clerk)) as work:
        return service.open_look(work, WHO, WHY).id


def test_a_consent_that_has_run_out_cannot_be_withdrawn(city, clerk):
    consent = consented(city, clerk, entered(city, clerk))
    city.clock.pass_(days=366 * 2)

    with pytest.raises(Overtaken):
        withdrawn(city, clerk, opened(city, clerk), consent)


@pytest.mark.parametrize("statement", ["UPDATE consent SET kind = 'tax'", "DELETE FROM consent_event"])
def test_the_database_refuses_to_change_what_was_consented_to(city_on_both, statement):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    consented(city, clerk, entered(city, clerk))

    with pytest.raises(DBAPIError), city.office.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_representative_consents_until_their_power_ends(city, clerk):
    look = entered(city, clerk)
    consented(city, clerk, look, giver=Giver.REPRESENTATIVE, power_ends=date(2027, 5, 6))

    assert live(city, date(2027, 5, 6)) == {ConsentClass.CORE}
    assert live(city, date(2027, 5, 7)) == set()


@pytest.mark.parametrize("ends", [None, date(2026, 11, 23)])
def test_a_representative_without_power_cannot_consent(city, clerk, ends):
    look = entered(city, clerk)

    with pytest.raises(Invalid) as refused:
        consented(city, clerk, look, giver=Giver.REPRESENTATIVE, power_ends=ends)
    assert set(refused.value.fields) == {"power_ends"}


def test_a_long_power_does_not_make_a_consent_longer(city, clerk):
    consented(city, clerk, entered(city, clerk), giver=Giver.REPRESENTATIVE, power_ends=date(2040, 1, 1))

    assert live(city, date(2028, 11, 25)) == set()


def test_whoever_read_another_wording_is_asked_to_read_again(city, clerk):
    look = entered(city, clerk)

    with pytest.raises(Overtaken):
        consented(city, clerk, look, notice_version=2)


@pytest.mark.parametrize("evidence", ["", " ", "あ" * 81, LOOKS_LIKE_ONE])
def test_without_a_number_of_the_paper_nothing_is_taken(city, clerk, evidence):
    look = entered(city, clerk)

    with pytest.raises(Invalid) as refused:
        consented(city, clerk, look, evidence=evidence)
    assert set(refused.value.fields) == {"evidence"}


def test_nobody_is_entered_twice(city_on_both):
    city = city_on_both
    clerk = city.person(Role.PRIVACY_OFFICER)
    entered(city, clerk)

    with pytest.raises(Invalid) as refused:
        entered(city, clerk)
    assert set(refused.value.fields) == {"pseudonym"}


def test_a_look_lasts_half_an_hour_and_is_its_openers_alone(city, clerk):
    look, colleague = entered(city, clerk), city.person(Role.PRIVACY_OFFICER)
    with city.look(city.actor(colleague)) as work, pytest.raises(NotThere):
        service.look_of(work, look)
    city.clock.pass_(minutes=31)
    with city.look(city.actor(clerk)) as work, pytest.raises(NotThere):
        service.look_of(work, look)


def test_another_registrants_consent_is_not_there(city, clerk):
    consent = consented(city, clerk, entered(city, clerk))
    other = entered(city, clerk, "kaze-4711")

    with pytest.raises(NotThere):
        withdrawn(city, clerk, other, consent)


def test_neither_pseudonym_nor_reason_nor_evidence_lies_open_in_the_database(city, clerk):
    consented(city, clerk, entered(city, clerk))

    with city.look() as work:
        rows = [
            vars(row) for table in (Registrant, Consent, RegistrantLook) for row in work.session.scalars(select(table))
        ]
        trail = [event.data for event in work.session.scalars(select(AuditEvent))]
    written = repr(rows) + repr(trail)
    assert not any(secret in written for secret in (WHO, WHY, given().evidence))
    tried_out = hashlib.sha256(given().evidence.encode()).hexdigest()
    assert tried_out not in written, "numbers of papers are few: whoever has the database alone could try them all"


def test_what_was_done_stands_on_the_trail_by_ids(city, clerk):
    look = entered(city, clerk)
    withdrawn(city, clerk, look, consented(city, clerk, look))

    with city.look() as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
    assert kinds[-4:] == ["registrant_entered", "registrant_seen", "consent_taken", "consent_withdrawn"]


def test_looking_for_nobody_is_on_the_trail_too(city, clerk):
    with city.unit(city.actor(clerk)) as work:
        assert service.open_look(work, "daremo-inai", WHY) is None
    with city.look() as work:
        assert work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id.desc())).first() == (
            "registrant_sought_in_vain"
        )


@pytest.mark.parametrize("kind", list(ConsentClass))
def test_every_class_of_consent_has_a_notice_in_each_language(kind):
    notice = shown_on(kind, TODAY)

    assert set(notice.texts) == set(LANGUAGES)
    assert notice.facts, "a consent that opens nothing is not asked for"


def test_every_fact_that_needs_a_consent_is_opened_by_some_notice():
    opened = {fact.code for notice in every_notice().values() for fact in notice.facts}

    assert opened == {fact.code for fact in CITY_FACTS if fact.consent is not None}


@pytest.mark.parametrize(
    "changed", [{"months": 36}, {"recipients": {"ja": "だれでも", "en": "anybody"}}, {"purpose": {}}]
)
def test_another_purpose_recipient_or_period_is_another_notice(changed):
    notice = shown_on(ConsentClass.TAX, TODAY)

    assert replace(notice, **changed).sha256 != notice.sha256


def test_a_notice_that_has_begun_later_is_not_shown_yet():
    with pytest.raises(LookupError):
        shown_on(ConsentClass.CORE, date(2026, 3, 31))


@drawn(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_a_period_of_months_ends_on_the_day_of_the_same_number_or_the_months_last(given_on, months):
    last = last_day(given_on, months)

    assert (last.year * 12 + last.month) - (given_on.year * 12 + given_on.month) == months
    assert last.day == min(given_on.day, monthrange(last.year, last.month)[1])


@drawn(st.sets(st.sampled_from([Happened.WITHDRAWN, Happened.REPLACED])), st.dates(), st.dates())
def test_a_consent_lives_only_while_nothing_ended_it_and_its_last_day_has_not_passed(ended, expires, today):
    standing = standing_of({Happened.GIVEN, *ended}, expires, today)

    assert (standing is Standing.LIVE) == (not ended and today <= expires)
