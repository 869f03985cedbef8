"""Whoever writes a rule sees whom it reaches, and nobody learns anything of one resident from it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules import evaluate, read_population
from workflows.rules.binding import bound
from workflows.rules.disclosure import SMALLEST, publishable
from workflows.rules.parameters import NO_PARAMETERS, DatedRows, DatedValue, LookupTable, Parameter, Parameters
from workflows.rules.preview import RuleToPreview, preview
from workflows.rules.tree import Age, All, AnyOf, Compare, Counted, Flag, Lookup, Members, Not, OneOf, Op, ParameterRef
from workflows.rules.vocabulary import ConsentClass

TODAY = date(2026, 11, 27)
WARDS = ("higashi", "hakata", "chuo", "minami", "jonan", "sawara", "nishi")
EVERYTHING = sum(consent.bit for consent in ConsentClass)
WOMEN = OneOf("sex", ("female",))


def people(count, **columns):
    """So many residents who live alone, a day of birth apart, women and men in turn, ward by ward."""
    births = [date(1960, 1, 1) + timedelta(days=place) for place in range(count)]
    plain = {
        "pseudonym": [f"p{place:06}" for place in range(count)],
        "household": list(range(count)),
        "birth_date": births,
        "sex": ["female" if place % 2 else "male" for place in range(count)],
        "ward": [WARDS[place % 7] for place in range(count)],
        "channel": [("line", "mail", "none")[place % 3] for place in range(count)],
        "consents": pl.Series([EVERYTHING] * count, dtype=pl.UInt16),
        "household_consents": pl.Series([EVERYTHING] * count, dtype=pl.UInt16),
    }
    return read_population(pl.DataFrame(plain | columns))


def look(rule, population, current=None, earlier=()):
    return preview(RuleToPreview(rule, current, earlier), population, NO_PARAMETERS, TODAY)


def test_counts_are_told_in_tens_by_verdict_ward_age_and_channel():
    seen = look(WOMEN, people(1403))

    assert (seen.people, seen.verdicts["eligible"], seen.verdicts["not_eligible"]) == (1400, 700, 700)
    assert set(seen.wards.values()) - {None} == {100}
    assert seen.ages["40-64"] is None or seen.ages["40-64"] % 10 == 0
    assert seen.channels["line"] == 230


def test_a_group_of_fewer_than_ten_is_not_told_nor_what_would_give_it_away():
    wards = ["nishi" if place < 5 else WARDS[place % 6] for place in range(1200)]
    seen = look(WOMEN, people(1200, ward=wards))

    assert seen.wards["nishi"] is None
    assert sum(count is None for count in seen.wards.values()) >= 2


def test_what_was_added_and_dropped_against_the_rule_in_force_is_told():
    population = people(1400)
    north = All((WOMEN, OneOf("ward", ("higashi",))))

    assert (look(WOMEN, population, current=north).added, look(north, population, current=WOMEN).dropped) == (600, 600)


def test_who_stands_on_the_border_of_each_way_of_counting_ages_is_told():
    population = people(3000)
    sixty = Age("birth_date", Counted.ATTAINED, 65, None)

    counted = look(sixty, population).counted

    assert set(counted) == set(Counted)
    assert counted[Counted.FISCAL_YEAR_END] > counted[Counted.APRIL_FIRST]


def test_the_ages_of_the_household_are_counted_in_each_way_too():
    born = date(2008, 11, 28)  # 17 by the birthday on the next day, 18 attained today
    families = people(40, birth_date=[born] * 40)
    grown = Members(False, Age("birth_date", Counted.BIRTHDAY, 18, None), None, Op.AT_LEAST, 1)

    counted = look(grown, families).counted

    assert (counted[Counted.BIRTHDAY], counted[Counted.ATTAINED]) == (None, 40)


def test_a_rule_that_differs_from_an_earlier_one_by_a_few_people_is_told_by_the_same_numbers():
    population = people(1407)
    without_one = All((WOMEN, Not(Compare("birth_date", Op.EQUAL, date(1960, 1, 2)))))

    before = look(WOMEN, population)

    assert look(without_one, population, earlier=[WOMEN]) == before
    assert look(without_one, population).verdicts["not_eligible"] != before.verdicts["not_eligible"]


def test_steps_of_a_few_people_lead_to_new_numbers_only_after_ten():
    population = people(1400)
    steps = [
        All((WOMEN, Compare("birth_date", Op.AT_LEAST, date(1960, 1, 1) + timedelta(days=8 * step))))
        for step in range(5)
    ]  # each leaves out four women more

    told = [look(rule, population, earlier=steps[:place]).verdicts["eligible"] for place, rule in enumerate(steps)]

    assert told == [700, 700, 700, 690, 690]


def test_a_ward_in_which_an_earlier_rule_differs_by_a_few_is_told_as_before():
    population = people(1400)
    near = All((WOMEN, Compare("birth_date", Op.AT_LEAST, date(1960, 2, 15))))  # 22 women, of a ward three or four

    before, now = look(WOMEN, population), look(near, population, earlier=[WOMEN])

    assert now.wards == before.wards
    assert now.verdicts["eligible"] == before.verdicts["eligible"] - 20


HER = Compare("birth_date", Op.EQUAL, date(1960, 1, 2))
"""One woman, whose day of birth is known to whoever attacks."""


def two_cities(others):
    """The same people but for what her household pays, `others` of whom live in the crowd."""
    for tax in ("exempt", "taxed"):
        yield people(1400 + others, municipal_tax=[tax if place == 1 else "taxed" for place in range(1400 + others)])


def crowd_and_her_if_exempt(others):
    crowd = Compare("birth_date", Op.AT_LEAST, date(1960, 1, 1) + timedelta(days=700 - others))
    return crowd, AnyOf((crowd, All((HER, OneOf("municipal_tax", ("exempt",))))))


def differ(*, guarded, seen):
    """Whether in any of ten cities of neighbouring sizes the answers tell what her household pays."""
    told = []
    for others in range(10):
        crowd, twin = crowd_and_her_if_exempt(others)
        told.append(
            [seen(look(twin, city, current=HER, earlier=[crowd] if guarded else [])) for city in two_cities(others)]
        )
    return any(one != other for one, other in told)


@pytest.mark.parametrize(
    "seen",
    [lambda seen: seen.verdicts["eligible"], lambda seen: seen.added, lambda seen: seen],
    ids=["eligible", "added", "all"],
)
def test_whatever_the_size_of_the_crowd_one_person_in_it_changes_nothing_that_is_told(seen):
    assert not differ(guarded=True, seen=seen)


def test_without_the_earlier_look_one_person_would_show_at_some_size_of_the_crowd():
    assert differ(guarded=False, seen=lambda seen: seen.verdicts["eligible"])


def test_an_age_counted_another_way_was_told_with_the_earlier_look():
    population = people(1400)
    seen_as = All((WOMEN, Age("birth_date", Counted.BIRTHDAY, 62, None)))
    told = look(seen_as, population)
    otherwise = All((WOMEN, Age("birth_date", Counted.ATTAINED, 62, None)))

    assert look(otherwise, population, earlier=[seen_as]).verdicts["eligible"] == told.counted[Counted.ATTAINED]


def test_a_rule_with_its_thresholds_written_in_asks_the_same():
    limits = Parameters(
        {"limit": Parameter("limit", "l", "l", "円", (DatedValue(date(2026, 4, 1), None, 100, "", ""),))},
        {
            "by-size": LookupTable(
                "by-size", "t", "t", "円", (DatedRows(date(2026, 4, 1), None, ((1, 50), (2, 90), (3, 120)), "", ""),)
            )
        },
    )
    rule = All(
        (
            Compare("household_income", Op.AT_MOST, ParameterRef("limit")),
            Not(Lookup("household_income", Op.MORE_THAN, "by-size", "household_size")),
        )
    )
    population = people(
        600, household_income=[place % 150 for place in range(600)], household_size=[place % 5 for place in range(600)]
    )

    written_in = bound(rule, limits, TODAY)

    assert (
        evaluate([written_in], population, NO_PARAMETERS, TODAY).counts
        == evaluate([rule], population, limits, TODAY).counts
    )


def test_without_consent_nobody_is_counted_as_reached_and_how_many_would_qualify_is_not_told():
    population = people(1400, consents=pl.Series([0] * 1400, dtype=pl.UInt16))

    seen = look(Flag("single_parent"), population)

    assert seen.verdicts["eligible"] is None
    assert set(seen.wards.values()) == {None}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1))
def test_from_what_is_told_and_the_total_no_small_group_can_be_worked_out(cells):
    told = publishable(cells)
    hidden = [name for name, count in told.items() if count is None]

    assert all(cells[name] >= SMALLEST for name in cells if name not in hidden)
    everything = len(hidden) == len(cells)
    assert not hidden or everything or (len(hidden) > 1 and sum(cells[name] for name in hidden) >= SMALLEST)
