"""How does an empty form that somebody brings become a page to draw zones on? Upright, at 200 dpi, with proposals."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from forms.zones import Proposal
from ocr.decode import Grey
from ocr.engine import Engine
from ocr.geometry import DPI, to_px
from ocr.proposals import proposals_on
from ocr.refusal import PageRefusedError

_ASKEW_MOST = 8.0
"""Degrees: a scanner draws paper in no further askew, and a slanted line of a drawing is none of the form's."""
_UPRIGHT = 90
_LEAST_TURN = 0.05
_LINE_LEAST = 0.12  # of the page's width
_LOOK_AT = 1600
_OTHER_SHAPE = 0.03


@dataclass(frozen=True)
class EmptyForm:
    """What is asked of one page of a file: on paper of this size, turned by so many quarters clockwise first.

    `paper_mm` is the short and the long side.
    """

    paper_mm: tuple[float, float]
    quarters: int = 0


@dataclass(frozen=True)
class EmptyPage:
    """An empty page as a picture (PNG, grey, 200 dpi), its size, and what could be asked there."""

    picture: bytes
    page_mm: tuple[float, float]
    proposals: tuple[Proposal, ...]
    asks_my_number: bool


def empty_page(picture: Grey, asked: EmptyForm, engine: Engine) -> EmptyPage:
    """Straighten one page and look for zones on it. Raises PageRefusedError where nothing is printed on it."""
    page, page_mm = _at_size(upright(np.rot90(picture, -asked.quarters)), asked.paper_mm)
    if int(np.ptp(page)) < DPI // 4:
        raise PageRefusedError("nothing_drawn")
    found = proposals_on(page, engine)
    return EmptyPage(_png(page), page_mm, found.proposals, found.asks_my_number)


def upright(picture: Grey) -> Grey:
    """Return the picture with its ruled lines level, white where paper came to lie outside it."""
    turn = askew(picture)
    if abs(turn) < _LEAST_TURN:
        return np.ascontiguousarray(picture)
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    turned = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(turned, dtype=np.uint8)


def askew(picture: Grey) -> float:
    """Return by how many degrees the long lines of a page fall to the right: the median by length, 0 without lines."""
    scale = min(1.0, _LOOK_AT / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = cv2.Canny(small, 60, 180)
    least = _LINE_LEAST * small.shape[1]
    lines = cv2.HoughLinesP(edges, 1, math.pi / 1800, 120, minLineLength=least, maxLineGap=6)
    if lines is None:
        return 0.0
    ends = lines.reshape(-1, 4).astype(np.float64)
    across, down = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    angles, lengths = np.degrees(np.arctan2(down, across)), np.hypot(across, down)
    # Lines that stand upright tell the same turn.
    angles = np.where(np.abs(angles) > _UPRIGHT / 2, angles - np.sign(angles) * _UPRIGHT, angles)
    level = np.abs(angles) <= _ASKEW_MOST
    if not level.any():
        return 0.0
    order = np.argsort(angles[level])
    weight = np.cumsum(lengths[level][order])
    return float(angles[level][order][np.searchsorted(weight, weight[-1] / 2)])


def _at_size(picture: Grey, paper_mm: tuple[float, float]) -> tuple[Grey, tuple[float, float]]:
    """Scale to 200 dpi of the paper, lying as the picture lies; where their shapes differ, the long side counts."""
    height, width = picture.shape
    short, long = sorted(paper_mm)
    shape = max(height, width) / min(height, width)
    if abs(shape - long / short) > _OTHER_SHAPE * shape:
        short = long / shape
    page_mm = (short, long) if height >= width else (long, short)
    size = (round(to_px(page_mm[0])), round(to_px(page_mm[1])))
    shrinks = size[0] < width
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(scaled, dtype=np.uint8), (round(page_mm[0], 1), round(page_mm[1], 1))


def _png(page: Grey) -> bytes:
    _, encoded = cv2.imencode(".png", page, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return np.asarray(encoded, dtype=np.uint8).tobytes()
