"""How does a file become a snapshot? Each cell is read as what it is said to be; a row with a bad one is set aside.

What was set aside is told by row, column and reason, never by what stood there. People under 支援措置 go into a table
of their own with their whole household: whoever lives with them would be counted wrongly without them, and show them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

import polars as pl

from workflows.rules import cells
from workflows.rules.brought_files import must_hold_no_my_number
from workflows.rules.cells import Read, Reason
from workflows.rules.facts import CITY_FACTS
from workflows.rules.household_facts import with_household_facts
from workflows.rules.layouts import PLAIN, Layout
from workflows.rules.snapshot_columns import (
    CHANNEL,
    CHANNELS,
    COMPUTED,
    CONSENTS,
    HOUSEHOLD,
    LANGUAGE,
    LANGUAGES,
    PROTECTED,
    PSEUDONYM,
    column_types,
    programs_in,
)
from workflows.rules.vocabulary import GRANTED, FactKind

ROW = "row"
_HEAD = "head"


@dataclass(frozen=True)
class Brought:
    """What came of a file."""

    people: pl.DataFrame
    """The snapshot."""
    protected: pl.DataFrame
    """The same columns, of people who are handled by hand."""
    quarantine: pl.DataFrame
    """`row` (counted from 1, without the heading), `column` (what it is said to be), `reason`."""
    ignored: tuple[str, ...]
    """Columns of the file that were not taken."""

    @property
    def everybody(self) -> pl.DataFrame:
        """The people of both tables: of them alone counts are told, so that no count shows who lies in which."""
        return pl.concat([self.people, self.protected])

    @property
    def left_out(self) -> int:
        return self.quarantine[ROW].n_unique()


def bring(table: pl.DataFrame, as_of: date, layout: Layout = PLAIN, protected: Collection[str] = ()) -> Brought:
    """Read a table as residents on the day `as_of`; `protected` are pseudonyms. Raises FileRefusedError."""
    targets = layout.targets(table.columns)
    must_hold_no_my_number(table, targets[PSEUDONYM])
    read = {target: _reader(target, as_of)(_cells(table, layout, target, at)) for target, at in targets.items()}
    people = pl.DataFrame({target: each.column for target, each in read.items()})
    troubles = [
        *((target, mask, reason) for target, each in read.items() for mask, reason in each.wrong),
        *_across_rows(people),
    ]
    quarantine = _quarantine(troubles)
    apart = _households_apart(people, protected, read)
    sound, incomplete = _sound_rows(_completed(people), quarantine)
    is_apart = pl.col(HOUSEHOLD).is_in(apart.implode())
    return Brought(
        people=with_household_facts(sound.filter(~is_apart), incomplete),
        protected=with_household_facts(sound.filter(is_apart), incomplete),
        quarantine=quarantine,
        ignored=tuple(name for name in table.columns if name not in targets.values()),
    )


def _cells(table: pl.DataFrame, layout: Layout, target: str, column: str) -> pl.Series:
    """Give a column with what its source's codes mean and with nothing where it says that it does not know."""
    found = table[column].alias(target)
    meanings = {**dict.fromkeys(layout.unknown, None), **layout.codes.get(target, {})}
    return cells.translated(found, meanings)


def _reader(target: str, as_of: date) -> Callable[[pl.Series], Read]:
    """Give the way in which cells of `target` are read."""
    fact = CITY_FACTS.get(target)
    if target.startswith(GRANTED):
        return cells.read_grants
    if fact is not None:
        by_kind: Mapping[FactKind, Callable[[pl.Series], Read]] = {
            FactKind.DATE: partial(cells.read_past_days, as_of=as_of),
            FactKind.NUMBER: cells.read_numbers,
            FactKind.CHOICE: partial(cells.read_choices, choices={each.code: each.ja for each in fact.choices}),
            FactKind.FLAG: cells.read_flags,
        }
        return by_kind[fact.kind]
    others: Mapping[str, Callable[[pl.Series], Read]] = {
        PSEUDONYM: cells.read_pseudonyms,
        HOUSEHOLD: partial(cells.read_numbers, missing=Reason.NO_HOUSEHOLD),
        CONSENTS: cells.read_consents,
        PROTECTED: cells.read_flags,
        CHANNEL: partial(cells.read_choices, choices=dict.fromkeys(CHANNELS, "")),
        LANGUAGE: partial(cells.read_choices, choices=dict.fromkeys(LANGUAGES, "")),
    }
    return others[target]


class _Across(StrEnum):
    """Where what only several rows together show is told."""

    PSEUDONYM = PSEUDONYM
    RELATION = "relation"


def _across_rows(people: pl.DataFrame) -> list[tuple[str, pl.Series, Reason]]:
    pseudonyms = people[PSEUDONYM]
    found = [(str(_Across.PSEUDONYM), pseudonyms.is_duplicated() & pseudonyms.is_not_null(), Reason.TWICE)]
    if _Across.RELATION in people.columns:
        is_head = (pl.col(_Across.RELATION) == _HEAD) & pl.col(HOUSEHOLD).is_not_null()
        heads = people.select(is_head.fill_null(value=False) & (is_head.sum().over(HOUSEHOLD) > 1)).to_series()
        found.append((str(_Across.RELATION), heads.fill_null(value=False), Reason.TWO_HEADS))
    return found


def _quarantine(troubles: list[tuple[str, pl.Series, Reason]]) -> pl.DataFrame:
    rows = [
        pl.DataFrame({ROW: mask.arg_true().cast(pl.Int64) + 1}).with_columns(
            pl.lit(target).alias("column"), pl.lit(str(reason)).alias("reason")
        )
        for target, mask, reason in troubles
    ]
    return pl.concat(rows).sort(ROW, "column")


def _sound_rows(people: pl.DataFrame, quarantine: pl.DataFrame) -> tuple[pl.DataFrame, frozenset[int]]:
    """Give the rows with which nothing is wrong, and the households that lack a member for it."""
    if quarantine.is_empty():
        return people, frozenset()
    wrong = pl.int_range(1, pl.len() + 1).is_in(quarantine[ROW].implode())
    return people.filter(~wrong), frozenset(people.filter(wrong)[HOUSEHOLD].drop_nulls().to_list())


def _households_apart(people: pl.DataFrame, protected: Collection[str], read: Mapping[str, Read]) -> pl.Series:
    """Give the households that are handled by hand; a mark that cannot be read counts as set."""
    named = people[PSEUDONYM].is_in(list(protected)).fill_null(value=False)
    if PROTECTED in read:
        marked = read[PROTECTED].column.fill_null(value=False)
        unreadable = [mask for mask, _ in read[PROTECTED].wrong]
        named = named | marked | unreadable[0]
    return people[HOUSEHOLD].filter(named).drop_nulls().unique()


def _completed(people: pl.DataFrame) -> pl.DataFrame:
    """Add the columns that the file does not have, unknown; a consent that is not known is none."""
    types = column_types(programs_in(people.columns))
    missing = [pl.lit(None, kind).alias(name) for name, kind in types.items() if name not in people.columns]
    return (
        people.with_columns(missing)
        .with_columns(
            pl.col(CONSENTS).fill_null(0),
            pl.col(CHANNEL).fill_null(CHANNELS[-1]),
            pl.col(LANGUAGE).fill_null(LANGUAGES[0]),
        )
        .drop(*COMPUTED)
    )
