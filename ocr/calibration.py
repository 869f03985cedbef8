"""How often is a reading right that the reader is so sure of? A curve from what people found, and where to let pass.

A reader's confidence is no probability: 0.9 for a name is not 0.9 for a number. From fields of one type that people
checked comes the share that was right at each confidence (isotonic regression: it never falls as confidence rises), and
the lowest confidence from which on so few are wrong that a wanted error rate is kept, with the interval in account.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isqrt, lgamma, log, log1p, sqrt

import numpy as np
from numpy.typing import NDArray

Outcome = tuple[float, bool]
"""The confidence, 0 to 1, that a field was read with, and whether it was read right."""

_LEVEL = 0.95
_HALVINGS = 24
_FEW, _DEVIATIONS = 60, 12


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of readings that are right, at rising confidences; both run from 0 to 1, and the share never falls."""

    confidences: tuple[float, ...]
    shares: tuple[float, ...]

    def at(self, confidence: float) -> float:
        """Return the probability that a reading of this confidence is right: straight between the points."""
        return float(np.interp(confidence, self.confidences, self.shares))


@dataclass(frozen=True, slots=True)
class Point:
    """What letting every field of at least this confidence pass would do, counted on the fields that are known.

    `worst` is the error rate that the true one exceeds only as often as the level of the bound leaves open.
    """

    threshold: float
    passed: int
    wrong: int
    of: int
    worst: float

    @property
    def coverage(self) -> float:
        return self.passed / self.of

    @property
    def error(self) -> float:
        return self.wrong / self.passed


def curve_of(outcomes: Iterable[Outcome]) -> Curve:
    """Return the curve that rises and lies nearest to the outcomes. Raises ValueError without one."""
    return curve_through((confidence, sum(alike), len(alike)) for confidence, alike in _by_confidence(outcomes))


def curve_through(counted: Iterable[tuple[float, float, float]]) -> Curve:
    """Return the curve that rises and lies nearest to what was counted, by pooling adjacent violators.

    `counted` says for each confidence, rising, how many were right and how many there were, above 0; either may be
    weighed. Raises ValueError where nothing was counted.
    """
    pools: list[tuple[float, float, float, float]] = []  # right, all, lowest and highest confidence
    for confidence, right_here, all_here in counted:
        pools.append((right_here, all_here, confidence, confidence))
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] >= pools[-1][0] * pools[-2][1]:
            (right, every, low, _), (more, others, _, high) = pools[-2:]
            pools[-2:] = [(right + more, every + others, low, high)]
    if not pools:
        raise ValueError("no outcome to learn from")
    ends = [(end, right / every) for right, every, low, high in pools for end in dict.fromkeys((low, high))]
    return Curve(tuple(end for end, _ in ends), tuple(share for _, share in ends))


def points(outcomes: Iterable[Outcome], level: float = _LEVEL) -> tuple[Point, ...]:
    """Return what each threshold would do, the highest first: coverage and error as a page draws them."""
    alike = list(_by_confidence(outcomes))
    of = sum(len(rights) for _, rights in alike)
    found, passed, wrong = [], 0, 0
    for confidence, rights in reversed(alike):
        passed, wrong = passed + len(rights), wrong + rights.count(False)
        found.append(Point(confidence, passed, wrong, of, worst_error(wrong, passed, level)))
    return tuple(found)


def threshold(outcomes: Iterable[Outcome], wanted_error: float, level: float = _LEVEL) -> float | None:
    """Return the lowest confidence from which on the error rate keeps to `wanted_error` with certainty `level`.

    None where no threshold does, as with too few outcomes: without one wrong, 1 in 1,000 takes 2,995 of them at 95 %.
    """
    kept = [point.threshold for point in points(outcomes, level) if point.worst <= wanted_error]
    return min(kept, default=None)


def worst_error(wrong: int, of: int, level: float = _LEVEL) -> float:
    """Return the upper bound (Clopper and Pearson, one-sided) of an error rate of which `wrong` in `of` were seen."""
    if wrong >= of:
        return 1.0
    seen, ways = _ways(wrong, of)
    low = high = wrong / of
    while high < 1 and (high == low or _at_most(seen, ways, of, high) > 1 - level):
        high = min(1.0, high + (3 * sqrt(wrong) + 5) / of)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(seen, ways, of, middle) > 1 - level else (low, middle)
    return high


def _ways(wrong: int, of: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return up to `wrong` errors, and the logarithm of in how many ways so many lie among `of`.

    At a rate above the one seen, so many fewer than `wrong` as are left out here are as good as never seen.
    """
    fewest = max(0, wrong - _FEW - _DEVIATIONS * isqrt(wrong))
    seen = np.arange(fewest, wrong + 1)
    first = lgamma(of + 1) - lgamma(fewest + 1) - lgamma(of - fewest + 1)
    return seen, first + np.concatenate(([0.0], np.cumsum(np.log((of - seen[1:] + 1) / seen[1:]))))


def _at_most(seen: NDArray[np.int64], ways: NDArray[np.float64], of: int, rate: float) -> float:
    """Return the probability of so many errors or fewer at that rate, which is neither 0 nor 1."""
    return float(np.exp(ways + seen * log(rate) + (of - seen) * log1p(-rate)).sum())


def _by_confidence(outcomes: Iterable[Outcome]) -> Iterator[tuple[float, Sequence[bool]]]:
    for confidence, alike in groupby(sorted(outcomes), key=lambda outcome: outcome[0]):
        yield confidence, [right for _, right in alike]
