"""Is this box ticked? By the share of ink."""

from dataclasses import dataclass

import numpy as np

from ocr.cleaning import Ink, ink
from ocr.decode import Grey

_RIM = 5  # pixels at 200 dpi: the printed frame and the blur around it
_EMPTY_BELOW = 0.02
_TICKED_ABOVE = 0.08


@dataclass(frozen=True, slots=True)
class Tick:
    """`ticked` is None between the two limits; `share` is how much of the inside is inked."""

    ticked: bool | None
    share: float

    @property
    def certainty(self) -> float:
        """Return how far the share lies from the open band, 0 inside it to 1."""
        if self.ticked is None:
            return 0.0
        if self.ticked:
            return min(1.0, self.share / (2 * _TICKED_ABOVE))
        return 1.0 - self.share / (2 * _EMPTY_BELOW)


def tick_in(box: Grey, margin: int) -> Tick:
    """Judge a check box by the share of ink inside its frame, `margin` pixels in.

    Below 2 % it is empty. Above 8 %, by more than is inked around the frame, it is ticked: a scan in black and white
    covers the paper with dots, inside and out. Between them a person looks.
    """
    inked = ink(box)
    inside = inked[margin + _RIM : -margin - _RIM, margin + _RIM : -margin - _RIM]
    share = float(inside.mean()) if inside.size else 0.0
    if share < _EMPTY_BELOW:
        return Tick(ticked=False, share=share)
    return Tick(ticked=True if share - _around(inked, margin - _RIM) > _TICKED_ABOVE else None, share=share)


def _around(inked: Ink, width: int) -> float:
    """Return the share of ink in the outermost `width` pixels."""
    beside = np.ones_like(inked)
    beside[width:-width, width:-width] = False
    return float(inked[beside].mean())
