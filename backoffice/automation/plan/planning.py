"""When will what waits be done, what does not fit tonight, which deadline is missed? Pure, on plain values.

One account keys one item after another: nothing else decides but the order, the seconds each, and the hours of service.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backoffice.automation.queue.order import NO_DEADLINE
from backoffice.services import TOKYO
from rpa_bots.window import Opening, Window, opening_on

NIGHTS_AHEAD = 31
"""So far a forecast looks; what is not done by then is told as not foreseen."""


@dataclass(frozen=True)
class Pile:
    """Items that are alike for a night: of one priority, due on one day."""

    priority: int
    due_on: date
    count: int


@dataclass(frozen=True)
class Hours:
    """A stretch in which items may be begun; `night` is the day on which its window opened."""

    night: date
    begins_at: datetime
    ends_at: datetime

    def holds(self, seconds_each: float, until: datetime | None = None) -> int:
        """Give how many items are done in it, by `until` at the latest."""
        end = self.ends_at if until is None else min(self.ends_at, until)
        return max(0, int((end - self.begins_at).total_seconds() / seconds_each))


@dataclass(frozen=True)
class Plan:
    left: int
    ends_at: datetime | None
    """When the last one is done; None where nothing waits, or no end is foreseen."""
    fits: int
    """So many of those left are done in the first night."""
    late: int
    """So many are done after the day on which they were due."""
    first_missed: date | None
    """The earliest of the deadlines that are missed."""

    @property
    def over(self) -> int:
        """How many will not fit tonight."""
        return self.left - self.fits

    @property
    def is_told(self) -> bool:
        """Say whether somebody should hear of it: it does not fit, or a deadline is missed."""
        return self.over > 0 or self.late > 0


def plan(piles: Sequence[Pile], seconds_each: float, hours: Sequence[Hours], tonight: date) -> Plan:
    """Foretell what comes of piles that are taken in this order, in these hours, one item after the other."""
    left, late = sum(pile.count for pile in piles), 0
    missed: list[date] = []
    before = 0
    for pile in piles:
        if pile.due_on != NO_DEADLINE:
            in_time = done_by(end_of(pile.due_on), seconds_each, hours) - before
            too_late = pile.count - min(max(in_time, 0), pile.count)
            late += too_late
            missed += [pile.due_on] if too_late else []
        before += pile.count
    fits = min(left, sum(each.holds(seconds_each) for each in hours if each.night == tonight))
    ends_at = done_at(left, seconds_each, hours) if left else None
    return Plan(left, ends_at, fits, late, min(missed, default=None))


def in_turn(piles: Collection[Pile]) -> list[Pile]:
    """Give piles as a night takes them: by priority, and within it the earliest deadline first.

    Of one priority no other order is late by less (Jackson's rule for one machine).
    """
    return sorted(piles, key=lambda pile: (pile.priority, pile.due_on))


def done_by(until: datetime, seconds_each: float, hours: Sequence[Hours]) -> int:
    return sum(each.holds(seconds_each, until) for each in hours)


def done_at(place: int, seconds_each: float, hours: Sequence[Hours]) -> datetime | None:
    """Give when the item at this place of the queue, counted from 1, is done; None where the hours end before."""
    for each in hours:
        held = each.holds(seconds_each)
        if place <= held:
            return each.begins_at + timedelta(seconds=place * seconds_each)
        place -= held
    return None


def end_of(day: date) -> datetime:
    """Give the midnight that ends a day in the office."""
    return datetime.combine(day + timedelta(days=1), time(0), TOKYO)


def openings_ahead(now: datetime, window: Window, nights: int = NIGHTS_AHEAD) -> list[Opening]:
    """Give the opening that holds this instant, or the next one, and those that follow."""
    today = now.astimezone(TOKYO).date()
    found = (opening_on(today + timedelta(days=each), window) for each in range(-1, nights + 1))
    return [each for each in found if each.closes_at > now][:nights]


def hours_of(opening: Opening, stopped: Collection[date]) -> Iterator[tuple[datetime, datetime]]:
    """Cut the days on which the target is out of service off an opening; what is left, in stretches."""
    begins_at, end = opening.opens_at, opening.closes_at
    while begins_at < end:
        day = begins_at.astimezone(TOKYO).date()
        ends_at = min(end_of(day), end)
        if day not in stopped:
            while ends_at < end and ends_at.astimezone(TOKYO).date() not in stopped:
                ends_at = min(end_of(ends_at.astimezone(TOKYO).date()), end)
            yield begins_at, ends_at
        begins_at = ends_at


def hours_ahead(
    now: datetime, openings: Sequence[Opening], margin_seconds: float, stopped: Collection[date]
) -> list[Hours]:
    """Give the stretches in which items may still be begun, from now on: `margin_seconds` before each end none is."""
    margin = timedelta(seconds=margin_seconds)
    return [
        Hours(opening.day, max(now, begins_at), ends_at - margin)
        for opening in openings
        for begins_at, ends_at in hours_of(opening, stopped)
        if max(now, begins_at) < ends_at - margin
    ]


def service_ends_at(now: datetime, opening: Opening, stopped: Collection[date]) -> datetime | None:
    """Give until when a night that is begun now may run; None where the target is out of service."""
    stretches = hours_of(opening, stopped)
    return next((ends_at for begins_at, ends_at in stretches if begins_at <= now < ends_at), None)
