"""Which boxes does the old entry screen have, and what does it refuse? Its own list, its own rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rpa_bots.fake_base.ledger import Value

# The screen's own era codes; an era's years are counted from the year in which it began.
ERAS: Final[Mapping[str, tuple[str, date]]] = {
    "1": ("明治", date(1868, 1, 25)),
    "2": ("大正", date(1912, 7, 30)),
    "3": ("昭和", date(1926, 12, 25)),
    "4": ("平成", date(1989, 1, 8)),
    "5": ("令和", date(2019, 5, 1)),
}
# Characters that stand for themselves and must fit the column.
KATAKANA: Final = re.compile(r"[ァ-ヶー・ 　]*")


class Kind(StrEnum):
    TEXT = "text"
    KATAKANA = "katakana"
    DIGITS = "digits"
    NUMBER = "number"
    POSTAL = "postal"
    DATE = "date"
    CHECK = "check"


@dataclass(frozen=True)
class ScreenField:
    key: str
    label: str
    kind: Kind
    max_length: int = 0
    required: bool = False


SECTIONS: Final[Mapping[str, tuple[ScreenField, ...]]] = {
    "申請者": (
        ScreenField("apply_date", "申請日", Kind.DATE, required=True),
        ScreenField("kana", "フリガナ", Kind.KATAKANA, 30, required=True),
        ScreenField("name", "保護者氏名", Kind.TEXT, 20, required=True),
        ScreenField("birth", "生年月日", Kind.DATE, required=True),
        ScreenField("postal", "郵便番号", Kind.POSTAL),
        ScreenField("address", "住所", Kind.TEXT, 60, required=True),
        ScreenField("phone", "電話番号", Kind.TEXT, 13),
        ScreenField("insured", "被保険者番号", Kind.DIGITS, 8),
    ),
    "児童・生徒": (
        ScreenField("child_kana", "児童フリガナ", Kind.KATAKANA, 30),
        ScreenField("child_name", "児童氏名", Kind.TEXT, 20, required=True),
        ScreenField("child_birth", "児童生年月日", Kind.DATE, required=True),
        ScreenField("school", "学校名", Kind.TEXT, 20),
        ScreenField("grade", "学年・組", Kind.TEXT, 10),
    ),
    "世帯": (
        ScreenField("children", "児童数", Kind.NUMBER, 2),
        ScreenField("household", "世帯人数", Kind.NUMBER, 2),
        ScreenField("income", "世帯年間所得(円)", Kind.NUMBER, 9),
    ),
    "振込口座": (
        ScreenField("bank", "金融機関名", Kind.TEXT, 20),
        ScreenField("branch", "支店名", Kind.TEXT, 20),
        ScreenField("account", "口座番号", Kind.DIGITS, 7),
        ScreenField("holder", "口座名義(カナ)", Kind.KATAKANA, 30),
    ),
    "該当事項": (
        ScreenField("cb0", "生活保護を受けている", Kind.CHECK),
        ScreenField("cb1", "児童扶養手当を受給", Kind.CHECK),
        ScreenField("cb2", "住民税が非課税", Kind.CHECK),
        ScreenField("cb3", "国民年金の免除", Kind.CHECK),
        ScreenField("cb4", "失業・倒産", Kind.CHECK),
        ScreenField("cb5", "普通預金", Kind.CHECK),
        ScreenField("cb6", "当座預金", Kind.CHECK),
        ScreenField("cb7", "税情報の閲覧に同意", Kind.CHECK),
    ),
}


def every_field() -> tuple[ScreenField, ...]:
    return tuple(field for fields in SECTIONS.values() for field in fields)


def stored_values(form: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
    """Read a posted form into the values to be stored and the sentences that refuse it (none when all is well)."""
    values: dict[str, Value] = {}
    errors: list[str] = []
    for field in every_field():
        try:
            values[field.key] = _value(field, form)
        except ValueError as refused:
            errors.append(str(refused))
    return values, errors


def shown(field: ScreenField, value: Value) -> str:
    """Write a stored value as the detail screen shows it: wareki, yen with commas, ○ for a ticked box."""
    if field.kind is Kind.CHECK:
        return "○" if value else "－"
    if value is None:
        return ""
    if field.kind is Kind.NUMBER:
        return f"{value:,}"
    return _wareki(date.fromisoformat(str(value))) if field.kind is Kind.DATE else str(value)


def _value(field: ScreenField, form: Mapping[str, str]) -> Value:
    if field.kind is Kind.CHECK:
        return form.get(field.key) == "1"
    text = _typed(field, form)
    if not text:
        if field.required:
            raise ValueError(f"「{field.label}」は必須項目です。")
        return None
    return _checked(field, text)


def _typed(field: ScreenField, form: Mapping[str, str]) -> str:
    if field.kind is Kind.DATE:
        parts = [form.get(f"{field.key}_{part}", "") for part in "gymd"]
        return "/".join(parts) if any(parts[1:]) else ""
    if field.kind is Kind.POSTAL:
        parts = [form.get(f"{field.key}{part}", "") for part in "12"]
        return "-".join(parts) if any(parts) else ""
    return form.get(field.key, "")


def _checked(field: ScreenField, text: str) -> Value:
    if field.max_length and len(text) > field.max_length:
        raise ValueError(f"「{field.label}」は{field.max_length}文字以内で入力してください。")
    if field.kind is Kind.DATE:
        return _iso(field.label, text)
    if field.kind is Kind.NUMBER:
        return int(_matching(field, text, r"[0-9]+", "半角数字"))
    pattern, name = {
        Kind.DIGITS: (r"[0-9]+", "半角数字"),
        Kind.KATAKANA: (KATAKANA.pattern, "全角カタカナ"),
        Kind.POSTAL: (r"[0-9]{3}-[0-9]{4}", "3桁と4桁の半角数字"),
    }.get(field.kind, (r"[^\x00-\x1f]*", "文字"))
    return _matching(field, text, pattern, name)


def _matching(field: ScreenField, text: str, pattern: str, name: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError(f"「{field.label}」は{name}で入力してください。")
    return text


def _iso(label: str, text: str) -> str:
    code, year, month, day = text.split("/")
    try:
        begun = ERAS[code][1]
        return date(begun.year + int(year) - 1, int(month), int(day)).isoformat()
    except (KeyError, ValueError):
        raise ValueError(f"「{label}」の日付が正しくありません。") from None


def _wareki(day: date) -> str:
    name, begun = next(era for era in reversed(tuple(ERAS.values())) if day >= era[1])
    return f"{name}{day.year - begun.year + 1}年{day.month}月{day.day}日"
