"""Which numbers of an address tell the postman the door? Those behind the quarter that its postal code names.

By Japan Post's manual (郵便番号・バーコードマニュアル, バーコードに必要な文字情報の抜き出し法).
"""

import re

from forms.places import Place, places_of
from forms.widths import one_hyphen, plain

_DIGITS = {kanji: digit for digit, kanji in enumerate("〇一二三四五六七八九")}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_COUNTED = re.compile(r"[〇一二三四五六七八九十百千]+(?=丁目|丁|番地|番|号|地割|線|の|ノ)")
"""Kanji numerals are numbers before these words only: 八百屋 is no house number."""
_LEFT_OUT = re.compile(r"[&/・.]")
_FLOOR = re.compile(r"(?<=[0-9])F(?![A-Z])")
_WORDS = re.compile(r"[A-Z]{2,}|[^0-9A-Z-]")
_BESIDE_A_LETTER = re.compile(r"-(?=[A-Z])|(?<=[A-Z])-")


def address_numbers(postal_code: str, address: str) -> str:
    """Return what of `address` stands in its barcode: `3-30-8-403` of 緑町3丁目30-8 郵便ビル403号.

    The quarter of `postal_code`, whose name may hold numerals of its own (三番町), is left out; where the table
    does not know the code, the whole address is read.
    """
    rest = _behind(plain(address), places_of(postal_code))
    figures = _COUNTED.sub(lambda found: str(_number(found[0])), one_hyphen(rest))
    letters = _FLOOR.sub("", _LEFT_OUT.sub("", figures.upper()))
    joined = re.sub("-+", "-", _WORDS.sub("-", letters)).strip("-")
    return _BESIDE_A_LETTER.sub("", joined)


def _behind(address: str, places: tuple[Place, ...]) -> str:
    """Give what follows the longest name of a place; addresses may leave out the prefecture, as people do."""
    names = [name for place in places for name in (str(place), place.city + place.neighborhood, place.neighborhood)]
    longest = max((name for name in names if name and name in address), key=len, default="")
    return address.partition(longest)[2] if longest else address


def _number(kanji: str) -> int:
    """Give the number of 二十五 and of 二〇三 alike."""
    if not any(letter in _POWERS for letter in kanji):
        return int("".join(str(_DIGITS[letter]) for letter in kanji))
    whole = digit = 0
    for letter in kanji:
        if letter in _POWERS:
            whole, digit = whole + (digit or 1) * _POWERS[letter], 0
        else:
            digit = _DIGITS[letter]
    return whole + digit
