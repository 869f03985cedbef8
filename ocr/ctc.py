"""Which text do the frames of a CTC recogniser spell, when only some letters may occur? The best path over those."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BLANK = 0
_OTHERS = 3
_RIVALS = 3


@dataclass(frozen=True)
class Spelled:
    """`columns` are the classes of the letters, `frames` where each peaks, `probabilities` theirs, unmasked.

    `runners_up` are the classes that each letter won against, best first, with their probabilities; the blank is one.
    """

    columns: tuple[int, ...]
    frames: tuple[int, ...]
    probabilities: tuple[float, ...]
    runners_up: tuple[tuple[tuple[int, float], ...], ...]


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
        runners_up=tuple(_runners_up(narrow[frame], column, classes) for column, frame in peaks),
    )


def _runners_up(frame: NDArray[np.float32], column: int, classes: NDArray[np.intp]) -> tuple[tuple[int, float], ...]:
    rest = frame.copy()
    rest[column] = -1
    most = min(_RIVALS, len(rest))
    best = np.argpartition(rest, -most)[-most:]
    ranked = best[np.argsort(-rest[best])]
    return tuple((int(classes[rival]), float(rest[rival])) for rival in ranked if rest[rival] >= 0)


def other_spellings(spelled: Spelled, letters: Sequence[str]) -> tuple[str, ...]:
    """Return up to three texts that differ from the best path in its one most doubtful letter each.

    They are ordered by the probability of the letter put in; they are proposals for a person, never passed.
    """
    best = [letters[column] for column in spelled.columns]
    second = {place: rivals[0] for place, rivals in enumerate(spelled.runners_up) if rivals}
    order = sorted(second, key=lambda place: -second[place][1])
    return tuple("".join((*best[:place], letters[second[place][0]], *best[place + 1 :])) for place in order[:_OTHERS])


def together(frames: NDArray[np.float32], twins: NDArray[np.intp], usual: NDArray[np.intp]) -> NDArray[np.float32]:
    """Give each of the `usual` classes the probability of its twins too: ４ and 4 are one letter on paper."""
    summed = frames.copy()
    np.add.at(summed.T, usual, frames.T[twins])
    summed[:, twins] = 0
    return summed
