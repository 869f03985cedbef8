"""Which letters can stand in a field of each type? The cp932 repertoire, narrowed by type."""

import unicodedata
from functools import cache

from forms.field_types import FieldType

DIGITS = frozenset("0123456789")
KATAKANA = frozenset(chr(code) for code in range(ord("ァ"), ord("ヶ") + 1)) | frozenset("ー・ ")
_STOPS = frozenset("。、「」")  # of sentences; names and addresses have none
# Letters of names that cp932 lacks but registers hold.
_VARIANTS = frozenset("𠮷塚祥神福靖濵德瀨邉邊齋齊髙﨑")


@cache
def office_repertoire() -> frozenset[str]:
    """Return the letters of cp932 that Japanese text is written with, and variants of names.

    cp932 rather than JIS X 0208, since the latter lacks 髙 and 﨑. Greek, Cyrillic, box drawing, half-width kana and
    symbols are left out: no office field is written with them, and engines mistake smudges for them.
    """
    found = {letter for letter in _cp932() if _is_written(letter)}
    return frozenset(found) | _VARIANTS | frozenset("々〆〇ー・-()., ")


def _cp932() -> list[str]:
    pairs = (bytes((high, low)) for high in (*range(0x81, 0xA0), *range(0xE0, 0xFD)) for low in range(0x40, 0xFD))
    two_bytes = (pair.decode("cp932", "ignore") for pair in pairs)
    return [chr(code) for code in range(0x20, 0x7F)] + [letter for letter in two_bytes if len(letter) == 1]


def _is_written(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    if letter.isascii():
        return letter.isalnum()
    return name.startswith(("CJK ", "HIRAGANA LETTER", "KATAKANA LETTER"))


@cache
def alphabet(kind: FieldType) -> frozenset[str]:
    """Return the letters an engine may read in a field of type `kind`, in plain (NFKC) form."""
    if kind is FieldType.DIGITS:
        return DIGITS
    narrow = {
        FieldType.INTEGER: DIGITS | frozenset("人名"),
        FieldType.YEN: DIGITS | frozenset(",¥円"),
        FieldType.POSTAL_CODE: DIGITS | frozenset("-〒"),
        FieldType.PHONE: DIGITS | frozenset("-()"),
        FieldType.DATE: DIGITS | frozenset("明治大正昭和平成令元年月日MTSHR./-"),
        FieldType.KATAKANA: KATAKANA,
        FieldType.PERSON_NAME: office_repertoire() - DIGITS - frozenset("().,"),
        FieldType.ADDRESS: office_repertoire(),
    }
    return narrow.get(kind, office_repertoire() | _STOPS)
