"""How does a crop come to hold only what was written? Paper flattened, rules taken out, specks dropped."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.decode import Grey
from ocr.geometry import BoxPx, Matrix
from ocr.reduced import reduced

Ink = NDArray[np.bool_]

_HALF = 2
_PAPER_WINDOW = 25  # in pixels of the page halved twice: 12 mm, wider than any stroke
_PRINTED_BELOW = 200
_MARGIN = 5
_SPECK_AREA = 9
_SLIVER = 4
_LEAST_CONTRAST = 28
_GRAINS = 5
_PAPER_SHARE = 0.7
_FRAME = 2 * _MARGIN
_FRAME_HALO = 5
_DIVIDER_HALO = 3
_PRINT_BLUR = 5
_NEAR = 9
_LEAST_INK = 12
_AROUND_INK = 6


def flat_paper(page: Grey) -> Grey:
    """Divide out shadow and paper tone, so that paper is near 255 everywhere."""
    paper = paper_of(page)
    return np.asarray(cv2.divide(page, cv2.resize(paper, (page.shape[1], page.shape[0])), scale=245), dtype=np.uint8)


def paper_of(page: Grey) -> Grey:
    """Return how bright the paper is, at a quarter of the page's size, as if nothing stood on it."""
    small = reduced(reduced(page, _HALF).picture, _HALF).picture
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), _PAPER_WINDOW)
    return np.asarray(cv2.GaussianBlur(np.maximum(paper, 1), (0, 0), 3), dtype=np.uint8)


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


def printed_in(blank: Grey, box: BoxPx) -> Grey:
    """Return where the empty form is printed in `box` and its margin, as far as the print's blur reaches: 1 there."""
    printed = (around(blank, box, _MARGIN) < _PRINTED_BELOW).astype(np.uint8)
    mask = np.asarray(cv2.dilate(printed, np.ones((_FRAME_HALO, _FRAME_HALO), np.uint8)), dtype=np.uint8)
    # Strokes run over the dividers of a comb, so less is taken there than along the frame.
    inner = np.s_[_FRAME:-_FRAME, _FRAME:-_FRAME]
    mask[inner] = cv2.dilate(printed, np.ones((_DIVIDER_HALO, _DIVIDER_HALO), np.uint8))[inner]
    return mask


def writing_in(flat: Grey, printed: Grey, box: BoxPx, nudge: Matrix) -> Grey:
    """Return what was written in `box`, with what is `printed` there (see printed_in) taken out.

    Strokes that cross a rule are filled in again from both sides; specks are dropped.
    """
    return _without_specks(_healed(placed(flat, box, _MARGIN, nudge), printed))


def marks_in(flat: Grey, printed: Grey, box: BoxPx, nudge: Matrix) -> Grey:
    """Return `box` with paper where anything is `printed` (see printed_in) or blurs out of it, specks and slivers kept.

    No letter can be read off it, for strokes end where they meet a rule; but no stroke is taken for a rule's remains.
    """
    crop = placed(flat, box, _MARGIN, nudge)
    crop[cv2.dilate(printed, np.ones((_PRINT_BLUR, _PRINT_BLUR), np.uint8)) > 0] = _median(crop)
    return crop


def _healed(crop: Grey, mask: Grey) -> Grey:
    """Fill the mask from both sides where strokes come near it, which is slow, and with paper elsewhere."""
    strokes = (ink(crop) & (mask == 0)).astype(np.uint8)
    near = cv2.dilate(strokes, np.ones((_NEAR, _NEAR), np.uint8)) * mask
    papered = crop.copy()
    papered[mask > near] = _median(crop)
    if not near.any():
        return papered
    return np.asarray(cv2.inpaint(papered, near, 2, cv2.INPAINT_TELEA), dtype=np.uint8)


def ink(crop: Grey) -> Ink:
    """Return where `crop` is written on: darker than its paper by more than the paper's grain."""
    soft = np.asarray(cv2.GaussianBlur(crop, (3, 3), 0), dtype=np.uint8)
    below = _counted(soft)
    paper = _quantile(below, 0, _PAPER_SHARE)
    # Judged on the bright side only, so that much writing does not pass for grain.
    grain = 1.5 * (_quantile(below, below[paper - 1] if paper else 0, 0.5) - paper)
    return np.asarray(soft < paper - max(_LEAST_CONTRAST, _GRAINS * grain))


def _counted(crop: Grey) -> NDArray[np.float32]:
    """Return for each grey how many pixels are that dark or darker; counting beats sorting here."""
    return np.asarray(np.cumsum(cv2.calcHist([crop], [0], None, [256], [0, 256])), dtype=np.float32)


def _quantile(below: NDArray[np.float32], left_out: float, share: float) -> int:
    """Return the grey up to which `share` of the counted pixels lie, the darkest `left_out` pixels not counted."""
    return int(np.searchsorted(below, left_out + share * (below[-1] - left_out)))


def _median(crop: Grey) -> int:
    return _quantile(_counted(crop), 0, 0.5)


def _without_specks(crop: Grey) -> Grey:
    """Drop dots no pen makes, and slivers that hang in from the crop's edge: remains of rules and of neighbours."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink(crop).astype(np.uint8), connectivity=8)
    left, top, width, height, area = (stats[:, column] for column in range(5))
    at_edge = (left == 0) | (top == 0) | (left + width == crop.shape[1]) | (top + height == crop.shape[0])
    slivers = at_edge & (np.minimum(width, height) <= _SLIVER)
    dropped = (area <= _SPECK_AREA) | slivers
    dropped[0] = False
    kept = crop.copy()
    kept[cv2.dilate(dropped[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = _median(crop)
    return kept


def tight(crop: Grey) -> Grey:
    """Return the part of `crop` that is written on, 6 pixels around it; (0, 0) when there is none."""
    dark = ink(crop)
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if dark.sum() < _LEAST_INK:
        return np.empty((0, 0), dtype=np.uint8)
    top, left = max(0, rows[0] - _AROUND_INK), max(0, columns[0] - _AROUND_INK)
    return crop[top : rows[-1] + 1 + _AROUND_INK, left : columns[-1] + 1 + _AROUND_INK]


def gaps(inked: Ink) -> tuple[tuple[int, int], ...]:
    """Return the columns without ink between inked ones, as (start, end) with the end left out."""
    columns = np.flatnonzero(inked.any(axis=0))
    before = np.flatnonzero(np.diff(columns) > 1)
    return tuple(zip((columns[before] + 1).tolist(), columns[before + 1].tolist(), strict=True))
