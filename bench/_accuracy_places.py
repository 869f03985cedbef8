"""Did the reader look where the answers stand? The registered page beside the page as it was drawn, box by box.

The residual that the reader reports is its own word. Here each box's surroundings, as drawn, are sought on the page
that the reader registered; where the best place lies further off than a millimetre, the reader read beside the box.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.layout import PaperLayout

Grey = NDArray[np.uint8]
DPI = 200
AROUND_MM = 5.0
SEARCH_PX = 40
OFF_PX = 8.0
SURE = 0.5


def worst_offset(registered_jpeg: bytes, true_page: Grey, layout: PaperLayout) -> float:
    """Return by how many dots (200 an inch) the worst box is off; infinite where hardly any box can be found at all."""
    seen = cv2.imdecode(np.frombuffer(registered_jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    true = cv2.resize(true_page, (seen.shape[1], seen.shape[0]), interpolation=cv2.INTER_AREA)
    offsets = [_offset(seen, true, box.box_mm, seen.shape[1] / layout.page_mm[0]) for box in layout.fields]
    sure = [offset for offset, likeness in offsets if likeness >= SURE]
    return max(sure) if len(sure) * 2 >= len(offsets) else float("inf")


def _offset(seen: Grey, true: Grey, box_mm: tuple[float, float, float, float], px: float) -> tuple[float, float]:
    """Seek one box's surroundings. This function will answer how far off they lie, and how like the drawing."""
    x, y, width, height = (part * px for part in box_mm)
    around = AROUND_MM * px
    left, top = max(0, int(x - around)), max(0, int(y - around))
    right, low = min(true.shape[1], int(x + width + around)), min(true.shape[0], int(y + height + around))
    piece = true[top:low, left:right]
    from_x, from_y = max(0, left - SEARCH_PX), max(0, top - SEARCH_PX)
    field = seen[from_y : low + SEARCH_PX, from_x : right + SEARCH_PX]
    likeness = cv2.matchTemplate(field, piece, cv2.TM_CCOEFF_NORMED)
    _, best, _, at = cv2.minMaxLoc(likeness)
    return float(np.hypot(from_x + at[0] - left, from_y + at[1] - top)), best
