"""Whose turn comes when? So many an hour, so many of a ward a day: no more than counters and telephones can answer."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflows.notices.hours import MINUTES_A_DAY

HOURS_A_DAY = MINUTES_A_DAY // 60


@dataclass(frozen=True)
class Pace:
    per_hour: int
    """People, over all wards."""
    ward_per_day: Mapping[str, int] = field(default_factory=dict)
    """People, by ward; a ward that is not named takes as many as come."""

    def __post_init__(self) -> None:
        if self.per_hour < 1 or any(most < 1 for most in self.ward_per_day.values()):
            raise ValueError("a pace of nobody never comes to an end")


def turns(wards: Iterable[str], pace: Pace) -> list[int]:
    """Give, for people told by their wards, after how many minutes of sending each one's turn comes.

    Minutes count only while notices may leave (`workflows.notices.hours`), so a day has 600. A ward's people of one
    day are spread over its hours.
    """
    plan = _Plan(pace)
    return [plan.next_turn(ward) for ward in wards]


class _Plan:
    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._in_hour: Counter[int] = Counter()
        self._on_day: Counter[tuple[str, int]] = Counter()
        self._first_free = 0
        self._day_of: dict[str, int] = {}
        """The first day with room, by ward."""

    def next_turn(self, ward: str) -> int:
        most = self._pace.ward_per_day.get(ward)
        hour = self._first_free if most is None else self._hour_for(ward, most)
        taken = self._in_hour[hour]
        self._in_hour[hour] += 1
        while self._in_hour[self._first_free] >= self._pace.per_hour:
            self._first_free += 1
        return hour * 60 + taken * 60 // self._pace.per_hour

    def _hour_for(self, ward: str, most: int) -> int:
        day = max(self._day_of.get(ward, 0), self._first_free // HOURS_A_DAY)
        while True:
            taken = self._on_day[ward, day]
            hour = None if taken >= most else self._free_hour(day, taken * HOURS_A_DAY // most)
            if hour is not None:
                self._on_day[ward, day] += 1
                self._day_of[ward] = day
                return hour
            day += 1

    def _free_hour(self, day: int, wanted: int) -> int | None:
        """Give a free hour of a day: the wanted one, else the next, else the first of those before."""
        hours = [day * HOURS_A_DAY + (wanted + after) % HOURS_A_DAY for after in range(HOURS_A_DAY)]
        return next((hour for hour in hours if self._in_hour[hour] < self._pace.per_hour), None)
