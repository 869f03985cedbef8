"""How do millimetres on paper, pixels of the page and points of a picture relate? At 200 dots an inch."""

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.layout import PaperLayout

Matrix = NDArray[np.float64]
Points = NDArray[np.float64]
BoxPx = tuple[int, int, int, int]

DPI = 200
_MM_PER_INCH = 25.4


def to_px(mm: float) -> float:
    """Return millimetres as pixels of the registered page (200 dpi)."""
    return mm * DPI / _MM_PER_INCH


def page_size(layout: PaperLayout) -> tuple[int, int]:
    """Return the registered page's width and height in pixels."""
    return round(to_px(layout.page_mm[0])), round(to_px(layout.page_mm[1]))


def box_px(box_mm: tuple[float, float, float, float]) -> BoxPx:
    """Return x, y, width, height in pixels of the registered page."""
    x, y, width, height = box_mm
    left, top = round(to_px(x)), round(to_px(y))
    return left, top, round(to_px(x + width)) - left, round(to_px(y + height)) - top


def moved(points: Points, matrix: Matrix) -> Points:
    """Carry points, shape (n, 2), through a homography."""
    return np.asarray(cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix), dtype=np.float64).reshape(-1, 2)
