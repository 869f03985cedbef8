"""How is a reading written in full-width katakana, and where could a kana be small or large? By sound rules."""

import re
from itertools import pairwise

import jaconv

from forms.problems import NotNormalError
from forms.widths import plain

_KATAKANA = re.compile(r"[ァ-ヶー・ ]+")
_HYPHENS = re.compile(r"[-‐‑–—−―]")
_I_ROW = frozenset("キシチニヒミリギジヂビピ")
_FOREIGN_YU = frozenset("テデフヴ")
_DOUBLED = frozenset("カキクケコサシスセソタチツテトパピプペポガギグゲゴザジズゼゾダヂヅデドバビブベボハヒフヘホ")
_SMALL = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_LARGE = {large: small for small, large in _SMALL.items()}
_BEFORE_SMALL_VOWEL = {
    "ア": frozenset("フヴツクグ"),
    "イ": frozenset("フヴテデウツクグ"),
    "ウ": frozenset("トドホ"),
    "エ": frozenset("フヴウシジチツクグイ"),
    "オ": frozenset("フヴウツクグ"),
}


def katakana(text: str) -> str:
    """Return `text` in full-width katakana, voiced marks composed, parts one space apart.

    Hiragana and half-width kana are accepted. Raises NotNormalError for anything that is not a reading.
    """
    marked = text.replace("゛", "\u3099").replace("゜", "\u309a")
    composed = _HYPHENS.sub("ー", plain(jaconv.hira2kata(plain(marked))))
    if not composed or not _KATAKANA.fullmatch(composed):
        raise NotNormalError("kana_letters", "カタカナではない文字があります。", "Only katakana is accepted here.")
    return composed


def settle_sizes(text: str) -> str:
    """Write each kana in the one size Japanese sound rules leave it, and keep it where both can be.

    ヨ at the start of a word or after カ is never small; ツ before ヤ is never small; a vowel after ヴ is small. After
    an i-row letter ョ and ヨ are both words (キョウコ, キヨコ), so the letter stays as it was read.
    """
    return "".join(_settled(before, here, after) for before, here, after in _in_context(text))


def doubtful_sizes(text: str) -> tuple[int, ...]:
    """Return the positions in `text` whose kana could be small or large by its shape and by sound."""
    return tuple(
        place
        for place, (before, here, after) in enumerate(_in_context(text))
        if (here in _SMALL or here in _LARGE) and _can_be_small(before, _SMALL.get(here, here), after)
    )


def is_small(kana: str) -> bool:
    """Say whether `kana` is one of the small letters."""
    return kana in _SMALL


def large_of(kana: str) -> str:
    """Return the large letter of `kana`, itself when it is large."""
    return _SMALL.get(kana, kana)


def other_size(kana: str) -> str:
    """Return the large letter of a small kana, and the small one of a large."""
    return _SMALL.get(kana) or _LARGE[kana]


def _in_context(text: str) -> list[tuple[str, str, str]]:
    padded = f" {text} "
    return [(before, here, after) for (before, here), after in zip(pairwise(padded), padded[2:], strict=False)]


def _settled(before: str, here: str, after: str) -> str:
    if before == "ヴ" and here in _BEFORE_SMALL_VOWEL:  # no word has a whole vowel there
        return _LARGE[here]
    large = _SMALL.get(here)
    if large is None or _can_be_small(before, large, after):
        return here
    return large


def _can_be_small(before: str, large: str, after: str) -> bool:
    if before in " ・" or before == "ッ":
        return False
    if large in "ヤユヨ":
        return before in _I_ROW or (large == "ユ" and before in _FOREIGN_YU)
    if large == "ツ":
        return after in _DOUBLED
    if large in _BEFORE_SMALL_VOWEL:
        return before in _BEFORE_SMALL_VOWEL[large]
    return large == "ワ" and before in "クグ"
