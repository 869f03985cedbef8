"""How like a form is a page that is known to lie there, at a glance? Both at 50 dpi, compared as a whole."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.decode import Grey
from ocr.geometry import Matrix
from ocr.reduced import Reduced, reduced

_SOFT = (5, 5)

Glance = NDArray[np.float32]


class Thumbnail:
    """The empty form at 50 dpi, softened so that a page a little off still matches."""

    def __init__(self, half: Reduced) -> None:
        self._picture = _levelled(reduced(half.picture, 2).picture)

    def likeness(self, page: Glance) -> float:
        """Return how alike a page is: 1 for the same, 0 for anything."""
        return float((page * self._picture).sum()) if page.shape == self._picture.shape else 0.0


def glanced_at(small: Reduced, matrix: Matrix, half: Reduced) -> Glance:
    """Return the page at `matrix` in `small`, as thumbnails of forms as large as `half` are compared."""
    quarter = reduced(half.picture, 2)
    there = small.from_full @ matrix @ half.to_full @ quarter.to_full
    height, width = quarter.picture.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    soft = cv2.blur(small.picture, (3, 3))
    page = cv2.warpPerspective(soft, there, (width, height), flags=flags, borderValue=255)
    return _levelled(np.asarray(page, dtype=np.uint8))


def _levelled(picture: Grey) -> Glance:
    """Soften, and take the mean and the scale out, so that a product of two is their correlation."""
    soft = cv2.GaussianBlur(picture, _SOFT, 0).astype(np.float32)
    soft -= soft.mean()
    return np.asarray(soft / max(float(np.linalg.norm(soft)), 1.0), dtype=np.float32)
