"""When is a program told of again, and of whom is it asked then? Once a year, every month, or when something happens.

A day on which the office is closed moves to the next on which it works. What happens (attaining an age, moving in) is
asked of whole calendar months, so that everybody comes once.
"""

from calendar import monthrange
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from forms.ages import attained_on, fiscal_year
from workflows.calendar import NO_CLOSURES, add_business_days
from workflows.rules.tree import All, Compare, Node, Op

MOST_MONTHS = 14
"""So far ahead the next occasion of anything lies, with a month to spare."""
OLDEST = 130


class Recurrence(StrEnum):
    YEARLY = "yearly"
    MONTHLY = "monthly"
    ATTAINING = "attaining"
    """Every month, of those who attain an age in it (達する日)."""
    MOVING_IN = "moving_in"
    """Every month, of those who became residents in the month before."""


@dataclass(frozen=True)
class Schedule:
    recurrence: Recurrence
    day: int
    """Of the month; the last one where a month is shorter."""
    month: int = 4
    """Of a yearly one."""
    age: int = 0
    """Of `ATTAINING`."""

    def __post_init__(self) -> None:
        if not (1 <= self.day <= 31 and 1 <= self.month <= 12 and 0 <= self.age <= OLDEST):  # noqa: PLR2004 -- the calendar's own numbers
            raise ValueError("no day of a calendar, or an age that nobody attains")


@dataclass(frozen=True, order=True)
class Occasion:
    on: date
    """A business day."""
    month: date
    """The first day of the month for which it is."""

    def period(self, recurrence: Recurrence) -> str:
        """Give for which time its notices are: a fiscal year or a month. Nobody hears twice of the same."""
        if recurrence is Recurrence.YEARLY:
            return str(fiscal_year(self.month))
        return f"{self.month:%Y-%m}"


def next_occasion(schedule: Schedule, after: date, closures: AbstractSet[date] = NO_CLOSURES) -> Occasion:
    """Give the first occasion that lies after a day. Raises ValueError at the end of the calendar."""
    return min(each for each in _occasions(schedule, after, closures) if each.on > after)


def narrowing(schedule: Schedule, month: date) -> Node | None:
    """Give what besides the rule is asked on the occasion of a month; None where it is asked of everybody."""
    if schedule.recurrence is Recurrence.ATTAINING:
        first, last = _births(schedule.age, *_ends(month))
        return _between("birth_date", first, last)
    if schedule.recurrence is Recurrence.MOVING_IN:
        return _between("resident_since", *_ends(month - timedelta(days=1)))
    return None


def _occasions(schedule: Schedule, after: date, closures: AbstractSet[date]) -> Iterator[Occasion]:
    for ahead in range(-1, MOST_MONTHS):
        years, index = divmod(after.year * 12 + after.month - 1 + ahead, 12)
        month = date(years, index + 1, 1)
        if schedule.recurrence is not Recurrence.YEARLY or month.month == schedule.month:
            day = min(schedule.day, monthrange(month.year, month.month)[1])
            yield Occasion(add_business_days(month.replace(day=day), 0, closures), month)


def _ends(month: date) -> tuple[date, date]:
    return month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])


def _births(age: int, first: date, last: date) -> tuple[date, date]:
    """Give the first and the last day of birth of those who attain an age from one day to another."""
    start = date(first.year - age, first.month, 1) - timedelta(days=2)
    born = [start + timedelta(days=by) for by in range(40)]
    attaining = [day for day in born if first <= attained_on(day, age) <= last]
    return attaining[0], attaining[-1]


def _between(fact: str, first: date, last: date) -> Node:
    return All((Compare(fact, Op.AT_LEAST, first), Compare(fact, Op.AT_MOST, last)))
