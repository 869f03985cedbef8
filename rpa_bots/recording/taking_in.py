"""How does a person's yes to a proposal change a recording? What was found by the old ways is found by the new one."""

from dataclasses import dataclass

from rpa_bots.recording.binding import ways_of
from rpa_bots.recording.steps import Alternatives, Recording, Step


@dataclass(frozen=True)
class Spot:
    """How steps find an element: on which page, in which frame, by which ways. A click and what is put in share it."""

    target: str
    frame: tuple[int, ...]
    ways: Alternatives


def spot_of(step: Step) -> Spot:
    """Give how a step finds its element; a step that needs none has no ways."""
    return Spot(step.target, getattr(step, "frame", ()), ways_of(step))


def places_of(recording: Recording, spot: Spot) -> tuple[int, ...]:
    """Give the places (from 0) of the steps that find their element so."""
    if not spot.ways:
        return ()
    return tuple(place for place, step in enumerate(recording.steps) if spot_of(step) == spot)


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
