"""Where on this picture is the page, and how far off is the answer? Measured on the result.

The residual is measured on the result, not on the points that made it: printed details of the empty form are looked
for again on the straightened page, and the 90th percentile of their distances is the residual (pixels at 200 dpi).
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.bending import bend_of, unbent
from ocr.blanks import BlankPage
from ocr.decode import Grey
from ocr.details import Details
from ocr.geometry import Matrix, Points, moved
from ocr.reduced import Reduced, reduced_to_about

RESIDUAL_LIMIT_PX = 3.0
FOUND_SHARE_MINIMUM = 0.7
_LOOK_AT = 1240
_PATCH, _REACH = 15, 9
_PATCH_AT_HALF, _REACH_AT_HALF = 8, 8
_CURLED_PX = 3.0  # at 100 dpi: how far paper that is not flat may stand off the plane that is fitted to it
_ALIKE = 0.55
_LONG_SIDE = 3400


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
    if details.share < FOUND_SHARE_MINIMUM:
        return None
    flat = Registered(page, by, details, fine)
    return flat if details.residual <= RESIDUAL_LIMIT_PX else _flattened(picture, flat, blank)


def _flattened(picture: Grey, bent: Registered, blank: BlankPage) -> Registered:
    """Straighten paper that no plane fits, by the bend its details show; as it was, where that fits no better."""
    bend = bend_of(bent.details)
    if bend is None:
        return bent
    page = unbent(picture, bent.matrix, bend, blank.common.shape)
    details = look_for_details(page, blank.softened, blank.details, _PATCH, _REACH)
    better = details.share >= FOUND_SHARE_MINIMUM and details.residual < bent.details.residual
    return replace(bent, page=page, details=details) if better else bent


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
