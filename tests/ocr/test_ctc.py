"""How frames of probabilities become text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.ctc import other_spellings, spell, together

LETTERS = ("", "a", "b", "c")
EVERY = np.array([1, 2, 3])


def frames(*best, surely=0.9):
    rows = np.full((len(best), len(LETTERS)), (1 - surely) / 3, dtype=np.float32)
    rows[np.arange(len(best)), best] = surely
    return rows


def text(spelled):
    return "".join(LETTERS[column] for column in spelled.columns)


def test_a_repeat_is_one_letter_and_a_blank_between_makes_two():
    seen = frames(1, 1, 0, 1, 2, 2, 0)

    spelled = spell(seen, EVERY)

    assert text(spelled) == "aab"


def test_a_letter_outside_the_alphabet_is_not_read_and_its_doubt_stays():
    seen = frames(1, 3, 2)

    spelled = spell(seen, np.array([1, 2]))

    assert 3 not in spelled.columns
    assert min(spelled.probabilities, default=0) <= 0.9


def test_a_letter_forced_by_the_mask_keeps_its_low_probability():
    seen = np.array([[0.01, 0.09, 0.0, 0.9]], dtype=np.float32)

    spelled = spell(seen, np.array([1, 2]))

    assert text(spelled) == "a"
    assert spelled.probabilities[0] < 0.1


def test_other_spellings_change_one_letter_each():
    seen = np.array([[0, 0.6, 0.4, 0], [1, 0, 0, 0], [0, 0, 0.3, 0.7]], dtype=np.float32)

    others = other_spellings(spell(seen, EVERY), LETTERS)

    assert others == ("bc", "ab")


@given(st.lists(st.integers(0, 3), max_size=12))
def test_every_letter_has_a_place_a_probability_and_a_rival(best):
    seen = frames(*best) if best else np.empty((0, 4), dtype=np.float32)

    spelled = spell(seen, EVERY)

    assert len(spelled.columns) == len(spelled.frames) == len(spelled.probabilities) == len(spelled.runners_up)
    assert list(spelled.frames) == sorted(spelled.frames)
    assert all(column not in dict(rivals) for rivals, column in zip(spelled.runners_up, spelled.columns, strict=True))


def test_a_letter_in_another_width_counts_for_its_plain_form():
    seen = np.array([[0.1, 0.4, 0.2, 0.3]], dtype=np.float32)

    summed = together(seen, np.array([3]), np.array([1]))

    assert summed[0].tolist() == pytest.approx([0.1, 0.7, 0.2, 0.0])
