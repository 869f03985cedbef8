"""Which trouble does the old system make, and when? Named faults, and a seeded share of them."""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    LATE_COMMIT = "late-commit"  # the connection is cut, the record is stored seconds afterwards
    DROP_BEFORE = "drop-before"  # the connection is cut, nothing is stored
    DROP_AFTER = "drop-after"  # the record is stored, then the connection is cut
    ERROR_BEFORE = "error-before"  # an error page with status 200, nothing is stored
    ERROR_AFTER = "error-after"  # the record is stored, then an error page with status 200
    ODD_ALERT = "odd-alert"  # the record is stored, then an alert nobody expects
    SLOW = "slow"  # all goes well, but late
    ODD_CONFIRM = "odd-confirm"  # the n-th entry screen asks something nobody expects
    MAINTENANCE = "maintenance"  # the n-th search meets the maintenance page, status 200
    PASSWORD_EXPIRED = "password-expired"  # the n-th sign-in meets the page that wants a new password


AT_REGISTRATION: Final = (
    Fault.LATE_COMMIT,
    Fault.DROP_BEFORE,
    Fault.DROP_AFTER,
    Fault.ERROR_BEFORE,
    Fault.ERROR_AFTER,
    Fault.ODD_ALERT,
    Fault.SLOW,
)


@dataclass(frozen=True)
class FaultPlan:
    """Faults named one by one (`at`), and a seeded share `rate` of registrations that meet one of them.

    Occasions are counted from 1 since the start: registrations, entry screens, searches and sign-ins each on their own.
    """

    at: frozenset[tuple[Fault, int]] = frozenset()
    rate: float = 0.0
    seed: int = 0
    late_commit_seconds: float = 2.0
    slow_seconds: float = 2.0

    def strikes(self, fault: Fault, occasion: int) -> bool:
        return (fault, occasion) in self.at

    def at_registration(self, occasion: int) -> Fault | None:
        """Name the fault that the n-th registration since the start will meet, if any."""
        named = next((fault for fault in AT_REGISTRATION if self.strikes(fault, occasion)), None)
        chance = random.Random(f"{self.seed}/{occasion}")  # noqa: S311 - trouble is invented here, not secrets
        return named or (chance.choice(AT_REGISTRATION) if chance.random() < self.rate else None)


def fault_at(text: str) -> tuple[Fault, int]:
    """Read `drop-after@3` as the fault and its occasion; raises ValueError for anything else."""
    name, _, occasion = text.partition("@")
    return Fault(name), int(occasion)
