"""What a link can hand over at all, and what is said of a person from what the registers know."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.links import ATTRIBUTES, Source, claims_hold_until, claims_of, told_by
from workflows.rules.facts import CITY_FACTS
from workflows.rules.vocabulary import ConsentClass, FactKind

ON = date(2026, 11, 27)
births = st.dates(date(1920, 1, 1), date(2026, 11, 27))


def values_of(fact):
    if fact.kind is FactKind.CHOICE:
        return st.sampled_from([choice.code for choice in fact.choices])
    if fact.kind is FactKind.DATE:
        return st.dates(date(1920, 1, 1), ON) if fact.code == "birth_date" else st.dates(date(2000, 1, 1), ON)
    return st.booleans() if fact.kind is FactKind.FLAG else st.integers(1, 9)


known = st.fixed_dictionaries({fact.code: values_of(fact) for fact in CITY_FACTS})
partly_known = st.fixed_dictionaries({fact.code: st.none() | values_of(fact) for fact in CITY_FACTS})
FROM_REGISTERS = {code for code, each in ATTRIBUTES.items() if each.source is Source.SNAPSHOT}


def test_everything_that_the_registers_can_say_is_said_of_somebody_who_is_known_wholly():
    facts = {fact.code: next(iter([choice.code for choice in fact.choices]), None) for fact in CITY_FACTS}
    facts |= {"birth_date": date(1956, 4, 1), "resident_since": date(2000, 1, 1), "household_size": 2}

    assert set(claims_of(facts, ON)) == FROM_REGISTERS


def test_of_somebody_of_whom_nothing_is_known_nothing_is_said():
    assert claims_of({}, ON) == {}
    assert claims_of({fact.code: None for fact in CITY_FACTS}, ON) == {}


@given(known, st.sets(st.sampled_from([fact.code for fact in CITY_FACTS])))
def test_what_is_said_with_less_known_is_never_contradicted_by_what_is_said_with_more(facts, hidden):
    less = claims_of({code: None if code in hidden else value for code, value in facts.items()}, ON)

    assert less.items() <= claims_of(facts, ON).items()


@given(partly_known, partly_known)
def test_whoever_knows_an_attribute_knows_what_it_tells(one, other):
    """Two people of whom the one is the same do not differ in the other."""
    ones, others = claims_of(one, ON), claims_of(other, ON)

    for code in FROM_REGISTERS & ones.keys() & others.keys():
        if ones[code] == others[code]:
            for told in ATTRIBUTES[code].tells & ones.keys() & others.keys():
                assert ones[told] == others[told], (code, told)


@given(births, births)
def test_whoever_knows_an_age_knows_which_ages_were_attained(one, other):
    ones, others = claims_of({"birth_date": one}, ON), claims_of({"birth_date": other}, ON)

    assert ones["age"] != others["age"] or all(ones[code] == others[code] for code in ATTRIBUTES["age"].tells)


def test_what_is_told_by_what_is_told_is_told():
    for code in ATTRIBUTES:
        assert told_by(told_by([code])) == told_by([code])
        assert code not in ATTRIBUTES[code].tells
        assert ATTRIBUTES[code].tells <= ATTRIBUTES.keys()


@given(births)
def test_an_age_is_attained_on_the_day_before_the_birthday(birth):
    attained = date(birth.year + 65, birth.month, min(birth.day, 28)) - timedelta(days=1)

    assert claims_of({"birth_date": birth.replace(day=min(birth.day, 28))}, attained)["age_over_65"] is True
    the_day_before = claims_of({"birth_date": birth.replace(day=min(birth.day, 28))}, attained - timedelta(days=1))
    assert the_day_before["age_over_65"] is False


@given(births, st.integers(0, 40_000))
def test_claims_hold_to_the_end_of_the_day_that_is_said(birth, later):
    on = birth + timedelta(days=later)
    until = claims_hold_until({"birth_date": birth}, on)

    said = {claims_of({"birth_date": birth}, day)["age"] for day in (on, until)}
    assert on <= until
    assert len(said) == 1
    assert claims_of({"birth_date": birth}, on) == claims_of({"birth_date": birth}, until)


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        ({"birth_date": date(1961, 12, 1)}, date(2026, 11, 29)),
        ({"birth_date": date(2014, 10, 1)}, date(2027, 3, 31)),
        ({"birth_date": date(2026, 12, 24)}, date(2026, 12, 23)),
        ({"ward": "chuo"}, None),
    ],
)
def test_what_is_said_changes_with_an_age_or_with_the_school_year(facts, until):
    assert claims_hold_until(facts, ON) == until


@pytest.mark.parametrize(
    ("physical", "intellectual", "mental", "expected"),
    [
        ("grade_1", "none", "none", {"disability_discount": True, "disability_discount_class": "A"}),
        ("grade_4", "none", "none", {"disability_discount": True, "disability_discount_class": "B"}),
        ("none", "none", "none", {"disability_discount": False, "disability_discount_class": "N"}),
        ("grade_1", None, None, {"disability_discount": True, "disability_discount_class": "A"}),
        ("grade_4", None, "none", {"disability_discount": True}),
        ("none", None, "none", {}),
        ("none", "a", "grade_3", {"disability_discount": True, "disability_discount_class": "A"}),
        (None, None, None, {}),
    ],
)
def test_a_discount_is_told_by_a_neutral_letter_and_only_when_it_is_sure(physical, intellectual, mental, expected):
    facts = {
        "disability_physical": physical,
        "disability_intellectual": intellectual,
        "disability_mental": mental,
    }

    assert claims_of(facts, ON) == expected


def test_of_what_is_sensitive_there_are_claims_alone():
    assert [each.code for each in ATTRIBUTES.values() if each.is_sensitive and not each.is_claim] == []


def test_each_attribute_names_the_consent_that_opens_the_facts_behind_it():
    assert ATTRIBUTES["age_over_65"].consents == {ConsentClass.CORE}
    assert ATTRIBUTES["disability_discount"].consents == {ConsentClass.CARE}
    assert ATTRIBUTES["tax_exempt_household"].household_consents == {ConsentClass.TAX}
    assert ATTRIBUTES["full_name"].consents == frozenset()
    assert all(each.consents for each in ATTRIBUTES.values() if each.source is Source.SNAPSHOT)
    assert not any(each.facts for each in ATTRIBUTES.values() if each.source is Source.PORTAL)


def test_each_attribute_is_said_in_both_languages():
    for each in ATTRIBUTES.values():
        assert each.ja
        assert each.en
        assert each.says.endswith("。")
        assert each.says_en.endswith(".")
