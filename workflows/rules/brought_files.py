"""What stands in a file that is brought? A table of people, as text or typed; a file with a 個人番号 is no such table.

Nothing that is said about a file repeats a value of it: it may be somebody's.
"""

import csv
import io
import re
import unicodedata
from enum import StrEnum

import polars as pl

from forms.my_number import LENGTH, check_digit, holds_my_number

PARQUET_MARK = b"PAR1"
_NAMES_OF_MY_NUMBER = ("個人番号", "マイナンバー", "mynumber", "individualnumber", "kojinbango")
_TWELVE_DIGITS = r"\d(?:[\s\-－]?\d){11}"
_ALONE = re.compile(r"[\d\s\-－]+")
_EVERY_TWENTIETH = 0.05
_HELD_BY_NO_CELL = "\x01"


class Refused(StrEnum):
    """Why a whole file is not looked at further. Codes are stored and told: add, never rename."""

    UNREADABLE = "unreadable"
    NOBODY = "nobody"
    RAGGED = "ragged"
    NAMED_TWICE = "named_twice"
    KIND = "kind"
    NAMES_MY_NUMBER = "names_my_number"
    HOLDS_MY_NUMBER = "holds_my_number"
    NO_PSEUDONYM = "no_pseudonym"
    NO_HOUSEHOLD = "no_household"
    TARGET_TWICE = "target_twice"
    UNKNOWN_TARGET = "unknown_target"
    COMPUTED_TARGET = "computed_target"
    COLUMN_MISSING = "column_missing"
    UNKNOWN_MEANING = "unknown_meaning"
    LAYOUT = "layout"


class FileRefusedError(Exception):
    """`place` is the number of a column or row, counted from 1, or the name of a target; never a value."""

    def __init__(self, code: Refused, place: str | int = "") -> None:
        super().__init__(f"{code} {place}".rstrip())
        self.code = code
        self.place = str(place)


def read_table(content: bytes) -> pl.DataFrame:
    """Give the table in a Parquet or CSV file (UTF-8 or cp932), a CSV's cells all text. Raises FileRefusedError."""
    table = _parquet(content) if content.startswith(PARQUET_MARK) else _csv(content)
    if not table.height:
        raise FileRefusedError(Refused.NOBODY)
    for number, name in enumerate(table.columns, 1):
        if names_my_number(name):
            raise FileRefusedError(Refused.NAMES_MY_NUMBER, number)
    for number, column in enumerate(table.iter_columns(), 1):
        if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
            raise FileRefusedError(Refused.KIND, number)
    return table


def must_hold_no_my_number(table: pl.DataFrame, pseudonym: str) -> None:
    """Raise FileRefusedError where any column, taken or not, holds a 個人番号.

    A pseudonym made of hexadecimal digits has twelve figures in a row by chance: in that column a number counts that
    stands alone, or numbers in every twentieth cell.
    """
    for number, column in enumerate(table.iter_columns(), 1):
        holds = _pseudonyms_hold_one if column.name == pseudonym and column.dtype == pl.String else _holds_one
        if holds(column):
            raise FileRefusedError(Refused.HOLDS_MY_NUMBER, number)


def names_my_number(heading: str) -> bool:
    """Say whether a heading announces a 個人番号, in any width or spelling, or is one."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    letters = "".join(each for each in folded if each.isalnum())
    return any(name in letters for name in _NAMES_OF_MY_NUMBER) or holds_my_number(heading)


def _holds_one(column: pl.Series) -> bool:
    if column.dtype.is_numeric():
        return _numbers_hold_one(column)
    return any(map(holds_my_number, _with_twelve_digits(column)))


def _with_twelve_digits(column: pl.Series) -> pl.Series:
    """Give the different texts of a column that may hold a 個人番号; none for days and flags."""
    if column.dtype.is_temporal() or column.dtype in (pl.Boolean, pl.Null):
        return pl.Series([], dtype=pl.String)
    different = column.unique().cast(pl.String).drop_nulls()
    return different.filter(different.str.contains(_TWELVE_DIGITS))


def _pseudonyms_hold_one(column: pl.Series) -> bool:
    found = [each for each in _with_twelve_digits(column) if holds_my_number(each)]
    return any(map(_ALONE.fullmatch, found)) or len(found) > _EVERY_TWENTIETH * len(column)


def _numbers_hold_one(column: pl.Series) -> bool:
    """Say whether numbers are 個人番号: one with twelve digits, or every twentieth where a leading zero was lost."""
    whole = column.cast(pl.Int64, strict=False).drop_nulls()
    long = whole.filter(whole.is_between(10 ** (LENGTH - 1), 10**LENGTH - 1)).unique()
    if any(_passes(each) for each in long):
        return True
    shorter = whole.filter(whole.is_between(10 ** (LENGTH - 2), 10 ** (LENGTH - 1) - 1))
    return sum(map(_passes, shorter)) > _EVERY_TWENTIETH * len(column)


def _passes(number: int) -> bool:
    digits = f"{number:0{LENGTH}}"
    return check_digit(digits[:-1]) == int(digits[-1])


def _parquet(content: bytes) -> pl.DataFrame:
    try:
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError, ValueError):
        raise FileRefusedError(Refused.UNREADABLE) from None


def _csv(content: bytes) -> pl.DataFrame:
    text = _decoded(content)
    if not text.strip():
        raise FileRefusedError(Refused.NOBODY)
    head = next(csv.reader(io.StringIO(text[: text.find("\n") + 1] or text)), [])
    for number, name in enumerate(head, 1):
        if name in head[: number - 1]:
            raise FileRefusedError(Refused.NAMED_TWICE, number)
    encoded = text.encode()
    _must_be_even(text, encoded, len(head))
    try:
        return pl.read_csv(encoded, infer_schema=False)
    except (pl.exceptions.PolarsError, ValueError):
        raise FileRefusedError(Refused.UNREADABLE) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefusedError(Refused.UNREADABLE)


def _must_be_even(text: str, encoded: bytes, columns: int) -> None:
    """Refuse a file with a row that has more or fewer cells than there are headings: such a file was cut or mixed up.

    The reader that comes after would take the cells that are missing for unknown.
    """
    if '"' in text or _HELD_BY_NO_CELL in text:
        rows = enumerate(csv.reader(io.StringIO(text)))
        uneven = next((number for number, row in rows if row and len(row) != columns), None)
    else:
        try:
            lines = pl.read_csv(
                encoded, separator=_HELD_BY_NO_CELL, quote_char=None, has_header=False, infer_schema=False
            ).to_series()
        except (pl.exceptions.PolarsError, ValueError):
            raise FileRefusedError(Refused.UNREADABLE) from None
        wrong = (lines.str.count_matches(",", literal=True) != columns - 1) & lines.is_not_null()
        uneven = wrong.arg_max() if wrong.any() else None
    if uneven is not None:
        raise FileRefusedError(Refused.RAGGED, uneven)
