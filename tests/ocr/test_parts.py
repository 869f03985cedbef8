"""Where a name parts: only where the ink and the letters' distances say the same."""

import numpy as np
import pytest

from ocr.cleaning import ink
from ocr.parts import parted, white_before, wide_gaps

WIDTH = 400


def line(*lefts):
    crop = np.full((50, WIDTH), 245, dtype=np.uint8)
    for left in lefts:
        crop[8:42, left : left + 30] = 40
    return crop, tuple((left + 15) / WIDTH for left in lefts)


@pytest.mark.parametrize(
    ("lefts", "found"),
    [
        ((10, 45, 110, 145), ((2,), True)),
        ((10, 75, 110, 145), ((1,), True)),
        ((10, 45, 110, 145, 210, 245), ((2, 4), True)),
        ((10, 45, 80, 115), ((), False)),
    ],
)
def test_a_name_parts_at_its_wide_gaps(lefts, found):
    crop, places = line(*lefts)

    gap = wide_gaps(ink(crop), places)

    assert gap == found


def test_white_beside_a_letter_is_no_space_when_the_letters_stand_evenly():
    crop, _ = line(10, 45, 110, 145)
    evenly = tuple(place / WIDTH for place in (25, 65, 105, 145))

    gap = wide_gaps(ink(crop), evenly)

    assert gap == ((), False)


@pytest.mark.parametrize(("before", "name"), [((), "グエンティホア"), ((3, 5), "グエン ティ ホア")])
def test_a_name_is_written_with_a_space_at_each_part(before, name):
    assert parted("グエンティホア", before) == name


@pytest.mark.parametrize(("lefts", "heights"), [((10, 45, 110), 0.92), ((10, 45, 80), 0.08)])
def test_the_white_before_a_letter_is_measured_in_heights_of_the_line(lefts, heights):
    crop, places = line(*lefts)

    assert white_before(ink(crop), places, 2) == pytest.approx(heights, abs=0.08)
