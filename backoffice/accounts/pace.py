"""How long must somebody wait after wrong tries? Longer each time, never for ever: nobody locks out a colleague.

Three counters, after OWASP's device cookies. A browser that let the person in before has a counter of its own and is
asked no other: whoever guesses from elsewhere slows down only themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

NOTHING = timedelta(0)
DOUBLINGS = 32
"""Beyond, every wait is the longest anyway."""


@dataclass(frozen=True)
class Pace:
    free: int
    """So many wrong tries cost no time."""
    first: timedelta
    longest: timedelta
    forget: timedelta
    """After so long without a wrong try the counter starts anew."""


@dataclass(frozen=True)
class Tally:
    wrong: int
    last_at: datetime


KNOWN_DEVICE = Pace(5, timedelta(seconds=2), timedelta(minutes=5), timedelta(hours=12))
"""One account in a browser that let it in before."""
ONE_PLACE = Pace(3, timedelta(seconds=2), timedelta(minutes=15), timedelta(hours=12))
"""One account from one address."""
ONE_ACCOUNT = Pace(10, timedelta(seconds=2), timedelta(minutes=15), timedelta(hours=12))
"""One account from all unknown browsers together."""
ONE_ADDRESS = Pace(30, timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=1))
"""All accounts from one address: a whole office may share it, so its waits stay short."""


def pause(pace: Pace, wrong: int) -> timedelta:
    """Give how long after the last of `wrong` tries the next one is looked at."""
    if wrong < pace.free:
        return NOTHING
    doubled: int = 2 ** min(wrong - pace.free, DOUBLINGS)
    return min(pace.first * doubled, pace.longest)


def remembered(pace: Pace, tally: Tally | None, now: datetime) -> int:
    """Give the wrong tries that still count."""
    return tally.wrong if tally is not None and now - tally.last_at < pace.forget else 0


def wait(pace: Pace, tally: Tally | None, now: datetime) -> timedelta:
    """Give how long to wait from `now`; a clock that was set back never makes it more than the pause itself."""
    if tally is None:
        return NOTHING
    due = pause(pace, remembered(pace, tally, now))
    return max(NOTHING, min(due, tally.last_at + due - now))
