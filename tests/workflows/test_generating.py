"""Is a drawn city believable, always the same for the same seed, and nobody's?"""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from forms.ages import school_grade
from forms.my_number import holds_my_number
from tests.workflows.residents import AS_OF, invented
from workflows.rules.cells import is_pseudonym
from workflows.rules.facts import CITY_FACTS
from workflows.rules.generating import AT_ONCE, PROGRAMS, WARD_SIZES, generate_city
from workflows.rules.importing import bring
from workflows.rules.passing_months import A_MONTH, a_month_later
from workflows.rules.snapshot_columns import NEVER, PROTECTED, column_types

SOME = 20_000


@pytest.fixture(scope="module")
def city() -> pl.DataFrame:
    return invented(SOME)


def share(city: pl.DataFrame, who: pl.Expr) -> float:
    return city.select(who.fill_null(value=False).mean()).item()


def age() -> pl.Expr:
    return (pl.lit(AS_OF) - pl.col("birth_date")).dt.total_days() // 365.2425


def test_the_same_seed_draws_the_same_city_and_another_seed_another(city):
    assert generate_city(SOME, 1, AS_OF).equals(city)
    assert not generate_city(SOME, 2, AS_OF).equals(city)


@pytest.mark.parametrize("people", [1, 2, 17, 1999, 2001])
def test_a_city_has_as_many_people_as_were_asked_for(people):
    assert generate_city(people, 3, AS_OF).height == people


def test_a_city_without_people_is_refused():
    with pytest.raises(ValueError, match="people"):
        generate_city(0, 1, AS_OF)


def test_it_has_the_columns_of_a_snapshot_and_who_is_protected(city):
    assert city.schema == {**column_types(PROGRAMS), PROTECTED: pl.Boolean}


def test_only_codes_of_the_vocabulary_stand_in_it(city):
    strange = {
        fact.code: set(city[fact.code].drop_nulls().unique()) - {choice.code for choice in fact.choices}
        for fact in CITY_FACTS
        if fact.choices
    }

    assert {code: values for code, values in strange.items() if values} == {}


def test_nobody_in_it_can_be_taken_for_a_real_person(city):
    assert city["pseudonym"].n_unique() == SOME
    assert all(is_pseudonym(each) and each.isalpha() for each in city["pseudonym"])
    assert not any(holds_my_number(line) for line in city.head(500).write_csv().splitlines())


def test_wards_are_as_large_beside_one_another_as_the_real_ones(city):
    wards = [choice.code for choice in CITY_FACTS.facts["ward"].choices]

    found = [share(city, pl.col("ward") == ward) for ward in wards]

    assert found == pytest.approx([size / sum(WARD_SIZES) for size in WARD_SIZES], abs=0.02)


def test_ages_households_and_incomes_are_plausible(city):
    heads = city.filter(pl.col("relation") == "head")

    assert share(city, age() < 15) == pytest.approx(0.13, abs=0.04)
    assert share(city, age() >= 65) == pytest.approx(0.21, abs=0.05)
    assert SOME / city["household"].n_unique() == pytest.approx(2.0, abs=0.2)
    assert heads["household"].n_unique() == heads.height
    assert heads["birth_date"].max() < date(2009, 1, 1)
    assert 2_000_000 < city["household_income"].median() < 5_000_000


def test_registers_follow_age_and_grade(city):
    old = city.filter(age() >= 76)
    graded = city.filter((pl.col("care_grade") != "none") & pl.col("care_grade").is_not_null())
    schooled = city.filter(pl.col("school_kind").is_in(["city", "other"]))

    assert set(old["insurance"].drop_nulls()) <= {"late_elderly", "none"}
    assert graded.select(age().min()).item() >= 40
    assert share(city.filter(age() >= 90), pl.col("care_grade") != "none") > 0.5
    assert all(school_grade(birth, AS_OF) for birth in schooled["birth_date"])


def test_about_a_fifth_registered_and_whoever_did_not_is_told_nothing(city):
    registered = pl.col("consents") > 0

    assert share(city, registered) == pytest.approx(0.2, abs=0.03)
    assert set(city.filter(~registered)["channel"]) == {"none"}
    assert share(city.filter(registered), pl.col("channel") == "line") > 0.5
    assert share(city.filter(registered), pl.col("household_consents") > 0) > 0.6


def test_registers_have_gaps_and_grants_that_never_were(city):
    gaps = {name for name in city.columns if city[name].null_count()}

    assert {"household_income", "municipal_tax", "insurance", "care_grade", "resident_since"} <= gaps
    assert {"pseudonym", "household", "birth_date", "consents", "household_consents"} & gaps == set()
    assert share(city, pl.col(f"granted_{PROGRAMS[0]}") == NEVER) > 0.5


def test_rows_stand_in_the_order_of_a_snapshot(city):
    assert city.equals(city.sort("household", "birth_date", "pseudonym"))


def test_a_city_drawn_in_several_parts_repeats_nobody():
    city = generate_city(AT_ONCE + 500, 5, AS_OF)

    assert city.height == city["pseudonym"].n_unique() == AT_ONCE + 500
    assert city.equals(city.sort("household", "birth_date", "pseudonym"))


def test_a_month_later_nobody_stands_twice_households_are_whole_and_nothing_lies_in_the_future(city):
    later = AS_OF + A_MONTH

    after = a_month_later(city, 2, later)

    people = {"before": set(city["pseudonym"]), "after": set(after["pseudonym"])}
    assert after.height == len(people["after"])
    assert min(len(people["before"] - people["after"]), len(people["after"] - people["before"])) > 50
    brought = bring(after, later)
    assert brought.quarantine.is_empty()
    assert brought.everybody["household"].n_unique() == after["household"].n_unique()
    new = after.filter(~pl.col("pseudonym").is_in(people["before"]))
    assert set(new["household"]) & set(city["household"]) == set()
