"""What the rules mean, in the words of the office."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from tests.workflows.rules.engine_random import ALL_CONSENTS, GRANTED, PARAMETERS, PROGRAM
from workflows.rules import (
    NobodyError,
    SnapshotError,
    UnaskableError,
    Verdict,
    evaluate,
    explain,
    read_population,
)
from workflows.rules.blocks import BLOCK
from workflows.rules.lowering import NEVER
from workflows.rules.parameters import NO_PARAMETERS, ParameterTroubleError
from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Counted,
    Flag,
    Grade,
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
from workflows.rules.vocabulary import ConsentClass

CLOSE_OF_2025 = date(2026, 3, 31)
UNDER_18 = Age("birth_date", Counted.FISCAL_YEAR_END, None, 18)


def city(*people: dict, consents: int = ALL_CONSENTS):
    """Everybody in a household of their own unless they say which."""
    rows = [
        {"pseudonym": f"r{at}", "household": at, "consents": consents, "household_consents": consents} | person
        for at, person in enumerate(people)
    ]
    return read_population(pl.DataFrame(rows, infer_schema_length=None))


def verdicts(rule, population, as_of: date = CLOSE_OF_2025) -> list[str]:
    found = evaluate([rule], population, PARAMETERS, as_of)
    each = np.array([found.verdict_plane(0, verdict) for verdict in Verdict]).argmax(axis=0)
    return [tuple(Verdict)[place].value for place in each]


def born(*days: date):
    return city(*({"birth_date": day} for day in days))


def between(counted: Counted, low: int | None, high: int | None) -> Age:
    return Age("birth_date", counted, low, high)


YES, NO, UNKNOWN, NO_CONSENT = (verdict.value for verdict in Verdict)


@pytest.mark.parametrize(
    ("counted", "as_of", "seventy"),
    [
        (Counted.ATTAINED, date(2026, 3, 30), NO),
        (Counted.ATTAINED, date(2026, 3, 31), YES),
        (Counted.BIRTHDAY, date(2026, 3, 31), NO),
        (Counted.BIRTHDAY, date(2026, 4, 1), YES),
        (Counted.FISCAL_YEAR_END, date(2025, 4, 1), YES),
        (Counted.APRIL_FIRST, date(2026, 3, 31), NO),
        (Counted.APRIL_FIRST, date(2026, 4, 1), YES),
    ],
)
def test_who_is_born_on_1_april_1956_is_seventy_from_the_day_that_the_chosen_age_says(counted, as_of, seventy):
    assert verdicts(between(counted, 70, None), born(date(1956, 4, 1)), as_of) == [seventy]


@pytest.mark.parametrize("as_of", [date(2026, 4, 1), date(2026, 11, 27), date(2027, 3, 31)])
def test_forty_in_the_fiscal_year_2026_are_those_born_from_2_april_1986_to_1_april_1987(as_of):
    people = born(date(1986, 4, 1), date(1986, 4, 2), date(1987, 4, 1), date(1987, 4, 2))

    assert verdicts(between(Counted.FISCAL_YEAR_END, 40, 40), people, as_of) == [NO, YES, YES, NO]


def test_who_is_born_on_29_february_turns_on_1_march_and_attains_on_the_last_of_february():
    child = born(date(2020, 2, 29))

    assert verdicts(between(Counted.BIRTHDAY, 6, None), child, date(2026, 2, 28)) == [NO]
    assert verdicts(between(Counted.BIRTHDAY, 6, None), child, date(2026, 3, 1)) == [YES]
    assert verdicts(between(Counted.ATTAINED, 6, None), child, date(2026, 2, 28)) == [YES]


def test_a_child_born_on_1_april_is_a_grade_above_one_born_on_2_april():
    children = born(date(2019, 4, 1), date(2019, 4, 2))

    assert verdicts(Grade("birth_date", 1, 1), children, date(2025, 4, 1)) == [YES, NO]
    assert verdicts(Grade("birth_date", 1, 1), children, date(2026, 4, 1)) == [NO, YES]


def test_nobody_is_of_an_age_before_the_birth():
    unborn = born(CLOSE_OF_2025 + timedelta(days=1))

    assert [verdicts(between(counted, None, 5), unborn) for counted in Counted] == [[NO]] * 4


def test_an_unknown_date_of_birth_is_neither_young_nor_old():
    nobody_knows = city({"birth_date": None}, {"birth_date": date(1950, 1, 1)})

    assert verdicts(between(Counted.BIRTHDAY, 70, None), nobody_knows) == [UNKNOWN, YES]
    assert verdicts(Not(between(Counted.BIRTHDAY, 70, None)), nobody_knows) == [UNKNOWN, NO]


def test_a_fact_without_consent_is_not_looked_at_whether_it_is_known_or_not():
    tax = Compare("household_income", Op.AT_MOST, 100)
    mine = ALL_CONSENTS & ~ConsentClass.TAX.bit
    people = city(
        {"household_income": 50, "household_consents": mine},
        {"household_income": None, "household_consents": mine},
        {"household_income": 50, "consents": mine},
        {"household_income": None},
    )

    assert verdicts(tax, people) == [NO_CONSENT, NO_CONSENT, YES, UNKNOWN]


def test_a_missing_consent_decides_nothing_that_another_fact_decides():
    older, welfare = between(Counted.BIRTHDAY, 70, None), Flag("public_assistance")
    closed = ALL_CONSENTS & ~ConsentClass.WELFARE.bit
    people = city({"birth_date": date(1950, 1, 1)}, {"birth_date": date(2000, 1, 1)}, consents=closed)

    assert verdicts(All((older, welfare)), people) == [NO_CONSENT, NO]
    assert verdicts(AnyOf((older, welfare)), people) == [YES, NO_CONSENT]


def test_where_a_fact_and_a_consent_are_wanting_it_is_the_consent_that_is_named():
    closed = ALL_CONSENTS & ~ConsentClass.WELFARE.bit
    people = city({"birth_date": None, "public_assistance": True}, consents=closed)

    assert verdicts(All((between(Counted.BIRTHDAY, 70, None), Flag("public_assistance"))), people) == [NO_CONSENT]
    no = All((OneOf("ward", ("chuo",)), Flag("public_assistance")))
    assert verdicts(AnyOf((no, between(Counted.BIRTHDAY, 70, None))), city({"ward": "nishi"}, consents=closed)) == [
        UNKNOWN
    ]


@pytest.mark.parametrize(
    ("size", "income", "verdict"),
    [
        (1, 20, YES),
        (2, 21, NO),
        (3, 20, YES),
        (4, 40, YES),
        (9, 40, YES),
        (9, 41, NO),
        (None, 20, YES),
        (None, 41, NO),
        (None, 30, UNKNOWN),
        (3, None, UNKNOWN),
    ],
)
def test_an_income_limit_goes_by_the_size_of_household_and_an_unknown_size_matters_only_between_limits(
    size, income, verdict
):
    people = city({"household_size": size, "household_income": income})

    assert verdicts(Lookup("household_income", Op.AT_MOST, "limits", "household_size"), people) == [verdict]


def test_an_income_limit_is_known_without_looking_at_the_size_only_when_all_limits_agree():
    closed = ALL_CONSENTS & ~ConsentClass.HOUSEHOLD.bit
    people = city(*({"household_size": 4, "household_income": income} for income in (20, 30, 41)), consents=closed)

    assert verdicts(Lookup("household_income", Op.AT_MOST, "limits", "household_size"), people) == [YES, NO_CONSENT, NO]


def family(*births: date | None, relation: str = "child", household: int = 1, **more):
    children = [{"household": household, "birth_date": day, "relation": relation} | more for day in births]
    return [{"household": household, "birth_date": date(1985, 5, 5), "relation": "head"} | more, *children]


THIRD_CHILD = Members(True, None, Rank(3, UNDER_18), Op.AT_LEAST, 1)


def test_a_household_has_a_third_child_when_three_children_are_under_eighteen():
    grown, teen, pupil, baby = date(2000, 1, 1), date(2010, 1, 1), date(2016, 1, 1), date(2024, 1, 1)

    assert set(verdicts(THIRD_CHILD, city(*family(teen, pupil, baby)))) == {YES}
    assert set(verdicts(THIRD_CHILD, city(*family(grown, pupil, baby)))) == {NO}
    assert set(verdicts(THIRD_CHILD, city(*family(teen, pupil, pupil)))) == {YES}
    assert set(verdicts(THIRD_CHILD, city(*family(teen, pupil), *family(baby, household=2)))) == {NO}


def test_a_child_whose_birth_nobody_knows_leaves_the_ranks_of_its_brothers_and_sisters_open():
    teen, pupil, baby = date(2010, 1, 1), date(2016, 1, 1), date(2024, 1, 1)

    assert set(verdicts(THIRD_CHILD, city(*family(None, teen, pupil, baby)))) == {UNKNOWN}


def test_three_under_eighteen_are_certain_only_when_no_unknown_birth_could_be_the_third():
    three = Members(False, UNDER_18, None, Op.AT_LEAST, 3)
    teen = date(2010, 1, 1)

    assert set(verdicts(three, city(*family(teen, teen, teen)))) == {YES}
    assert set(verdicts(three, city(*family(None, teen, teen)))) == {UNKNOWN}
    assert set(verdicts(three, city(*family(None, teen)))) == {NO}


def test_the_household_is_not_looked_at_without_ones_own_consent_whatever_the_others_gave():
    closed = ALL_CONSENTS & ~ConsentClass.HOUSEHOLD.bit
    head, child = family(date(2020, 1, 1))

    assert verdicts(Members(True, None, None, Op.AT_LEAST, 1), city(head | {"consents": closed}, child)) == [
        NO_CONSENT,
        YES,
    ]


@pytest.mark.parametrize(
    ("granted", "this_year", "two_years", "ever"),
    [
        (date(2026, 11, 1), NO, NO, NO),
        (date(2026, 4, 1), NO, NO, NO),
        (date(2026, 3, 31), YES, NO, NO),
        (date(2025, 3, 31), YES, YES, NO),
        (NEVER, YES, YES, YES),
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_an_earlier_grant_counts_from_1_april_of_the_period(granted, this_year, two_years, ever):
    people, as_of = city({GRANTED: granted}), date(2026, 11, 27)

    found = [verdicts(NotGranted(PROGRAM, period), people, as_of)[0] for period in Period]

    assert found == [this_year, two_years, ever]


def test_nothing_is_known_of_the_grants_of_a_program_that_the_snapshot_does_not_hold():
    assert verdicts(NotGranted("P-9999", Period.EVER), born(date(2000, 1, 1))) == [UNKNOWN]


def test_months_back_end_on_the_last_day_of_a_shorter_month():
    within = Since("resident_since", Op.AT_MOST, 1, Unit.MONTHS)
    people = city(*({"resident_since": day} for day in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 4, 1))))

    assert verdicts(within, people, CLOSE_OF_2025) == [NO, YES, NO]


@pytest.mark.parametrize("bound", [10**18, -(10**18), 10**30, 127, 128])
def test_a_threshold_beyond_what_a_column_holds_is_still_compared_rightly(bound):
    people = city({"household_income": 5}, {"household_income": None}, {"household_income": 127})

    assert verdicts(Compare("household_income", Op.AT_MOST, bound), people) == [
        YES if bound > 0 else NO,
        UNKNOWN,
        YES if bound > 0 else NO,
    ]
    assert verdicts(Compare("household_income", Op.EQUAL, bound), people)[2] == (YES if bound == 127 else NO)


def test_incomes_beyond_eighteen_digits_are_compared_rightly():
    people = city({"household_income": 10**18}, {"household_income": 10**18 + 1}, {"household_income": None})

    assert verdicts(Compare("household_income", Op.MORE_THAN, 10**18), people) == [NO, YES, UNKNOWN]


def test_two_hundred_conditions_and_sixty_levels_are_answered():
    years = AnyOf(tuple(between(Counted.BIRTHDAY, age, age) for age in range(200)))
    deep = between(Counted.BIRTHDAY, 70, None)
    for _ in range(30):
        deep = Not(All((Not(deep), Not(OneOf("ward", ("chuo",))))))
        deep = AnyOf((deep, OneOf("ward", ("nishi",))))
    people = city({"birth_date": date(1950, 1, 1), "ward": "jonan"}, {"birth_date": date(2000, 1, 1), "ward": "jonan"})

    assert verdicts(years, people) == [YES, YES]
    assert verdicts(deep, people) == [YES, NO]


def test_the_last_day_of_the_calendar_is_a_day_like_others():
    people = born(date(9981, 4, 2), date(9999, 12, 31), date(1, 1, 1))

    assert verdicts(between(Counted.FISCAL_YEAR_END, 18, 19), people, date.max) == [YES, NO, NO]
    assert verdicts(Since("birth_date", Op.AT_LEAST, 10**18, Unit.YEARS), people, date.max) == [NO, NO, NO]


def test_an_empty_all_is_true_and_an_empty_any_is_false():
    people = born(date(2000, 1, 1), date(2000, 1, 1))

    assert (verdicts(All(()), people), verdicts(AnyOf(()), people)) == ([YES, YES], [NO, NO])


def test_a_city_without_people_has_no_verdicts():
    empty = city({"birth_date": date(2000, 1, 1)}).pseudonyms.clear()
    nobody = read_population(
        pl.DataFrame({"pseudonym": empty, "household": [], "consents": [], "household_consents": []}).cast(
            {"household": pl.Int64, "consents": pl.UInt16, "household_consents": pl.UInt16}
        )
    )

    found = evaluate([THIRD_CHILD, Flag("single_parent")], nobody, PARAMETERS, CLOSE_OF_2025)

    assert [sum(counts.values()) for counts in found.counts] == [0, 0]


def test_a_city_of_many_blocks_is_the_sum_of_its_households():
    teen, pupil, baby = date(2010, 1, 1), date(2016, 1, 1), date(2024, 1, 1)
    towns = BLOCK // 3
    row = pl.DataFrame(
        [
            person | {"consents": consents, "household_consents": consents}
            for person, consents in zip(family(teen, pupil, baby), (ALL_CONSENTS, 0, 1, ALL_CONSENTS), strict=True)
        ]
    )
    many = pl.concat([row] * towns).with_columns(
        household=pl.int_range(pl.len()) // len(row), pseudonym=pl.int_range(pl.len()).cast(pl.String)
    )
    population = read_population(many)

    found = evaluate([THIRD_CHILD, UNDER_18], population, PARAMETERS, CLOSE_OF_2025)

    assert [dict(counts) for counts in found.counts] == [
        {Verdict.ELIGIBLE: 2 * towns, Verdict.NOT_ELIGIBLE: 0, Verdict.UNKNOWN: 0, Verdict.NO_CONSENT: 2 * towns},
        {Verdict.ELIGIBLE: 2 * towns, Verdict.NOT_ELIGIBLE: towns, Verdict.UNKNOWN: 0, Verdict.NO_CONSENT: towns},
    ]
    assert found.verdict_plane(1, Verdict.ELIGIBLE).tolist() == [False, False, True, True] * towns


def test_of_a_later_snapshot_only_the_changed_households_are_counted_anew():
    teen, pupil, baby = date(2010, 1, 1), date(2016, 1, 1), date(2024, 1, 1)
    before = city(*family(teen, pupil, baby), *family(teen, household=2), *family(teen, pupil, household=4))
    evaluate([THIRD_CHILD], before, PARAMETERS, CLOSE_OF_2025)
    after = city(
        *family(teen, pupil, baby),
        *family(teen, household=3),
        *family(teen, pupil, baby, household=4),
        *family(household=5),
    )

    after.take_over(before, [4])

    anew = city(
        *family(teen, pupil, baby),
        *family(teen, household=3),
        *family(teen, pupil, baby, household=4),
        *family(household=5),
    )
    assert verdicts(THIRD_CHILD, after) == verdicts(THIRD_CHILD, anew) == [YES] * 4 + [NO] * 2 + [YES] * 4 + [NO]


def test_a_household_that_was_not_named_as_changed_keeps_what_was_counted():
    teen = date(2010, 1, 1)
    before = city(*family(teen, teen, teen))
    evaluate([THIRD_CHILD], before, PARAMETERS, CLOSE_OF_2025)
    after = city(*family(teen))

    after.take_over(before, [])

    assert verdicts(THIRD_CHILD, after) == [YES] * 2


def test_whoever_is_not_in_the_snapshot_has_no_reasons_whatever_the_cause():
    with pytest.raises(NobodyError):
        explain(THIRD_CHILD, born(date(2000, 1, 1)), NO_PARAMETERS, CLOSE_OF_2025, "nobody")


@pytest.mark.parametrize(
    ("column", "held"),
    [
        ("household_income", [1.5, float("nan")]),
        ("ward", ["chuo", "atlantis"]),
        ("birth_date", ["1950-01-01", "x"]),
        ("birth_date", [date(2000, 1, 1), date(1990, 1, 1)]),
        ("single_parent", ["yes", "no"]),
        ("household", [2, 1]),
        ("consents", [None, 1]),
    ],
)
def test_a_file_that_is_no_snapshot_is_refused_whole_and_names_its_column(column, held):
    rows = {"pseudonym": ["a", "b"], "household": [1, 1], "consents": [1, 1], "household_consents": [1, 1]}

    with pytest.raises(SnapshotError) as refused:
        read_population(pl.DataFrame(rows | {column: held}))

    assert refused.value.column == column


def test_bytes_that_are_no_parquet_are_refused():
    with pytest.raises(SnapshotError):
        read_population(b"PAR1 or not")


def test_a_snapshot_is_read_from_bytes_and_from_a_file_alike(tmp_path):
    rows = {"pseudonym": ["a"], "household": [1], "ward": ["chuo"], "consents": [3], "household_consents": [1]}
    pl.DataFrame(rows).write_parquet(tmp_path / "snapshot.parquet")

    path = tmp_path / "snapshot.parquet"

    assert verdicts(OneOf("ward", ("chuo",)), read_population(path)) == [YES]
    assert verdicts(OneOf("ward", ("chuo",)), read_population(path.read_bytes())) == [YES]


@pytest.mark.parametrize(
    "leaf",
    [
        Flag("ward"),
        Flag("favourite_colour"),
        OneOf("ward", ("atlantis",)),
        Compare("birth_date", Op.AT_LEAST, 5),
        Compare("household_income", Op.AT_LEAST, date(2000, 1, 1)),
        Age("household_income", Counted.BIRTHDAY, 1, 2),
        Since("birth_date", Op.EQUAL, 1, Unit.DAYS),
    ],
)
def test_a_question_that_its_fact_cannot_answer_is_refused(leaf):
    with pytest.raises(UnaskableError):
        evaluate([leaf], born(date(2000, 1, 1)), PARAMETERS, CLOSE_OF_2025)


def test_a_threshold_that_is_not_kept_is_named():
    with pytest.raises(ParameterTroubleError):
        verdicts(Compare("household_income", Op.AT_LEAST, ParameterRef("lost")), city({"household_income": 1}))
