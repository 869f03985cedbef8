"""How do known answers stand on a printed form? Where a hand would write them, in the cells, in the boxes."""

from collections.abc import Iterator, Mapping
from datetime import date

from forms.field_types import LISTING, FieldType, Value
from forms.layout import Box, PaperField
from forms.paper.drawn import Element, PaperPage, Words
from forms.paper.measures import lines_of, text_mm
from forms.wareki import show_wareki

_USUAL_PT, _SMALLEST_PT = 13.0, 6.0
_TICK_PT = 14.0
_IN_PARTS = frozenset((FieldType.PERSON_NAME, FieldType.KATAKANA))
"""Their parts stand a full letter apart on paper: a narrower gap is read over."""


def filled(page: PaperPage, values: Mapping[str, Value]) -> PaperPage:
    """Return the page with `values` printed into their boxes; what has no value stays empty.

    A text is set smaller until it fits, down to 6 points, and then on two lines.
    """
    return page.with_(word for field in page.layout.fields for word in _written(field, values.get(field.key)))


def as_written(kind: FieldType, value: Value) -> str:
    """Return `value` as people write it on paper: a date in its era, yen with commas, names with a clear gap."""
    if kind is FieldType.DATE and isinstance(value, str):
        return show_wareki(date.fromisoformat(value))
    if kind is FieldType.YEN and isinstance(value, int):
        return f"{value:,}"
    if kind in _IN_PARTS and isinstance(value, str):
        return value.replace(" ", "\u3000")
    return "" if value is None else str(value)


def _written(field: PaperField, value: Value) -> Iterator[Element]:
    if field.type is FieldType.CHECKBOX:
        if value is True:
            yield _tick(field.box_mm)
    elif field.type in LISTING:
        chosen = str(value or "").split(",")
        yield from (_tick(option.box_mm) for option in field.options if option.code in chosen)
    elif value is not None:
        yield from _text(field, as_written(field.type, value))


def _text(field: PaperField, text: str) -> Iterator[Element]:
    x, y, width, height = field.box_mm
    if field.comb is not None:
        cell = width / field.comb
        yield from (
            Words(x + cell * place, y, cell, height, digit, _USUAL_PT, "center") for place, digit in enumerate(text)
        )
        return
    lines = text.splitlines() if field.lines is not None else [text]
    line = height / (field.lines or 1)
    for number, one in enumerate(lines[: field.lines or 1]):
        yield Words(x + 1.5, y + line * number, width - 2, line, one, _size(one, width - 2.5))


def _size(text: str, width: float) -> float:
    size = _USUAL_PT
    while size > _SMALLEST_PT and text_mm(text, size) > width:
        size -= 0.5
    # On two lines at the smallest there is room again for a larger one.
    return max(size, 8.0) if lines_of(text, _SMALLEST_PT, width) > 1 else size


def _tick(box: Box) -> Words:
    x, y, width, height = box
    return Words(x - 1, y - 1, width + 2, height + 2, "✓", _TICK_PT, "center")
