"""What is typed into which box, and what is read back from which row? Pure, in both directions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from rpa_bots.charset import trouble
from rpa_bots.outcomes import Record, Value
from rpa_bots.shugaku_enjo.wareki import era_date, iso_date

# Each key of a record and the label of its row on the detail screen.
TEXTS: Final = {
    "kana": "フリガナ",
    "name": "保護者氏名",
    "address": "住所",
    "phone": "電話番号",
    "insured": "被保険者番号",
    "child_kana": "児童フリガナ",
    "child_name": "児童氏名",
    "school": "学校名",
    "grade": "学年・組",
    "bank": "金融機関名",
    "branch": "支店名",
    "account": "口座番号",
    "holder": "口座名義(カナ)",
}
DATES: Final = {"apply_date": "申請日", "birth": "生年月日", "child_birth": "児童生年月日"}
POSTAL: Final = {"postal": "郵便番号"}
NUMBERS: Final = {"children": "児童数", "household": "世帯人数", "income": "世帯年間所得(円)"}
CHECKS: Final = {
    "cb0": "生活保護を受けている",
    "cb1": "児童扶養手当を受給",
    "cb2": "住民税が非課税",
    "cb3": "国民年金の免除",
    "cb4": "失業・倒産",
    "cb5": "普通預金",
    "cb6": "当座預金",
    "cb7": "税情報の閲覧に同意",
}
LABELS: Final[Mapping[str, str]] = {**TEXTS, **DATES, **POSTAL, **NUMBERS, **CHECKS}
REFERENCE: Final = "reference"


class UnfitRecordError(ValueError):
    """The record cannot be keyed as it is: a person must mend it. Says which fields, never their values."""

    def __init__(self, reason: str, fields: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = fields


@dataclass(frozen=True)
class Boxes:
    """What to put into the entry form, by the name of the input: texts, list choices and ticks."""

    texts: Mapping[str, str]
    choices: Mapping[str, str]
    ticks: Mapping[str, bool]

    def standing(self) -> dict[str, str | bool]:
        """Give what must stand in the form once it is filled."""
        return {**self.texts, **self.choices, **self.ticks}


def boxes(record: Record) -> Boxes:
    """Lay a record in normal form out over the inputs of the entry screen.

    Dates are ISO 8601, numbers ints, ticks bools, None a blank. Raises UnfitRecordError for unknown keys, values of
    another shape and characters that the target's Shift_JIS cannot carry.
    """
    _refuse_unknown(record)
    _refuse_unencodable(record)
    texts = {key: _text(record, key) for key in (*TEXTS, *NUMBERS)}
    choices: dict[str, str] = {}
    for key in DATES:
        choices[f"{key}_g"], *parts = _date(record, key)
        texts |= {f"{key}_{part}": text for part, text in zip("ymd", parts, strict=True)}
    texts["postal1"], texts["postal2"] = _postal(record)
    return Boxes(texts, choices, {key: record.get(key) is True for key in CHECKS})


def meant(record: Record) -> dict[str, Value]:
    """Give every value that the target should hold for this record: missing keys are blanks, missing ticks false."""
    return {key: record.get(key) is True if key in CHECKS else (record.get(key) or None) for key in LABELS}


def stored(cells: Mapping[str, str]) -> dict[str, Value]:
    """Read the rows of the detail screen (label to text) into normal form; raises ValueError if one is missing."""
    missing = LABELS.values() - cells.keys()
    if missing:
        raise ValueError("照会画面に項目が足りません")
    return {key: _read(key, cells[label]) for key, label in LABELS.items()}


def labels(keys: tuple[str, ...]) -> str:
    return "、".join(LABELS.get(key, key) for key in keys)


def _read(key: str, text: str) -> Value:
    if key in CHECKS:
        return text == "○"
    if not text:
        return None
    if key in NUMBERS:
        return int(text.replace(",", ""))
    return iso_date(text) if key in DATES else text


def _refuse_unknown(record: Record) -> None:
    if unknown := tuple(key for key in record if key not in LABELS and key != REFERENCE):
        raise UnfitRecordError("入力画面にない項目があります", unknown)
    if not isinstance(record.get(REFERENCE), str) or not record[REFERENCE]:
        raise UnfitRecordError("受付番号がありません", (REFERENCE,))
    if odd := tuple(key for key in LABELS if not _shape_fits(key, record.get(key))):
        raise UnfitRecordError(f"値の形が正しくありません: {labels(odd)}", odd)


def _shape_fits(key: str, value: Value) -> bool:
    if value is None:
        return True
    if key in CHECKS:
        return isinstance(value, bool)
    if key in NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, str)


def _refuse_unencodable(record: Record) -> None:
    bad = {key: trouble(value) for key, value in record.items() if isinstance(value, str) and trouble(value)}
    if bad:
        said = "、".join(f"{labels((key,))}の「{''.join(characters)}」" for key, characters in bad.items())
        raise UnfitRecordError(f"対象システム(Shift_JIS)に送れない文字があります: {said}", tuple(bad))


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    return "" if value is None else str(value)


def _date(record: Record, key: str) -> tuple[str, str, str, str]:
    value = record.get(key)
    if not value:
        return "", "", "", ""
    try:
        day = era_date(date.fromisoformat(str(value)))
    except ValueError:
        raise UnfitRecordError(f"日付として正しくありません: {LABELS[key]}", (key,)) from None
    return day.code, str(day.year), str(day.month), str(day.day)


def _postal(record: Record) -> tuple[str, str]:
    first, dash, second = _text(record, "postal").partition("-")
    if first and not dash:
        raise UnfitRecordError("郵便番号は 810-0001 の形にしてください", ("postal",))
    return first, second
