"""What does an answer mean in normal form? One normal form a field type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from forms.field_types import NUMBERS, FieldType, Value
from forms.kana import katakana
from forms.names import address, person_name
from forms.numbers import digits, integer, phone, postal_code, yen
from forms.problems import NotNormalError, Problem
from forms.wareki import parse_date
from forms.widths import plain, plain_lines


class Asked(Protocol):
    """What the normal form depends on: a field of a form definition or of a paper layout."""

    @property
    def key(self) -> str: ...
    @property
    def type(self) -> FieldType: ...
    @property
    def comb(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Normal:
    """An answer as written and what it means; `value` is None where nothing is written or `problem` says why not."""

    value: Value
    text: str
    problem: Problem | None = None


_CHECKED = {"true": True, "1": True, "on": True, "yes": True, "☑": True, "✓": True, "レ": True}
_UNCHECKED = {"false": False, "0": False, "off": False, "no": False, "☐": False, "□": False}

_FORMS: dict[FieldType, Callable[[str], Value]] = {
    FieldType.DATE: lambda text: parse_date(text).isoformat(),
    FieldType.KATAKANA: katakana,
    FieldType.PERSON_NAME: person_name,
    FieldType.POSTAL_CODE: postal_code,
    FieldType.ADDRESS: address,
    FieldType.PHONE: phone,
    FieldType.INTEGER: integer,
    FieldType.YEN: yen,
    FieldType.TEXT: plain,
    FieldType.LINES: plain_lines,
    FieldType.CHOICE: plain,
    FieldType.BANK: plain,
    FieldType.BRANCH: plain,
    FieldType.ACCOUNT: lambda text: digits(text, ACCOUNT_DIGITS),
    FieldType.FILE: digits,
    FieldType.TABLE: lambda _: _answered_by_its_cells(),
}
ACCOUNT_DIGITS = 7
"""Of an account at a bank (全銀協のレコード・フォーマット). Never filled up: a digit that was not read would pass."""


def normalise(field: Asked, text: str) -> Normal:
    """Return the normal form of `text` as an answer to `field`; it never raises.

    date: ISO 8601 string; yen and integer: int; digits: string; checkbox: bool (empty is false);
    katakana: full-width; text: NFKC on one line; lines: NFKC line by line; choice: the option's code; choices: the
    codes, each once, in the order of the options where `field` lists them; account: seven digits.
    An empty answer has the value None and no problem.
    """
    if field.type is FieldType.CHECKBOX:
        return _tick(field, text)
    if not plain(text):
        return Normal(None, text)
    try:
        if field.type is FieldType.DIGITS:
            return Normal(digits(text, field.comb), text)
        if field.type is FieldType.CHOICES:
            return Normal(_in_order(field, plain(text).split(",")) or None, text)
        return Normal(_FORMS[field.type](text), text)
    except NotNormalError as reason:
        return Normal(None, text, reason.about(field.key))


def _answered_by_its_cells() -> Value:
    raise NotNormalError("table", "表は1欄ずつ答えます。", "A table is answered cell by cell.")


def is_normal(field: Asked, value: Value) -> bool:
    """Say whether `value` is a normal form of the field's type."""
    if field.type is FieldType.CHECKBOX:
        return isinstance(value, bool)
    if field.type in NUMBERS:
        return type(value) is int
    return isinstance(value, str) and normalise(field, value).value == value


def _in_order(field: Asked, codes: Sequence[str]) -> str:
    listed = [option.code for option in getattr(field, "options", ())]
    known = [code for code in listed if code in codes]
    return ",".join([*known, *(code for code in dict.fromkeys(codes) if code and code not in listed)])


def _tick(field: Asked, text: str) -> Normal:
    word = plain(text).lower()
    ticked = ({"": False} | _UNCHECKED | _CHECKED).get(word)
    if ticked is None:
        problem = Problem(field.key, "checkbox_word", "チェックの有無が読めません。", "This is neither yes nor no.")
        return Normal(None, text, problem)
    return Normal(ticked, text)
