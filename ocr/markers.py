"""Where do the corner markers and the QR code say the page lies? All four markers, or no answer."""

from functools import cache

import cv2
import numpy as np
import zxingcpp

from forms.layout import CornerMarkers, PaperLayout
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


def by_markers(small: Reduced, layout: PaperLayout) -> Matrix | None:
    """Return the homography from the registered page to the full picture of `small`, from all four markers.

    None when one is missing: three left 57 px of error at the fourth corner when this was measured. Markers are found
    best when the page is about 1,200 pixels high: paper grain is gone, the cells are still clear.
    """
    if layout.markers is None:
        return None
    share = 4 * layout.markers.size_mm / max(layout.page_mm)
    corners, ids, _ = _detector(layout.markers.family, share).detectMarkers(small.picture)
    if ids is None:
        return None
    seen = {int(number): square.reshape(4, 2) for number, square in zip(ids.ravel(), corners, strict=True)}
    if len(seen) != len(ids) or not set(layout.markers.ids) <= seen.keys():
        return None
    there = moved(np.vstack([seen[number] for number in layout.markers.ids]).astype(np.float64), small.to_full)
    matrix, _ = cv2.findHomography(_printed(layout.markers), there)
    return None if matrix is None else np.asarray(matrix, dtype=np.float64)


def _printed(markers: CornerMarkers) -> Points:
    side = to_px(markers.size_mm)
    square = np.array([(0, 0), (side, 0), (side, side), (0, side)], dtype=np.float64)
    return np.vstack([square + np.array([to_px(x), to_px(y)]) for x, y in markers.corners_mm])


def codes_on(picture: Grey) -> tuple[str, ...]:
    """Return the texts of the QR codes in `picture`."""
    found = zxingcpp.read_barcodes(picture, formats=_QR, try_invert=False)
    return tuple(one.text for one in found if one.valid)
