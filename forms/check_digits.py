"""Does the last digit of a number fit the others? By the ways of reckoning that Japanese offices use.

Modulus 10 weight 3·1 is that of JAN and many member numbers (JIS X 0507); modulus 10 with doubled digits is Luhn's
(ISO/IEC 7812-1); modulus 11 weights 2 to 7 from the right, that of many numbers of insured persons, leaves 0 where
the rest is 0 or 1.
"""

from collections.abc import Callable
from enum import StrEnum
from itertools import cycle


class CheckDigit(StrEnum):
    MODULUS_10_WEIGHT_3 = "mod10_3"
    LUHN = "luhn"
    MODULUS_11 = "mod11"


def fits(kind: CheckDigit, number: str) -> bool:
    """Say whether the last digit of `number`, digits only and at least two, is the check digit of the others."""
    return len(number) > 1 and int(number[-1]) == of(kind, number[:-1])


def of(kind: CheckDigit, body: str) -> int:
    """Return the check digit that belongs behind the digits `body`."""
    return _WAYS[kind]([int(digit) for digit in reversed(body)])


def _weight_three(from_right: list[int]) -> int:
    return -sum(digit * weight for digit, weight in zip(from_right, cycle((3, 1)), strict=False)) % 10


def _luhn(from_right: list[int]) -> int:
    return -sum(sum(divmod(digit * weight, 10)) for digit, weight in zip(from_right, cycle((2, 1)), strict=False)) % 10


def _modulus_eleven(from_right: list[int]) -> int:
    rest = sum(digit * weight for digit, weight in zip(from_right, cycle((2, 3, 4, 5, 6, 7)), strict=False)) % 11
    return 0 if rest <= 1 else 11 - rest


_WAYS: dict[CheckDigit, Callable[[list[int]], int]] = {
    CheckDigit.MODULUS_10_WEIGHT_3: _weight_three,
    CheckDigit.LUHN: _luhn,
    CheckDigit.MODULUS_11: _modulus_eleven,
}
