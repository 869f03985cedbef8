"""Whom does a rule hit, and who lives with them: told some at a time, the same as one by one."""

from __future__ import annotations

import polars as pl
import pytest

from tests.workflows.residents import AS_OF, as_parquet, invented
from workflows.rules import read_population
from workflows.rules.audience import AT_ONCE, audience_of, hits_among
from workflows.rules.tree import Age, All, Counted, OneOf

WOMEN_OVER_FORTY = All((OneOf("sex", ("female",)), Age("birth_date", Counted.FISCAL_YEAR_END, 40, None)))


@pytest.fixture(scope="module")
def residents() -> pl.DataFrame:
    everything = pl.lit(0xFF, pl.UInt16)
    drawn = invented(20_000).drop("protected")
    return drawn.with_columns(everything.alias("consents"), everything.alias("household_consents"))


@pytest.fixture(scope="module")
def women(residents: pl.DataFrame):
    return audience_of(WOMEN_OVER_FORTY, read_population(as_parquet(residents)), AS_OF)


def test_everybody_hit_is_told_with_their_ward_and_with_all_who_live_with_them_and_nobody_else(
    residents: pl.DataFrame, women
):
    homes = dict(residents.group_by("household").agg("pseudonym").iter_rows())
    own = {
        name: (household, ward)
        for name, household, ward in residents.select("pseudonym", "household", "ward").iter_rows()
    }

    hits = list(hits_among(women, list(own)))

    assert len(hits) == len(women) > AT_ONCE
    for hit in hits:
        household, ward = own[hit.pseudonym]
        assert hit.ward == ward
        assert sorted((hit.pseudonym, *hit.others)) == sorted(homes[household])


def test_of_those_hit_only_the_wanted_are_told_each_with_the_pattern_of_their_own(women):
    everybody = list(hits_among(women, women.population.pseudonyms))
    wanted = [hit.pseudonym for hit in everybody[::3]]

    assert list(hits_among(women, [*wanted, "nobody"])) == everybody[::3]


def test_where_nobody_is_wanted_nobody_is_told(women):
    assert list(hits_among(women, [])) == []
