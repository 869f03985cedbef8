"""Is this the cover of a pile, and which? Its code says so, if it is as large as only a cover's is.

A small code of a cover on a sheet, pasted there or photographed, makes no cover of that sheet: nobody would read it.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from forms.cover_codes import CODE_MM, PAGE_MM, cover_in
from ocr.geometry import Points, moved
from ocr.markers import Code

# Of a picture's long side: 0.24 of A4, 0.17 where A4 lies on A3. The code of a form has 0.06.
_SIDE_MINIMUM = 0.12
_EDGE = 0.03
"""Of the page's size: how far beyond its reckoned edges nothing else is looked for."""


@dataclass(frozen=True)
class Cover:
    """A cover that was found: its number, and the corners of its page on the picture."""

    number: str
    outline: Points


def cover_of(code: Code, long_side: int) -> Cover | None:
    """Return the cover that `code` is on, in a picture of `long_side` pixels; None where it is no cover's code."""
    number = cover_in(code.text)
    if number is None or _side(code.corners) < _SIDE_MINIMUM * long_side:
        return None
    x, y, side = CODE_MM
    printed = np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(printed, code.corners.astype(np.float32))
    return Cover(number, moved(_page(), np.asarray(matrix, dtype=np.float64)))


def _side(corners: Points) -> float:
    return float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean())


def _page() -> Points:
    wide, high = PAGE_MM
    across, down = _EDGE * wide, _EDGE * high
    corners = [(-across, -down), (wide + across, -down), (wide + across, high + down), (-across, high + down)]
    return np.array(corners, dtype=np.float64)
