"""Which type does a name of a field, a word for a type, or a handful of values mean?"""

import re
from collections.abc import Sequence

from forms.answers import normalise
from forms.definition import FormField
from forms.field_types import FieldType
from forms.widths import plain, without_spaces

_WORDS: tuple[tuple[FieldType, str], ...] = (
    (FieldType.KATAKANA, "フリガナ|ふりがな|フリガナ|カナ|よみ|katakana|kana"),
    (FieldType.POSTAL_CODE, "郵便|postal|zip"),
    (FieldType.PHONE, "電話|TEL|tel|phone|携帯|FAX"),
    (FieldType.BRANCH, "支店|branch"),
    (FieldType.BANK, "金融機関|銀行|bank"),
    (FieldType.ACCOUNT, "口座番号|account"),
    (FieldType.YEN, "金額|円|料金|費用|yen|price"),
    (FieldType.DATE, "日付|年月日|生年月日|date|.+日$"),
    (FieldType.CHOICES, "複数選択|いくつでも|choices|multi"),
    (FieldType.CHOICE, "選択|1つ選ぶ|プルダウン|ラジオ|choice|select"),
    (FieldType.CHECKBOX, "チェック|有無|同意|checkbox|bool|はい.?いいえ"),
    (FieldType.LINES, "長い文|複数行|備考|理由|自由記述|lines|textarea"),
    (FieldType.FILE, "添付|ファイル|file"),
    (FieldType.PERSON_NAME, "氏名|人名|person_name|代表者名|担当者名"),
    (FieldType.ADDRESS, "住所|所在地|address"),
    (FieldType.DIGITS, "桁|番号|digits|コード"),
    (FieldType.INTEGER, "数値|整数|人数|個数|件数|回数|数$|integer|number"),
    (FieldType.TEXT, "文字|テキスト|text|string|名称"),
)
_TRIED = (FieldType.DATE, FieldType.POSTAL_CODE, FieldType.PHONE, FieldType.INTEGER, FieldType.KATAKANA)
_NEVER_BY_NAME = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.FILE, FieldType.TEXT})
"""Every word has the form of these: the name alone does not tell."""
MOST_OPTIONS = 8


def type_of_word(word: str) -> FieldType | None:
    """Return the type that a word for a type means, None for a word that nobody knows."""
    said = without_spaces(plain(word))
    if said in set(FieldType):
        return FieldType(said)
    return next((kind for kind, words in _WORDS if re.search(words, said, re.IGNORECASE)), None)


def type_of_label(label: str) -> FieldType:
    """Return the type that the name of a field suggests; text where it suggests none."""
    return type_of_word(label) or FieldType.TEXT


def type_of_values(label: str, values: Sequence[str]) -> tuple[FieldType, tuple[str, ...]]:
    """Return the type that all of the values have, and the options where they are a few words said again and again."""
    given = [value for value in map(plain, values) if value]
    suggested = type_of_label(label)
    if not given:
        return suggested, ()
    if suggested not in _NEVER_BY_NAME and _all_are(suggested, given):
        return suggested, ()
    kind = next((each for each in _TRIED if _all_are(each, given)), FieldType.TEXT)
    distinct = tuple(dict.fromkeys(given))
    if kind is FieldType.TEXT and len(distinct) <= MOST_OPTIONS and len(given) >= 2 * len(distinct):
        return FieldType.CHOICE, distinct
    # A number that begins with 0 counts nothing: it names something.
    if kind is FieldType.INTEGER and any(value.startswith("0") and len(value) > 1 for value in given):
        return FieldType.DIGITS, ()
    return kind, ()


def _all_are(kind: FieldType, values: Sequence[str]) -> bool:
    field = FormField.model_construct(key="a", label="", label_en="", type=kind)
    return all(normalise(field, value).problem is None for value in values)
