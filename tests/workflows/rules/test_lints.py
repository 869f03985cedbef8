"""Whoever writes a rule is told what can never be, what changes nothing, and what nobody has confirmed."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from workflows.rules.facts import CITY_FACTS
from workflows.rules.lints import MOST_PAIRS, look_at
from workflows.rules.parameters import DatedRows, DatedValue, LookupTable, Parameter, Parameters
from workflows.rules.sentences import Names
from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Counted,
    Flag,
    Lookup,
    Members,
    Not,
    NotGranted,
    OneOf,
    Op,
    ParameterRef,
    Period,
    Rank,
    Since,
    Unit,
)
from workflows.rules.vocabulary import Vocabulary

TODAY = date(2026, 11, 27)
END = Counted.FISCAL_YEAR_END
WOMEN = OneOf("sex", ("female",))
LIMIT = Parameter(
    "limit", "限度額", "limit", "円", (DatedValue(date(2026, 4, 1), date(2027, 3, 31), 3_000_000, "要綱", "7"),)
)
BY_SIZE = LookupTable(
    "by_size", "人数別限度額", "limit by size", "円", (DatedRows(date(2026, 4, 1), None, ((1, 1), (2, 2)), "要綱", ""),)
)
NAMES = Names(CITY_FACTS, Parameters({"limit": LIMIT}, {"by_size": BY_SIZE}))


def age(low, high, counted=END):
    return Age("birth_date", counted, low, high)


def codes(rule, on=TODAY):
    return [(finding.code, finding.path) for finding in look_at(rule, NAMES, on)]


def test_a_rule_that_says_what_it_means_is_left_alone():
    rule = All((WOMEN, age(40, None), Compare("household_income", Op.AT_MOST, ParameterRef("limit"))))

    assert codes(rule) == []


def test_two_conditions_that_cannot_both_hold_are_named():
    assert codes(All((WOMEN, OneOf("sex", ("male",))))) == [("contradiction", (1,))]
    assert codes(All((age(70, None), age(None, 39)))) == [("contradiction", (1,))]


def test_a_contradiction_is_also_found_across_ways_of_counting_an_age():
    rule = All((age(70, None, Counted.BIRTHDAY), age(None, 60, Counted.ATTAINED)))

    assert ("contradiction", (1,)) in codes(rule)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (All((age(40, None), AnyOf((WOMEN, Not(WOMEN))))), ("always_true", (1,))),
        (
            All((WOMEN, OneOf("ward", ("higashi", "hakata", "chuo", "minami", "jonan", "sawara", "nishi")))),
            ("always_true", (1,)),
        ),
        (All((WOMEN, Compare("household_size", Op.LESS_THAN, 0))), ("always_false", (1,))),
        (All((WOMEN, Members(False, None, None, Op.AT_LEAST, 0))), ("always_true", (1,))),
    ],
)
def test_what_is_always_or_never_so_is_told_where_it_stands(rule, expected):
    assert codes(rule) == [expected]


def test_a_contradiction_of_three_is_found_on_the_whole_rule():
    rule = All((AnyOf((WOMEN, age(70, None))), Not(WOMEN), age(None, 39)))

    assert codes(rule) == [("always_false", ())]


def test_of_all_the_wider_condition_changes_nothing_and_of_any_the_narrower():
    assert codes(All((age(40, 74), age(20, None)))) == [("unreachable", (1,))]
    assert codes(AnyOf((Compare("household_size", Op.AT_LEAST, 3), Compare("household_size", Op.AT_LEAST, 5)))) == [
        ("unreachable", (1,))
    ]


def test_the_same_condition_twice_is_told_at_the_second():
    assert codes(All((WOMEN, WOMEN))) == [("unreachable", (1,))]


def test_ages_that_overlap_are_told_and_neighbouring_ages_are_not():
    assert ("ages_overlap", (1,)) in codes(AnyOf((age(20, 40), age(40, 60))))
    assert codes(AnyOf((age(20, 39), age(41, 60)))) == []


def test_mixed_ways_of_counting_an_age_are_told():
    rule = AnyOf((age(20, 30), age(40, 50, Counted.BIRTHDAY)))

    assert codes(rule) == [("legal_age", ())]


def test_a_threshold_without_a_value_for_the_day_keeps_the_rule_back():
    rule = All((Compare("household_income", Op.AT_MOST, ParameterRef("limit")),))

    assert codes(rule, on=date(2027, 4, 1)) == [("parameter_out_of_date", (0,))]
    assert codes(All((Compare("household_income", Op.AT_MOST, ParameterRef("nothing")),))) == [
        ("parameter_missing", (0,))
    ]


def test_a_table_that_nobody_confirmed_is_told():
    rule = All((Lookup("household_income", Op.AT_MOST, "by_size", "household_size"),))

    assert codes(rule) == [("parameter_unconfirmed", (0,))]


def test_an_empty_group_is_told():
    assert codes(All((WOMEN, AnyOf(())))) == [("empty_group", (1,))]


def test_a_time_and_a_date_of_the_same_fact_are_held_against_each_other():
    rule = All(
        (Since("resident_since", Op.AT_MOST, 3, Unit.MONTHS), Compare("resident_since", Op.LESS_THAN, date(2026, 1, 1)))
    )

    assert codes(rule) == [("contradiction", (1,))]


def test_a_rule_too_large_to_think_through_is_told_to_be_so():
    flags = [Compare("household_income", Op.EQUAL, 2 * n) for n in range(150)]
    sizes = [Compare("household_size", Op.EQUAL, 2 * n) for n in range(150)]
    rule = AnyOf((*(All(pair) for pair in zip(flags, sizes, strict=True)), Flag("single_parent")))

    assert "not_proved" in [code for code, _ in codes(rule)]


def test_what_was_found_before_it_became_too_hard_is_told_all_the_same():
    days = [Compare("resident_since", Op.EQUAL, date(2000, 1, 1) + timedelta(days=2 * n)) for n in range(200)]

    assert codes(All((AnyOf((WOMEN, Not(WOMEN))), AnyOf(tuple(days))))) == [("always_true", (0,)), ("not_proved", ())]


def test_ways_of_counting_the_ages_of_the_household_are_told_too():
    child = Age("birth_date", Counted.ATTAINED, None, 17)
    third = Members(children=True, being=None, rank=Rank(3, child), op=Op.AT_LEAST, count=1)

    assert codes(All((age(20, None), Members(True, child, None, Op.AT_LEAST, 1)))) == [("legal_age", ())]
    assert codes(All((age(20, None), third))) == [("legal_age", ())]
    assert codes(All((age(20, None, Counted.ATTAINED), third))) == []


def test_of_a_group_with_too_many_pairs_the_rest_is_told_not_to_be_compared():
    never = [NotGranted(f"R8-制度-{n:04}", Period.EVER) for n in range(30)]

    found = look_at(All((WOMEN, AnyOf(tuple(never)))), NAMES, TODAY)

    assert [(each.code, each.path, each.params["most"]) for each in found] == [("not_compared", (1,), MOST_PAIRS)]
    assert codes(All((WOMEN, AnyOf(tuple(never[:28]))))) == []


def test_a_condition_on_grants_has_its_ground_like_any_other():
    without_ground = dataclasses.replace(CITY_FACTS.grants, legal_basis="")
    names = Names(Vocabulary(CITY_FACTS.facts, without_ground), NAMES.parameters)
    rule = All((WOMEN, NotGranted("R8-制度-0001", Period.FISCAL_YEAR)))

    assert codes(rule) == []
    assert [each.code for each in look_at(rule, names, TODAY)] == ["no_legal_basis"]


def test_an_income_may_be_negative_and_a_household_has_somebody_in_it():
    assert codes(All((WOMEN, Compare("household_income", Op.AT_LEAST, 0)))) == []
    assert codes(All((WOMEN, Compare("household_income", Op.LESS_THAN, 0)))) == []
    assert codes(All((WOMEN, Compare("household_size", Op.AT_LEAST, 1)))) == [("always_true", (1,))]
