"""Does this sheet show a 個人番号? It must not leave the reader: its place is covered, its digits are masked.

Twelve digits in a field are one, unless the field is declared a number of the office's own; so are twelve beside a
label that asks for it, anywhere on the sheet, and twelve that pass the check digit.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from forms.field_types import FieldType
from forms.layout import PaperField
from forms.my_number import LENGTH, holds_my_number
from forms.widths import plain
from ocr.cleaning import around, tight
from ocr.crosscheck import doubted
from ocr.decode import Grey
from ocr.engine import Engines
from ocr.geometry import BoxPx, to_px
from ocr.known_form import KnownForm
from ocr.loose_writing import all_lines, loose_lines
from ocr.page import FieldReading

MY_NUMBER = "my_number"
_DIGITS = re.compile(r"\d(?:[ \-.,・ー]?\d)*")
# What engines take for a digit where any letter may stand; counting one too many only covers a little more.
_LOOKS_LIKE = str.maketrans("OoQDIl|i!ZzSsBbq〇○口丨ノ", "000011111225586900011")
_LABEL = re.compile(r"個.{0,2}番号|人番号|個人番|マイナ|ナンバ|mynumber", re.IGNORECASE)
_NEARLY = 10
"""Digits beside a label, or where a form asks for twelve: an engine may have dropped one or two."""
_SURE = 0.98
_MARGIN = 6
_LABEL_LEFT, _LABEL_ABOVE = to_px(65), to_px(10)


def without_my_numbers(
    fields: tuple[FieldReading, ...], flat: Grey, form: KnownForm, engines: Engines
) -> tuple[tuple[FieldReading, ...], tuple[BoxPx, ...]]:
    """Return the fields with every 個人番号 masked, and the boxes to be covered on the page.

    Where there is one, nothing on the sheet passes without a person: it goes back to whoever sent it.
    """
    asked = {field.key: field for field in form.layout.fields}
    shown = {field.key for field in fields if _shows_one(field, asked[field.key]) or _unread(field, flat, engines)}
    boxes = [field.box_px for field in fields if field.key in shown]
    boxes += [line for line in loose_lines(flat, form) if _is_one(line, flat, engines)]
    if not boxes:
        return fields, ()
    masked = (_masked(field) if field.key in shown else field for field in fields)
    return tuple(doubted(field, MY_NUMBER) for field in masked), tuple(boxes)


def shown_anywhere(flat: Grey, engines: Engines) -> tuple[BoxPx, ...]:
    """Return the boxes to be covered on a page of which nothing is known, upright or not read at all."""
    return tuple(line for line in all_lines(flat) if _is_one(line, flat, engines))


def with_boxes_covered(page: Grey, boxes: Iterable[BoxPx]) -> Grey:
    """Return the page with each box and a little around it black."""
    covered = page.copy()
    for x, y, width, height in boxes:
        top, left = max(0, y - _MARGIN), max(0, x - _MARGIN)
        covered[top : y + height + _MARGIN, left : x + width + _MARGIN] = 0
    return covered


def _unread(field: FieldReading, flat: Grey, engines: Engines) -> bool:
    """Say whether twelve digits stand where only kana were looked for: to the alphabet of kana they are nothing."""
    if field.type is not FieldType.KATAKANA or field.text:
        return False
    crop = tight(around(flat, field.box_px, -_MARGIN))
    return bool(crop.size) and _twelve(_as_digits(engines.first.read(crop, FieldType.DIGITS).text))


def _shows_one(field: FieldReading, asked: PaperField) -> bool:
    if field.type is FieldType.CHECKBOX or asked.business_key:
        return False
    read, besides = (field.text, str(field.value or "")), (field.second_text, *field.candidates)
    if asked.comb == LENGTH or _LABEL.search(_unspaced(asked.label)):
        return any(_most_digits(text) >= _NEARLY for text in (*read, *besides))
    if any(map(_twelve, read)):
        return True
    return any(map(holds_my_number if _is_sure(field) else _twelve, besides))


def _is_sure(field: FieldReading) -> bool:
    """Say whether the first engine alone tells how many digits stand there: another of ten or eleven is often twelve.

    The second engine takes the dividers of a comb for digits and the rim of a figure for one more. Where the first
    reads a value that could stand in the field, is sure of each letter and leaves no ink, such twelve count only with
    their check digit.
    """
    return field.value is not None and field.confidence >= _SURE and "ink_unread" not in field.why_not


def _masked(field: FieldReading) -> FieldReading:
    hide = _hidden(field.text), _hidden(field.second_text)
    return replace(field, value=None, text=hide[0], second_text=hide[1], candidates=())


def _hidden(text: str) -> str:
    return re.sub(r"\d", "＊", plain(text))


def _is_one(line: BoxPx, flat: Grey, engines: Engines) -> bool:
    """Judge a line that stands outside every field."""
    crop = tight(around(flat, line, _MARGIN))
    if not crop.size:
        return False
    one = engines.first.read(crop, FieldType.TEXT).text
    if _most_digits(one) < _NEARLY:
        return False
    texts = (one, *(engine.read(crop, FieldType.DIGITS).text for engine in (engines.first, engines.second)))
    if any(holds_my_number(_as_digits(text)) for text in texts) or _LABEL.search(_unspaced(one)):
        return True
    return any(_LABEL.search(_unspaced(text)) for text in _beside(line, flat, engines))


def _beside(line: BoxPx, flat: Grey, engines: Engines) -> Iterable[str]:
    """Read what stands to the left of a line and above it, print and writing."""
    x, y, width, height = line
    left, above = round(max(0, x - _LABEL_LEFT)), round(max(0, y - _LABEL_ABOVE))
    for box in ((left, y, x - left, height), (max(0, x - height), above, width, y - above)):
        crop = tight(around(flat, box, 0)) if min(box[2:]) > _MARGIN else np.empty((0, 0), np.uint8)
        if crop.size:
            yield engines.first.read(crop, FieldType.TEXT).text


def _as_digits(text: str) -> str:
    return plain(text).translate(_LOOKS_LIKE)


def _twelve(text: str) -> bool:
    return any(len(digits) == LENGTH for digits in _runs(plain(text))) or holds_my_number(text)


def _most_digits(text: str) -> int:
    return max(map(len, _runs(_as_digits(text))), default=0)


def _runs(text: str) -> list[str]:
    return [re.sub(r"\D", "", found.group()) for found in _DIGITS.finditer(text)]


def _unspaced(text: str) -> str:
    return re.sub(r"\s", "", plain(text))
