"""What would another threshold let pass, and how many errors among it, when what passed is known by samples alone?

Two kinds of fields lie at each confidence. Those that people were asked about are known wholly. Of those that passed
nobody knows more than the samples, one in a hundred: to count the known ones only would judge the reader by what it
doubted, to count both alike would let the many known ones hide the few samples. So each kind has an upper limit of its
own, and what passed weighs as much as there is of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ocr.calibration import Curve, curve_through, worst_error
from ocr.gate import LEAST_PROBABILITY

GATE = round(LEAST_PROBABILITY * 100)
"""Below it, in hundredths, the reader itself lets nothing pass."""
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Stratum:
    """The fields of one confidence, in hundredths: only its confidence decides whether such a field passes.

    `known` were seen by people, `wrong` of them misread; `passed` were seen by nobody, but for `sampled` of them.
    """

    confidence: int
    known: int = 0
    wrong: int = 0
    passed: int = 0
    sampled: int = 0
    sampled_wrong: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What a threshold does, in hundredths: how many of `of` fields pass from there on, and their errors' limit.

    `worst` is the error rate that the true one exceeds in 5 of 100 cases at most; 1 where too little is known.
    """

    threshold: int
    passing: int
    of: int
    sampled: int
    worst: float

    @property
    def share(self) -> float:
        return self.passing / self.of

    @property
    def asked_of_thousand(self) -> float:
        """How many of 1,000 fields people are asked about."""
        return 1000 * (1 - self.share)


def steps(strata: Iterable[Stratum], always_asked: int, level: float = _LEVEL) -> tuple[Step, ...]:
    """Return what each threshold would do, the highest first, that of the reader's own gate among them.

    `always_asked` fields are asked about whatever their confidence. There is no step where there is no field at all.
    """
    every = list(strata)
    thresholds = sorted({GATE, *(stratum.confidence for stratum in every)}, reverse=True)
    found = (step_at(at, every, always_asked, level) for at in thresholds)
    return tuple(step for step in found if step is not None)


def step_at(threshold: int, strata: Sequence[Stratum], always_asked: int, level: float = _LEVEL) -> Step | None:
    """Return what one threshold would do, None where there is no field at all."""
    of = always_asked + sum(_size(stratum) for stratum in strata)
    return _step(threshold, strata, of, level) if of else None


def lowest_kept(found: Sequence[Step], wanted_error: float) -> int | None:
    """Return the lowest threshold, in hundredths, that keeps to `wanted_error`; None where none does.

    Below the gate nothing was ever let pass: there, one goes down step by step and ends before the first that does not
    keep to it. To take the lowest of many that happen to look good would find one by luck.
    """
    down = [step for step in found if step.threshold <= GATE]
    kept = [step.threshold for step in takewhile(lambda step: step.worst <= wanted_error, down)]
    above = [step.threshold for step in found if step.threshold > GATE and step.worst <= wanted_error]
    return min(kept or above, default=None)


def in_force(set_at: int, found: Sequence[Step], wanted_error: float) -> int:
    """Return from which confidence on fields pass where a person set `set_at`: below the gate only as far as proven."""
    if set_at >= GATE:
        return set_at
    lowest = lowest_kept(found, wanted_error)
    return max(set_at, min(GATE, GATE if lowest is None else lowest))


def probabilities(strata: Iterable[Stratum]) -> Curve | None:
    """Return how probably a reading is right by its confidence, 0 to 1; None where nothing is known yet.

    A sample stands for as many that passed as there are for each.
    """
    counted = [_weighed(stratum) for stratum in sorted(strata, key=lambda stratum: stratum.confidence)]
    known = [each for each in counted if each[2]]
    return curve_through(known) if known else None


def _weighed(stratum: Stratum) -> tuple[float, float, float]:
    """Give a confidence, how many were right there and how many there were, as far as anything is known of them."""
    stands_for = _passed(stratum) / stratum.sampled if stratum.sampled else 0.0
    right = (stratum.known - stratum.wrong) + (stratum.sampled - stratum.sampled_wrong) * stands_for
    return stratum.confidence / 100, right, stratum.known + stratum.sampled * stands_for


def _passed(stratum: Stratum) -> int:
    """Samples older than the count of what passed count for themselves."""
    return max(stratum.passed, stratum.sampled)


def _size(stratum: Stratum) -> int:
    return stratum.known + _passed(stratum)


def _step(threshold: int, strata: Sequence[Stratum], of: int, level: float) -> Step:
    above = [stratum for stratum in strata if stratum.confidence >= threshold]
    known, wrong = sum(each.known for each in above), sum(each.wrong for each in above)
    passed, sampled = sum(_passed(each) for each in above), sum(each.sampled for each in above)
    sampled_wrong = sum(each.sampled_wrong for each in above)
    each_level = 1 - (1 - level) / 2 if known and passed else level
    errors = known * worst_error(wrong, known, each_level) + passed * worst_error(sampled_wrong, sampled, each_level)
    worst = errors / (known + passed) if known + passed else 1.0
    return Step(threshold, known + passed, of, sampled, worst)
