"""A program is told of again in time, on a business day, and everybody to whom something happens comes once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.ages import attained_on
from workflows.calendar import is_business_day
from workflows.notices.schedules import Occasion, Recurrence, Schedule, narrowing, next_occasion

DAYS = st.dates(date(2024, 1, 1), date(2036, 12, 31))
SCHEDULES = st.builds(
    Schedule, st.sampled_from(Recurrence), st.integers(1, 31), st.integers(1, 12), st.integers(1, 100)
)


def bounds(node) -> tuple[date, date]:
    low, high = node.parts
    return low.value, high.value


@given(SCHEDULES, DAYS)
def test_the_next_occasion_is_a_business_day_to_come(schedule: Schedule, after: date):
    occasion = next_occasion(schedule, after)

    assert occasion.on > after
    assert is_business_day(occasion.on)


@given(SCHEDULES, DAYS)
def test_occasions_follow_one_another_each_for_a_month_of_its_own(schedule: Schedule, after: date):
    first = next_occasion(schedule, after)
    second = next_occasion(schedule, first.on)

    assert second.on > first.on
    assert second.period(schedule.recurrence) != first.period(schedule.recurrence)


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.integers(1, 15))
def test_whoever_attains_an_age_is_asked_in_that_month_and_in_no_other(birth: date, age: int):
    attained = attained_on(birth, age)
    schedule = Schedule(Recurrence.ATTAINING, 1, age=age)
    months = [(attained.replace(day=1) + timedelta(days=31 * by)).replace(day=1) for by in (-1, 0, 1)]

    asked = [low <= birth <= high for low, high in (bounds(narrowing(schedule, month)) for month in months)]

    assert asked == [False, True, False]


@pytest.mark.parametrize("birth", [date(1986, 12, 1), date(1984, 2, 29), date(1986, 4, 1)])
def test_the_day_before_the_birthday_decides(birth: date):
    month = attained_on(birth, 40).replace(day=1)

    low, high = bounds(narrowing(Schedule(Recurrence.ATTAINING, 1, age=40), month))

    assert low <= birth <= high


def test_who_moved_in_is_asked_the_month_after():
    asked = narrowing(Schedule(Recurrence.MOVING_IN, 10), date(2027, 1, 1))

    assert bounds(asked) == (date(2026, 12, 1), date(2026, 12, 31))


def test_a_yearly_notice_is_for_its_fiscal_year():
    assert Occasion(date(2027, 3, 1), date(2027, 3, 1)).period(Recurrence.YEARLY) == "2026"
    assert next_occasion(Schedule(Recurrence.YEARLY, 29, 4), date(2026, 11, 27)).on == date(2027, 4, 30)


def test_a_day_that_no_calendar_has_is_refused():
    with pytest.raises(ValueError, match="calendar"):
        Schedule(Recurrence.MONTHLY, 32)
