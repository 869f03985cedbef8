"""How does a crop come to hold only what was written? Paper flattened, rules taken out, specks dropped."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.decode import Grey
from ocr.geometry import BoxPx, Matrix

_PAPER_SCALE = 4
_PAPER_WINDOW = 25  # in pixels of the shrunk page: 12 mm, wider than any stroke
_PRINTED_BELOW = 200
_MARGIN = 5
_SPECK_AREA = 9
_SLIVER = 4
_LEAST_CONTRAST = 28
_GRAINS = 5
_PAPER_PERCENTILE = 70
_FRAME = 2 * _MARGIN
_FRAME_HALO = 5
_DIVIDER_HALO = 3
_LEAST_INK = 12
_AROUND_INK = 6


def flat_paper(page: Grey) -> Grey:
    """Divide out shadow and paper tone, so that paper is near 255 everywhere."""
    small = cv2.resize(page, None, fx=1 / _PAPER_SCALE, fy=1 / _PAPER_SCALE, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), _PAPER_WINDOW)
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 3), (page.shape[1], page.shape[0]))
    return np.asarray(cv2.divide(page, np.maximum(paper, 1), scale=245), dtype=np.uint8)


def around(page: Grey, box: BoxPx, margin: int) -> Grey:
    """Return the part of `page` inside `box` and `margin` pixels around it, white beyond the page."""
    return placed(page, box, margin, np.eye(3))


def placed(page: Grey, box: BoxPx, margin: int, nudge: Matrix) -> Grey:
    """Return `box` and `margin` pixels around it, each point taken from where `nudge` carries it."""
    x, y, width, height = box
    to_page = np.array([[1, 0, x - margin], [0, 1, y - margin], [0, 0, 1]], dtype=np.float64)
    size = (width + 2 * margin, height + 2 * margin)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    crop = cv2.warpPerspective(page, nudge @ to_page, size, flags=flags, borderValue=255)
    return np.asarray(crop, dtype=np.uint8)


def writing_in(flat: Grey, blank: Grey, box: BoxPx, nudge: Matrix) -> Grey:
    """Return what was written in `box`: rules and labels of the empty form taken out.

    Strokes that cross a rule are filled in again from both sides; specks are dropped.
    """
    crop = placed(flat, box, _MARGIN, nudge)
    printed = (around(blank, box, _MARGIN) < _PRINTED_BELOW).astype(np.uint8)
    mask = cv2.dilate(printed, np.ones((_FRAME_HALO, _FRAME_HALO), np.uint8))
    # Strokes run over the dividers of a comb, so less is taken there than along the frame.
    inner = np.s_[_FRAME:-_FRAME, _FRAME:-_FRAME]
    mask[inner] = cv2.dilate(printed, np.ones((_DIVIDER_HALO, _DIVIDER_HALO), np.uint8))[inner]
    healed = np.asarray(cv2.inpaint(crop, mask, 3, cv2.INPAINT_TELEA), dtype=np.uint8)
    return _without_specks(healed)


def ink(crop: Grey) -> NDArray[np.bool_]:
    """Return where `crop` is written on: darker than its paper by more than the paper's grain."""
    soft = cv2.GaussianBlur(crop, (3, 3), 0).astype(np.int16)
    # Judged on the bright side only, so that much writing does not pass for grain.
    paper = np.percentile(soft, _PAPER_PERCENTILE)
    grain = 1.5 * np.median(soft[soft >= paper] - paper)
    return np.asarray(soft < paper - max(_LEAST_CONTRAST, _GRAINS * grain))


def _without_specks(crop: Grey) -> Grey:
    """Drop dots no pen makes, and slivers that hang in from the crop's edge: remains of rules and of neighbours."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink(crop).astype(np.uint8), connectivity=8)
    left, top, width, height, area = (stats[:, column] for column in range(5))
    at_edge = (left == 0) | (top == 0) | (left + width == crop.shape[1]) | (top + height == crop.shape[0])
    slivers = at_edge & (np.minimum(width, height) <= _SLIVER)
    dropped = (area <= _SPECK_AREA) | slivers
    dropped[0] = False
    kept = crop.copy()
    kept[cv2.dilate(dropped[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = int(np.median(crop))
    return kept


def tight(crop: Grey) -> Grey:
    """Return the part of `crop` that is written on, 6 pixels around it; (0, 0) when there is none."""
    dark = ink(crop)
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if dark.sum() < _LEAST_INK:
        return np.empty((0, 0), dtype=np.uint8)
    top, left = max(0, rows[0] - _AROUND_INK), max(0, columns[0] - _AROUND_INK)
    return crop[top : rows[-1] + 1 + _AROUND_INK, left : columns[-1] + 1 + _AROUND_INK]


def gaps(crop: Grey) -> tuple[tuple[int, int], ...]:
    """Return the columns without ink between inked ones, as (start, end) with the end left out."""
    inked = np.flatnonzero(ink(crop).any(axis=0))
    return tuple((int(a) + 1, int(b)) for a, b in pairwise(inked) if b - a > 1)
