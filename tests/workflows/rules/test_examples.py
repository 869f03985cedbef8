"""A rule suggests people on both sides of each of its borders, and is held to what it must say of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from tests.workflows.rules.written_trees import RULES
from workflows.rules.blocks import Verdict
from workflows.rules.examples import (
    Asked,
    ExampleRefusedError,
    Someone,
    border_people,
    read_someone,
    told_of,
    verdict_of,
    verdicts_of,
    written_someone,
)
from workflows.rules.facts import CITY_FACTS
from workflows.rules.parameters import NO_PARAMETERS, DatedRows, DatedValue, LookupTable, Parameter, Parameters
from workflows.rules.tree import Age, All, Compare, Counted, Members, OneOf, Op, ParameterRef, Rank
from workflows.rules.vocabulary import ConsentClass

TODAY = date(2026, 11, 27)
IN_SCHOOL_AGE = Age("birth_date", Counted.FISCAL_YEAR_END, None, 18)
FORTY = Age("birth_date", Counted.FISCAL_YEAR_END, 40, 74)
KNOWN = Parameters(
    {
        code: Parameter(code, code, code, "円", (DatedValue(date(1, 1, 1), None, 3_000_000, "要綱", "7"),))
        for code in ("limit", "other-limit")
    },
    {
        code: LookupTable(code, code, code, "円", (DatedRows(date(1, 1, 1), None, ((1, 5), (2, 9)), "要綱", "7"),))
        for code in ("by-size", "by-age")
    },
)


def suggested(rule, parameters=NO_PARAMETERS):
    people = border_people(rule, parameters, CITY_FACTS, TODAY)
    return told_of(people, verdicts_of(rule, [Asked(someone, TODAY) for someone, _ in people], parameters, CITY_FACTS))


def test_both_sides_of_an_age_by_the_end_of_the_fiscal_year_are_suggested():
    found = {(each.someone.facts.get("birth_date"), each.verdict) for each in suggested(FORTY)}

    assert {
        (date(1987, 4, 1), Verdict.ELIGIBLE),
        (date(1987, 4, 2), Verdict.NOT_ELIGIBLE),
        (date(1952, 4, 2), Verdict.ELIGIBLE),
        (date(1952, 4, 1), Verdict.NOT_ELIGIBLE),
    } <= found


def test_somebody_of_whom_nothing_is_known_and_somebody_without_consent_are_suggested():
    verdicts = {each.verdict for each in suggested(All((FORTY, OneOf("sex", ("female",)))))}

    assert verdicts == set(Verdict)


def test_a_third_child_is_suggested_with_two_elder_ones():
    third = Members(True, IN_SCHOOL_AGE, Rank(3, IN_SCHOOL_AGE), Op.AT_LEAST, 1)

    assert [(each.verdict, len(each.someone.household)) for each in suggested(third)][:2] == [
        (Verdict.ELIGIBLE, 3),
        (Verdict.NOT_ELIGIBLE, 0),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        Members(False, None, None, Op.AT_LEAST, 3),
        Members(False, Age("birth_date", Counted.BIRTHDAY, 18, None), None, Op.AT_LEAST, 2),
    ],
)
def test_both_sides_of_a_size_of_household_are_suggested_oneself_being_one_of_it(rule):
    assert {Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE} <= {each.verdict for each in suggested(rule)}


def test_a_rule_that_applies_to_nobody_suggests_nobody():
    assert suggested(All((OneOf("sex", ("female",)), OneOf("sex", ("male",))))) == []


@settings(deadline=None)  # a rule with many borders is judged by an engine made for many people, not for many rules
@given(RULES)
def test_whatever_the_rule_what_is_suggested_is_what_the_rule_says_and_is_kept_unchanged(rule):
    for each in suggested(rule, KNOWN):
        kept = read_someone(written_someone(each.someone), CITY_FACTS)

        assert kept == each.someone
        assert verdict_of(rule, kept, KNOWN, CITY_FACTS, TODAY) == each.verdict


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"facts": {"my_number": 1}}, "my_number"),
        ({"facts": {"ward": "kita"}}, "ward"),
        ({"facts": {"birth_date": "2026-02-30"}}, "birth_date"),
        ({"facts": {"household_size": True}}, "household_size"),
        ({"facts": {"household_size": 0}}, "household_size"),
        ({"facts": {"household_income": 10**18 + 1}}, "household_income"),
        ({"facts": {"household_income": -(10**30)}}, "household_income"),
        ({"facts": {"single_parent": 1}}, "single_parent"),
        ({"facts": {}, "consents": ["everything"]}, "consents"),
        ({"facts": {}, "household": [{}] * 13}, "household"),
    ],
)
def test_an_example_that_no_resident_could_be_is_refused_by_name(written, code):
    with pytest.raises(ExampleRefusedError) as refused:
        read_someone(written, CITY_FACTS)

    assert refused.value.code == code


def test_a_border_beyond_the_largest_number_suggests_nobody_with_it():
    incomes = [
        each.someone.facts.get("household_income")
        for each in suggested(Compare("household_income", Op.AT_MOST, 10**18))
    ]

    assert 10**18 in incomes
    assert max(income or 0 for income in incomes) == 10**18


def test_somebody_with_losses_is_an_example_too():
    at_a_loss = read_someone({"facts": {"household_income": -50_000}}, CITY_FACTS)

    assert verdict_of(Compare("household_income", Op.LESS_THAN, 0), at_a_loss, NO_PARAMETERS, CITY_FACTS, TODAY) is (
        Verdict.ELIGIBLE
    )


def test_without_the_consent_for_tax_income_is_not_looked_at():
    poor = Someone({"household_income": 0}, frozenset({ConsentClass.CORE}))
    rule = Compare("household_income", Op.AT_MOST, 1)

    assert verdict_of(rule, poor, NO_PARAMETERS, CITY_FACTS, TODAY) is Verdict.NO_CONSENT


def test_a_day_without_the_threshold_and_somebody_impossible_leave_the_others_judged():
    values = (DatedValue(date(2026, 4, 1), None, 3_000_000, "要綱", "7"),)
    this_year = Parameters({"limit": Parameter("limit", "limit", "limit", "円", values)}, {})
    poor = Someone({"household_income": 2_000_000})
    last_year, today = Asked(poor, date(2025, 4, 1)), Asked(poor, TODAY)
    impossible = Asked(Someone({"household_income": "much"}), TODAY)
    rule = Compare("household_income", Op.AT_MOST, ParameterRef("limit"))

    assert verdicts_of(rule, [last_year, today], this_year, CITY_FACTS) == [None, Verdict.ELIGIBLE]
    assert verdicts_of(rule, [impossible, last_year, today], this_year, CITY_FACTS) == [None, None, Verdict.ELIGIBLE]
