"""Dust on the scanner's glass draws lines that are neither printed nor written."""

import cv2
import numpy as np

from ocr.streaks import without_streaks


def paper():
    page = np.full((900, 700), 240, dtype=np.uint8)
    cv2.putText(page, "1234", (200, 400), cv2.FONT_HERSHEY_SIMPLEX, 3, 60, 6)
    page[60:840, 100:103] = 60  # a printed rule ends before the paper does
    return page


def test_a_line_down_the_whole_picture_is_filled_in_and_a_printed_rule_stays():
    streaked = paper()
    streaked[:, 300:302] -= 40

    mended = without_streaks(streaked)

    assert (mended == paper()).mean() > 0.999
    assert mended[450, 101] == 60


def test_a_picture_without_a_streak_stays_as_it_is():
    assert np.array_equal(without_streaks(paper()), paper())
