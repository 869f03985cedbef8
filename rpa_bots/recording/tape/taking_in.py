"""How does a person's yes to a proposal change a recording? What was found by the old ways is found by the new one.

Old systems write page after page alike: the first field of the sign-in is found as the first field of the entry is. So
a spot also tells after how many presses it comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rpa_bots.recording.tape.binding import ways_of
from rpa_bots.recording.tape.steps import (
    Alternatives,
    Change,
    Click,
    Close,
    DoubleClick,
    KeyDown,
    Navigate,
    Recording,
    Step,
)


@dataclass(frozen=True)
class Spot:
    """Where a recording looks for an element. The click into a field and what is put in there share it.

    `pressed`: how many steps before may have led to another page: whatever is pressed but fields.
    """

    pressed: int
    target: str
    frame: tuple[int, ...]
    ways: Alternatives


def spots_of(recording: Recording) -> list[Spot]:
    """Give where each step looks for its element; a step that needs none has no ways."""
    return list(_spots(recording))


def _spots(recording: Recording) -> Iterator[Spot]:
    fields = {_found(step) for step in recording.steps if isinstance(step, Change)}
    pressed = 0
    for step in recording.steps:
        yield Spot(pressed, *_found(step))
        leads_on = isinstance(step, Navigate | Close | KeyDown | Click | DoubleClick)
        pressed += leads_on and _found(step) not in fields


def _found(step: Step) -> tuple[str, tuple[int, ...], Alternatives]:
    return step.target, getattr(step, "frame", ()), ways_of(step)


def places_of(recording: Recording, spot: Spot) -> tuple[int, ...]:
    """Give the places (from 0) of the steps that look there."""
    if not spot.ways:
        return ()
    return tuple(place for place, each in enumerate(spots_of(recording)) if each == spot)


def found_by(recording: Recording, spot: Spot, ways: Alternatives) -> Recording:
    """Give the recording with every step at the spot found by `ways` alone.

    The old ways go: one that names a label which is gone would be a proposal again in every night.
    """
    here = places_of(recording, spot)
    steps = [
        step.model_copy(update={"selectors": ways}) if place in here else step
        for place, step in enumerate(recording.steps)
    ]
    return recording.model_copy(update={"steps": tuple(steps)})
