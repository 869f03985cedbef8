"""What a partner has shown is read off its calls, the newest of which counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.backoffice.data_links.agreements import LIBRARY
from workflows.links import (
    Check,
    Persona,
    Refused,
    Released,
    Request,
    Result,
    SubjectGroup,
    Tried,
    Usage,
    decide,
    findings,
    invented,
    is_green,
)

NOON = datetime(2026, 11, 27, 3, tzinfo=UTC)
ASKED = Request("issue_card", frozenset({"full_name", "city_resident", "age_over_18"}))


def shown(*calls: Tried, has_optional: bool = True) -> dict[Check, Result]:
    return {each.check: each.result for each in findings(calls, has_optional=has_optional)}


def call(outcome: str, seconds: int = 0, **said) -> Tried:
    return Tried(
        said.pop("request", "1"), said.pop("persona", Persona.CONSENTS), outcome, NOON + timedelta(0, seconds), **said
    )


@pytest.mark.parametrize(
    ("tried", "check", "result"),
    [
        (call("released"), Check.FETCHED, Result.SHOWN),
        (call("answered", persona=Persona.DECLINES), Check.DECLINED_TAKEN, Result.SHOWN),
        (call("answered"), Check.DECLINED_TAKEN, Result.NOT_YET),
        (call("person_dead"), Check.REFUSAL_KEPT, Result.SHOWN),
        (call("nothing_left"), Check.REFUSAL_KEPT, Result.FAILED),
        (call("attribute_outside"), Check.OUTSIDE_REFUSED, Result.SHOWN),
        (call("purpose_outside"), Check.OUTSIDE_REFUSED, Result.SHOWN),
        (call("released_again"), Check.SENT_AGAIN, Result.SHOWN),
        (call("key_used_otherwise"), Check.SENT_AGAIN, Result.FAILED),
        (call("person_day_reached", retry_after=60), Check.WAITS, Result.SHOWN),
        (call("answered"), Check.CARD_NUMBER, Result.SHOWN),
        (call("wrong_check"), Check.CARD_NUMBER, Result.FAILED),
        (call("deleted"), Check.DELETED, Result.SHOWN),
        (call("nothing_asked"), Check.OUTSIDE_REFUSED, Result.NOT_YET),
    ],
)
def test_one_call_shows_one_thing(tried, check, result):
    assert shown(tried)[check] is result


def test_the_newest_counts():
    assert shown(call("wrong_check"), call("answered", 5))[Check.CARD_NUMBER] is Result.SHOWN
    assert shown(call("answered"), call("wrong_check", 5))[Check.CARD_NUMBER] is Result.FAILED


def test_whoever_asks_before_the_time_does_not_wait():
    told = call("person_day_reached", retry_after=60)
    early = call("person_day_reached", 59, retry_after=1)

    assert shown(told, early)[Check.WAITS] is Result.FAILED
    assert shown(told, replace(early, request="2"))[Check.WAITS] is Result.SHOWN
    assert shown(told, call("released", 61))[Check.WAITS] is Result.SHOWN


def test_told_that_the_whole_link_is_called_too_often_it_asks_for_nobody():
    told = call("rate_reached", retry_after=30)

    assert shown(told, call("released", 10, request="2"))[Check.WAITS] is Result.FAILED


def test_where_nothing_can_be_declined_nobody_has_to_show_it():
    assert Check.DECLINED_TAKEN not in shown(has_optional=False)
    assert not is_green(findings((), has_optional=False))


def decided(persona: Persona, terms=LIBRARY, *, has_left: bool = False) -> Released | Refused:
    whole = invented(persona, terms, 1, Usage(), date(2026, 11, 27), has_left=has_left)
    return decide(ASKED, whole.terms, whole.standing, whole.consent, whole.person, whole.usage, NOON)


@pytest.mark.parametrize("persona", [Persona.CONSENTS, Persona.WITHDRAWS, Persona.CHILD])
def test_whoever_consents_is_handed_over_whole(persona):
    decision = decided(persona)

    assert isinstance(decision, Released)
    assert set(decision.claims) == ASKED.attributes
    assert decision.claims["age_over_18"] is (persona is not Persona.CHILD)


def test_what_was_declined_is_left_out():
    assert set(decided(Persona.DECLINES).claims) == {"full_name", "city_resident"}


@pytest.mark.parametrize(
    ("persona", "outward"),
    [
        (Persona.CEILING, "too_many_requests"),
        *(
            (each, "not_available")
            for each in Persona
            if each.value
            in {"withdrawn", "expired", "asked_anew", "protected", "unknown", "dead", "moved_out", "self_declared"}
        ),
    ],
)
def test_everybody_else_is_refused_as_residents_are(persona, outward):
    assert decided(persona).outward == outward


def test_whoever_has_left_is_refused():
    assert decided(Persona.WITHDRAWS, has_left=True).outward == "not_available"


def test_invented_people_are_among_those_of_whom_the_agreement_speaks():
    old = replace(LIBRARY, subjects=(SubjectGroup(("sawara",), 75, 75),), valid_from=date(2027, 4, 1))

    assert isinstance(decided(Persona.CONSENTS, old), Released)
