"""What can be said about a snapshot that shows nobody? Counts of what is known, shares of many, drift since the last.

A share is told only among a thousand people or more, and only where ten or more stand behind it. Everything counts all
whom a file brought, those under 支援措置 among them: the same file tells the same, whoever of it is protected, and
between two snapshots nothing is left to subtract.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from workflows.rules.facts import CITY_FACTS
from workflows.rules.importing import ROW, Brought
from workflows.rules.snapshot_columns import (
    CHANNEL,
    CONSENTS,
    HOUSEHOLD,
    HOUSEHOLD_SIZE,
    LANGUAGE,
    PSEUDONYM,
    programs_in,
)
from workflows.rules.vocabulary import GRANTED, ConsentClass, FactKind

SCHEMA = 1
ENOUGH_PEOPLE = 1000
FEW = 10
MOST_ROWS_TOLD = 200


@dataclass(frozen=True)
class Known:
    """How far one thing is known. `shares` are per mille of those of whom it is known, None where few stand behind."""

    known: int
    unknown: int
    shares: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class SetAside:
    """What was set aside for one reason."""

    column: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Drift:
    """What is otherwise than in the snapshot before."""

    added: int
    gone: int
    changed: int


@dataclass(frozen=True)
class Manifest:
    """A snapshot in numbers. `rows` are all people whom the file brought, whether a machine may look at them or not."""

    rows: int
    households: int
    incomplete_households: int
    facts: Mapping[str, Known]
    granted: Mapping[str, Known]
    consents: Mapping[str, int]
    channels: Mapping[str, int]
    languages: Mapping[str, int]
    left_out: int
    set_aside: tuple[SetAside, ...]
    rows_set_aside: tuple[tuple[int, str, str], ...]
    """The first of them: row, column, reason."""
    ignored: tuple[str, ...]
    drift: Drift | None = None

    @property
    def known(self) -> int:
        """How many in a thousand of all cells of facts are known."""
        return 1000 * sum(each.known for each in self.facts.values()) // (self.rows * len(self.facts) or 1)

    @property
    def least_known(self) -> str:
        """The fact of which least is known."""
        return min(self.facts, key=lambda code: self.facts[code].known)

    def to_json(self) -> dict[str, Any]:
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Manifest":
        """Give the manifest that was stored."""
        return cls(
            facts={code: Known(**each) for code, each in stored["facts"].items()},
            granted={number: Known(**each) for number, each in stored["granted"].items()},
            set_aside=tuple(SetAside(**each) for each in stored["set_aside"]),
            rows_set_aside=tuple((row, column, reason) for row, column, reason in stored["rows_set_aside"]),
            drift=Drift(**stored["drift"]) if stored["drift"] else None,
            ignored=tuple(stored["ignored"]),
            **{name: stored[name] for name in _AS_STORED},
        )


_AS_STORED = (
    "rows",
    "households",
    "incomplete_households",
    "consents",
    "channels",
    "languages",
    "left_out",
)


@dataclass(frozen=True)
class Before:
    """The snapshot before, and the people who lay apart then."""

    people: pl.DataFrame
    protected: pl.DataFrame

    @property
    def everybody(self) -> pl.DataFrame:
        return pl.concat([self.people, self.protected])


def describe(brought: Brought, before: Before | None = None) -> Manifest:
    """Count what a file brought, and the drift since the snapshot before."""
    people = brought.everybody
    consents = people[CONSENTS]
    return Manifest(
        rows=people.height,
        households=people[HOUSEHOLD].n_unique(),
        incomplete_households=people.filter(pl.col(HOUSEHOLD_SIZE).is_null())[HOUSEHOLD].n_unique(),
        facts={fact.code: _known(people[fact.code], fact.kind) for fact in CITY_FACTS},
        granted={number: _known(people[f"{GRANTED}{number}"]) for number in programs_in(people.columns)},
        consents={str(each): int(((consents & each.bit) != 0).sum()) for each in ConsentClass},
        channels=_counts(people[CHANNEL]),
        languages=_counts(people[LANGUAGE]),
        left_out=brought.left_out,
        set_aside=_set_aside(brought.quarantine),
        rows_set_aside=tuple(brought.quarantine.head(MOST_ROWS_TOLD).iter_rows()),
        ignored=tuple(name[:60] for name in brought.ignored),
        drift=None if before is None else drift(before, brought),
    )


def drift(before: Before, now: Brought) -> Drift:
    """Count who came, who left and of whom something is otherwise, by their pseudonyms.

    Whoever lies apart is looked for on both sides like anybody: one more who is protected neither left nor changed.
    """
    old, new = before.everybody, now.everybody
    staying = old.select(PSEUDONYM, _mark(old, new)).join(
        new.select(PSEUDONYM, _mark(new, old)), on=PSEUDONYM, suffix="_now"
    )
    changed = int((staying["mark"] != staying["mark_now"]).sum())
    return Drift(new.height - staying.height, old.height - staying.height, changed)


def _mark(people: pl.DataFrame, other: pl.DataFrame) -> pl.Expr:
    """One number for what both tables know about a person."""
    shared = sorted((set(people.columns) & set(other.columns)) - {PSEUDONYM})
    return pl.struct(shared).hash(seed=0).alias("mark")


def _known(column: pl.Series, kind: FactKind | None = None) -> Known:
    unknown = column.null_count()
    known = len(column) - unknown
    shares: dict[str, int | None] = {}
    if kind in (FactKind.CHOICE, FactKind.FLAG) and known >= ENOUGH_PEOPLE:
        counts = _counts(column.drop_nulls().cast(pl.String))
        shares = {code: round(1000 * count / known) if count >= FEW else None for code, count in counts.items()}
    return Known(known, unknown, shares)


def _counts(column: pl.Series) -> dict[str, int]:
    """Count each value, the most frequent first; of equals the order is that of their names, not that of the rows."""
    counted = column.value_counts(name="count")
    return dict(counted.sort("count", column.name, descending=[True, False]).iter_rows())


def _set_aside(quarantine: pl.DataFrame) -> tuple[SetAside, ...]:
    counted = quarantine.group_by("column", "reason").agg(pl.col(ROW).len()).sort("column", "reason")
    return tuple(SetAside(*each) for each in counted.iter_rows())
