"""What does a household make of its members, and is it the same when only changed households are looked at?"""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.residents import household, invented
from workflows.rules.household_facts import succeed, with_household_facts
from workflows.rules.vocabulary import ConsentClass

CORE, TAX = ConsentClass.CORE.bit, ConsentClass.TAX.bit


def people(*households: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(households, how="diagonal_relaxed").with_columns(
        pl.col("consents").cast(pl.UInt16), birth_date=pl.lit(None, pl.Date)
    )


def facts(table: pl.DataFrame) -> dict[str, tuple[int | None, int]]:
    rows = with_household_facts(table).select("pseudonym", "household_size", "household_consents").iter_rows()
    return {pseudonym: (size, shared) for pseudonym, size, shared in rows}


def test_a_household_is_as_large_as_it_has_members_and_shares_what_all_consented_to():
    found = facts(
        people(household(1, "aaaaaa", "bbbbbb", consents=[CORE | TAX, CORE]), household(2, "cccccc", consents=TAX))
    )

    assert found == {"aaaaaa": (2, CORE), "bbbbbb": (2, CORE), "cccccc": (1, TAX)}


def test_a_household_that_lacks_a_member_has_no_known_size_and_shares_nothing():
    table = people(household(1, "aaaaaa", consents=CORE), household(2, "bbbbbb", consents=CORE))

    found = with_household_facts(table, {1}).select("household_size", "household_consents").rows()

    assert found == [(None, 0), (1, CORE)]


def test_nobody_is_a_household_too():
    assert with_household_facts(people(household(1, "aaaaaa", consents=CORE)).clear()).height == 0


@pytest.fixture(scope="module")
def before() -> pl.DataFrame:
    return with_household_facts(invented(600).drop("protected"))


@given(
    st.lists(st.tuples(st.integers(0, 599), st.sampled_from(["stays", "moves", "consents", "leaves"])), max_size=12),
    st.integers(0, 3),
)
def test_a_successor_is_what_all_households_counted_anew_would_be(before, changes, born):
    changed, gone, after = [], [], before.clone()
    for place, what in dict(changes).items():
        person = before[place]
        name = person["pseudonym"].item()
        after = after.filter(pl.col("pseudonym") != name)
        if what == "leaves":
            gone.append(name)
            continue
        if what == "moves":
            person = person.with_columns(pl.lit(before["household"][0], pl.Int64).alias("household"))
        if what == "consents":
            person = person.with_columns(pl.lit(CORE, pl.UInt16).alias("consents"))
        changed.append(person)
    changed += [before[number].with_columns(pl.lit(f"newborn{number}").alias("pseudonym")) for number in range(born)]
    changed_people = pl.concat(changed) if changed else before.clear()

    successor = succeed(before, changed_people.drop("household_size", "household_consents"), gone)

    assert successor.equals(with_household_facts(pl.concat([after, changed_people])))


def test_a_household_that_lacked_a_member_lacks_them_still_when_another_changes():
    table = people(household(1, "aaaaaa", "bbbbbb", consents=CORE), household(2, "cccccc", consents=CORE))
    before = with_household_facts(table, {1})

    successor = succeed(before, before.filter(pl.col("pseudonym") == "aaaaaa"))

    assert successor.equals(before)
