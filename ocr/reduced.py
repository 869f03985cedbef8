"""How is a picture made smaller at little cost? By a whole factor, which averages whole squares of pixels."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.decode import Grey
from ocr.geometry import Matrix


@dataclass(frozen=True, eq=False)
class Reduced:
    """A picture made smaller by `factor`; `to_full` carries its pixel centres to the full one's, `from_full` back."""

    picture: Grey
    factor: int

    @property
    def to_full(self) -> Matrix:
        shift = (self.factor - 1) / 2
        return np.array([[self.factor, 0, shift], [0, self.factor, shift], [0, 0, 1]], dtype=np.float64)

    @property
    def from_full(self) -> Matrix:
        return np.asarray(np.linalg.inv(self.to_full), dtype=np.float64)


def reduced(picture: Grey, factor: int) -> Reduced:
    """Return `picture` smaller by `factor`; up to factor - 1 pixels are left out at its right and lower edges.

    Any other size than a whole part costs ten times as much.
    """
    if factor == 1:
        return Reduced(picture, 1)
    height, width = picture.shape[0] // factor, picture.shape[1] // factor
    whole = picture[: height * factor, : width * factor]
    small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return Reduced(np.asarray(small, dtype=np.uint8), factor)


def reduced_to_about(picture: Grey, long_side: int) -> Reduced:
    """Return `picture` with its long side as near to `long_side` pixels as a whole factor brings it."""
    return reduced(picture, max(1, round(max(picture.shape) / long_side)))
