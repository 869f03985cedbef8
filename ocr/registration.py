"""Where on this picture is the page, and how far off is the answer? Measured on the result.

The residual is measured on the result, not on the points that made it: printed details of the empty form are looked
for again on the straightened page, and the 90th percentile of their distances is the residual (pixels at 200 dpi).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.blanks import BlankPage
from ocr.decode import Grey
from ocr.geometry import BoxPx, Matrix, Points, moved
from ocr.reduced import Reduced, reduced_to_about

RESIDUAL_LIMIT_PX = 3.0
FOUND_SHARE_MINIMUM = 0.7
_LOOK_AT = 1240
_PATCH, _REACH = 15, 9
_PATCH_AT_HALF, _REACH_AT_HALF = 8, 8
_CURLED_PX = 3.0  # at 100 dpi: how far paper that is not flat may stand off the plane that is fitted to it
_ALIKE = 0.55
_LONG_SIDE = 3400
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


@dataclass(frozen=True)
class Registered:
    """A page straightened to 200 dpi, with what was measured about it.

    `matrix` carries it to the picture that was looked at, which was made smaller by `scale`.
    """

    page: Grey
    by: str
    details: Details
    matrix: Matrix
    scale: float = 1.0

    @property
    def residual_px(self) -> float:
        return round(self.details.residual, 2)

    @property
    def outline(self) -> Points:
        """Return the page's corners on the picture, from the top left on clockwise."""
        height, width = self.page.shape
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
        return moved(corners, self.matrix)


def looked_at(picture: Grey) -> tuple[Grey, Reduced]:
    """Return the picture in the size it is registered in, and the small one that pages are looked for in."""
    picture = _no_larger(picture)
    return picture, reduced_to_about(picture, _LOOK_AT)


def _no_larger(picture: Grey) -> Grey:
    scale = _LONG_SIDE / max(picture.shape)
    if scale >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def straightened(picture: Grey, small: Reduced, by: str, matrix: Matrix, blank: BlankPage) -> Registered | None:
    """Straighten the page that `matrix` says lies there, and measure; None where the form's print is not found on it.

    Warp at half size, correct the homography once by every other detail, warp in full and look for them all.
    """
    half = blank.half
    rough = small.from_full @ matrix @ half.to_full
    printed = moved(blank.details[::2], half.from_full)
    page = _warped(small.picture, rough, half.picture.shape)
    first = look_for_details(page, blank.softened_half, printed, _PATCH_AT_HALF, _REACH_AT_HALF)
    if first.share < FOUND_SHARE_MINIMUM / 2:
        return None
    better, _ = cv2.findHomography(
        first.printed[first.found], (first.printed + first.offsets)[first.found], cv2.RANSAC, _CURLED_PX
    )
    if better is None:
        return None
    fine = small.to_full @ rough @ better @ half.from_full
    page = _warped(picture, fine, blank.common.shape)
    details = look_for_details(page, blank.softened, blank.details, _PATCH, _REACH)
    return None if details.share < FOUND_SHARE_MINIMUM else Registered(page, by, details, fine)


def _warped(picture: Grey, matrix: Matrix, shape: tuple[int, ...]) -> Grey:
    size = (shape[1], shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(warped, dtype=np.uint8)


def look_for_details(page: Grey, blank: Grey, printed: Points, patch: int, reach: int) -> Details:
    """Look for each of the `printed` details of `blank` on `page`, up to `reach` pixels around its place.

    A detail is what `blank`, softened, shows up to `patch` pixels around it.
    """
    softened = cv2.GaussianBlur(page, (3, 3), 0)
    offsets = np.zeros_like(printed)
    found = np.zeros(len(printed), dtype=np.bool_)
    side = patch + reach
    for place, (x, y) in enumerate(printed.round().astype(int)):
        wanted = blank[y - patch : y + patch + 1, x - patch : x + patch + 1]
        around = softened[max(0, y - side) : y + side + 1, max(0, x - side) : x + side + 1]
        # Floats: given bytes, it takes nearly twice as long to the same end.
        likeness = cv2.matchTemplate(around.astype(np.float32), wanted.astype(np.float32), cv2.TM_CCOEFF_NORMED)
        _, best, _, (column, row) = cv2.minMaxLoc(likeness)
        peak = (column + _between(likeness[row], column), row + _between(likeness[:, column], row))
        offsets[place] = (peak[0] - min(reach, x - patch), peak[1] - min(reach, y - patch))
        found[place] = best > _ALIKE
    return Details(printed, offsets, found)


def _between(likeness: NDArray[np.generic], peak: int) -> float:
    """Find the peak of the parabola through the best value and its two neighbours, as an offset of under one pixel."""
    if not 0 < peak < len(likeness) - 1:
        return 0.0
    before, here, after = (float(value) for value in likeness[peak - 1 : peak + 2])
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else 0.5 * (before - after) / bend
