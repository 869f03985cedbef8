"""How many telephone calls does a notice bring? As many of a thousand as earlier notices of the program did."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Experience:
    """What came of earlier notices: so many were sent, so many called."""

    notices: int
    calls: int


def calls_in_a_thousand(experiences: Iterable[Experience]) -> float | None:
    """Give how many of a thousand called, over all that is known; None where nothing is."""
    notices = calls = 0
    for each in experiences:
        notices, calls = notices + each.notices, calls + each.calls
    return calls * 1000 / notices if notices else None


def expected_calls(people: int, in_a_thousand: float) -> int:
    """Give how many calls so many notices bring, rounded up: a desk that is one too few keeps somebody waiting."""
    return -int(-people * in_a_thousand // 1000)
