"""Which text do the frames of a CTC recogniser spell, when only some letters may occur? The best path over those."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BLANK = 0
_OTHERS = 3


@dataclass(frozen=True)
class Spelled:
    """`columns` are the classes of the letters, `frames` where each peaks, `probabilities` theirs, unmasked."""

    columns: tuple[int, ...]
    frames: tuple[int, ...]
    probabilities: tuple[float, ...]
    runners_up: tuple[tuple[int, float], ...]


def spell(frames: NDArray[np.float32], allowed: NDArray[np.intp]) -> Spelled:
    """Return the best path through `frames`, shape (time, classes), over the `allowed` classes.

    Class 0 is the CTC blank and always allowed. Repeats without a blank between are one letter; a letter's
    probability is its highest frame's, taken from the full distribution, so that a masked-out rival shows as doubt.
    """
    classes = np.concatenate(([_BLANK], allowed))
    narrow = frames[:, classes]
    best = narrow.argmax(axis=1)
    starts = np.flatnonzero(np.diff(best, prepend=_BLANK))
    ends = np.append(starts, len(best))[1:]
    runs = [(int(best[start]), int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
    peaks = [(column, start + int(narrow[start:end, column].argmax())) for column, start, end in runs if column != 0]
    return Spelled(
        columns=tuple(int(classes[column]) for column, _ in peaks),
        frames=tuple(frame for _, frame in peaks),
        probabilities=tuple(float(narrow[frame, column]) for column, frame in peaks),
        runners_up=tuple(_runner_up(narrow[frame], column, classes) for column, frame in peaks),
    )


def _runner_up(frame: NDArray[np.float32], column: int, classes: NDArray[np.intp]) -> tuple[int, float]:
    rest = frame.copy()
    rest[[_BLANK, column]] = -1
    second = int(rest.argmax())
    return int(classes[second]), float(rest[second])


def other_spellings(spelled: Spelled, letters: Sequence[str]) -> tuple[str, ...]:
    """Return up to three texts that differ from the best path in its one most doubtful letter each.

    They are ordered by the probability of the letter put in; they are proposals for a person, never passed.
    """
    best = [letters[column] for column in spelled.columns]
    order = sorted(range(len(best)), key=lambda place: -spelled.runners_up[place][1])
    return tuple(
        "".join((*best[:place], letters[spelled.runners_up[place][0]], *best[place + 1 :])) for place in order[:_OTHERS]
    )
