"""Where do the corner markers and the QR code say the page lies? All four markers, or no answer."""

from functools import cache

import cv2
import numpy as np
import zxingcpp

from forms.layout import CornerMarkers, PaperLayout
from ocr.decode import Grey
from ocr.geometry import Matrix, Points, to_px

# Markers are found best when the page is about 1,200 pixels high: paper grain is gone, the cells are still clear.
_LOOK_AT = 1240
_FAMILIES = {"4x4_50": cv2.aruco.DICT_4X4_50, "4x4_100": cv2.aruco.DICT_4X4_100, "5x5_50": cv2.aruco.DICT_5X5_50}


@cache
def _detector(family: str) -> cv2.aruco.ArucoDetector:
    name = family.lower().removeprefix("aruco").strip()
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(_FAMILIES[name]), settings)


def by_markers(picture: Grey, layout: PaperLayout) -> Matrix | None:
    """Return the homography from the registered page to `picture`, from all four markers.

    None when one is missing: three left 57 px of error at the fourth corner when this was measured.
    """
    if layout.markers is None:
        return None
    scale = min(1.0, _LOOK_AT / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    corners, ids, _ = _detector(layout.markers.family).detectMarkers(small)
    if ids is None:
        return None
    seen = {int(number): square.reshape(4, 2) for number, square in zip(ids.ravel(), corners, strict=True)}
    if len(seen) != len(ids) or not set(layout.markers.ids) <= seen.keys():
        return None
    there = np.vstack([seen[number] for number in layout.markers.ids]) / scale
    matrix, _ = cv2.findHomography(_printed(layout.markers), there)
    return None if matrix is None else np.asarray(matrix, dtype=np.float64)


def _printed(markers: CornerMarkers) -> Points:
    side = to_px(markers.size_mm)
    square = np.array([(0, 0), (side, 0), (side, side), (0, side)], dtype=np.float64)
    return np.vstack([square + np.array([to_px(x), to_px(y)]) for x, y in markers.corners_mm])


def codes_on(picture: Grey) -> tuple[str, ...]:
    """Return the texts of the QR codes in `picture`."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(one.text for one in found if one.valid)
