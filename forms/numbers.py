"""What is the normal form of codes, telephone numbers and amounts? Digits kept, decoration dropped, doubts refused."""

import re

from forms.problems import NotNormalError
from forms.widths import one_hyphen, plain, without_spaces

_AMOUNT = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)")
_LONGEST = 40
_PHONE_LENGTHS = (10, 11)
_MOBILE = ("050", "060", "070", "080", "090")
_MOBILE_LENGTH = 11
NUMBER_LIMIT = 10**12
"""A number of a form stays below it, computed or not: a hundred thousand of them still add up in 64 bits."""


def postal_code(text: str) -> str:
    """Return a postal code as `810-0001`. Raises NotNormalError unless there are seven digits."""
    packed = _packed(text).removeprefix("〒").replace("-", "")
    if not re.fullmatch(r"[0-9]{7}", packed):
        raise NotNormalError("postal_shape", "郵便番号は7桁の数字です。", "A postal code has seven digits.")
    return f"{packed[:3]}-{packed[3:]}"


def phone(text: str) -> str:
    """Return a domestic telephone number with the hyphens it was written with.

    Brackets become hyphens. Mobile numbers without hyphens get them (3-4-4); the area codes of other numbers differ
    in length, so those stay digits only. Raises NotNormalError unless there are 10 digits, or 11 for 0x0 numbers.
    """
    packed = re.sub(r"[()]", "-", _packed(text)).strip("-")
    digits = packed.replace("-", "")
    wanted = _MOBILE_LENGTH if digits.startswith(_MOBILE) else _PHONE_LENGTHS[0]
    if not re.fullmatch(r"0[0-9]{9,10}", digits) or len(digits) != wanted:
        raise NotNormalError("phone_shape", "電話番号の桁数が違います。", "A telephone number has 10 or 11 digits.")
    if "-" in packed and not re.fullmatch(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}", packed):
        raise NotNormalError("phone_shape", "電話番号の区切りが違います。", "The hyphens are in unusual places.")
    if len(digits) == _MOBILE_LENGTH and packed in (digits, f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"):
        return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
    return packed


def digits(text: str, comb: int | None = None) -> str:
    """Return a string of digits, leading zeros kept.

    Raises NotNormalError when anything else is there or, with `comb` cells printed, when their number differs.
    """
    packed = _packed(text)
    if not re.fullmatch(r"[0-9]+", packed):
        raise NotNormalError("digits_shape", "数字だけを書く欄です。", "Only digits are accepted here.")
    if comb is not None and len(packed) != comb:
        raise NotNormalError("digits_length", f"{comb}桁で書く欄です。", f"This field has {comb} digits.")
    return packed


def integer(text: str) -> int:
    """Return a whole number; commas of thousands and counters (人, 名) are accepted."""
    return _amount(re.sub(r"[人名]$", "", _packed(text)))


def yen(text: str) -> int:
    """Return an amount in whole yen from `3,011,250`, `¥3011250` or `3,011,250円`.

    Raises NotNormalError for misplaced commas (a sign of a digit lost) and for amounts of a trillion or more.
    """
    packed = re.sub(r"^[¥\\]|円$|円也$|-$", "", _packed(text))
    amount = _amount(packed)
    if abs(amount) >= NUMBER_LIMIT:
        raise NotNormalError("amount_limit", "金額が大きすぎます。", "The amount is too large.")
    return amount


def _amount(packed: str) -> int:
    if not _AMOUNT.fullmatch(packed):
        raise NotNormalError("amount_shape", "数として読めません。", "This is not a number.")
    if len(packed) > _LONGEST:
        raise NotNormalError("amount_limit", "数が大きすぎます。", "The number is too large.")
    return int(packed.replace(",", ""))


def _packed(text: str) -> str:
    return without_spaces(one_hyphen(plain(text)))
