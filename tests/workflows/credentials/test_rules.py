"""Yes or no by one named rule; who discloses nothing gets the same no as who may not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.credentials.claims import AGES, ClaimName, ages_hold_until
from workflows.credentials.rules import RULES
from workflows.links.attributes import ATTRIBUTES, age_over
from workflows.links.claims import claims_of

DAYS = st.dates(date(1905, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("rule", "claims", "allowed"),
    [
        ("senior_65", {"age_over_65": True}, True),
        ("senior_65", {"age_over_65": False}, False),
        ("senior_65", {"age_over_70": True}, False),
        ("senior_65", {}, False),
        ("senior_65", {"age_over_65": "true"}, False),
        ("senior_65", {"age_over_65": 1}, False),
        ("resident", {"city_resident": True}, True),
        ("disability", {"disability_discount_class": "A"}, True),
        ("disability", {"disability_discount_class": "B"}, True),
        ("disability", {"disability_discount_class": "N"}, False),
        ("disability", {"disability_discount_class": True}, False),
        ("with_helper", {"disability_discount_class": "A"}, True),
        ("with_helper", {"disability_discount_class": "B"}, False),
    ],
)
def test_a_rule_asks_one_claim_and_takes_only_what_it_says(rule, claims, allowed):
    assert RULES[rule].allows(claims) is allowed


def test_every_rule_is_named_in_both_languages_and_asks_for_a_claim_that_there_is():
    for rule in RULES.values():
        assert rule.ja
        assert rule.en
        assert rule.claim in set(ClaimName)


def ages(birth: date, day: date) -> dict[str, object]:
    claims = claims_of({"birth_date": birth}, day)
    return {name: claims[name] for name in AGES}


@given(DAYS, st.integers(0, 40_000))
def test_ages_are_right_until_the_day_that_is_named_and_wrong_the_day_after(birth, lived):
    today = birth + timedelta(days=lived)
    last = ages_hold_until(birth, today)

    if last is None:
        assert all(ages(birth, today).values())
        return
    assert ages(birth, last) == ages(birth, today)
    assert ages(birth, last + timedelta(days=1)) != ages(birth, today)


def test_every_age_that_is_claimed_is_one_of_the_list():
    assert {age_over(years): years for years in AGES.values()} == AGES
    assert set(AGES) == {name for name in ClaimName if name.startswith("age_over_")}


def test_a_digital_id_says_only_what_links_may_say_and_answers_to_questions_at_that():
    assert all(ATTRIBUTES[name].is_claim for name in ClaimName)
