"""On which day does whose turn come? Minutes of sending laid over the days on which notices may leave."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from workflows.calendar import NO_CLOSURES, TOKYO, add_business_days
from workflows.notices.hours import MINUTES_A_DAY, OPENS, next_opening


class SendingDays:
    """The days of a run that begins at a moment."""

    def __init__(self, begins: datetime, closures: AbstractSet[date] = NO_CLOSURES) -> None:
        first = next_opening(begins, closures).astimezone(TOKYO)
        opened = first.replace(hour=OPENS.hour, minute=OPENS.minute, second=0, microsecond=0)
        self._gone = int((first - opened) / timedelta(minutes=1))
        """Minutes of the first day that are over when the run begins."""
        self._closures = closures
        self._days = [first.date()]

    def day_of(self, turn: int) -> date:
        """Give the day on which the turn after so many minutes of sending comes."""
        wanted = (self._gone + turn) // MINUTES_A_DAY
        while len(self._days) <= wanted:
            self._days.append(add_business_days(self._days[-1], 1, self._closures))
        return self._days[wanted]
