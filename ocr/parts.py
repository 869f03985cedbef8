"""Where does a name part, or a building leave its house number? Where the letters stand clearly further apart.

Engines see spaces badly, and ト or リ has as much white beside it as a narrow space. So the white of the ink and the
distance of the letters, which two different parts of the reader measure, must both point to the same places.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ocr.cleaning import Ink, gaps

_CLEARER_THAN_NEXT = 1.3
_OF_WIDEST = 0.75  # the spaces of one line are about as wide as each other
_OF_HEIGHT = 0.2
_FURTHER_APART = 1.2

Parts = tuple[int, ...]


def wide_gaps(inked: Ink, places: tuple[float, ...]) -> tuple[Parts, bool]:
    """Return before which letters the wide gaps of a line lie, and whether they are clearly wider than the others.

    None where the letters' own distances confirm no gap. `places` are the letters' positions along it, 0 to 1.
    """
    ranked = sorted(((end - start, (start + end) / 2 / inked.shape[1]) for start, end in gaps(inked)), reverse=True)
    if not ranked or ranked[0][0] < _OF_HEIGHT * inked.shape[0]:
        return (), False
    alike = sum(width >= _OF_WIDEST * ranked[0][0] for width, _ in ranked)
    for many in dict.fromkeys((alike, 1)):
        before = sorted({sum(place < middle for place in places) for _, middle in ranked[:many]})
        if _stand_apart(places, before):
            next_widest = ranked[many][0] if many < len(ranked) else 0
            return tuple(before), ranked[many - 1][0] >= _CLEARER_THAN_NEXT * next_widest
    return (), False


def _stand_apart(places: tuple[float, ...], before: Sequence[int]) -> bool:
    if not all(0 < at < len(places) for at in before):
        return False
    distances = np.diff(places)
    parting = [at - 1 for at in before]
    here, others = distances[parting].min(), np.delete(distances, parting)
    return not len(others) or bool(here >= others.max() and here > _FURTHER_APART * np.median(others))


def white_before(inked: Ink, places: tuple[float, ...], letter: int) -> float:
    """Return how wide the white between a letter and the one before it is, in heights of the line."""
    rows = np.flatnonzero(inked.any(axis=1))
    start, end = (places[at] * inked.shape[1] for at in (letter - 1, letter))
    between = (wide - begins for begins, wide in gaps(inked) if start < (begins + wide) / 2 < end)
    return max(between, default=0) / max(1, len(rows) and rows[-1] - rows[0] + 1)


def parted(text: str, before: Parts) -> str:
    """Return `text` with a space before each of those letters."""
    ends = (0, *before, len(text))
    return " ".join(text[start:end] for start, end in pairwise(ends))
