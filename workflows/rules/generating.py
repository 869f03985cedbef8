"""How does one come by a city without residents' data? It is drawn: households, people in them, what registers say.

The same number of people, seed and day give the same city. Nobody in it has a name, an address or a number of a kind
that real people have; pseudonyms are letters only, so that none can be taken for a 個人番号.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from workflows.rules.household_facts import with_household_facts
from workflows.rules.invented_lives import (
    DAY_ZERO,
    Circle,
    Truth,
    Whole,
    codes_of,
    consents,
    days,
    drawn,
    registered_facts,
    words,
)
from workflows.rules.snapshot_columns import (
    CHANNEL,
    CHANNELS,
    CONSENTS,
    HOUSEHOLD,
    LANGUAGE,
    LANGUAGES,
    PROTECTED,
    PSEUDONYM,
)

AT_ONCE = 200_000
"""So many people are drawn together, which bounds the memory."""
WARD_SIZES = (325, 255, 210, 267, 133, 222, 213)
"""Thousands of people in the seven wards, in the order of the vocabulary."""
PROGRAMS = tuple(f"R8-{number:02d}" for number in range(1, 8))
_LETTERS = "bcdfghjkmnprstvwxz"  # without vowels, lest a word be drawn
_SYLLABLES = tuple(a + b + c for a in _LETTERS for b in _LETTERS for c in _LETTERS)
_PARTS_OF_PSEUDONYM = 5


@dataclass(frozen=True)
class Kind:
    """A kind of household, and its share of all."""

    share: float
    heads: tuple[tuple[float, float, float], ...]
    """Ages of the heads: groups of (share, mean, spread)."""
    spouse: bool = False
    children: tuple[float, ...] = ()
    """Shares of one, two, … children."""
    parents: tuple[float, ...] = ()
    others: tuple[float, ...] = ()
    women_head: float = 0.2


KINDS = (
    Kind(0.47, ((0.44, 27, 6), (0.26, 48, 9), (0.3, 77, 8)), women_head=0.5),
    Kind(0.17, ((0.3, 34, 7), (0.7, 69, 10))),
    Kind(0.21, ((0.8, 42, 8), (0.2, 55, 8)), spouse=True, children=(0.42, 0.42, 0.13, 0.03)),
    Kind(0.05, ((0.8, 42, 8), (0.2, 60, 12)), children=(0.57, 0.34, 0.09), women_head=0.87),
    Kind(0.025, ((1, 46, 7),), spouse=True, children=(0.35, 0.45, 0.2), parents=(0.6, 0.4)),
    Kind(0.045, ((1, 56, 9),), parents=(0.8, 0.2), women_head=0.4),
    Kind(0.03, ((0.7, 30, 8), (0.3, 60, 12)), others=(0.8, 0.2), women_head=0.45),
)
_COUPLES = frozenset({1, 2, 4})
_SINGLE_PARENTS = 3
YOUNGEST_HEAD, OLDEST = 18, 104
OLDEST_CHILD_AT_HOME = 34


def generate_city(people: int, seed: int, as_of: date, programs: tuple[str, ...] = PROGRAMS) -> pl.DataFrame:
    """Give a city of so many `people`: a snapshot with one column more, who is under 支援措置.

    Raises ValueError for fewer than one person.
    """
    if people < 1:
        raise ValueError("a city has people")
    return pl.concat(list(_quarters(people, np.random.SeedSequence(seed), np.datetime64(as_of), programs)))


def _quarters(
    people: int, seed: np.random.SeedSequence, as_of: np.datetime64, programs: tuple[str, ...]
) -> Iterator[pl.DataFrame]:
    taken = pl.Series(PSEUDONYM, [], pl.String)
    first_household = 1
    seeds = seed.spawn(-(-people // AT_ONCE))
    for number, own_seed in enumerate(seeds):
        wanted = min(AT_ONCE, people - number * AT_ONCE)
        quarter = _quarter(np.random.default_rng(own_seed), wanted, as_of, programs, first_household, taken)
        taken = pl.concat([taken, quarter[PSEUDONYM]])
        first_household = int(quarter[HOUSEHOLD].to_numpy().max()) + 1
        yield quarter


@dataclass(frozen=True, slots=True)
class _Members:
    """People of one place in their households, before they are put together."""

    household: Whole
    relation: Whole
    age: Whole
    female: Truth


def _quarter(
    rng: np.random.Generator,
    wanted: int,
    as_of: np.datetime64,
    programs: tuple[str, ...],
    first_household: int,
    taken: pl.Series,
) -> pl.DataFrame:
    members, kinds = _members(rng, wanted)
    order = np.argsort(members.household, kind="stable")[:wanted]
    household = members.household[order]
    today = int((as_of - DAY_ZERO).astype(np.int64))
    age = members.age[order]
    birth = today - age * 3_652_425 // 10_000 - rng.integers(0, 365, wanted)
    households = int(household[-1]) + 1
    circle = Circle(as_of, household, households, birth, members.female[order], (kinds == _SINGLE_PARENTS)[:households])
    registered = registered_facts(rng, circle, programs)
    given = consents(rng, circle)
    ward = drawn(rng, codes_of("ward"), WARD_SIZES, households)[household]
    table = pl.DataFrame(
        {
            PSEUDONYM: _pseudonyms(rng, wanted, taken),
            HOUSEHOLD: household + first_household,
            "birth_date": days(birth),
            "sex": words(codes_of("sex"), np.where(circle.female, 0, 1)),
            "ward": words(codes_of("ward"), ward),
            "resident_since": days(_since(rng, circle), rng.random(wanted) < 0.003),
            "relation": words(codes_of("relation"), members.relation[order]),
            **registered,
            CONSENTS: given,
            CHANNEL: _channels(rng, given),
            LANGUAGE: words(LANGUAGES, drawn(rng, LANGUAGES, (0.965, 0.02, 0.015), wanted)),
            PROTECTED: (rng.random(households) < 0.0012)[household],
        }
    )
    return with_household_facts(table).join(
        table.select(PSEUDONYM, PROTECTED), on=PSEUDONYM, how="left", maintain_order="left"
    )


def _members(rng: np.random.Generator, wanted: int) -> tuple[_Members, Whole]:
    """Draw households enough for `wanted` people; give their members and the kind of each household."""
    count = wanted // 2 + 200 if wanted > AT_ONCE // 100 else wanted
    kinds = drawn(rng, ("",) * len(KINDS), tuple(kind.share for kind in KINDS), count)
    groups: list[_Members] = []
    people = 0
    while people < wanted:
        # The first try is mostly enough; what it lacks is drawn as further households.
        more = kinds if not groups else drawn(rng, ("",) * len(KINDS), tuple(kind.share for kind in KINDS), count // 8)
        offset = 0 if not groups else kinds.size
        kinds = kinds if not groups else np.concatenate((kinds, more))
        for number in range(len(KINDS)):
            groups += _of_kind(rng, number, np.flatnonzero(more == number) + offset)
        people = sum(group.age.size for group in groups)
    return _Members(*(np.concatenate([getattr(group, name) for group in groups]) for name in _Members.__slots__)), kinds


def _of_kind(rng: np.random.Generator, number: int, households: Whole) -> list[_Members]:
    kind = KINDS[number]
    head, women = _heads(rng, kind, households.size)
    groups = [_group(households, "head", head, women)]
    if number in _COUPLES:
        spouse = np.clip(head - rng.normal(1.5, 3.5, head.size).round(), YOUNGEST_HEAD, OLDEST)
        groups.append(_group(households, "spouse", spouse.astype(np.int64), ~women))
    if kind.children:
        groups.append(_children(rng, kind, households, head))
    if kind.parents:
        groups.append(_elders(rng, kind.parents, households, head))
    if kind.others:
        groups.append(_others(rng, kind.others, households, head))
    return groups


def _heads(rng: np.random.Generator, kind: Kind, count: int) -> tuple[Whole, Truth]:
    group = drawn(rng, ("",) * len(kind.heads), tuple(share for share, _, _ in kind.heads), count)
    mean, spread = (np.array([each[at] for each in kind.heads])[group] for at in (1, 2))
    age = np.clip(rng.normal(mean, spread).round(), YOUNGEST_HEAD, OLDEST).astype(np.int64)
    # Women live longer: of old people living alone most are women.
    share = np.where(age >= 70, np.minimum(0.75, kind.women_head * 1.45), kind.women_head)
    return age, rng.random(count) < share


def _children(rng: np.random.Generator, kind: Kind, households: Whole, head: Whole) -> _Members:
    count = 1 + drawn(rng, ("",) * len(kind.children), kind.children, households.size)
    eldest = np.clip(head - rng.normal(30.5, 4.5, head.size).round(), 0, OLDEST_CHILD_AT_HOME)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    gap = rng.integers(1, 5, place.size) * (rng.random(place.size) > 0.02)
    age = np.repeat(eldest, count).astype(np.int64) - place * gap
    born = (age >= 0) | (place == 0)
    at = np.repeat(households, count)[born]
    return _group(at, "child", np.maximum(age[born], 0), rng.random(at.size) < 0.49)


def _elders(rng: np.random.Generator, shares: tuple[float, ...], households: Whole, head: Whole) -> _Members:
    count = 1 + drawn(rng, ("",) * len(shares), shares, households.size)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    age = np.repeat(head, count) + rng.normal(27, 4, place.size).round()
    return _group(
        np.repeat(households, count), "parent", np.clip(age, 45, OLDEST).astype(np.int64), _first_a_woman(rng, place)
    )


def _first_a_woman(rng: np.random.Generator, place: Whole) -> Truth:
    return np.where(place == 0, rng.random(place.size) < 0.8, rng.random(place.size) < 0.1)


def _others(rng: np.random.Generator, shares: tuple[float, ...], households: Whole, head: Whole) -> _Members:
    count = 1 + drawn(rng, ("",) * len(shares), shares, households.size)
    at = np.repeat(households, count)
    age = np.clip(np.repeat(head, count) + rng.normal(0, 5, at.size).round(), YOUNGEST_HEAD, OLDEST)
    return _group(at, "other", age.astype(np.int64), rng.random(at.size) < 0.5)


def _group(households: Whole, relation: str, age: Whole, female: Truth) -> _Members:
    place = codes_of("relation").index(relation)
    return _Members(households, np.full(households.size, place, np.int64), age, female)


def _since(rng: np.random.Generator, circle: Circle) -> Whole:
    """Draw since when people live in the city: their household moved in one day, or they were born later."""
    today = int((circle.as_of - DAY_ZERO).astype(np.int64))
    moved = today - (rng.exponential(11 * 365, circle.households)).astype(np.int64)
    moved = np.where(rng.random(circle.households) < 0.15, -50_000, moved)
    return np.maximum(moved[circle.household], circle.birth)


def _channels(rng: np.random.Generator, given: npt.NDArray[np.uint16]) -> pl.Series:
    places = drawn(rng, CHANNELS, (0.29, 0.65, 0.06), given.size)
    return words(CHANNELS, np.where(given > 0, places, CHANNELS.index("none")))


def _pseudonyms(rng: np.random.Generator, count: int, taken: pl.Series) -> pl.Series:
    """Draw pseudonyms that nobody has yet; each is drawn anew until it differs from all others."""
    syllables = pl.Series(_SYLLABLES)
    while True:
        parts = [
            syllables.gather(rng.integers(0, len(_SYLLABLES), count)).alias(str(at))
            for at in range(_PARTS_OF_PSEUDONYM)
        ]
        fresh = pl.DataFrame(parts).select(pl.concat_str(pl.all()).alias(PSEUDONYM))[PSEUDONYM]
        if fresh.n_unique() == count and not fresh.is_in(taken.implode()).any():
            return fresh
