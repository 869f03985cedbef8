"""A notice leaves in the day, on days on which the counters answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import TOKYO
from workflows.notices.hours import closes_at, is_open, next_opening, open_minutes

MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2040, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001 -- hypothesis wants naive bounds


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-12-01T08:59",
        "2026-12-01T19:00",
        "2026-12-05T12:00",
        "2026-12-29T12:00",
        "2027-01-03T12:00",
        "2027-01-11T12:00",
    ],
)
def test_nothing_leaves_at_night_on_weekends_at_the_turn_of_the_year_or_on_holidays(moment: str) -> None:
    assert not is_open(tokyo(moment))


@pytest.mark.parametrize("moment", ["2026-12-01T09:00", "2026-12-01T18:59", "2028-02-29T12:00", "2027-04-01T09:00"])
def test_it_leaves_on_a_business_day(moment: str) -> None:
    assert is_open(tokyo(moment))


def test_a_day_on_which_the_office_is_closed_is_a_quiet_one() -> None:
    assert not is_open(tokyo("2026-12-01T12:00"), {date(2026, 12, 1)})


def test_what_waits_on_new_years_eve_leaves_on_the_first_business_day() -> None:
    assert next_opening(tokyo("2026-12-28T19:00")) == tokyo("2027-01-04T09:00")


def test_a_weekend_counts_no_minute() -> None:
    assert open_minutes(tokyo("2026-12-04T18:00"), tokyo("2026-12-07T10:00")) == 120


def test_a_naive_moment_is_none() -> None:
    with pytest.raises(ValueError, match="naive"):
        is_open(datetime(2026, 12, 1, 12))  # noqa: DTZ001 -- the point of the test


@given(MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(moment: datetime) -> None:
    opening = next_opening(moment)

    assert opening >= moment
    assert is_open(opening)
    assert open_minutes(moment, opening) == 0
    assert moment == opening or not is_open(opening - timedelta(seconds=1))


@given(MOMENTS, st.integers(0, 5000))
def test_what_is_open_closes_the_same_evening(moment: datetime, minutes: int) -> None:
    moment += timedelta(minutes=minutes)

    assert is_open(moment) <= (timedelta() < closes_at(moment) - moment <= timedelta(hours=10))
    assert not is_open(closes_at(moment))
