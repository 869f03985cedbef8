"""Does another page lie beside the sheets that were found? Lines of print show; a desk, a lid and bare glass do not."""

from collections.abc import Iterable

import cv2
import numpy as np

from ocr.decode import Grey
from ocr.geometry import Points, moved
from ocr.reduced import reduced_to_about

_LOOK_AT = 2600
_MARGIN = 1.06  # of a sheet's own outline: shadows along its edges are its own
_INKED = 45  # grey levels under what is around: print and pens, seldom the grain of wood
_AROUND = 41  # pixels, more than a letter
_PAPER = 110  # grey: what letters stand on is brighter
_SHORTEST, _LONGEST = 5, 60  # pixels: the longer side of a letter
_APART = 21  # pixels between letters of one line, at most
_IN_A_LINE = 5  # letters
_LINES_AT_LEAST = 4


def shows_another_page(picture: Grey, sheets: Iterable[Points]) -> bool:
    """Say whether lines of letters on something bright stand outside the outlines of `sheets`, upright or sideways."""
    small = reduced_to_about(picture, _LOOK_AT)
    around = cv2.medianBlur(small.picture, _AROUND)
    inked = ((around.astype(np.int16) - small.picture > _INKED) & (around > _PAPER)).astype(np.uint8)
    for outline in sheets:
        cv2.fillConvexPoly(inked, _with_margin(moved(outline, small.from_full)), 0)
    letters = _letters(inked)
    return max(_lines(letters), _lines(np.ascontiguousarray(letters.T))) >= _LINES_AT_LEAST


def _with_margin(outline: Points) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    middle = outline.mean(axis=0)
    return np.asarray((middle + (outline - middle) * _MARGIN).round(), dtype=np.int32)


def _letters(inked: Grey) -> Grey:
    """Keep the marks that are as large as letters."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = (longer >= _SHORTEST) & (longer <= _LONGEST)
    kept[0] = False  # what is between all marks
    return np.asarray(kept[labels], dtype=np.uint8)


def _lines(letters: Grey) -> int:
    """Count the rows of letters that stand close to each other."""
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, _APART), np.uint8))
    _, rows = cv2.connectedComponents(joined, connectivity=8)
    _, _, _, middles = cv2.connectedComponentsWithStats(letters, connectivity=8)
    across, down = middles[1:].round().astype(int).T if len(middles) > 1 else (np.empty(0, int), np.empty(0, int))
    inside = rows[down, across]
    return int((np.bincount(inside[inside > 0]) >= _IN_A_LINE).sum()) if len(inside) else 0
