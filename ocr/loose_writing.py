"""Is anything written outside the fields that could be a row of digits? Ink that the empty form has not, in lines."""

import cv2
import numpy as np

from ocr.cleaning import Ink, ink
from ocr.decode import Grey
from ocr.geometry import BoxPx, box_px
from ocr.known_form import KnownForm
from ocr.reduced import reduced

_HALF = 2
_PRINTED_BELOW = 215
_PRINT_HALO = 7  # pixels at 100 dpi: print on paper that is not flat stands this far off
_FIELD_MARGIN = 3
_JOINED = 40  # pixels at 100 dpi: 10 mm, as far as parts of one number stand apart
_LOW, _HIGH = 6, 60
_SHORT = 60
_TIMES_HIGH = 3
_LETTERS = 5
_LETTER = 6  # pixels of ink: a dot has fewer
_LINES_AT_MOST = 40


def loose_lines(flat: Grey, form: KnownForm) -> list[BoxPx]:
    """Return the lines of writing that lie outside every field, on the page at 200 dpi, the longest first."""
    return _lines(ink(reduced(flat, _HALF).picture) & ~known_places(form))


def all_lines(flat: Grey) -> list[BoxPx]:
    """Return the lines of print and writing on a page of which nothing is known, the longest first."""
    return _lines(ink(reduced(flat, _HALF).picture))


def _lines(loose: Ink) -> list[BoxPx]:
    joined = cv2.morphologyEx(
        loose.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, _JOINED), np.uint8), borderType=cv2.BORDER_CONSTANT
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    likely = [
        (x, y, width, height)
        for label, (x, y, width, height, _) in enumerate(stats[1:].tolist(), 1)
        if _LOW <= height <= _HIGH
        and width >= max(_SHORT, _TIMES_HIGH * height)
        and _letters(loose[y : y + height, x : x + width] & (labels[y : y + height, x : x + width] == label))
    ]
    longest = sorted(likely, key=lambda box: -box[2])[:_LINES_AT_MOST]
    return [(x * _HALF, y * _HALF, width * _HALF, height * _HALF) for x, y, width, height in longest]


def known_places(form: KnownForm) -> Ink:
    """Return where the form prints, and its fields, at 100 dpi."""
    printed = (form.blank.half.picture < _PRINTED_BELOW).astype(np.uint8)
    known = cv2.dilate(printed, np.ones((_PRINT_HALO, _PRINT_HALO), np.uint8))
    for field in form.layout.fields:
        x, y, width, height = (side // _HALF for side in box_px(field.box_mm))
        top, left = max(0, y - _FIELD_MARGIN), max(0, x - _FIELD_MARGIN)
        known[top : y + height + _FIELD_MARGIN, left : x + width + _FIELD_MARGIN] = 1
    return np.asarray(known > 0)


def _letters(inked: Ink) -> bool:
    """Say whether a line is several marks, or a long one that winds: a row of letters, no rule or stain."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    if int((stats[1:, cv2.CC_STAT_AREA] >= _LETTER).sum()) >= _LETTERS:
        return True
    height, width = inked.shape
    turns = int(np.abs(np.diff(inked.astype(np.int8), axis=0)).sum())
    return bool(turns > 2 * width and width > 2 * _TIMES_HIGH * height)
