"""Which letters look so alike that two engines agreeing is not enough? Kana of two sizes, forms of one letter."""

from collections.abc import Collection, Mapping, Sequence

import jaconv

from forms.field_types import FieldType
from forms.kana import doubtful_sizes, is_small, large_of, other_size, settle_sizes
from ocr.engine import LineReading

# Forms of one letter. Engines taught on several languages, or on everyday text, write the wrong one with confidence.
_VARIANTS = (
    *("高髙", "﨑崎碕嵜", "斎斉齋齊", "辺邉邊", "浜濱", "沢澤", "島嶋嶌", "広廣", "桜櫻", "竜龍"),
    *("恵惠", "国國", "真眞", "徳德", "富冨", "曽曾", "涼凉", "増增", "緑綠", "聡聰"),
    *("瀬瀨", "治冶", "祐裕", "己巳已", "末未", "太大犬", "千干", "寿壽", "栄榮", "関關"),
    *("学學", "条條", "来來", "黒黑", "礼禮", "弥彌", "荘莊", "歩步", "郎郞", "青靑"),
    *("清淸", "静靜", "戸戶", "黄黃", "峰峯", "鉄鐵", "舘館", "藪薮", "桧檜"),
    *("凛凜", "蓑簑", "柳栁", "晃晄", "侯候", "薗園", "渕淵"),
)
_FAMILY = {letter: family for family in _VARIANTS for letter in family}
_UNREADABLE = {"崎": "﨑", "吉": "𠮷", "濱": "濵", "蓑": "簑", "柳": "栁"}

# The form that registers know, and the share of the everyday letter's probability from which on it stands there. In
# seven fonts of no test sheet, 冨 had 4 % and more where it was written, and under 0.1 % where 富 was; 高 and 青 left
# no more than 0.16 % and 0.06 % to theirs, on bad scans too. 凛 left 10 % and once 31 %, and 凜 had 30 % and once 15 %.
_REGISTERED = {"高": ("髙", 0.003), "富": ("冨", 0.02), "青": ("靑", 0.004), "凛": ("凜", 0.3)}

_VARIANT_CERTAINTY = 0.97
_RIVAL_ABOVE = 0.01

# A kana's larger side over the usual letter's: small below the first, large above the second, open between. Measured
# on 13 fonts; ヨ is narrow even when large, ユ low.
_SIZE_LIMITS = {"ヨ": (0.7, 0.84), "ユ": (0.84, 0.97), "ヤ": (0.82, 0.94), "ツ": (0.74, 0.87)} | dict.fromkeys(
    "アイウエオ", (0.84, 0.97)
)
_USUAL_LIMITS = (0.78, 0.9)


def sizes_settled(kind: FieldType, text: str) -> str:
    """Write a reading's kana in the size that sound rules leave, for katakana fields only."""
    return settle_sizes(text) if kind is FieldType.KATAKANA else text


def doubtful_kana(text: str, sizes: tuple[float | None, ...]) -> tuple[int, ...]:
    """Return the places of kana that sound rules let be small or large and that the ink leaves open.

    `sizes` are the letters' sizes on the paper beside the usual letter's; they settle a kana that is plainly small or
    plainly large and was read so. Hiragana is judged as katakana.
    """
    letters = jaconv.hira2kata(text)
    if len(letters) != len(text.replace(" ", "")) + text.count(" "):
        return tuple(range(len(text)))
    return tuple(
        place
        for place in doubtful_sizes(letters)
        if not _shows(letters[place], _size_at(place - letters[:place].count(" "), sizes))
    )


def resized_kana(text: str, sizes: tuple[float | None, ...], rivals: Sequence[Collection[str]]) -> str:
    """Write each kana that sound rules let be small or large in the size that the ink plainly shows.

    `text` has no spaces; `sizes` are its letters' sizes beside the usual letter's, `rivals` the other letters that each
    may be: a size that is none of them is not put in. Hiragana is judged as katakana.
    """
    letters = jaconv.hira2kata(text)
    if len(letters) != len(text):
        return text
    resized = list(text)
    for place in doubtful_sizes(letters):
        other = other_size(letters[place])
        written = other if letters[place] == text[place] else jaconv.kata2hira(other)
        if letters[place - 1 : place] != "ヴ" and written in rivals[place] and _shows(other, _size_at(place, sizes)):
            resized[place] = written
    return "".join(resized)


def _size_at(place: int, sizes: tuple[float | None, ...]) -> float | None:
    return sizes[place] if place < len(sizes) else None


def _shows(letter: str, size: float | None) -> bool:
    if size is None:
        return False
    small_below, large_above = _SIZE_LIMITS.get(large_of(letter), _USUAL_LIMITS)
    return size < small_below if is_small(letter) else size > large_above


def has_unreadable_twin(text: str) -> bool:
    """Say whether a letter has another form that the first engine's dictionary lacks: it reads that form as this one.

    山﨑 is read 山崎 with a certainty of 0.999, so in the names of people only a person can tell.
    """
    return any(letter in _UNREADABLE for letter in text)


def variants_open(reading: LineReading, *, rivals_count: bool) -> bool:
    """Say whether a letter that has other forms (高 and 髙) was read with less than near certainty.

    The second engine knows the everyday form only, so its agreement says nothing here; the first engine alone decides.
    In names the rivals count too: elsewhere the everyday form is meant (settling.py).
    """
    letters = zip(reading.text, reading.certainties, reading.rivals, strict=False)
    return any(
        letter in _FAMILY and (certainty < _VARIANT_CERTAINTY or (rivals_count and _has_rival_form(letter, rivals)))
        for letter, certainty, rivals in letters
    )


def is_form_of(one: str, other: str) -> bool:
    """Say whether two letters are forms of one: 凛 and 凜."""
    return other in _FAMILY.get(one, ())


def as_registered(letter: str, certainty: float, rivals: Mapping[str, float]) -> str:
    """Return the form that registers know where an engine, taught on everyday text, holds it possible at all."""
    form, share = _REGISTERED.get(letter, (letter, 0.0))
    return form if rivals.get(form, 0.0) >= share * certainty > 0 else letter


def other_forms(name: str) -> tuple[str, ...]:
    """Return the name with one of its letters in each other form that registers know, for a person to choose from."""
    return tuple(
        name[:place] + form + name[place + 1 :]
        for place, letter in enumerate(name)
        for form in (*_FAMILY.get(letter, ""), *_UNREADABLE.get(letter, ""))
        if form != letter
    )


def _has_rival_form(letter: str, rivals: tuple[tuple[str, float], ...]) -> bool:
    """A letter that is its own rival was put in for another of its forms: see as_registered."""
    return any(
        rival == letter or (probability > _RIVAL_ABOVE and rival in _FAMILY[letter])
        for rival, probability in rivals
        if rival
    )


def shapes_clash(text: str) -> bool:
    """Say whether a letter stands among letters of another script that has its shape.

    タワ一 has a kanji one where the long mark must be; either may be what the engine made of it.
    """
    padded = f" {text} "
    return any(
        here in "一ニ二ハ八ロ口カ力タ夕ト卜エ工チ千ミ三" and _foreign(here, before, after)
        for before, here, after in zip(padded, padded[1:], padded[2:], strict=False)
    )


def _foreign(here: str, before: str, after: str) -> bool:
    katakana_here = "ァ" <= here <= "ー"
    around = [letter for letter in (before, after) if letter not in " -・" and not letter.isdigit()]
    if here == "一" and "ァ" <= before <= "ー":
        return True
    return bool(around) and all(("ァ" <= letter <= "ー") != katakana_here for letter in around)
