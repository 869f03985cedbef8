"""How wide is a text, and how large is everything on our forms? Millimetres and points."""

import unicodedata
from collections.abc import Mapping

from forms.definition import FormField
from forms.field_types import FieldType

POINT_MM = 25.4 / 72

LEFT, TOP, BOTTOM, WIDTH = 12.0, 27.0, 276.0, 186.0
"""What a page has between its markers: forms of the house are A4, upright."""

GAP = 1.5
LABEL_MM, WRITING_MM = 4.6, 9.5
CELL_MM = 7.0
"""One digit's cell: people write what they have room for."""
BOX_MM = 4.6
"""One tick box."""
LABEL_PT, SMALL_PT, HEADING_PT, TITLE_PT = 8.0, 6.5, 10.0, 15.0
_SMALLEST_PT = 6.0

SHARES: Mapping[str, int] = {"full": 1, "half": 2, "third": 3, "quarter": 4}
_WHOLE_LINE = frozenset((FieldType.ADDRESS, FieldType.TEXT, FieldType.LINES, FieldType.CHOICE, FieldType.CHOICES))


def share_of(field: FormField) -> int:
    """Return how many of such fields stand side by side: as the form says, else as the type needs."""
    if field.width is not None:
        return SHARES[field.width]
    return 1 if field.type in _WHOLE_LINE else 2


def text_mm(text: str, size: float) -> float:
    """Return about how wide `text` is at `size` points: a full-width letter is a square, others half of one."""
    squares = sum(1.0 if unicodedata.east_asian_width(letter) in "FWA" else 0.55 for letter in text)
    return squares * size * POINT_MM


def lines_of(text: str, size: float, width: float) -> int:
    """Return about how many lines `text` takes in `width` millimetres."""
    return sum(max(1, -int(-text_mm(line, size) // width)) for line in text.splitlines()) if text else 0


def fitting(text: str, usual: float, width: float, lines: int = 1) -> float:
    """Return the size in points at which `text` has room; the smallest where it never has, and then it is broken."""
    size = usual
    while size > _SMALLEST_PT and text_mm(text, size) > (width - size * 0.36) * lines:
        size -= 0.5
    return size
