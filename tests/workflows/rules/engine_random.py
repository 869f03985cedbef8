"""Small random cities and random rules, near the days on which ages, school years and eras turn."""

from __future__ import annotations

import random
from datetime import date, timedelta
from types import MappingProxyType

import polars as pl
from hypothesis import strategies as st

from workflows.rules.facts import CITY_FACTS
from workflows.rules.parameters import DatedRows, DatedValue, LookupTable, Parameter, Parameters
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
from workflows.rules.vocabulary import ConsentClass, FactKind

ALL_CONSENTS = (1 << len(ConsentClass)) - 1
PROGRAM = "P-0001"
GRANTED = f"granted_{PROGRAM}"

LIMITS = ((2, 20), (3, 20), (4, 40))
SAME_FOR_ALL = ((1, 30), (2, 30))
PARAMETERS = Parameters(
    MappingProxyType(
        {
            "limit": Parameter("limit", "上限", "limit", "円", (DatedValue(date.min, None, 30, "条例1条", "owner"),)),
            "vast": Parameter("vast", "上限", "limit", "円", (DatedValue(date.min, None, 10**18, "条例1条", "owner"),)),
        }
    ),
    MappingProxyType(
        {
            name: LookupTable(name, "限度", "limits", "円", (DatedRows(date.min, None, rows, "条例2条", "owner"),))
            for name, rows in (("limits", LIMITS), ("same", SAME_FOR_ALL), ("single", LIMITS[:1]))
        }
    ),
)

TURNING_DAYS = (
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 3, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 4, 2),
    date(1989, 1, 7),
    date(1989, 1, 8),
    date(2019, 4, 30),
    date(2019, 5, 1),
    date(2026, 12, 31),
    date(9999, 12, 31),
    date(9999, 4, 1),
    date(1, 1, 1),
    date(1, 4, 1),
)
days_of_evaluation = st.sampled_from(TURNING_DAYS) | st.dates(date(1950, 1, 1), date(2060, 12, 31))

ops = st.sampled_from(Op)
numbers = st.sampled_from((-(10**18), -1, 0, 1, 2, 3, 4, 5, 19, 20, 21, 30, 40, 41, 127, 128, 10**18))
dates = [fact.code for fact in CITY_FACTS if fact.kind is FactKind.DATE]
amounts = [fact.code for fact in CITY_FACTS if fact.kind is FactKind.NUMBER]
flags = [fact.code for fact in CITY_FACTS if fact.kind is FactKind.FLAG]
choices = [fact for fact in CITY_FACTS if fact.kind is FactKind.CHOICE]


def moved(day: date, years: int, days: int) -> date:
    """Move a day, but not out of the calendar."""
    year = min(max(day.year + years, 1), 9999)
    near = date(year, day.month, min(day.day, 28)) if day.day > 28 and years else day.replace(year=year)
    return date.fromordinal(min(max(near.toordinal() + days, 1), date.max.toordinal()))


@st.composite
def days_near(draw, as_of: date) -> date:
    """A day some years before, at or about a border, or any day at all."""
    turning = moved(as_of, -draw(st.integers(0, 20)), draw(st.integers(-2, 2)))
    april = date(turning.year, 4, 1) + timedelta(days=draw(st.integers(-1, 1)))
    leap = date(2016, 2, 29) if as_of.year > 2016 else as_of
    return draw(st.sampled_from((turning, april, leap, date.max, date.min)) | st.dates())


@st.composite
def people(draw, as_of: date) -> list[dict]:
    """The rows of a snapshot."""
    held = draw(st.sets(st.sampled_from([fact.code for fact in CITY_FACTS] + [GRANTED]), min_size=15))
    rows = []
    for household in range(draw(st.integers(1, 4))):
        members = [draw(residents(as_of, held)) for _ in range(draw(st.integers(1, 5)))]
        together = ALL_CONSENTS
        for member in members:
            together &= member["consents"]
        members.sort(key=lambda member: member.get("birth_date") or date.min)
        rows += [member | {"household": household * 3, "household_consents": together} for member in members]
    return [row | {"pseudonym": f"r{number}"} for number, row in enumerate(rows)]


@st.composite
def residents(draw, as_of: date, held: set[str]) -> dict:
    person: dict = {"consents": draw(st.just(ALL_CONSENTS) | st.integers(0, ALL_CONSENTS))}
    for fact in CITY_FACTS:
        if fact.code in held:
            person[fact.code] = draw(st.none() | values(fact, as_of) | values(fact, as_of))
    if GRANTED in held:
        person[GRANTED] = draw(st.none() | st.just(date.min) | days_near(as_of))
    return person


def values(fact, as_of: date) -> st.SearchStrategy:
    if fact.kind is FactKind.DATE:
        return days_near(as_of)
    if fact.kind is FactKind.CHOICE:
        likely = ("child",) if fact.code == "relation" else ()
        return st.sampled_from([*likely, *(choice.code for choice in fact.choices)])
    return st.booleans() if fact.kind is FactKind.FLAG else numbers


def frame(rows: list[dict]) -> pl.DataFrame:
    """The rows as a snapshot. A column that nobody has is left out."""
    kinds = {"household": pl.Int64, "consents": pl.UInt16, "household_consents": pl.UInt16, "pseudonym": pl.String}
    of_kind = {FactKind.DATE: pl.Date, FactKind.NUMBER: pl.Int64, FactKind.CHOICE: pl.String, FactKind.FLAG: pl.Boolean}
    kinds |= {fact.code: of_kind[fact.kind] for fact in CITY_FACTS} | {GRANTED: pl.Date}
    held = {name: kind for name, kind in kinds.items() if any(name in row for row in rows)}
    return pl.DataFrame(rows, schema=held)


