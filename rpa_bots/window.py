"""May another item be claimed now? Run windows, also over midnight, and the office's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import jpholiday

TOKYO: Final = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Window:
    """Clock times in Tokyo. `closes` at or before `opens` is on the next morning; equal times are a whole day."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Opening:
    """One night (or day) of a window. `day` is the date on which it opened: the night's name."""

    day: date
    opens_at: datetime
    closes_at: datetime


def may_claim(now: datetime, closes_at: datetime, p95_seconds: float, margin_seconds: float) -> bool:
    """Tell whether an item claimed now will, 19 times in 20, be done `margin_seconds` before the window closes."""
    return now + timedelta(seconds=p95_seconds + margin_seconds) <= closes_at


def opening_on(day: date, window: Window) -> Opening:
    """Give the opening that begins on this date, as instants in Tokyo."""
    next_morning = window.closes <= window.opens
    closes_on = day + timedelta(days=1) if next_morning else day
    return Opening(day, datetime.combine(day, window.opens, TOKYO), datetime.combine(closes_on, window.closes, TOKYO))


def open_now(now: datetime, window: Window) -> Opening | None:
    """Find the opening that holds this instant (from `opens_at`, before `closes_at`), or None between two."""
    today = now.astimezone(TOKYO).date()
    openings = (opening_on(day, window) for day in (today, today - timedelta(days=1)))
    return next((each for each in openings if each.opens_at <= now < each.closes_at), None)


def is_business_day(day: date) -> bool:
    """Tell whether the office works: not on weekends, national holidays, nor from 29 December to 3 January.

    Source: 行政機関の休日に関する法律 article 1, which cities follow by ordinance.
    """
    year_end = (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)  # noqa: PLR2004 - the dates of the law
    return day.weekday() < 5 and not year_end and not jpholiday.is_holiday(day)  # noqa: PLR2004 - Saturday is 5


def next_business_day(day: date) -> date:
    """Give the first business day after this date."""
    following = day + timedelta(days=1)
    while not is_business_day(following):
        following += timedelta(days=1)
    return following
