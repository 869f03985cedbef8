"""Which printed details of the empty form lie where on a page? What registration measures, and boxes are nudged by."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.geometry import BoxPx, Matrix, Points

_TRUSTED_PX = 6.0
_CORNERS = 4


@dataclass(frozen=True)
class Details:
    """Printed details of the blank, where they were found on the page, and whether they were."""

    printed: Points
    offsets: Points
    found: NDArray[np.bool_]

    @property
    def share(self) -> float:
        return float(self.found.mean()) if len(self.found) else 0.0

    @property
    def residual(self) -> float:
        """Return the 90th percentile of the distances of the details found, in pixels."""
        if not self.found.any():
            return float("inf")
        return float(np.percentile(np.linalg.norm(self.offsets[self.found], axis=1), 90))

    def near(self, box: BoxPx) -> "Details":
        """Return the details at the corners of `box`."""
        x, y, width, height = box
        across, down = self.printed.T
        at_sides = (np.abs(across - x) <= 1) | (np.abs(across - x - width) <= 1)
        here = at_sides & ((np.abs(down - y) <= 1) | (np.abs(down - y - height) <= 1))
        return Details(self.printed[here], self.offsets[here], self.found[here])

    def around(self, box: BoxPx, reach: int) -> "Details":
        """Return the details inside `box` and up to `reach` pixels beside it."""
        x, y, width, height = box
        low, high = np.array([x, y]) - reach, np.array([x + width, y + height]) + reach
        here = ((self.printed >= low) & (self.printed <= high)).all(axis=1)
        return Details(self.printed[here], self.offsets[here], self.found[here])

    @property
    def in_place(self) -> NDArray[np.bool_]:
        """Return which details were found close enough to trust that they are the right ones."""
        return np.asarray(self.found & (np.linalg.norm(self.offsets, axis=1) <= _TRUSTED_PX))

    def nudge(self, box: BoxPx) -> Matrix:
        """Return how the corners of `box` are moved on the page, for paper that is not flat.

        Exactly when all four were found, by their median offset when some were, not at all when none was.
        """
        corners = self.near(box)
        here = corners.in_place
        if here.sum() == _CORNERS == len(here):
            printed = corners.printed.astype(np.float32)
            there = (corners.printed + corners.offsets).astype(np.float32)
            return np.asarray(cv2.getPerspectiveTransform(printed, there), dtype=np.float64)
        right, down = np.median(corners.offsets[here], axis=0) if here.any() else (0.0, 0.0)
        return np.array([[1, 0, right], [0, 1, down], [0, 0, 1]], dtype=np.float64)
