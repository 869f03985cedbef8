"""Two forms fit one sheet: whose is it? What only one of them prints must show, and what only the other prints not."""

from collections.abc import Mapping
from itertools import permutations

import cv2
import numpy as np

from ocr.blanks import BlankPage
from ocr.cleaning import Ink, flat_paper
from ocr.geometry import Matrix
from ocr.refusal import PageRefusedError
from ocr.registration import Registered

_PRINT_BELOW = 160
_INK_BELOW = 200
_BESIDE = 5  # pixels: how far apart the same print may come to lie on two pages
_WIDENED = 3
_LEAST_PRINT = 60  # pixels: about a letter
_CLEARLY = 0.35


def clear_winner(fits: Mapping[int, tuple[Registered, BlankPage]]) -> int:
    """Return the form that the sheet is of, of those that fit. Raises PageRefusedError `two_forms` when none wins."""
    if len(fits) == 1:
        return next(iter(fits))
    beaten = {pair: _beats(fits[pair[0]], fits[pair[1]]) for pair in permutations(fits, 2)}
    winners = [one for one in fits if all(beaten[one, other] for other in fits if other != one)]
    if not winners:
        raise PageRefusedError("two_forms")
    return winners[0]


def _beats(one: tuple[Registered, BlankPage], other: tuple[Registered, BlankPage]) -> bool:
    mine, others = _shown(one, other), _shown(other, one)
    if mine is None and others is None:
        return False
    # A form that prints nothing of its own is the other one with less on it: only what is missing can tell.
    return (1.0 if mine is None else mine) - (0.0 if others is None else others) > (
        _CLEARLY if mine is not None and others is not None else 1 - _CLEARLY
    )


def _shown(one: tuple[Registered, BlankPage], other: tuple[Registered, BlankPage]) -> float | None:
    """Return how much of what only `one` prints is there, None when it prints hardly anything of its own."""
    page, blank = one
    there, elsewhere = other
    to_other = np.linalg.inv(there.matrix) @ page.matrix
    own = _printed(blank) & ~_widened(_carried(_printed(elsewhere), to_other, page.page.shape), _BESIDE)
    if own.sum() < _LEAST_PRINT:
        return None
    inked = _widened(flat_paper(page.page) < _INK_BELOW, _WIDENED)
    return float(inked[own].mean())


def _printed(blank: BlankPage) -> Ink:
    return np.asarray(blank.common < _PRINT_BELOW)


def _carried(ink: Ink, matrix: Matrix, shape: tuple[int, ...]) -> Ink:
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(ink.astype(np.uint8), matrix, (shape[1], shape[0]), flags=flags) > 0)


def _widened(ink: Ink, size: int) -> Ink:
    return np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)
