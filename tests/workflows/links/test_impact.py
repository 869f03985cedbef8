"""What a link may do to people: computed from its terms, asked where they do not tell, answered before it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.workflows.links.agreements import HARMLESS, LIBRARY_CARD, REQUIRED, answering
from workflows.links import (
    CONCERNS,
    NOT_ASSESSED,
    QUESTIONS,
    Concern,
    Ground,
    Risk,
    SubjectGroup,
    Use,
    Width,
    Wrong,
    compare,
    concerns_of,
    concerns_without_measure,
    problems_of,
    risk_of,
)

CLAIM_ALONE = replace(
    LIBRARY_CARD,
    uses=(Use("age_over_65", REQUIRED, ("library_card", "reminder")),),
    subjects=(SubjectGroup((), 65),),
    retention_days=30,
)
"""A link about which there is nothing to fear."""


def test_a_link_with_nothing_to_fear_has_a_low_risk():
    assert (concerns_of(CLAIM_ALONE), risk_of(CLAIM_ALONE)) == ((), Risk.LOW)


@pytest.mark.parametrize(
    ("changes", "concern"),
    [
        ({"uses": (Use("tax_exempt_household", REQUIRED, ("library_card",)),)}, Concern.SENSITIVE),
        ({"private_partner": True}, Concern.PRIVATE),
        ({"ground": Ground.OWN_DUTIES}, Concern.WITHOUT_CONSENT),
        ({"subjects": (SubjectGroup((), 65), SubjectGroup(("chuo",), 17))}, Concern.CHILDREN),
        ({"subjects": (SubjectGroup(),)}, Concern.CHILDREN),
        ({"uses": (Use("sex", REQUIRED, ("library_card",)),)}, Concern.IDENTIFIES),
        ({"retention_days": 367}, Concern.LONG_KEPT),
    ],
)
def test_what_the_terms_tell_nobody_answers_away(changes, concern):
    assert concerns_of(replace(CLAIM_ALONE, **changes, impact=HARMLESS)) == (concern,)


def test_grown_ups_alone_and_a_year_raise_nothing():
    terms = replace(CLAIM_ALONE, subjects=(SubjectGroup((), 18),), retention_days=366)

    assert concerns_of(terms) == ()


@pytest.mark.parametrize("concern", QUESTIONS)
def test_each_yes_is_a_reason_and_a_heavy_one_alone_makes_the_risk_high(concern):
    terms = replace(CLAIM_ALONE, impact=answering(concern))

    assert concerns_of(terms) == (concern,)
    assert risk_of(terms) is (Risk.HIGH if CONCERNS[concern].heavy else Risk.MIDDLE)


def test_many_plain_reasons_together_make_the_risk_high():
    plain = [each for each in QUESTIONS if not CONCERNS[each].heavy]

    risks = [risk_of(replace(CLAIM_ALONE, impact=answering(*plain[:many]))) for many in range(6)]

    assert risks == [Risk.LOW, *[Risk.MIDDLE] * 4, Risk.HIGH]


def test_a_high_risk_wants_something_done_about_each_reason():
    unarmed = replace(CLAIM_ALONE, private_partner=True, impact=answering(Concern.HARM, measures=False))
    armed = replace(unarmed, impact=answering(Concern.HARM))

    assert concerns_without_measure(unarmed) == (Concern.PRIVATE, Concern.HARM)
    assert concerns_without_measure(armed) == (Concern.PRIVATE,)
    assert concerns_without_measure(replace(armed, private_partner=False)) == ()


def test_a_middle_risk_wants_no_measures():
    assert concerns_without_measure(replace(CLAIM_ALONE, impact=answering(Concern.CLOUD, measures=False))) == ()


def wrong_in(**changes: object) -> list[tuple[Wrong, str]]:
    return [
        (each.wrong, each.about) for each in problems_of(replace(LIBRARY_CARD, **changes)) if each.field == "impact"
    ]


def test_an_agreement_is_not_whole_without_all_its_answers():
    assert wrong_in() == []
    assert wrong_in(impact=NOT_ASSESSED) == [(Wrong.IMPACT_UNANSWERED, "")]
    assert wrong_in(impact=answering(Concern.CLOUD, words=" ")) == [(Wrong.IMPACT_WITHOUT_WORDS, Concern.CLOUD)]
    assert [each for each, _about in wrong_in(impact=answering(Concern.HARM, measures=False))] == (
        [Wrong.IMPACT_WITHOUT_MEASURE] * 4
    )


@pytest.mark.parametrize(
    ("before", "after", "width"),
    [
        (HARMLESS, answering(Concern.CLOUD), Width.WIDER),
        (answering(Concern.CLOUD), HARMLESS, Width.NARROWER),
        (answering(Concern.CLOUD), answering(Concern.HARM), Width.MIXED),
        (answering(Concern.CLOUD), answering(Concern.CLOUD, words="ことばを替えた"), Width.MIXED),
        (answering(Concern.CLOUD), answering(Concern.CLOUD, measures=False), Width.WIDER),
        (answering(Concern.CLOUD, measures=False), answering(Concern.CLOUD), Width.NARROWER),
        (NOT_ASSESSED, HARMLESS, Width.WIDER),
    ],
)
def test_a_greater_risk_opens_the_link_and_a_smaller_one_closes_it(before, after, width):
    (change,) = compare(replace(LIBRARY_CARD, impact=before), replace(LIBRARY_CARD, impact=after))

    assert (change.field, change.width, change.needs_reconsent) == ("impact", width, False)


def test_terms_that_are_new_in_another_way_are_weighed_by_their_own_rows():
    longer = replace(LIBRARY_CARD, valid_until=date(2029, 4, 1))

    assert [change.field for change in compare(LIBRARY_CARD, longer)] == ["valid_until"]
