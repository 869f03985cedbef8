"""Yes or no by one named rule; who discloses nothing gets the same no as who may not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.credentials.claims import AGE_CLAIMS, ClaimName, DiscountClass, Known, claims_of, true_until
from workflows.credentials.rules import RULES

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
        ("disability", {"disability_discount_class": "1"}, True),
        ("disability", {"disability_discount_class": "2"}, True),
        ("disability", {"disability_discount_class": "3"}, False),
        ("disability", {"disability_discount_class": True}, False),
        ("with_helper", {"disability_discount_class": "1"}, True),
        ("with_helper", {"disability_discount_class": "2"}, False),
    ],
)
def test_a_rule_asks_one_claim_and_takes_only_what_it_says(rule, claims, allowed):
    assert RULES[rule].allows(claims) is allowed


def test_every_rule_is_named_in_both_languages_and_asks_for_a_claim_that_there_is():
    for rule in RULES.values():
        assert rule.ja
        assert rule.en
        assert rule.claim in set(ClaimName)


def test_an_age_is_reached_on_the_birthday():
    known = Known(date(1961, 11, 24))

    assert claims_of(known, date(2026, 11, 23))["age_over_65"] is False
    assert claims_of(known, date(2026, 11, 24))["age_over_65"] is True


def test_nothing_is_said_of_what_is_not_known():
    assert claims_of(Known(), date(2026, 11, 24)) == {}
    assert claims_of(Known(is_resident=False, discount_class=DiscountClass.FIRST), date(2026, 11, 24)) == {
        "city_resident": False,
        "disability_discount_class": "1",
    }


@given(DAYS, st.integers(0, 40_000))
def test_ages_are_right_until_the_day_that_is_named_and_wrong_the_day_after(birth, lived):
    today = birth + timedelta(days=lived)
    known = Known(birth)
    last = true_until(known, today)

    if last is None:
        assert all(claims_of(known, today).values())
        return
    assert claims_of(known, last) == claims_of(known, today)
    assert claims_of(known, last + timedelta(days=1)) != claims_of(known, today)


def test_every_age_that_is_claimed_is_one_of_the_list():
    assert set(AGE_CLAIMS) == {name for name in ClaimName if name.startswith("age_over_")}
