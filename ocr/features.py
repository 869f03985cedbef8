"""Where does the print of the empty form say the page lies, when there are no markers? ORB first, then SIFT."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from ocr.geometry import Matrix, moved
from ocr.reduced import Reduced

_RATIO = 0.8
_INLIERS = 25
_REPROJECTION_PX = 4.0


@dataclass(frozen=True, eq=False)
class _Method:
    name: str
    make: Callable[[], Any]
    norm: int


METHODS = (
    _Method("orb", lambda: cv2.ORB.create(nfeatures=1500, fastThreshold=12), cv2.NORM_HAMMING),
    _Method("sift", lambda: cv2.SIFT.create(nfeatures=4000, contrastThreshold=0.02), cv2.NORM_L2),
)


@dataclass(frozen=True, eq=False)
class _Described:
    points: Any
    words: Any


class FormPrint:
    """The empty form's features, computed when first asked for and kept."""

    def __init__(self, blank: Reduced) -> None:
        self._blank = blank
        self._described = lru_cache(maxsize=len(METHODS))(lambda method: _describe(self._blank, method))

    def found_in(self, small: Reduced) -> Iterator[tuple[str, Matrix]]:
        """Yield (method, homography from the registered page to the full picture of `small`), cheapest method first.

        A method that finds too few agreeing points yields nothing.
        """
        for method in METHODS:
            matrix = self._found_by(method, small)
            if matrix is not None:
                yield method.name, matrix

    def found_quickly(self, small: Reduced) -> Matrix | None:
        """Return what the cheapest method finds."""
        return self._found_by(METHODS[0], small)

    def _found_by(self, method: _Method, small: Reduced) -> Matrix | None:
        return _agreeing(self._described(method), _describe(small, method), method.norm)


def _describe(small: Reduced, method: _Method) -> _Described:
    even = cv2.createCLAHE(2.0, (8, 8)).apply(small.picture)  # print under a shadow has features too
    points, words = method.make().detectAndCompute(even, None)
    places = np.array([point.pt for point in points], dtype=np.float64).reshape(-1, 2)
    return _Described(moved(places, small.to_full) if len(places) else places, words)


def _agreeing(form: _Described, page: _Described, norm: int) -> Matrix | None:
    if form.words is None or page.words is None or len(page.words) < _INLIERS:
        return None
    pairs = cv2.BFMatcher(norm).knnMatch(form.words, page.words, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance]  # noqa: PLR2004  # the two of a pair
    if len(good) < _INLIERS:
        return None
    here = form.points[[match.queryIdx for match in good]]
    there = page.points[[match.trainIdx for match in good]]
    matrix, agree = cv2.findHomography(here, there, cv2.USAC_MAGSAC, _REPROJECTION_PX, maxIters=5000)
    if matrix is None or int(agree.sum()) < _INLIERS:
        return None
    return np.asarray(matrix, dtype=np.float64)
