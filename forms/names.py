"""How are the names of people and places written in normal form? As their owners write them, in one width."""

import re

from forms.problems import NotNormalError
from forms.widths import one_hyphen, plain, without_stray_spaces

_NAME = re.compile(r"[^\W\d_](?:[\w'’.\-・々〆ー]| (?! ))*")
_DIGIT = re.compile(r"[0-9]")


def person_name(text: str) -> str:
    """Return a name with one half-width space between its parts: `山田 香織`.

    The half-width space is chosen since it is what the office's register exports and what a keyboard types.
    Raises NotNormalError for digits or signs no name has.
    """
    name = plain(text)
    if not _NAME.fullmatch(name) or _DIGIT.search(name):
        raise NotNormalError("name_letters", "氏名に使えない文字があります。", "A name cannot have these letters.")
    return name


def address(text: str) -> str:
    """Return an address in one width, hyphens between numbers as ASCII hyphens.

    Spaces beside kanji and hiragana are dropped; those between numbers, Latin letters and katakana stay, since they
    part a house number from a building. Raises NotNormalError when nothing is left.
    """
    # Again in plain form: an accent that stood beside a space belongs to the letter before it once the space is gone.
    place = plain(without_stray_spaces(one_hyphen(plain(text))))
    if not place:
        raise NotNormalError("empty", "何も書かれていません。", "Nothing is written here.")
    return place
