"""What does a household make of its members?"""

from __future__ import annotations

import polars as pl

from tests.workflows.residents import household
from workflows.rules.household_facts import with_household_facts
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
