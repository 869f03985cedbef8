"""Where does a name part into family name and given name? By the widest gap, if the letters stand further apart there.

Engines see spaces badly, and ト or リ has as much white beside it as a narrow space. So the white of the ink and the
distance of the letters, which two different parts of the reader measure, must both point to the same place.
"""

import numpy as np

from ocr.cleaning import Ink, gaps

_CLEARER_THAN_NEXT = 1.3
_OF_HEIGHT = 0.2
_FURTHER_APART = 1.2


def widest_gap(inked: Ink, places: tuple[float, ...]) -> tuple[int, bool]:
    """Return before which letter the widest gap of a line lies, and whether it is clearly wider than the next.

    0 stands for no gap between letters that the letters' own distances confirm. `places` are the letters' positions
    along it, 0 to 1.
    """
    widths = sorted(((end - start, (start + end) / 2 / inked.shape[1]) for start, end in gaps(inked)), reverse=True)
    if not widths or widths[0][0] < _OF_HEIGHT * inked.shape[0]:
        return 0, False
    widest, middle = widths[0]
    before = sum(place < middle for place in places)
    if not _stand_apart(places, before):
        return 0, False
    return before, len(widths) == 1 or widest >= _CLEARER_THAN_NEXT * widths[1][0]


def _stand_apart(places: tuple[float, ...], before: int) -> bool:
    if not 0 < before < len(places):
        return False
    distances = np.diff(places)
    here, others = distances[before - 1], np.delete(distances, before - 1)
    return not len(others) or bool(here >= others.max() and here > _FURTHER_APART * np.median(others))


def space_of(text: str) -> int:
    """Return before which letter the only space of `text` stands, 0 for none or several."""
    return text.index(" ") if text.count(" ") == 1 else 0
