"""Which boxes does the entry screen of 開閉栓 have, and what does it refuse? Its own list, its own rules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from rpa_bots.fake_base.ledger import Value

TOWNS: Final[Mapping[str, str]] = {
    "8100001": "福岡市中央区天神",
    "8100041": "福岡市中央区大名",
    "8120011": "福岡市博多区博多駅前",
    "8140002": "福岡市早良区西新",
    "8190001": "福岡市西区小戸",
    "8150032": "福岡市南区塩原",
}


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


REFERENCE: Final = ScreenField("uketsuke", "受付番号", Kind.TEXT, 14, required=True)
FIELDS: Final = (
    ScreenField("todoke", "届出区分", Kind.RADIO, required=True, options={"1": "開栓", "2": "閉栓", "3": "名義変更"}),
    ScreenField("hiduke", "開閉栓日", Kind.DAY, 10, required=True),
    ScreenField("kana", "フリガナ", Kind.KATAKANA, 30, required=True, labelled=True),
    ScreenField("shimei", "使用者氏名", Kind.TEXT, 20, required=True, labelled=True),
    ScreenField("yubin", "郵便番号", Kind.POSTAL, 7, required=True),
    ScreenField("jusho", "住所", Kind.TEXT, 40, required=True),
    ScreenField("banchi", "番地", Kind.TEXT, 20, required=True, labelled=True),
    ScreenField("tatemono", "建物・部屋", Kind.TEXT, 20, labelled=True),
    ScreenField("denwa", "電話番号", Kind.TEXT, 13),
    ScreenField("suisen", "水栓番号", Kind.DIGITS, 10, required=True),
    ScreenField(
        "kokei",
        "口径",
        Kind.SELECT,
        required=True,
        labelled=True,
        options={"13": "13mm", "20": "20mm", "25": "25mm", "40": "40mm"},
    ),
    ScreenField("ninzu", "使用人数", Kind.DIGITS, 2),
    ScreenField(
        "shiharai",
        "支払方法",
        Kind.RADIO,
        required=True,
        options={"1": "口座振替", "2": "納入通知書", "3": "クレジットカード"},
    ),
    ScreenField("tachiai", "立会を希望する", Kind.CHECK, labelled=True),
    ScreenField("biko", "備考", Kind.AREA, 100),
)
TEXTS: Final = tuple(each.key for each in FIELDS if each.kind in {Kind.TEXT, Kind.AREA})


def stored_values(form: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
    """Read a posted form into the values to be stored and the sentences that refuse it (none when all is well)."""
    values: dict[str, Value] = {}
    errors: list[str] = []
    for each in FIELDS:
        try:
            values[each.key] = _value(each, form)
        except ValueError as refused:
            errors.append(str(refused))
    return values, errors


def shown(each: ScreenField, value: Value) -> str:
    """Write a stored value as the read-only screens show it: a day, the words of a choice, ○ for a ticked box."""
    if each.kind is Kind.CHECK:
        return "○" if value else "－"
    if each.kind is Kind.DAY:
        return str(value).replace("-", "/")
    return each.options.get(str(value), str(value)) if value is not None else ""


def truncated(values: Mapping[str, Value], texts: Sequence[str] = TEXTS) -> dict[str, Value]:
    """Cut the longest text to its first half, as a column does that is shorter than its box."""
    longest = max(texts, key=lambda key: len(str(values[key] or "")))
    text = str(values[longest] or "")
    return {**values, longest: text[: len(text) // 2]}


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
