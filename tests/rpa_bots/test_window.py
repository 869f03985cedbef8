"""When may a night's bot still claim an item, and when does the office work?"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa_bots.window import TOKYO, Window, is_business_day, may_claim, next_business_day, open_now, opening_on

NIGHT = Window(time(19), time(8, 30))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
SECONDS = st.floats(0, 3600)


def test_nothing_is_claimed_that_would_not_be_done_before_the_cut_off():
    closes_at = datetime(2026, 4, 7, 8, 30, tzinfo=TOKYO)

    last_moment = closes_at - timedelta(seconds=90)

    assert may_claim(last_moment, closes_at, p95_seconds=30, margin_seconds=60)
    assert not may_claim(last_moment + timedelta(microseconds=1), closes_at, p95_seconds=30, margin_seconds=60)


@given(INSTANTS, INSTANTS, SECONDS, SECONDS)
def test_whoever_may_claim_could_have_claimed_earlier(now, closes_at, p95, margin):
    earlier = now - timedelta(seconds=1)

    allowed = may_claim(now, closes_at, p95, margin)

    assert not allowed or (may_claim(earlier, closes_at, p95, margin) and now <= closes_at)


def test_a_night_is_named_after_the_evening_on_which_it_opened():
    small_hours = datetime(2026, 4, 7, 2, 0, tzinfo=TOKYO)

    night = open_now(small_hours, NIGHT)

    assert night == opening_on(date(2026, 4, 6), NIGHT)


@pytest.mark.parametrize(("clock", "open_"), [("18:59", False), ("19:00", True), ("08:29", True), ("08:30", False)])
def test_the_window_opens_on_the_minute_and_is_shut_on_the_minute(clock, open_):
    now = datetime.combine(date(2026, 4, 7), time.fromisoformat(clock), TOKYO)

    found = open_now(now, NIGHT)

    assert (found is not None) is open_


@given(INSTANTS, st.times(), st.times())
def test_an_open_window_holds_the_instant_and_lasts_a_day_at_most(now, opens, closes):
    found = open_now(now, Window(opens, closes))

    if found:
        assert found.opens_at <= now < found.closes_at
        assert found.closes_at - found.opens_at <= timedelta(days=1)


@given(INSTANTS, st.times(), st.times())
def test_a_window_or_its_complement_is_open_but_never_both(now, opens, closes):
    window, complement = Window(opens, closes), Window(closes, opens)

    found = [each for each in (open_now(now, window), open_now(now, complement)) if each]

    assert len(found) == (2 if opens == closes else 1)


@pytest.mark.parametrize("day", ["2026-12-29", "2027-01-03", "2026-05-05", "2026-05-06", "2026-04-11", "2027-01-01"])
def test_the_office_is_shut_on_weekends_holidays_and_over_the_new_year(day):
    assert not is_business_day(date.fromisoformat(day))


def test_the_first_day_after_the_new_year_is_a_working_day():
    assert next_business_day(date(2026, 12, 28)) == date(2027, 1, 4)


@given(DAYS)
def test_the_next_business_day_is_a_business_day_within_a_fortnight(day):
    following = next_business_day(day)

    assert is_business_day(following)
    assert day < following <= day + timedelta(days=14)
    assert not any(is_business_day(day + timedelta(days=n)) for n in range(1, (following - day).days))
