"""What stands in a list of grants? Per program who was granted it, and on which day; the whole list or nothing of it.

    制度番号,仮名,支給決定日
    R8-0001,hikari-0815,2026-12-03

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
COLUMNS = [PROGRAM, PSEUDONYM, DAY]
WHO, ON = "pseudonym", "on"


class ListRefused(StrEnum):
    """Why a list is not taken, beyond what is wrong with any table."""

    COLUMNS = "columns"
    NO_PROGRAM = "no_program"
    BAD_PSEUDONYM = "bad_pseudonym"
    BAD_DAY = "bad_day"


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
    if table.columns != COLUMNS or any(kind != pl.String for kind in table.dtypes):
        raise ListRefusedError(ListRefused.COLUMNS)
    must_hold_no_my_number(table, PSEUDONYM)
    rows = list(_rows(table, today))
    read = pl.DataFrame(rows, schema={PROGRAM: pl.String, WHO: pl.String, ON: pl.Date}, orient="row")
    return {str(program): _list(str(program), part) for (program,), part in read.group_by(PROGRAM, maintain_order=True)}


def granted(contents: Collection[bytes], first: date, last: date) -> frozenset[str]:
    """Give whom kept lists name with a day from `first` to `last`."""
    people: set[str] = set()
    for content in contents:
        kept = pl.read_parquet(io.BytesIO(content))
        people.update(kept.filter(pl.col(ON).is_between(first, last))[WHO])
    return frozenset(people)


def _rows(table: pl.DataFrame, today: date) -> Iterator[tuple[str, str, date]]:
    for number, (program, pseudonym, day) in enumerate(table.fill_null("").iter_rows(), 1):
        if not program.strip():
            raise ListRefusedError(ListRefused.NO_PROGRAM, number)
        if not is_pseudonym(pseudonym.strip()):
            raise ListRefusedError(ListRefused.BAD_PSEUDONYM, number)
        on = parse_day(day.strip())
        if on is None or on > today:
            raise ListRefusedError(ListRefused.BAD_DAY, number)
        yield plain(program), pseudonym.strip(), on


def _list(program: str, rows: pl.DataFrame) -> GrantList:
    kept = rows.select(WHO, ON).unique().sort(WHO, ON)
    content = io.BytesIO()
    kept.write_parquet(content, compression="zstd")
    days = sorted(set(kept[ON]))
    return GrantList(program, content.getvalue(), kept[WHO].n_unique(), days[0], days[-1])
