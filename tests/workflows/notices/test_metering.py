"""No ward office and no telephone gets more people than it can answer."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.notices.hours import MINUTES_A_DAY
from workflows.notices.metering import Pace, turns

WARDS = st.lists(st.sampled_from(["chuo", "higashi", "nishi", ""]), max_size=300)
PACES = st.builds(
    Pace, st.integers(1, 40), st.dictionaries(st.sampled_from(["chuo", "higashi"]), st.integers(1, 30), max_size=2)
)


@given(WARDS, PACES)
def test_nobody_is_forgotten_and_no_limit_is_passed(wards: list[str], pace: Pace) -> None:
    planned = turns(wards, pace)

    hours = Counter(turn // 60 for turn in planned)
    days = Counter((ward, turn // MINUTES_A_DAY) for ward, turn in zip(wards, planned, strict=True))
    assert len(planned) == len(wards)
    assert all(count <= pace.per_hour for count in hours.values())
    assert all(count <= pace.ward_per_day.get(ward, count) for (ward, _day), count in days.items())


def test_without_limits_of_wards_the_hours_are_filled_one_after_the_other() -> None:
    assert turns([""] * 5, Pace(2)) == [0, 30, 60, 90, 120]


def test_a_wards_day_is_spread_over_its_hours() -> None:
    planned = turns(["chuo"] * 30, Pace(1000, {"chuo": 10}))

    assert [turn // MINUTES_A_DAY for turn in planned] == [0] * 10 + [1] * 10 + [2] * 10
    assert len({turn // 60 for turn in planned}) == 30


def test_a_pace_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Pace(0)
