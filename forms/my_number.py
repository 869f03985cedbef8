"""Does a text hold a 個人番号? It has no place in this office: found at every intake, it is refused or masked."""

import re

from forms.widths import plain

LENGTH = 12
_TWELVE = re.compile(r"(?<!\d)\d(?:[ \-]?\d){11}(?!\d)")
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
"""For the first eleven digits from the left (番号法施行令8条、同総務省令5条)."""


def holds_my_number(text: str) -> bool:
    """Say whether twelve digits in a row, also parted by spaces or hyphens, pass the check digit.

    One in eleven of other twelve-digit numbers passes by chance: it is refused, too, and written another way.
    """
    return any(_passes(found.group()) for found in _TWELVE.finditer(plain(text)))


def without_my_number(text: str) -> str:
    """Give `text` as it is, or, where it holds a 個人番号, with every digit masked."""
    return re.sub(r"\d", "＊", plain(text)) if holds_my_number(text) else text


def check_digit(first_eleven: str) -> int:
    """Give the twelfth digit that belongs to eleven."""
    rest = sum(int(digit) * weight for digit, weight in zip(first_eleven, _WEIGHTS, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


def _passes(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    return check_digit(digits[: LENGTH - 1]) == int(digits[-1])
