"""A city of any size for the benchmark of rules, made by numpy from a seed, and rules about it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workflows.rules.facts import CITY_FACTS
from workflows.rules.parameters import DatedRows, LookupTable, Parameters
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
    Period,
    Rank,
    Since,
    Unit,
)
from workflows.rules.vocabulary import ConsentClass, FactKind

if TYPE_CHECKING:
    from workflows.rules.tree import Leaf, Node

AS_OF = date(2026, 11, 27)
PROGRAMS = tuple(f"{number:04}" for number in range(1, 12))
COLUMNS = (*(fact.code for fact in CITY_FACTS), *(f"granted_{program}" for program in PROGRAMS))
"""30 of them; every second has values that nobody knows."""
UNKNOWN = 0.03
MOST_MEMBERS = 5
_ROWS = tuple((size, 1_500_000 + 380_000 * size) for size in range(1, 8))
PARAMETERS = Parameters(
    MappingProxyType({}),
    MappingProxyType(
        {"limits": LookupTable("limits", "限度", "limits", "円", (DatedRows(date.min, None, _ROWS, "例", "例"),))}
    ),
)


def write_city(people: int, seed: int, to: Path) -> None:
    chance = np.random.default_rng(seed)
    city(people, chance).write_parquet(to)


def city(people: int, chance: np.random.Generator) -> pl.DataFrame:
    household = np.repeat(np.arange(people), chance.integers(1, MOST_MEMBERS, people))[:people]
    birth = AS_OF.toordinal() - date(1970, 1, 1).toordinal() - chance.integers(0, 36_000, people)
    birth = birth[np.lexsort((birth, household))]
    first = np.ones(people, np.bool_)
    first[1:] = household[1:] != household[:-1]
    sizes = np.diff(np.flatnonzero(first), append=people)
    columns: dict[str, pl.Series] = {
        "pseudonym": pl.Series(chance.permutation(people)).cast(pl.String).str.zfill(12),
        "household": pl.Series(household),
        "birth_date": pl.Series(birth).cast(pl.Int32).cast(pl.Date),
        "household_size": pl.Series(np.repeat(sizes, sizes)),
        "relation": pl.Series(np.where(first, 0, chance.integers(1, 5, people))),
    }
    for name in COLUMNS:
        if name not in columns:
            columns[name] = _values(name, people, chance)
    columns["relation"] = _named("relation", columns["relation"])
    every = (1 << len(ConsentClass)) - 1
    consents = np.where(chance.random(people) < 0.7, every, every & chance.integers(0, every + 1, people))
    together = np.repeat(np.bitwise_and.reduceat(consents, np.flatnonzero(first)), sizes)
    held = {name: _with_gaps(name, columns[name], chance) for name in columns}
    held["consents"], held["household_consents"] = (pl.Series(each).cast(pl.UInt16) for each in (consents, together))
    return pl.DataFrame(held)


def _values(name: str, people: int, chance: np.random.Generator) -> pl.Series:
    fact = CITY_FACTS.get(name)
    kind = FactKind.DATE if fact is None else fact.kind
    if kind is FactKind.DATE:
        days = AS_OF.toordinal() - date(1970, 1, 1).toordinal() - chance.integers(0, 4_000, people)
        if fact is None:
            days[chance.random(people) < 0.8] = 1 - date(1970, 1, 1).toordinal()
        return pl.Series(days).cast(pl.Int32).cast(pl.Date)
    if kind is FactKind.NUMBER:
        return pl.Series(chance.integers(0, 12_000_000, people))
    if kind is FactKind.FLAG:
        return pl.Series(chance.random(people) < 0.2)
    assert fact is not None
    return _named(name, pl.Series(chance.integers(0, len(fact.choices), people)))


def _named(name: str, numbers: pl.Series) -> pl.Series:
    fact = CITY_FACTS.get(name)
    assert fact is not None
    return pl.Series([choice.code for choice in fact.choices]).gather(numbers)


def _with_gaps(name: str, values: pl.Series, chance: np.random.Generator) -> pl.Series:
    if name not in COLUMNS or COLUMNS.index(name) % 2:
        return values
    return values.to_frame("x").select(pl.when(pl.Series(chance.random(len(values)) >= UNKNOWN)).then("x")).to_series()


def rules(count: int, seed: int) -> list[Node]:
    """Rules of four to eight conditions, in two levels, as departments write them; all columns are asked."""
    chance = random.Random(seed)  # noqa: S311 - rules for a benchmark
    return [_rule(chance, number) for number in range(count)]


def _rule(chance: random.Random, number: int) -> Node:
    asked = COLUMNS[number % len(COLUMNS)]
    either = AnyOf((_about(asked, chance), _leaf(chance)))
    parts: list[Node] = [_age(chance), *(_leaf(chance) for _ in range(chance.randint(1, 4))), either]
    if chance.random() < 0.3:
        parts.append(Not(_leaf(chance)))
    return All(tuple(parts))


def _leaf(chance: random.Random) -> Leaf:
    drawn = chance.random()
    if drawn < 0.08:
        return Lookup("household_income", Op.AT_MOST, "limits", "household_size")
    if drawn < 0.16:
        return _members(chance)
    return _about(chance.choice(COLUMNS), chance)


def _age(chance: random.Random) -> Age:
    low = chance.randrange(0, 80, 5)
    return Age("birth_date", chance.choice(tuple(Counted)), low, chance.choice((None, low + 4, low + 34)))


def _members(chance: random.Random) -> Members:
    under_18 = Age("birth_date", Counted.FISCAL_YEAR_END, None, 18)
    return chance.choice(
        (
            Members(True, under_18, None, Op.AT_LEAST, chance.randint(1, 3)),
            Members(True, None, Rank(3, under_18), Op.AT_LEAST, 1),
            Members(True, Grade("birth_date", 1, 9), None, Op.AT_LEAST, 1),
            Members(False, Age("birth_date", Counted.BIRTHDAY, 65, None), None, Op.AT_LEAST, chance.randint(1, 2)),
        )
    )


def _about(name: str, chance: random.Random) -> Leaf:
    fact = CITY_FACTS.get(name)
    if fact is None:
        return NotGranted(name.removeprefix("granted_"), chance.choice(tuple(Period)))
    if name == "birth_date":
        low = chance.randint(1, 10)
        return Grade(name, low, low + 2)
    if fact.kind is FactKind.DATE:
        return Since(name, chance.choice((Op.AT_MOST, Op.AT_LEAST)), chance.randint(1, 24), Unit.MONTHS)
    if fact.kind is FactKind.NUMBER:
        bound = chance.randint(1, 5) if name == "household_size" else chance.randrange(1_000_000, 9_000_000, 500_000)
        return Compare(name, chance.choice((Op.AT_LEAST, Op.AT_MOST)), bound)
    if fact.kind is FactKind.FLAG:
        return Flag(name)
    codes = [choice.code for choice in fact.choices]
    return OneOf(name, tuple(sorted(chance.sample(codes, chance.randint(1, max(1, len(codes) - 1))))))
