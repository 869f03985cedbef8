"""Minutes of sending fall on business days from nine to seven."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from workflows.calendar import TOKYO
from workflows.notices.days import SendingDays
from workflows.notices.hours import open_after, open_minutes

FRIDAY_MORNING = datetime(2026, 12, 4, 10, 0, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("turn", "day"),
    [(0, 4), (539, 4), (540, 7), (1139, 7), (1140, 8)],
)
def test_a_turn_falls_on_the_business_day_on_which_its_minute_comes(turn: int, day: int):
    assert SendingDays(FRIDAY_MORNING).day_of(turn) == date(2026, 12, day)


def test_a_run_that_begins_at_night_begins_in_the_morning():
    night = datetime(2026, 12, 4, 22, 0, tzinfo=TOKYO)

    assert SendingDays(night).day_of(599) == date(2026, 12, 7)


def test_closures_of_the_city_are_no_days_of_sending():
    days = SendingDays(FRIDAY_MORNING, {date(2026, 12, 7)})

    assert days.day_of(540) == date(2026, 12, 8)


@pytest.mark.parametrize("minutes", [0, 1, 539, 540, 541, 3000])
def test_so_many_open_minutes_have_passed_at_the_moment_that_is_told(minutes: int):
    assert open_minutes(FRIDAY_MORNING, open_after(FRIDAY_MORNING, minutes)) == minutes
