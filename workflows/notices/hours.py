"""When may the city write to somebody? In the day, on days on which its counters answer questions.

What is sent at other hours startles, and nobody is there to be asked. The hours are to be confirmed by the office.
"""

from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from workflows.calendar import NO_CLOSURES, TOKYO, is_business_day

OPENS: Final = time(9, 0)
CLOSES: Final = time(19, 0)
MINUTES_A_DAY: Final = 600


def is_open(moment: datetime, closures: AbstractSet[date] = NO_CLOSURES) -> bool:
    """Say whether a notice may leave at this moment. Raises ValueError for a naive one."""
    here = _in_tokyo(moment)
    return OPENS <= here.time() < CLOSES and is_business_day(here.date(), closures)


def closes_at(moment: datetime) -> datetime:
    """Give the instant (UTC) at which the hours of this moment's day end."""
    return _at(_in_tokyo(moment).date(), CLOSES)


def next_opening(moment: datetime, closures: AbstractSet[date] = NO_CLOSURES) -> datetime:
    """Give the first instant (UTC) from `moment` on at which a notice may leave: `moment` itself while it may."""
    if is_open(moment, closures):
        return moment.astimezone(UTC)
    day = _in_tokyo(moment).date()
    if moment >= _at(day, OPENS):
        day += timedelta(days=1)
    while not is_business_day(day, closures):
        day += timedelta(days=1)
    return _at(day, OPENS)


def open_minutes(since: datetime, until: datetime, closures: AbstractSet[date] = NO_CLOSURES) -> int:
    """Count the whole minutes between two instants in which notices may leave; 0 where `until` comes first."""
    day, last = _in_tokyo(since).date(), _in_tokyo(until).date()
    open_for = timedelta()
    while day <= last:
        if is_business_day(day, closures):
            began, ended = max(_at(day, OPENS), since), min(_at(day, CLOSES), until)
            open_for += max(ended - began, timedelta())
        day += timedelta(days=1)
    return int(open_for / timedelta(minutes=1))


def open_after(moment: datetime, minutes: int, closures: AbstractSet[date] = NO_CLOSURES) -> datetime:
    """Give the instant (UTC) at which so many minutes have passed, from `moment` on, in which notices may leave."""
    at, left = next_opening(moment, closures), timedelta(minutes=max(minutes, 0))
    while at + left > closes_at(at):
        left -= closes_at(at) - at
        at = next_opening(closes_at(at), closures)
    return at + left


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, TOKYO).astimezone(UTC)


def _in_tokyo(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("hours are asked of an instant, not of a naive time")
    return moment.astimezone(TOKYO)
