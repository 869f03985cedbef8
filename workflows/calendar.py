"""When does the office work, and by when is something due? Business days of the city, deadlines as instants."""

from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import jpholiday

TOKYO: Final = ZoneInfo("Asia/Tokyo")
CLOSING_TIME: Final = time(17, 15)
NO_CLOSURES: Final[AbstractSet[date]] = frozenset()


def is_business_day(day: date, closures: AbstractSet[date] = NO_CLOSURES) -> bool:
    """Tell whether the office works: not on weekends, national holidays, 29 December to 3 January, or its closures.

    Source: 行政機関の休日に関する法律 article 1, which cities follow by ordinance; closures are the city's own.
    """
    year_end = (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)  # noqa: PLR2004 - the dates of the law
    weekend = day.weekday() >= 5  # noqa: PLR2004 - Saturday is 5
    return not (weekend or year_end or day in closures or jpholiday.is_holiday(day))


def add_business_days(day: date, days: int, closures: AbstractSet[date] = NO_CLOSURES) -> date:
    """Give the business day that lies `days` business days after `day` (before it, if negative).

    The day itself does not count (初日不算入), whether the office works on it or not; for 0 this function will give the
    day itself, or the next business day if the office is closed.
    """
    step = timedelta(days=-1 if days < 0 else 1)
    at, left = day, abs(days)
    if not left:
        left = 0 if is_business_day(day, closures) else 1
    while left:
        at += step
        left -= is_business_day(at, closures)
    return at


def business_days_between(first: date, last: date, closures: AbstractSet[date] = NO_CLOSURES) -> int:
    """Count the business days after `first` up to and with `last`; negative when `last` is before."""
    if last < first:
        return -business_days_between(last, first, closures)
    return sum(is_business_day(first + timedelta(days=by), closures) for by in range(1, (last - first).days + 1))


def deadline(since: datetime, days: int, closures: AbstractSet[date] = NO_CLOSURES) -> datetime:
    """Give the instant (UTC) at which the office closes, `days` business days after `since`, in Tokyo.

    What arrives after closing time counts as of its own day. Raises ValueError for a naive `since`.
    """
    return closing(add_business_days(office_day(since), days, closures))


def closing(day: date) -> datetime:
    """Give the instant (UTC) at which the office closes on this day."""
    return datetime.combine(day, CLOSING_TIME, TOKYO).astimezone(UTC)


def office_day(instant: datetime) -> date:
    """Give the date in the office at this instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("a deadline is counted from an instant, not from a naive time")
    return instant.astimezone(TOKYO).date()
