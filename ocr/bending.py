"""Does the paper lie flat? Where its printed details say no, how it bends, and the page as if it had been flat.

A curled or folded sheet stands off every plane smoothly: a surface of the third degree over the page says how far.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.decode import Grey
from ocr.details import Details
from ocr.geometry import Matrix

Bend = NDArray[np.float64]
"""Coefficients, shape (terms, 2), of how far a point of the page lies to the right and down of its place, in pixels."""

_DEGREE = 3
_SPAN = 1000.0  # pixels: coordinates of about one keep the terms of a like size
_LEAST_DETAILS = 40
_OUTLIER_PX = 2.5
_FITS = 3


def bend_of(details: Details) -> Bend | None:
    """Return the surface through the details that were found, wrong ones left out; None where there are too few."""
    places, offsets = details.printed[details.found], details.offsets[details.found]
    for _ in range(_FITS):
        if len(places) < _LEAST_DETAILS:
            return None
        terms = _terms(places[:, 0], places[:, 1])
        bend = np.linalg.lstsq(terms, offsets, rcond=None)[0]
        near = np.linalg.norm(terms @ bend - offsets, axis=1) <= _OUTLIER_PX
        places, offsets = places[near], offsets[near]
    return np.asarray(bend, dtype=np.float64)


def unbent(picture: Grey, matrix: Matrix, bend: Bend, shape: tuple[int, ...]) -> Grey:
    """Return the page of `shape` that `matrix` carries to the picture, each point taken from where the bend left it."""
    down, across = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    right, below = (_terms(across, down) @ bend.astype(np.float32)).transpose(2, 0, 1)
    x, y = across + right, down + below
    there = [row[0] * x + row[1] * y + row[2] for row in matrix.astype(np.float32)]
    return np.asarray(
        cv2.remap(
            picture,
            there[0] / there[2],
            there[1] / there[2],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        ),
        dtype=np.uint8,
    )


def _terms(across: NDArray[np.floating], down: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return every product of powers of both coordinates up to the degree, along a last axis."""
    x, y = across / _SPAN, down / _SPAN
    powers = [(i, j) for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i)]
    return np.stack([x**i * y**j for i, j in powers], axis=-1)
