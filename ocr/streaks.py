"""Is there dust on the scanner's glass? It draws a line down the whole picture, through paper and writing alike."""

import numpy as np
from numpy.typing import NDArray

from ocr.decode import Grey

_BESIDE = 4  # pixels: further than the widest streak reaches from its middle
_BLOCKS = 64  # of A4 each is 4.6 mm high: the first and the last are margins, where no form prints
_EVERY = 3
_DARKER = 5.0
_CLIPPED = 40
_NEARLY_ALL = 58


def without_streaks(picture: Grey) -> Grey:
    """Return the picture with each streak filled in from both of its sides; strokes that run across it stay."""
    columns = _streaks(picture)
    if not len(columns):
        return picture
    last = picture.shape[1] - 1
    mended = picture.copy()
    left, right = picture[:, np.maximum(columns - _BESIDE, 0)], picture[:, np.minimum(columns + _BESIDE, last)]
    mended[:, columns] = np.maximum(picture[:, columns], np.minimum(left, right))
    return mended


def _streaks(picture: Grey) -> NDArray[np.intp]:
    """Return the columns that are darker than those beside them from the top of the picture to its foot."""
    rows = picture[::_EVERY]
    rows = rows[: len(rows) // _BLOCKS * _BLOCKS].astype(np.int16)
    beside = (rows[:, : -2 * _BESIDE] + rows[:, 2 * _BESIDE :]) // 2
    darker = np.clip(beside - rows[:, _BESIDE:-_BESIDE], -_CLIPPED, _CLIPPED)
    blocks = darker.reshape(_BLOCKS, -1, darker.shape[1]).mean(axis=1) >= _DARKER
    return np.flatnonzero(blocks[0] & blocks[-1] & (blocks.sum(axis=0) >= _NEARLY_ALL)) + _BESIDE
