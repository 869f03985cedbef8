"""Paper that is not flat: its printed details tell how it bends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.bending import bend_of, unbent
from ocr.details import Details

PLACES = np.array([(x, y) for x in range(100, 1600, 150) for y in range(100, 2300, 200)], dtype=np.float64)


def bent(high):
    """Details of a page that is lifted in its middle by `high` pixels, one of ten of them mistaken for another."""
    offsets = np.stack([0 * PLACES[:, 0], high * np.sin(np.pi * PLACES[:, 0] / 1654)], axis=1)
    offsets[::10] += 7
    return Details(PLACES, offsets, np.ones(len(PLACES), dtype=np.bool_))


@settings(max_examples=8, deadline=None)
@given(st.floats(-6, 6))
def test_the_bend_is_found_although_some_details_are_wrong(high):
    page = np.zeros((2339, 1654), dtype=np.uint8)
    page[1000 + round(high), 820:840] = 255

    flat = unbent(page, np.eye(3), bend_of(bent(high)), page.shape)

    assert 900 + int(flat[900:1100, 830].argmax()) == pytest.approx(1000, abs=1)


def test_too_few_details_tell_of_no_bend():
    few = Details(PLACES[:20], np.zeros((20, 2)), np.ones(20, dtype=np.bool_))

    assert bend_of(few) is None
