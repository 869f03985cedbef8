"""What must the caller commit while a record is being keyed? Three calls, in this order; and what may be mended."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rpa_bots.recording.page.endings import Proposed


class Stage(StrEnum):
    FILLED = "filled"
    READ_BACK = "read_back"


@dataclass(frozen=True)
class Standing:
    """Where a bot stands with a record that it has not registered yet. Steps are counted from 1."""

    step: int
    steps: int
    entered: Collection[str]
    """The names of the record's values that stand on the target's screen."""
    picture: Callable[[], bytes | None]
    """Takes the screen, masked, as a PNG; None where the page is just going away."""


class Journal(Protocol):
    """Handed in by the caller. What these raise reaches the caller as it is."""

    def standing(self, standing: Standing) -> None:
        """Hear where the bot stands: between two steps, until it registers. What this raises ends the record."""

    def submitting(self) -> None:
        """Commit SUBMITTING: called immediately before the click that submits. If this raises, nothing is clicked."""

    def receipt(self, number: str) -> None:
        """Commit the target's number: called as soon as it is seen, before the read-back."""

    def picture(self, stage: Stage, png: bytes) -> None:
        """Keep a masked screenshot as evidence; never called when pictures are switched off."""

    def proposal(self, proposed: Proposed) -> None:
        """Keep what a person may change in a recording; no value of the record is in it. Coded bots have none."""
