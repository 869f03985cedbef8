"""Confidence becomes probability, and a threshold keeps the error rate that is wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.calibration import curve_of, points, threshold, worst_error

OUTCOMES = st.lists(st.tuples(st.integers(0, 20).map(lambda twentieth: twentieth / 20), st.booleans()), min_size=1)


def test_the_curve_pools_what_would_fall():
    curve = curve_of([(0.2, False), (0.4, True), (0.6, False), (0.8, True), (0.9, True)])

    assert (curve.at(0.1), curve.at(0.5), curve.at(0.7), curve.at(1.0)) == pytest.approx((0.0, 0.5, 0.75, 1.0))


def test_without_an_outcome_there_is_no_curve_and_no_threshold():
    with pytest.raises(ValueError, match="no outcome"):
        curve_of([])
    assert threshold([], 0.01) is None


@pytest.mark.parametrize(
    ("wrong", "of", "worst"), [(0, 2995, 0.001), (0, 10, 0.2589), (1, 10, 0.3942), (5, 100, 0.1023), (3, 3, 1.0)]
)
def test_the_bound_is_that_of_clopper_and_pearson(wrong, of, worst):
    assert worst_error(wrong, of) == pytest.approx(worst, abs=1e-4)


def test_a_threshold_needs_so_many_fields_that_their_interval_keeps_the_rate():
    enough = [(0.9, True)] * 400 + [(0.5, False)]
    too_few = [(0.9, True)] * 200

    assert (threshold(enough, 0.01), threshold(too_few, 0.01)) == (0.9, None)


@given(OUTCOMES)
def test_the_curve_never_falls_and_keeps_the_number_that_was_right(outcomes):
    curve = curve_of(outcomes)

    assert list(curve.shares) == sorted(curve.shares)
    assert sum(curve.at(confidence) for confidence, _ in outcomes) == pytest.approx(sum(right for _, right in outcomes))


@given(OUTCOMES, st.floats(0.01, 0.9))
def test_what_a_threshold_lets_pass_is_wrong_no_more_often_than_wanted(outcomes, wanted):
    found = threshold(outcomes, wanted)

    passed = [right for confidence, right in outcomes if found is not None and confidence >= found]
    assert passed.count(False) <= wanted * len(passed)


@given(OUTCOMES)
def test_a_lower_threshold_lets_more_pass_and_every_bound_lies_above_its_error(outcomes):
    found = points(outcomes)

    assert [point.coverage for point in found] == sorted(point.coverage for point in found)
    assert found[-1].coverage == 1.0
    assert all(point.error <= point.worst <= 1.0 for point in found)
