"""Where does a name part into family name and given name, by the white between its letters? By the widest gap."""

from ocr.cleaning import gaps
from ocr.decode import Grey

_CLEARER_THAN_NEXT = 1.3
_OF_HEIGHT = 0.2


def widest_gap(crop: Grey, places: tuple[float, ...]) -> tuple[int, bool]:
    """Return before which letter the widest gap of `crop` lies, and whether it is clear.

    Engines see spaces badly. A gap is clear when it is a third wider again than the next and wider than a fifth of
    the line's height. 0 stands for no gap between letters. `places` are the letters' positions, 0 to 1.
    """
    widths = sorted(((end - start, (start + end) / 2 / crop.shape[1]) for start, end in gaps(crop)), reverse=True)
    if not widths:
        return 0, False
    widest, middle = widths[0]
    before = sum(place < middle for place in places)
    if before == len(places) or widest < _OF_HEIGHT * crop.shape[0]:
        return 0, False
    return before, len(widths) == 1 or widest >= _CLEARER_THAN_NEXT * widths[1][0]


def space_of(text: str) -> int:
    """Return before which letter the only space of `text` stands, 0 for none or several."""
    return text.index(" ") if text.count(" ") == 1 else 0
