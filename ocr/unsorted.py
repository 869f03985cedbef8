"""What do people see of a page that fits no form? The page as it came, without any 個人番号 on it."""

import cv2
import numpy as np

from ocr.cleaning import flat_paper
from ocr.decode import Grey
from ocr.encode import jpeg
from ocr.engine import Engines
from ocr.my_numbers import shown_anywhere, with_boxes_covered

_LONGEST = 2339  # pixels: A4 at 200 dpi
_SMALLEST = 100  # pixels: no row of twelve digits could be read on less


def unsorted_page(picture: Grey, engines: Engines) -> tuple[bytes, bool]:
    """Return a picture as JPEG, no larger than A4 at 200 dpi, and whether something on it had to be covered."""
    factor = min(1.0, _LONGEST / max(picture.shape))
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    page = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if min(page.shape) < _SMALLEST:
        return jpeg(page), False
    covered = shown_anywhere(flat_paper(page), engines)
    return jpeg(with_boxes_covered(page, covered)), bool(covered)
