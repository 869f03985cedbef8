"""When does an old system make trouble? At occasions named one by one, and at a seeded share of the others."""

import random
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True)
class FaultPlan(Generic[Kind]):
    """Faults named one by one (`at`), and a seeded share `rate` of occasions that meet one of many.

    Occasions are counted from 1 since the start, each kind of occasion on its own.
    """

    at: frozenset[tuple[Kind, int]] = frozenset()
    rate: float = 0.0
    seed: int = 0
    late_commit_seconds: float = 2.0
    slow_seconds: float = 2.0

    def strikes(self, fault: Kind, occasion: int) -> bool:
        return (fault, occasion) in self.at

    def one_of(self, faults: Sequence[Kind], occasion: int) -> Kind | None:
        """Name which of `faults` the n-th occasion since the start will meet, if any."""
        return self.named(faults, occasion) or self.seeded(faults, occasion)

    def named(self, faults: Sequence[Kind], occasion: int) -> Kind | None:
        return next((fault for fault in faults if self.strikes(fault, occasion)), None)

    def seeded(self, faults: Sequence[Kind], occasion: int) -> Kind | None:
        chance = random.Random(f"{self.seed}/{occasion}")  # noqa: S311 - trouble is invented here, not secrets
        return chance.choice(faults) if chance.random() < self.rate else None


class Occasions:
    """Counts what happens, each kind of occasion on its own, whichever thread it happens in."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def next(self, name: str) -> int:
        with self._lock:
            self._counts[name] += 1
            return self._counts[name]


def fault_at(kind: type[Kind], text: str) -> tuple[Kind, int]:
    """Read `drop-after@3` as the fault and its occasion; raises ValueError for anything else."""
    name, _, occasion = text.partition("@")
    return kind(name), int(occasion)
