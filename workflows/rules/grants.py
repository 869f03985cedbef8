"""What stands in a list of grants? Per program who was granted it, and on which day; the whole list or nothing of it.

    制度番号,仮名,支給決定日,決定
    R8-0001,hikari-0815,2026-12-03,支給

The last column may be left out: then all were granted. Who applied and was refused (不支給) was told in vain.
Nothing that is said about a list repeats a value of it.
"""

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from forms.widths import plain
from workflows.rules.brought_files import must_hold_no_my_number, read_table
from workflows.rules.cells import is_pseudonym, parse_day

PROGRAM, PSEUDONYM, DAY = "制度番号", "仮名", "支給決定日"
DECISION = "決定"
COLUMNS = [PROGRAM, PSEUDONYM, DAY]
GRANTED, NOT_GRANTED = "支給", "不支給"
WHO, ON, IS_REFUSED = "pseudonym", "on", "is_refused"

SCHEMA: Mapping[str, type[pl.DataType]] = {PROGRAM: pl.String, WHO: pl.String, ON: pl.Date, IS_REFUSED: pl.Boolean}


class ListRefused(StrEnum):
    """Why a list is not taken, beyond what is wrong with any table."""

    COLUMNS = "columns"
    NO_PROGRAM = "no_program"
    BAD_PSEUDONYM = "bad_pseudonym"
    BAD_DAY = "bad_day"
    BAD_DECISION = "bad_decision"


class ListRefusedError(Exception):
    """`place` is the number of a row below the headings, counted from 1; 0 for the headings themselves."""

    def __init__(self, code: ListRefused, place: int = 0) -> None:
        super().__init__(f"{code} {place}")
        self.code, self.place = code, place


@dataclass(frozen=True, eq=False)
class GrantList:
    """The grants of one program."""

    program: str
    content: bytes
    """As it is kept: Parquet, the same for the same grants."""
    people: int
    first: date
    last: date


def read_grants(content: bytes, today: date) -> Mapping[str, GrantList]:
    """Give the grants in a CSV (UTF-8 or cp932) by program. Raises ListRefusedError, FileRefusedError."""
    table = read_table(content)
    if table.columns not in (COLUMNS, [*COLUMNS, DECISION]) or any(kind != pl.String for kind in table.dtypes):
        raise ListRefusedError(ListRefused.COLUMNS)
    must_hold_no_my_number(table, PSEUDONYM)
    rows = list(_rows(table, today))
    read = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return {str(program): _list(str(program), part) for (program,), part in read.group_by(PROGRAM, maintain_order=True)}


def granted(contents: Collection[bytes], first: date, last: date) -> frozenset[str]:
    """Give whom kept lists name as granted, with a day from `first` to `last`."""
    return _named(contents, first, last, is_refused=False)


def refused(contents: Collection[bytes], first: date, last: date) -> frozenset[str]:
    """Give whom they name as refused in that time, and never as granted."""
    return _named(contents, first, last, is_refused=True) - granted(contents, first, last)


def _named(contents: Collection[bytes], first: date, last: date, *, is_refused: bool) -> frozenset[str]:
    people: set[str] = set()
    for content in contents:
        kept = pl.read_parquet(io.BytesIO(content)).filter(pl.col(ON).is_between(first, last))
        if IS_REFUSED in kept.columns:
            people.update(kept.filter(pl.col(IS_REFUSED) == is_refused)[WHO])
        elif not is_refused:  # a list from before decisions were written in
            people.update(kept[WHO])
    return frozenset(people)


def _rows(table: pl.DataFrame, today: date) -> Iterator[tuple[str, str, date, bool]]:
    for number, (program, pseudonym, day, *decided) in enumerate(table.fill_null("").iter_rows(), 1):
        if not program.strip():
            raise ListRefusedError(ListRefused.NO_PROGRAM, number)
        if not is_pseudonym(pseudonym.strip()):
            raise ListRefusedError(ListRefused.BAD_PSEUDONYM, number)
        on = parse_day(day.strip())
        if on is None or on > today:
            raise ListRefusedError(ListRefused.BAD_DAY, number)
        decision = decided[0].strip() if decided else GRANTED
        if decision not in (GRANTED, NOT_GRANTED):
            raise ListRefusedError(ListRefused.BAD_DECISION, number)
        yield plain(program), pseudonym.strip(), on, decision == NOT_GRANTED


def _list(program: str, rows: pl.DataFrame) -> GrantList:
    kept = rows.select(WHO, ON, IS_REFUSED).unique().sort(WHO, ON, IS_REFUSED)
    content = io.BytesIO()
    kept.write_parquet(content, compression="zstd")
    days = sorted(set(kept[ON]))
    return GrantList(program, content.getvalue(), kept[WHO].n_unique(), days[0], days[-1])
