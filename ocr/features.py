"""Where does the print of the empty form say the page lies, when there are no markers? ORB first, then SIFT."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from ocr.geometry import Matrix, moved
from ocr.reduced import Reduced

_RATIO = 0.8
_INLIERS = 25
_PAIR = 2
_STRONGEST = 300
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
    strengths: Any


class Features:
    """A picture's features, each kind computed when first asked for and kept."""

    def __init__(self, small: Reduced) -> None:
        self._small = small
        self.by = lru_cache(maxsize=len(METHODS))(lambda method: _describe(self._small, method))


class FormPrint:
    """The empty form's features, computed when first asked for and kept."""

    def __init__(self, blank: Reduced) -> None:
        self._features = Features(blank)
        self._strongest = lru_cache(maxsize=1)(lambda: _strongest(self._features.by(METHODS[0])))

    def found_by(self, method: _Method, page: Features) -> Matrix | None:
        """Return the homography from the registered page to the full picture, None where too few points agree."""
        return _agreeing(self._features.by(method), page.by(method), method.norm)

    def glimpse(self, page: Features) -> int:
        """Count how many of the form's strongest features the page has: at little cost, for clear cases."""
        return _common(self._strongest(), page.by(METHODS[0]))

    def resemblance(self, page: Features) -> int:
        """Count how many of all the form's features the page has, by the cheapest method."""
        return _common(self._features.by(METHODS[0]), page.by(METHODS[0]))


def _common(form: _Described, page: _Described) -> int:
    if form.words is None or page.words is None or len(page.words) < _PAIR:
        return 0
    return len(_good(form.words, page.words, METHODS[0].norm))


def _strongest(form: _Described) -> _Described:
    if form.words is None:
        return form
    chosen = np.argsort(-form.strengths, kind="stable")[:_STRONGEST]
    return _Described(form.points[chosen], form.words[chosen], form.strengths[chosen])


def _describe(small: Reduced, method: _Method) -> _Described:
    even = cv2.createCLAHE(2.0, (8, 8)).apply(small.picture)  # print under a shadow has features too
    points, words = method.make().detectAndCompute(even, None)
    places = np.array([point.pt for point in points], dtype=np.float64).reshape(-1, 2)
    strengths = np.array([point.response for point in points])
    return _Described(moved(places, small.to_full) if len(places) else places, words, strengths)


def _good(form: Any, page: Any, norm: int) -> list[Any]:  # noqa: ANN401  # OpenCV's own arrays and matches
    pairs = cv2.BFMatcher(norm).knnMatch(form, page, k=_PAIR)
    return [pair[0] for pair in pairs if len(pair) == _PAIR and pair[0].distance < _RATIO * pair[1].distance]


def _agreeing(form: _Described, page: _Described, norm: int) -> Matrix | None:
    if form.words is None or page.words is None or len(page.words) < _INLIERS:
        return None
    good = _good(form.words, page.words, norm)
    if len(good) < _INLIERS:
        return None
    here = form.points[[match.queryIdx for match in good]]
    there = page.points[[match.trainIdx for match in good]]
    matrix, agree = cv2.findHomography(here, there, cv2.USAC_MAGSAC, _REPROJECTION_PX, maxIters=5000)
    if matrix is None or int(agree.sum()) < _INLIERS:
        return None
    return np.asarray(matrix, dtype=np.float64)
