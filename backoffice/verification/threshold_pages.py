"""What do the pages of thresholds show: the list of them, and the curve of one type of field?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log, log1p, log10

from backoffice.intake.handwriting import Seen
from backoffice.intake.models import ReadingThreshold
from backoffice.intake.thresholds import ERRORS_OF, Lines, strata_of
from backoffice.web import Page
from ocr.calibration import Curve
from ocr.strata import GATE, Step, in_force, probabilities, step_at, steps

LEFT, RIGHT, TOP, BOTTOM = 56.0, 620.0, 16.0, 236.0
_DECADES = 4
"""The curve runs from 1 error in 10,000 to nothing but errors, ten times as many a step."""
_EVERY, _CLOSE_FROM = 5, 95
_ONE_SIDED = 0.025


@dataclass(frozen=True)
class Known:
    """All that is known of one type of field of a form in a department, and where it passes now."""

    steps: tuple[Step, ...]
    now: Step
    probability: Curve | None

    @classmethod
    def of(cls, lines: Lines, kept: ReadingThreshold | None) -> "Known | None":
        """None where the ledger says nothing yet."""
        strata, always = strata_of(lines)
        found = steps(strata, always)
        now = step_at(_threshold(kept, found), strata, always)
        return cls(found, now, probabilities(strata)) if now else None


def step_now(lines: Lines, kept: ReadingThreshold | None) -> Step | None:
    """Give where a type of field passes now, without looking at other thresholds where that needs none."""
    strata, always = strata_of(lines)
    is_lowered = kept is not None and kept.threshold is not None and kept.threshold < GATE
    return step_at(_threshold(kept, steps(strata, always) if is_lowered else ()), strata, always)


def _threshold(kept: ReadingThreshold | None, found: Sequence[Step]) -> int:
    if kept is None or kept.threshold is None:
        return GATE
    return in_force(kept.threshold, found, kept.errors / ERRORS_OF)


@dataclass(frozen=True)
class ThresholdRow:
    """One type of field of a form in a department: where it passes, and whether somebody set that."""

    department: str
    form_title: str
    type_name: str
    address: str
    now: Step
    is_set: bool
    by_hand: Seen | None
    """None for a form filled in with print."""


@dataclass(frozen=True, kw_only=True)
class ThresholdsPage(Page):
    rows: Sequence[ThresholdRow]
    several_departments: bool


@dataclass(frozen=True)
class StepRow:
    step: Step
    probability: float | None
    """How probably a reading of just this confidence is right."""
    is_now: bool
    is_wanted: bool


@dataclass(frozen=True)
class Chart:
    """The share that passes (upwards) against the upper limit of errors, in the units of the drawing."""

    line: str
    wanted_x: float
    now: tuple[float, float]
    wanted: tuple[float, float] | None

    @classmethod
    def of(cls, known: Known, wanted_error: float, wanted: Step | None) -> "Chart":
        return cls(
            " ".join(f"{x:.1f},{y:.1f}" for x, y in map(_place, known.steps)),
            _across(wanted_error),
            _place(known.now),
            _place(wanted) if wanted else None,
        )

    @property
    def decades(self) -> list[tuple[float, str]]:
        return [(_across(10.0**-power), f"{100 * 10.0**-power:g}%") for power in range(_DECADES, -1, -1)]


@dataclass(frozen=True, kw_only=True)
class CurvePage(Page):
    title_text: str
    department: str
    place: Mapping[str, str]
    """Which department, form and type: in every form on the page."""
    address: str
    errors: int
    most_errors: int
    known: Known
    wanted: Step | None
    """The lowest threshold that keeps to the wanted rate."""
    chart: Chart
    rows: Sequence[StepRow]
    history: Sequence[ReadingThreshold]
    may_set: bool
    typed: str
    problem: str
    by_hand: Seen | None

    @property
    def seen(self) -> int:
        """The number of the setting that the person has before them."""
        return self.history[0].number if self.history else 0

    @property
    def kept(self) -> ReadingThreshold | None:
        return self.history[0] if self.history and self.history[0].threshold is not None else None

    @property
    def at_gate(self) -> Step:
        return next(step for step in self.known.steps if step.threshold == GATE)

    @property
    def samples_missing(self) -> int:
        """How many samples without one wrong are missing before what passes at the gate could keep to the rate."""
        return max(0, _samples_for(self.errors / ERRORS_OF) - self.at_gate.sampled)

    @property
    def hand_missing(self) -> int:
        """How many readings without one more wrong are missing before handwriting is opened; about as many."""
        if self.by_hand is None or self.by_hand.is_open:
            return 0
        return _until_open(self.by_hand) - self.by_hand.of


def table_of(known: Known, wanted: Step | None) -> list[StepRow]:
    """Give the steps worth reading, the highest first: every fifth, all near certainty, and those spoken of."""
    spoken_of = {GATE, known.now.threshold, wanted.threshold if wanted else GATE}
    found = {step.threshold: step for step in (*known.steps, known.now)}
    return [
        StepRow(
            step,
            known.probability.at(threshold / 100) if known.probability else None,
            threshold == known.now.threshold,
            wanted is not None and threshold == wanted.threshold,
        )
        for threshold, step in sorted(found.items(), reverse=True)
        if threshold % _EVERY == 0 or threshold >= _CLOSE_FROM or threshold in spoken_of
    ]


def _samples_for(rate: float) -> int:
    return ceil(log(_ONE_SIDED) / log1p(-rate))


def _until_open(seen: Seen) -> int:
    """Give how many readings there have to be, with as many wrong as were seen, by halving."""
    low, high = seen.of, max(seen.of, 1) * 2
    while not Seen(high, seen.wrong).is_open:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if Seen(middle, seen.wrong).is_open else (middle, high)
    return high


def _place(step: Step) -> tuple[float, float]:
    return _across(step.worst), TOP + (1 - step.share) * (BOTTOM - TOP)


def _across(rate: float) -> float:
    return LEFT + (log10(max(rate, 10.0**-_DECADES)) + _DECADES) / _DECADES * (RIGHT - LEFT)
