"""How large is each letter on the paper, beside its neighbours? Measured in ink."""

import numpy as np
from numpy.typing import NDArray

from ocr.cleaning import Ink, gaps
from ocr.engine import LineReading

_LEVEL = frozenset("ー一")  # strokes that an engine sees in the white between two words
Runs = list[tuple[int, int]]

_USUAL_PERCENTILE = 70


def relative_sizes(inked: Ink, places: tuple[float, ...]) -> tuple[float | None, ...]:
    """Return each letter's larger side of ink over the usual letter's, in reading order.

    None for a letter whose ink cannot be told from its neighbours'. `places` run from 0 to 1 along it.
    """
    owned = _owned(_runs(inked), np.array(places) * inked.shape[1])
    sides = [_side(inked, owned.get(letter, [])) for letter in range(len(places))]
    known = [side for side in sides if side is not None]
    if not known:
        return (None,) * len(places)
    usual = float(np.percentile(known, _USUAL_PERCENTILE))
    return tuple(None if side is None else side / usual for side in sides)


def without_phantoms(reading: LineReading, inked: Ink) -> LineReading:
    """Drop level strokes that were read where there is no ink at all."""
    white = [(start / inked.shape[1], end / inked.shape[1]) for start, end in gaps(inked)]
    kept = [
        place
        for place, letter in enumerate(reading.text)
        if letter not in _LEVEL or not any(start < reading.places[place] < end for start, end in white)
    ]
    return reading if len(kept) == len(reading.text) else reading.only(kept)


def _runs(inked: Ink) -> Runs:
    columns = np.flatnonzero(inked.any(axis=0))
    if not len(columns):
        return []
    between = gaps(inked)
    starts = [int(columns[0]), *(end for _, end in between)]
    ends = [*(start for start, _ in between), int(columns[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def _owned(runs: Runs, centres: NDArray[np.float64]) -> dict[int, Runs]:
    """Give each run of ink to the nearest letter; letters that share a run own nothing that can be measured."""
    owned: dict[int, Runs] = {}
    shared: set[int] = set()
    for start, end in runs if len(centres) else []:
        inside = np.flatnonzero((centres >= start - 1) & (centres <= end))
        if len(inside) > 1:
            shared.update(int(letter) for letter in inside)
        nearest = int(inside[0]) if len(inside) else int(np.abs(centres - (start + end) / 2).argmin())
        owned.setdefault(nearest, []).append((start, end))
    return {letter: mine for letter, mine in owned.items() if letter not in shared}


def _side(inked: Ink, runs: Runs) -> int | None:
    if not runs:
        return None
    left, right = min(start for start, _ in runs), max(end for _, end in runs)
    rows = np.flatnonzero(inked[:, left:right].any(axis=1))
    return max(right - left, int(rows[-1] - rows[0]) + 1)
