"""How long does a record take, and when will the night be done? Pure: measured seconds go in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

ASSUMED_SECONDS = 30.0
"""Until enough records were measured: one page may take as long (rpa_bots.target.Target.answer_seconds)."""
ENOUGH = 5


def p95(seconds: Sequence[float]) -> float:
    """Give the time that 19 of 20 records stay within (nearest rank); an assumption for fewer than ENOUGH."""
    if len(seconds) < ENOUGH:
        return ASSUMED_SECONDS
    return sorted(seconds)[math.ceil(len(seconds) * 0.95) - 1]


@dataclass(frozen=True)
class Forecast:
    """When the records left will be done; `fits`: how many of them before the window closes."""

    ends_at: datetime
    left: int
    fits: int

    @property
    def in_time(self) -> bool:
        return self.fits >= self.left


def forecast(
    now: datetime, left: int, seconds: Sequence[float], closes_at: datetime, margin_seconds: int
) -> Forecast | None:
    """Foretell the end from the records measured so far; None while none is measured."""
    if not seconds:
        return None
    each = max(median(seconds), 0.001)
    until_close = (closes_at - now).total_seconds() - margin_seconds
    return Forecast(now + timedelta(seconds=left * each), left, min(left, max(0, int(until_close / each))))
