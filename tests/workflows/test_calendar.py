"""Business days of the city, and the instants at which things are due."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.calendar import (
    TOKYO,
    add_business_days,
    business_days_between,
    closing,
    deadline,
    is_business_day,
    office_day,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CLOSURES = st.sets(DAYS, max_size=5)
SOON = st.integers(-40, 40)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-11-25", True),
        ("2026-11-22", False),
        ("2026-11-23", False),
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
        ("2026-05-06", False),
        ("2026-09-22", False),
    ],
)
def test_the_office_rests_on_weekends_holidays_and_at_the_turn_of_the_year(day, open_):
    assert is_business_day(date.fromisoformat(day)) is open_


def test_the_city_may_close_on_a_day_of_its_own():
    foundation_day = date(2026, 6, 5)

    assert is_business_day(foundation_day)
    assert not is_business_day(foundation_day, {foundation_day})


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        ("2026-12-25", 2, "2027-01-04"),
        ("2026-11-20", 1, "2026-11-24"),
        ("2026-11-21", 1, "2026-11-24"),
        ("2026-11-21", 0, "2026-11-24"),
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-24", -1, "2026-11-20"),
    ],
)
def test_the_first_day_does_not_count(day, days, due):
    assert add_business_days(date.fromisoformat(day), days) == date.fromisoformat(due)


def test_something_is_due_when_the_office_closes_in_tokyo():
    arrived = datetime(2026, 11, 20, 23, 30, tzinfo=TOKYO)

    assert deadline(arrived, 3) == datetime(2026, 11, 26, 8, 15, tzinfo=UTC)
    assert deadline(arrived, 3).tzinfo is UTC


def test_the_office_day_is_tokyos_not_the_servers():
    assert office_day(datetime(2026, 11, 24, 15, 30, tzinfo=UTC)) == date(2026, 11, 25)


def test_a_naive_time_has_no_deadline():
    with pytest.raises(ValueError, match="naive"):
        deadline(datetime(2026, 11, 20), 3)  # noqa: DTZ001 - the naive time is what is refused


@settings(deadline=None)
@given(DAYS, SOON.filter(bool), CLOSURES)
def test_a_due_day_is_a_business_day_and_that_many_lie_between(day, days, closures):
    due = add_business_days(day, days, closures)

    assert is_business_day(due, closures)
    first, last = sorted((day, due))
    between = [first + timedelta(days=by) for by in range((last - first).days + 1)]
    assert sum(is_business_day(each, closures) for each in between if each != day) == abs(days)


@settings(deadline=None)
@given(DAYS, st.integers(0, 30), st.integers(0, 30), CLOSURES)
def test_counting_on_is_counting_once(day, first, then, closures):
    at_once = add_business_days(day, first + then, closures)

    if first:
        assert add_business_days(add_business_days(day, first, closures), then, closures) == at_once


@settings(deadline=None)
@given(DAYS, st.integers(1, 40), CLOSURES)
def test_a_deadline_grows_with_its_days_and_with_closures(day, days, closures):
    since = closing(day)

    assert deadline(since, days, closures) >= deadline(since, days) > since
    assert deadline(since, days + 1, closures) > deadline(since, days, closures)
    assert business_days_between(day, office_day(deadline(since, days, closures)), closures) == days
