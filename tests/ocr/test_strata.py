"""A threshold keeps the wanted error rate though nobody knows more of what passed than one field in a hundred."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.strata import GATE, Stratum, in_force, lowest_kept, probabilities, steps

COUNTS = st.integers(0, 400)


@st.composite
def strata(draw):
    found = []
    for confidence in draw(st.sets(st.integers(0, 100), min_size=1, max_size=8)):
        known, passed = draw(COUNTS), draw(COUNTS)
        sampled = draw(st.integers(0, passed))
        wrong, sampled_wrong = draw(st.integers(0, known)), draw(st.integers(0, sampled))
        found.append(Stratum(confidence, known, wrong, passed, sampled, sampled_wrong))
    return found


def test_what_people_saw_does_not_vouch_for_what_nobody_saw():
    asked = Stratum(40, known=100_000)
    unseen = Stratum(99, passed=100_000)
    sampled = Stratum(99, passed=100_000, sampled=1000, sampled_wrong=5)

    assert [step.worst for step in steps([asked, unseen], 0)] == [1.0, 1.0, pytest.approx(0.5, abs=1e-3)]
    assert steps([asked, sampled], 0)[-1].worst == pytest.approx(0.0058, abs=5e-4)
    assert lowest_kept(steps([asked, unseen], 0), 0.1) is None


def test_below_the_gate_one_goes_down_until_the_first_step_that_does_not_keep_the_rate():
    passed = Stratum(99, passed=400_000, sampled=4000)
    good, bad, good_again = Stratum(45, known=5000), Stratum(40, known=9000, wrong=900), Stratum(30, known=900_000)

    assert lowest_kept(steps([passed, good], 0), 0.001) == 45
    assert lowest_kept(steps([passed, good, bad, good_again], 0), 0.001) == 45
    assert lowest_kept(steps([Stratum(50, known=9000, wrong=900), passed], 0), 0.001) == 99


def test_a_threshold_below_the_gate_holds_only_as_long_as_the_samples_say_so():
    before = steps([Stratum(99, passed=400_000, sampled=4000), Stratum(45, known=5000)], 0)
    later = steps([Stratum(99, passed=400_000, sampled=4000, sampled_wrong=9), Stratum(45, known=5000)], 0)

    assert (in_force(45, before, 0.001), in_force(45, later, 0.001), in_force(45, (), 0.001)) == (45, GATE, GATE)
    assert in_force(80, later, 0.001) == 80


def test_a_sample_stands_for_as_many_as_passed():
    curve = probabilities([Stratum(90, known=100, wrong=50, passed=900, sampled=9)])

    assert curve is not None
    assert curve.at(0.9) == pytest.approx(0.95)
    assert probabilities([Stratum(90, passed=900)]) is None
    assert steps([], 0) == ()


@given(strata(), st.integers(0, 500), st.floats(0.0005, 0.5))
def test_every_step_counts_all_fields_and_its_limit_lies_above_what_was_seen(found, always_asked, wanted):
    told = steps(found, always_asked)

    assert [step.share for step in told] == sorted(step.share for step in told)
    for step in told:
        above = [each for each in found if each.confidence >= step.threshold]
        seen_wrong = sum(each.wrong + each.sampled_wrong for each in above)
        assert seen_wrong <= step.worst * step.passing + 1e-6
    lowest = lowest_kept(told, wanted)
    assert lowest is None or next(step for step in told if step.threshold == lowest).worst <= wanted
    assert 0 <= in_force(GATE - 1, told, wanted) <= GATE


@pytest.mark.parametrize(("wanted", "above_the_gate"), [(0.001, True), (0.005, False), (0.02, False)])
def test_a_threshold_chosen_on_one_half_holds_on_the_other_half(wanted, above_the_gate):
    """A million fields in each half, of a reader whose errors are known; 1 in 100 of what passed in the first keyed."""
    sizes = np.where(CONFIDENCES < 96, 1500, 180_000)
    rates = 0.25 * ((100 - CONFIDENCES) / 80) ** 2.5
    held, chosen = 0, []
    for seed in range(40):
        random = np.random.default_rng(seed)
        lowest = lowest_kept(steps(_seen(random, sizes, rates), 0), wanted)
        if lowest is not None:
            above = lowest <= CONFIDENCES
            chosen.append(lowest)
            held += random.binomial(sizes[above], rates[above]).sum() <= wanted * sizes[above].sum()

    assert chosen
    assert held >= 0.95 * len(chosen)
    assert (min(chosen) > GATE) is above_the_gate


CONFIDENCES = np.arange(20, 101)


def _seen(random, sizes, rates):
    """What a ledger says: each field below the gate, and one in a hundred of those that passed."""
    for at, size, rate in zip(CONFIDENCES.tolist(), sizes.tolist(), rates, strict=True):
        if at < GATE:
            yield Stratum(at, known=size, wrong=int(random.binomial(size, rate)))
        else:
            sampled = int(random.binomial(size, 0.01))
            yield Stratum(at, passed=size, sampled=sampled, sampled_wrong=int(random.binomial(sampled, rate)))
