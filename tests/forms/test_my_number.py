"""No 個人番号 gets in. None is written here either: each test makes one as it runs and forgets it."""

from hypothesis import given
from hypothesis import strategies as st

from forms.my_number import check_digit, holds_my_number, without_my_number

eleven = st.text("0123456789", min_size=11, max_size=11)


@given(eleven, st.sampled_from(["", "-", " "]), st.sampled_from(["番号は{}です", "{}", "〒{}"]))
def test_a_number_that_passes_its_check_digit_is_found_however_it_is_written(first, between, sentence):
    digits = f"{first}{check_digit(first)}"

    assert holds_my_number(sentence.format(between.join([digits[:4], digits[4:8], digits[8:]])))


@given(eleven)
def test_it_is_found_in_full_width_digits_and_masked(first):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in f"{first}{check_digit(first)}")

    assert holds_my_number(wide)
    assert not any(character.isdigit() for character in without_my_number(f"番号 {wide}"))


@given(eleven, st.integers(1, 9))
def test_twelve_digits_with_another_check_digit_are_none(first, off):
    assert not holds_my_number(f"{first}{(check_digit(first) + off) % 10}")


@given(st.text("0123456789", min_size=13, max_size=20) | st.text("0123456789", max_size=11))
def test_longer_and_shorter_numbers_are_none(digits):
    assert not holds_my_number(digits)
    assert without_my_number(digits) == digits
