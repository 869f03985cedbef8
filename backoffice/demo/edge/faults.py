"""What goes wrong at the edge, how often, and always the same for the same seed?"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock


class Fault(StrEnum):
    NOT_NOW = "4xx"
    """Put off: nothing was taken."""
    NO = "5xx"
    """Refused, or broken: nothing was taken."""
    TAKEN_5XX = "taken5xx"
    """LINE only: taken, and 500 all the same."""
    SILENT = "silent"
    """Taken, and no answer ever."""
    GONE = "gone"
    """Taken, and the connection is cut."""
    HANG_UP = "hangup"
    """The connection is cut, nothing was taken."""
    SLOW = "slow"
    """Taken, and answered late."""


@dataclass
class Faults:
    """Draws one fault, or none, for every message."""

    shares: dict[Fault, float] = field(default_factory=dict)
    seed: int = 0
    slow_seconds: float = 0.5

    def __post_init__(self) -> None:
        if sum(self.shares.values()) > 1:
            raise ValueError("more faults than messages")
        self._chance = random.Random(self.seed)  # noqa: S311 -- the same faults each time are the point
        self._lock = Lock()

    def draw(self) -> Fault | None:
        """Say what goes wrong with the next message."""
        if not self.shares:
            return None
        with self._lock:
            drawn = self._chance.random()
        for fault, share in self.shares.items():
            if drawn < share:
                return fault
            drawn -= share
        return None


def faults_in(words: Iterable[str], seed: int, slow_seconds: float) -> Faults:
    """Read `silent=0.05`, `5xx=0.02` … Raises ValueError."""
    pairs = (word.split("=", 1) for word in words)
    return Faults({Fault(name): float(share) for name, share in pairs}, seed, slow_seconds)
