"""How is a part of a name read? The only door to the dictionary, Sudachi's, which knows most of them."""

import re
from functools import cache, lru_cache

import jaconv
from sudachipy import Dictionary

from ocr.settling import everyday

_KANA = re.compile(r"[ァ-ヶー]+")
_BEGINS_IN_KANA = re.compile(r"([ァ-ヶー]+)(.+)")  # ミツ子, which no dictionary lists with every beginning
_GOES_ON = "ッ"  # 光 is ミッ in a longer word only, and 真 マッ; ミツ and マツ are names
# Forms that registers know and the dictionary does not, with those that it lists names under.
_LISTED_AS = str.maketrans("髙﨑濵栁𠮷邉", "高崎浜柳吉辺")


@cache
def _words() -> Dictionary:
    return Dictionary(dict="small")


def is_in_kana(part: str) -> bool:
    """Say whether a part of a name is spelled as it is read: サントス, さくら."""
    return _KANA.fullmatch(jaconv.hira2kata(part)) is not None


@lru_cache(maxsize=4096)
def readings_of(part: str) -> frozenset[str]:
    """Return the readings, in katakana, that a surname or a given name is known to have; kana are read as they stand.

    A name in letters of a register is read as the everyday one: 髙橋 as 高橋. None for a name that is not known.
    """
    spelled = jaconv.hira2kata(part)
    if is_in_kana(part):
        return frozenset((spelled,))
    listed = {part, everyday(part.translate(_LISTED_AS))}
    readings = {word.reading_form() for each in listed for word in _words().lookup(each)}
    if begins := _BEGINS_IN_KANA.fullmatch(spelled):
        readings |= {begins[1] + reading for reading in readings_of(begins[2])}
    return frozenset(reading for reading in readings if _KANA.fullmatch(reading) and not reading.endswith(_GOES_ON))
