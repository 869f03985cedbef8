"""What must the caller commit while a record is being keyed? Three calls, in this order; and what may be mended."""

from enum import StrEnum
from typing import Protocol

from rpa_bots.recording.page.endings import Proposed


class Stage(StrEnum):
    FILLED = "filled"
    READ_BACK = "read_back"


class Journal(Protocol):
    """Handed in by the caller. What these raise reaches the caller as it is."""

    def submitting(self) -> None:
        """Commit SUBMITTING: called immediately before the click that submits. If this raises, nothing is clicked."""

    def receipt(self, number: str) -> None:
        """Commit the target's number: called as soon as it is seen, before the read-back."""

    def picture(self, stage: Stage, png: bytes) -> None:
        """Keep a masked screenshot as evidence; never called when pictures are switched off."""

    def proposal(self, proposed: Proposed) -> None:
        """Keep what a person may change in a recording; no value of the record is in it. Coded bots have none."""
