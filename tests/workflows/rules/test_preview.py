"""Whoever writes a rule sees whom it reaches, and nobody learns anything of one resident from it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules import read_population
from workflows.rules.disclosure import SMALLEST, publishable
from workflows.rules.parameters import NO_PARAMETERS
from workflows.rules.preview import Asked, preview
from workflows.rules.tree import Age, All, Compare, Counted, Flag, Not, OneOf, Op
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
    return preview(Asked(rule, current, earlier), population, NO_PARAMETERS, TODAY)


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
