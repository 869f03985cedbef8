"""What does one cell of a decision table say? A set of values, written as staff write it.

Numbers and dates: `-` (any), `1000`, `< 1000`, `<= 1000`, `> 1000`, `>= 1000`, `[1000..2000]`, `(1000..2000)` (ends
left out), and several of them with `;` or `、` between. Dates are written 2026-04-01 or 令和8年4月1日. Text: words with
`;` between, `not(甲; 乙)` for every other word. True or false: はい, いいえ, true, false.
Whole numbers and dates are both sets of closed intervals of integers, so that gaps and overlaps are found exactly.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from forms.problems import NotNormalError
from forms.wareki import parse_date
from forms.widths import plain

CellValue = str | int | bool | None
"""What a table is asked about and what it answers: the normal forms of answers; dates are ISO 8601 strings."""

MAX_CELL = 300

_NUMBER = re.compile(r"-?\d{1,15}|-?\d{1,3}(,\d{3}){1,4}")
_RANGE = re.compile(r"(?P<open>[\[(])(?P<low>.*)\.\.(?P<high>.*)(?P<close>[\])])")
_COMPARED = re.compile(r"(?P<sign><=|>=|<|>|=)(?P<value>.+)")
_NOT = re.compile(r"not\((?P<words>.*)\)", re.IGNORECASE)
_SIGNS = str.maketrans({"≦": "<=", "≧": ">=", "≤": "<=", "≥": ">=", "〜": "~", "～": "~"})
_TRUE = frozenset({"true", "はい", "有", "○"})
_FALSE = frozenset({"false", "いいえ", "無", "×"})
ANY = "-"


class CellError(ValueError):
    """A cell is not in the language; the sentence says how it may be written."""


class CellType(StrEnum):
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Interval:
    """Whole numbers from `low` to `high`, both included; None is without end. A date is its ordinal number."""

    low: int | None
    high: int | None

    def holds(self, number: int) -> bool:
        """Tell whether the number lies in the interval."""
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)


@dataclass(frozen=True)
class Cell:
    """A set of values: intervals, or listed words or truth values (`others` turns the list round)."""

    any: bool = False
    intervals: tuple[Interval, ...] = ()
    listed: frozenset[str | bool] = frozenset()
    others: bool = False

    def holds(self, value: CellValue, kind: CellType) -> bool:
        """Tell whether the value is in the cell. A missing value is held by "any" only."""
        if self.any:
            return True
        if value is None:
            return False
        if kind in (CellType.NUMBER, CellType.DATE):
            number = as_number(value, kind)
            return any(interval.holds(number) for interval in self.intervals)
        if type(value) is not (bool if kind is CellType.BOOLEAN else str):
            raise CellError(f"{value!r} は、この列の種類({kind})の値ではありません。")
        return (value in self.listed) is not self.others


def as_number(value: CellValue, kind: CellType) -> int:
    """Turn a number or an ISO date into the integer that intervals count. Raises CellError for another kind."""
    if kind is CellType.NUMBER and type(value) is int:
        return value
    if kind is CellType.DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value).toordinal()
        except ValueError as reason:
            raise CellError(f"{value} は日付ではありません。") from reason
    raise CellError(f"{value!r} は、この列の種類({kind})の値ではありません。")


def parse_cell(text: str, kind: CellType) -> Cell:
    """Read what stands in an input cell. Raises CellError."""
    if len(text) > MAX_CELL:
        raise CellError(f"マスは{MAX_CELL}文字までです。")
    written = plain(text).translate(_SIGNS)
    if written in (ANY, ""):
        return Cell(any=True)
    if kind is CellType.TEXT:
        return _text(written)
    parts = [part.strip() for part in re.split("[;、]", written)]
    if kind is CellType.BOOLEAN:
        return Cell(listed=frozenset(_truth(part) for part in parts))
    return Cell(intervals=tuple(_interval(part.replace(" ", ""), kind) for part in parts))


def parse_answer(text: str, kind: CellType) -> CellValue:
    """Read what stands in an output cell: one value, or nothing. Raises CellError."""
    written = plain(text).strip()
    if not written or written == ANY:
        return None
    if kind is CellType.TEXT:
        return written.strip('"')
    if kind is CellType.BOOLEAN:
        return _truth(written)
    if kind is CellType.DATE:
        return date.fromordinal(_number(written, kind)).isoformat()
    return _number(written, kind)


def _text(written: str) -> Cell:
    turned = _NOT.fullmatch(written)
    words = [word.strip().strip('"') for word in re.split("[;、]", turned["words"] if turned else written)]
    if not all(words):
        raise CellError("言葉の間に「;」を1つずつ書いてください。")
    return Cell(listed=frozenset(words), others=turned is not None)


def _truth(word: str) -> bool:
    if word.lower() in _TRUE:
        return True
    if word.lower() in _FALSE:
        return False
    raise CellError(f"「{word}」は「はい」か「いいえ」で書いてください。")


def _interval(part: str, kind: CellType) -> Interval:
    if between := _RANGE.fullmatch(part):
        low = _number(between["low"], kind) + (between["open"] == "(")
        high = _number(between["high"], kind) - (between["close"] == ")")
        if low > high:
            raise CellError(f"「{part}」には値が1つも入りません。")
        return Interval(low, high)
    if compared := _COMPARED.fullmatch(part):
        number = _number(compared["value"], kind)
        return {
            "<": Interval(None, number - 1),
            "<=": Interval(None, number),
            ">": Interval(number + 1, None),
            ">=": Interval(number, None),
            "=": Interval(number, number),
        }[compared["sign"]]
    number = _number(part, kind)
    return Interval(number, number)


def _number(text: str, kind: CellType) -> int:
    if kind is CellType.DATE:
        try:
            return parse_date(text).toordinal()
        except NotNormalError as reason:
            raise CellError(f"「{text}」は日付として読めません。") from reason
    if not _NUMBER.fullmatch(text):
        raise CellError(f"「{text}」は数として読めません。1000、< 1000、[1000..2000] のように書いてください。")
    return int(text.replace(",", ""))