spans = st.tuples(st.none() | st.integers(-1, 20), st.none() | st.integers(-1, 20))
ages = st.builds(lambda counted, span: Age("birth_date", counted, *span), st.sampled_from(Counted), spans)
grades = st.builds(Grade, st.just("birth_date"), st.integers(1, 12), st.integers(1, 12))
counts = st.integers(0, 4)


def leaves(as_of: date) -> st.SearchStrategy:
    return st.one_of(
        st.builds(
            Compare,
            st.sampled_from(amounts),
            ops,
            numbers | st.builds(ParameterRef, st.sampled_from(("limit", "vast"))),
        ),
        st.builds(Compare, st.sampled_from(dates), ops, days_near(as_of)),
        st.sampled_from(choices).flatmap(one_of),
        st.builds(Flag, st.sampled_from(flags)),
        ages,
        grades,
        st.builds(
            Since,
            st.sampled_from(dates),
            st.sampled_from((Op.AT_LEAST, Op.AT_MOST)),
            st.integers(0, 40) | st.just(10**18),
            st.sampled_from(Unit),
        ),
        st.builds(
            Lookup,
            st.just("household_income"),
            ops,
            st.sampled_from(("limits", "same", "single")),
            st.just("household_size"),
        ),
        st.builds(Members, st.booleans(), st.none() | ages | grades, st.none() | ranks, ops, counts),
        st.builds(NotGranted, st.just(PROGRAM), st.sampled_from(Period)),
    )


ranks = st.builds(Rank, counts, ages | grades)


def one_of(fact) -> st.SearchStrategy:
    codes = [choice.code for choice in fact.choices]
    return st.sets(st.sampled_from(codes), min_size=1).map(lambda found: OneOf(fact.code, tuple(sorted(found))))


def trees(as_of: date, most: int = 12) -> st.SearchStrategy:
    def grown(parts: st.SearchStrategy) -> st.SearchStrategy:
        several = st.lists(parts, max_size=4).map(tuple)
        return st.builds(All, several) | st.builds(AnyOf, several) | st.builds(Not, parts)

    return st.recursive(leaves(as_of), grown, max_leaves=most)


def crowd(chance: random.Random, as_of: date) -> list[dict]:
    """Many households, cheaply: births on the very borders, some facts missing, some consents not given."""
    rows: list[dict] = []
    for household in range(20):
        held = [ALL_CONSENTS if chance.random() < 0.8 else chance.getrandbits(len(ConsentClass)) for _ in range(4)]
        members = [_member(chance, as_of) for _ in range(chance.randint(1, 4))]
        members.sort(key=lambda member: member["birth_date"] or date.min)
        together = ALL_CONSENTS
        for own in held[: len(members)]:
            together &= own
        rows += [
            member | {"household": household, "consents": own, "household_consents": together}
            for member, own in zip(members, held, strict=False)
        ]
    return [row | {"pseudonym": f"c{number}"} for number, row in enumerate(rows)]


def _member(chance: random.Random, as_of: date) -> dict:
    granted = (date.min, border(chance, as_of), date(max(as_of.year - chance.randint(0, 2), 1), 4, 1))
    known = {
        "birth_date": border(chance, as_of),
        "relation": chance.choice(("child", "child", "head", "other")),
        "household_size": chance.randint(1, 5),
        "household_income": chance.choice((19, 20, 21, 30, 31, 40, 41)),
        "resident_since": border(chance, as_of),
        GRANTED: moved(chance.choice(granted), 0, chance.choice((0, -1))),
    }
    return {name: None if chance.random() < 0.08 else value for name, value in known.items()}


def border(chance: random.Random, as_of: date) -> date:
    """A day on which an age, a school year, a fiscal year or a month turns, or its neighbour."""
    back, aside = chance.randint(0, 20), chance.randint(-1, 1)
    turning = chance.choice((as_of, date(as_of.year, 4, 1), date(as_of.year, 3, 31), moved(as_of, 0, -31)))
    return moved(turning, -back, aside)


def border_leaves(chance: random.Random) -> list:
    """One leaf of each kind that counts time, members or limits."""
    low, counted = chance.randint(0, 18), chance.choice(tuple(Counted))
    being = chance.choice((Age("birth_date", counted, None, low), Grade("birth_date", 1, chance.randint(1, 12))))
    rank = chance.choice((None, Rank(chance.randint(1, 3), being)))
    op, limits = chance.choice(tuple(Op)), chance.choice(("limits", "same", "single"))
    return [
        Age("birth_date", counted, low, chance.choice((None, low, low + 3))),
        Grade("birth_date", grade := chance.randint(1, 12), chance.randint(grade, 12)),
        Since("resident_since", chance.choice((Op.AT_LEAST, Op.AT_MOST)), low, chance.choice(tuple(Unit))),
        NotGranted(PROGRAM, chance.choice(tuple(Period))),
        Lookup("household_income", op, limits, "household_size"),
        Members(chance.random() < 0.5, chance.choice((None, being)), rank, op, chance.randint(0, 3)),
    ]
