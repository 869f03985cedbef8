"""How does a place of a page look as drawn lines? The outlines of its ink, for pages that keep no picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.cleaning import ink
from ocr.decode import Grey
from ocr.geometry import BoxPx

_LEAST_AREA = 4
_ROUNDED = 0.4  # pixels by which an outline may miss the ink
_MOST_POINTS = 6_000


@dataclass(frozen=True)
class Outlines:
    """`path` is the `d` of an SVG path, to be filled by even-odd, in a field of `size` pixels."""

    path: str
    size: tuple[int, int]


class TracedPage:
    """A registered page (the `page_jpeg` of a reading), opened once for all of its places."""

    def __init__(self, page_jpeg: bytes) -> None:
        found = cv2.imdecode(np.frombuffer(page_jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        self._page: Grey = np.asarray(found, dtype=np.uint8)

    def at(self, box: BoxPx) -> Outlines:
        """Return what is inked in a place; nothing more after 6,000 points, as of a place that is all grain."""
        x, y, width, height = box
        crop = self._page[max(0, y) : y + height, max(0, x) : x + width]
        if not crop.size:
            return Outlines("", (1, 1))
        inked = ink(np.ascontiguousarray(crop)).astype(np.uint8)
        found, _ = cv2.findContours(inked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        lines: list[str] = []
        points = 0
        for contour in found:
            rounded = cv2.approxPolyDP(contour, _ROUNDED, closed=True).reshape(-1, 2)
            points += len(rounded)
            if points > _MOST_POINTS:
                break
            if cv2.contourArea(contour) >= _LEAST_AREA:
                lines.append("M" + "L".join(f"{across} {down}" for across, down in rounded.tolist()) + "Z")
        return Outlines("".join(lines), (crop.shape[1], crop.shape[0]))
