"""How long does a record take, and when is the night done?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backoffice.automation.plan.pace import ASSUMED_SECONDS, ENOUGH, forecast, p95

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
measured = st.lists(st.floats(0.1, 100), min_size=ENOUGH, max_size=300)


@given(seconds=measured)
def test_nineteen_of_twenty_records_stay_within_the_usual_time(seconds):
    usual = p95(seconds)

    assert usual in seconds
    assert sum(each <= usual for each in seconds) >= 0.95 * len(seconds)


def test_a_slow_time_is_assumed_until_enough_records_were_measured():
    assert p95([1.0] * (ENOUGH - 1)) == ASSUMED_SECONDS


def test_the_end_is_foretold_from_the_usual_record():
    soon = forecast(NOW, 100, [2.0, 3.0, 90.0], NOW + timedelta(hours=1), 300)

    assert soon.ends_at == NOW + timedelta(seconds=300)
    assert soon.in_time


def test_the_forecast_says_how_many_fit_when_the_window_closes_before_the_end():
    tight = forecast(NOW, 100, [60.0], NOW + timedelta(minutes=30), 300)

    assert (tight.fits, tight.in_time) == (25, False)


def test_nothing_is_foretold_before_anything_was_measured():
    assert forecast(NOW, 100, [], NOW + timedelta(hours=1), 300) is None


@given(seconds=measured, left=st.integers(0, 1000), minutes=st.integers(-60, 600))
def test_no_more_records_fit_than_are_left(seconds, left, minutes):
    told = forecast(NOW, left, seconds, NOW + timedelta(minutes=minutes), 300)

    assert 0 <= told.fits <= left
