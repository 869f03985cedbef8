"""What does a cell of a brought file say? Read as what its column is; what cannot be read is told by a reason alone."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from forms.problems import NotNormalError
from forms.wareki import parse_date
from workflows.rules.snapshot_columns import NEVER
from workflows.rules.vocabulary import LARGEST, ConsentClass

OLDEST_YEARS = 130
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NEVER = frozenset({"never", "なし", "0001-01-01"})
_TRUE = ("true", "1", "yes", "y", "t", "はい", "有", "あり", "該当")
_FALSE = ("false", "0", "no", "n", "f", "いいえ", "無", "なし", "非該当")
_ALL_CONSENTS = (1 << len(ConsentClass)) - 1
_BETWEEN_CONSENTS = re.compile(r"[|;,\s]+")
_PSEUDONYM = r"[A-Za-z0-9][A-Za-z0-9._-]{5,63}"


class Reason(StrEnum):
    """Why a row is set aside. Codes are stored and told: add, never rename."""

    NO_PSEUDONYM = "no_pseudonym"
    BAD_PSEUDONYM = "bad_pseudonym"
    TWICE = "twice"
    NO_HOUSEHOLD = "no_household"
    TWO_HEADS = "two_heads"
    NOT_A_DATE = "not_a_date"
    AFTER_AS_OF = "after_as_of"
    TOO_LONG_AGO = "too_long_ago"
    NOT_A_NUMBER = "not_a_number"
    TOO_LARGE = "too_large"
    UNKNOWN_CODE = "unknown_code"
    NOT_A_FLAG = "not_a_flag"
    UNKNOWN_CONSENT = "unknown_consent"


@dataclass(frozen=True)
class Read:
    """A column that was read, and which of its rows could not be."""

    column: pl.Series
    wrong: tuple[tuple[pl.Series, Reason], ...]


def translated(column: pl.Series, meanings: Mapping[str, str | None]) -> pl.Series:
    """Give a column with `meanings` put in place of what stands there; text without blanks around it, "" as unknown."""
    if column.dtype in (pl.Categorical, pl.Enum) or (meanings and column.dtype.is_integer()):
        column = column.cast(pl.String)
    if column.dtype != pl.String:
        return column
    text = column.str.strip_chars()
    return text.replace({"": None, **meanings})


def read_pseudonyms(column: pl.Series) -> Read:
    text = column.cast(pl.String)
    bad = ~text.str.contains(f"^(?:{_PSEUDONYM})$")
    return Read(text, ((text.is_null(), Reason.NO_PSEUDONYM), (_where(bad), Reason.BAD_PSEUDONYM)))


def read_numbers(column: pl.Series, missing: Reason | None = None) -> Read:
    """Read whole numbers, also with commas; `missing` is the reason where a number must stand."""
    if column.dtype.is_float():
        whole = column.is_finite() & (column == column.round())
        numbers = column.set(_where(~whole), None).cast(pl.Int64, strict=False)
        not_one = _where(~whole)
    elif column.dtype.is_integer() or column.dtype == pl.Null:
        numbers, not_one = column.cast(pl.Int64, strict=False), pl.repeat(False, len(column), eager=True)
    else:
        text = column.cast(pl.String, strict=False)
        not_one = _where(~text.str.contains(r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)$"))
        numbers = text.str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)
    large = column.is_not_null() & ~not_one & (numbers.is_null() | ~numbers.is_between(-LARGEST, LARGEST))
    wrong = [(not_one, Reason.NOT_A_NUMBER), (_where(large), Reason.TOO_LARGE)]
    if missing is not None:
        wrong.append((column.is_null(), missing))
    return Read(numbers, tuple(wrong))


def read_past_days(column: pl.Series, as_of: date) -> Read:
    """Read days, as registers and as people write them; none after `as_of`, none longer ago than a life."""
    days, wrong = _days(column, parse_day)
    oldest = date(max(1, as_of.year - OLDEST_YEARS), 1, 1)
    return Read(
        days,
        (
            (wrong, Reason.NOT_A_DATE),
            (_where(days > as_of), Reason.AFTER_AS_OF),
            (_where(days < oldest), Reason.TOO_LONG_AGO),
        ),
    )


def read_grants(column: pl.Series) -> Read:
    """Read the last day of a grant, or that there never was one."""
    days, wrong = _days(column, lambda text: NEVER if text.casefold() in _NEVER else parse_day(text))
    return Read(days, ((wrong, Reason.NOT_A_DATE),))


def read_choices(column: pl.Series, choices: Mapping[str, str]) -> Read:
    """Read codes; the Japanese name of a choice stands for its code."""
    known = {**{name: code for code, name in choices.items() if name}, **{code: code for code in choices}}
    text = column.cast(pl.String, strict=False)
    codes = text.replace_strict(known, default=None, return_dtype=pl.String)
    return Read(codes, ((text.is_not_null() & codes.is_null(), Reason.UNKNOWN_CODE),))


def read_flags(column: pl.Series) -> Read:
    if column.dtype in (pl.Boolean, pl.Null):
        return Read(column.cast(pl.Boolean), ((pl.repeat(False, len(column), eager=True), Reason.NOT_A_FLAG),))
    text = column.cast(pl.String, strict=False).str.to_lowercase()
    known = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    flags = text.replace_strict(known, default=None, return_dtype=pl.Boolean)
    return Read(flags, ((text.is_not_null() & flags.is_null(), Reason.NOT_A_FLAG),))


def read_consents(column: pl.Series) -> Read:
    """Read consents as the number of their bits, or as their names with commas, blanks or bars between."""
    different = column.unique().drop_nulls()
    known = {each: _bits(str(each)) for each in different}
    bits = column.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.UInt16)
    return Read(bits, ((column.is_not_null() & bits.is_null(), Reason.UNKNOWN_CONSENT),))


def is_pseudonym(text: str) -> bool:
    """Say whether somebody may be called so."""
    return re.fullmatch(_PSEUDONYM, text) is not None


def parse_day(text: str) -> date | None:
    """Give the day that a register or a person writes so; None for anything else."""
    try:
        if found := _COMPACT.fullmatch(text):
            return date(*map(int, found.groups()))
        return parse_date(text)
    except (NotNormalError, ValueError):
        return None


def _days(column: pl.Series, parse: Callable[[str], date | None]) -> tuple[pl.Series, pl.Series]:
    """Give days and where none could be read. A column has few different ones: each is read once."""
    if column.dtype.is_temporal() or column.dtype == pl.Null:
        days = column.cast(pl.Date, strict=False)
    else:
        column = column.cast(pl.String, strict=False)
        different = column.unique().drop_nulls().to_list()
        days = column.replace_strict(different, [parse(each) for each in different], return_dtype=pl.Date)
    return days, column.is_not_null() & days.is_null()


def _bits(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        bits = int(text) if len(text) <= len(str(_ALL_CONSENTS)) else _ALL_CONSENTS + 1
        return bits if bits <= _ALL_CONSENTS else None
    try:
        classes = {ConsentClass(each) for each in _BETWEEN_CONSENTS.split(text.lower()) if each}
    except ValueError:
        return None
    return sum(each.bit for each in classes)


def _where(mask: pl.Series) -> pl.Series:
    """Give a mask that is false where there is nothing to judge."""
    return mask.fill_null(value=False)
