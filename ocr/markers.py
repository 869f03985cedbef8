"""Where do the corner markers and the QR code say the page lies? All four markers, or no answer."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import zxingcpp

from forms.layout import CornerMarkers
from ocr.decode import Grey
from ocr.geometry import Matrix, Points, moved, to_px
from ocr.reduced import Reduced

# Narrow windows follow a marker's edge through shadow and blur; wider ones found none that these two missed.
_WINDOWS = (3, 5)
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_PAGE_SHARE_MINIMUM = 0.35
_FAMILIES = {"4x4_50": cv2.aruco.DICT_4X4_50, "4x4_100": cv2.aruco.DICT_4X4_100, "5x5_50": cv2.aruco.DICT_5X5_50}


@cache
def _detector(family: str, marker_share: float) -> cv2.aruco.ArucoDetector:
    """`marker_share` is a marker's perimeter over the page's long side; what is far smaller is not looked at."""
    name = family.lower().removeprefix("aruco").strip()
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.adaptiveThreshWinSizeMin, settings.adaptiveThreshWinSizeMax = _WINDOWS
    settings.adaptiveThreshWinSizeStep = _WINDOWS[1] - _WINDOWS[0]
    settings.minMarkerPerimeterRate = _PAGE_SHARE_MINIMUM * marker_share
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(_FAMILIES[name]), settings)


def by_markers(small: Reduced, markers: CornerMarkers, page_mm: tuple[float, float]) -> Matrix | None:
    """Return the homography from the registered page to the full picture of `small`, from all four markers.

    None when one is missing: three left 57 px of error at the fourth corner when this was measured. Markers are found
    best when the page is about 1,200 pixels high: paper grain is gone, the cells are still clear.
    """
    share = 4 * markers.size_mm / max(page_mm)
    corners, ids, _ = _detector(markers.family, share).detectMarkers(small.picture)
    if ids is None:
        return None
    seen = {int(number): square.reshape(4, 2) for number, square in zip(ids.ravel(), corners, strict=True)}
    if len(seen) != len(ids) or not set(markers.ids) <= seen.keys():
        return None
    there = moved(np.vstack([seen[number] for number in markers.ids]).astype(np.float64), small.to_full)
    matrix, _ = cv2.findHomography(_printed(markers), there)
    return None if matrix is None else np.asarray(matrix, dtype=np.float64)


def _printed(markers: CornerMarkers) -> Points:
    side = to_px(markers.size_mm)
    square = np.array([(0, 0), (side, 0), (side, side), (0, side)], dtype=np.float64)
    return np.vstack([square + np.array([to_px(x), to_px(y)]) for x, y in markers.corners_mm])


@dataclass(frozen=True)
class Code:
    """A QR code: what it says, and where its corners lie on the picture, from its own top left clockwise."""

    text: str
    corners: Points

    @property
    def middle(self) -> Points:
        return np.asarray(self.corners.mean(axis=0), dtype=np.float64)


def codes_on(picture: Grey) -> tuple[str, ...]:
    """Return the texts of the QR codes in `picture`."""
    return tuple(code.text for code in placed_codes(picture))


def placed_codes(picture: Grey) -> tuple[Code, ...]:
    """Return the QR codes in `picture`."""
    found = zxingcpp.read_barcodes(picture, formats=_QR, try_invert=False)
    return tuple(Code(one.text, _corners(one.position)) for one in found if one.valid)


def _corners(position: zxingcpp.Position) -> Points:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], dtype=np.float64)


def serial_in(text: str, wanted: str) -> str | None:
    """Return the serial of a sheet whose code says `text` and whose form's code is `wanted`; "" without, None if not.

    A sheet that the office printed carries its form's code, a slash and its own serial.
    """
    rest = text.removeprefix(f"{wanted}/")
    if text == wanted:
        return ""
    return rest if rest != text and rest and "/" not in rest else None
