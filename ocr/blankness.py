"""Is this page, or this box, empty? Only when no stroke can be found there, however faint: measured, never guessed."""

import cv2
import numpy as np

from ocr.decode import Grey
from ocr.reduced import reduced

_PAPER = 100  # grey: what is darker is no paper, or nothing can be seen on it
_PLAINLY_INKED = 60  # grey levels under the paper's
_PLAINLY_INKED_SHARE = 0.001
_LOOK_AT = 2000  # pixels: a pencil's stroke is still two wide
_THUMB = 4
_EDGE = 0.03
_FAINTEST = 8  # grey levels: a third of what a pencil leaves
_GRAINS = 6
_STROKE = 12  # pixels: the longer side of what may be writing
_WRITING = 24  # pixels of strokes, end to end: 3 mm
_PAPER_WINDOW = 41


def is_blank(picture: Grey) -> bool:
    """Say whether a page shows paper and nothing else but grain, a few specks and what lies along its edges."""
    small = _inside(reduced(picture, max(1, round(max(picture.shape) / _LOOK_AT))).picture)
    thumb = reduced(small, _THUMB).picture
    paper = int(np.median(thumb))
    if paper < _PAPER or (thumb < paper - _PLAINLY_INKED).mean() > _PLAINLY_INKED_SHARE:
        return False
    return _strokes(small) < _WRITING


def has_stroke(box: Grey) -> bool:
    """Say whether a box, its print taken out, at 200 dpi, shows a single mark that may be a stroke."""
    return _strokes(box) > 0


def _inside(picture: Grey) -> Grey:
    down, across = (max(1, round(_EDGE * side)) for side in picture.shape)
    return picture[down:-down, across:-across]


def _strokes(picture: Grey) -> int:
    """Return how long all marks are that may be strokes: darker than the paper around them by more than its grain."""
    soft = cv2.GaussianBlur(picture, (3, 3), 0)
    under = cv2.medianBlur(soft, _PAPER_WINDOW).astype(np.int16) - soft
    grain = 1.48 * float(np.median(np.abs(under)))
    marks = (under > max(_FAINTEST, _GRAINS * grain)).astype(np.uint8)
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    longer = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return int(longer[longer >= _STROKE].sum())
