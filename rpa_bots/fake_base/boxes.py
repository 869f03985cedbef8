"""Which boxes does an old system's entry screen have, and what does each refuse? The rules that they share."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from rpa_bots.fake_base.ledger import Value


class Kind(StrEnum):
    TEXT = "text"
    AREA = "area"
    KATAKANA = "katakana"
    DIGITS = "digits"
    POSTAL = "postal"
    DAY = "day"
    SELECT = "select"
    RADIO = "radio"
    CHECK = "check"
    FILE = "file"


PATTERNS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.KATAKANA: (r"[ァ-ヶー・ 　]+", "全角カタカナ"),
    Kind.DIGITS: (r"[0-9]+", "半角数字"),
    Kind.POSTAL: (r"[0-9]{7}", "ハイフンなしの7桁"),
    Kind.TEXT: (r"[^\x00-\x1f]+", "文字"),
    Kind.AREA: (r"[^\x00-\x09\x0b\x0c\x0e-\x1f]+", "文字"),
}


@dataclass(frozen=True)
class ScreenField:
    """`labelled`: the box has a real <label>; the others have only a text in the cell beside them."""

    key: str
    label: str
    kind: Kind
    max_length: int = 0
    required: bool = False
    labelled: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


def stored_values(fields: Sequence[ScreenField], form: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
    """Read a posted form into the values to be stored and the sentences that refuse it (none when all is well).

    For a file its digest stands in the form.
    """
    values: dict[str, Value] = {}
    errors: list[str] = []
    for each in fields:
        try:
            values[each.key] = _value(each, form)
        except ValueError as refused:
            errors.append(str(refused))
    return values, errors


def shown(each: ScreenField, value: Value) -> str:
    """Write a stored value as the read-only screens show it: a day, the words of a choice, ○ for a ticked box."""
    if each.kind is Kind.CHECK:
        return "○" if value else "－"
    if value is None:
        return ""
    if each.kind is Kind.DAY:
        return str(value).replace("-", "/")
    return each.options.get(str(value), str(value))


def _value(each: ScreenField, form: Mapping[str, str]) -> Value:
    text = form.get(each.key, "").replace("\r\n", "\n")
    if each.kind is Kind.CHECK:
        return text == "1"
    if not text:
        if each.required:
            raise ValueError(f"「{each.label}」を入力してください。")
        return None
    if each.max_length and len(text) > each.max_length:
        raise ValueError(f"「{each.label}」は{each.max_length}文字以内で入力してください。")
    return _checked(each, text)


def _checked(each: ScreenField, text: str) -> str:
    if each.kind is Kind.DAY:
        return _day(each.label, text)
    if each.kind is Kind.FILE:
        return text
    if each.options:
        if text not in each.options:
            raise ValueError(f"「{each.label}」の選択が正しくありません。")
        return text
    pattern, name = PATTERNS[each.kind]
    if not re.fullmatch(pattern, text):
        raise ValueError(f"「{each.label}」は{name}で入力してください。")
    return text


def _day(label: str, text: str) -> str:
    try:
        return date(*map(int, text.split("/"))).isoformat()
    except (ValueError, TypeError):
        raise ValueError(f"「{label}」の日付が正しくありません。") from None
