"""How can a row end? Four words, the step where it ended, and a sentence for whoever looks in the morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rpa_bots.file_kinds import Fallen
from rpa_bots.recording.page.looking import Proposal


class Ending(StrEnum):
    DONE = "done"
    """Registered, as what the system showed afterwards proves; in a rehearsal: all went well up to there. A recording
    that only looks: all was read, or the system said that there is nothing.
    """
    REFUSED = "refused"
    """The data do not fit, or the system said no: a person must look. Never tried again."""
    FAILED = "failed"
    """Ended before anything was registered: it may be tried again."""
    UNKNOWN = "unknown"
    """The registering step was done and its end is not proven: it must be looked up before anything else."""


@dataclass(frozen=True)
class Proposed:
    """A change to the recording's step (counted from 1) that a person may take over."""

    step: int
    proposal: Proposal


@dataclass(frozen=True)
class Ended:
    """`step` counts from 1: where it ended, or the last. `stops_all`: no further row may be tried.

    `receipt`: the number that the system gave, where its page names one. `readings`: what was read, by name: a text,
    or the rows of a table by heading. `nothing`: the system said that it has no such record.
    """

    ending: Ending
    step: int
    message: str
    proposals: tuple[Proposed, ...] = ()
    stops_all: bool = False
    receipt: str = ""
    readings: Mapping[str, str | Sequence[Mapping[str, str]]] = field(default_factory=dict, repr=False)
    files: tuple[Fallen, ...] = ()
    nothing: bool = False


class StoppedError(Exception):
    """Raised inside a step."""

    def __init__(self, ending: Ending, message: str, *, stops_all: bool = False) -> None:
        super().__init__(message)
        self.ending = ending
        self.message = message
        self.stops_all = stops_all
