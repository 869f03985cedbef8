"""What is the same text in one width, on one line, with one kind of hyphen? NFKC, except for the letters of names."""

import re
import unicodedata

# NFKC would also turn the compatibility ideographs of names (﨑, 塚, 神, 祥 …) into their unified forms; a name is
# written the way its owner writes it, so these two blocks pass through untouched.
_NAME_LETTERS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_BREAKS = re.compile(r"[ \t]*[\r\n\u000b\u000c\u0085\u2028\u2029]+[ \t]*")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000e-\u001f\u007f]")
_BESIDE_JAPANESE = re.compile(r"(?<![0-9A-Za-zァ-ヶー]) | (?![0-9A-Za-zァ-ヶー])")
# What people and engines write for a hyphen between digits. The long vowel mark is among them only there.
_HYPHENS = re.compile("[‐‑‒–—―−﹣-－ｰ]")
_MARK_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ー一](?=[0-9])")


def plain(text: str) -> str:
    """Return NFKC of `text` without inner line breaks, outer space or invisible letters.

    Compatibility ideographs stay as they are. A run of spaces becomes one half-width space; a line break
    disappears, since Japanese text breaks anywhere.
    """
    seen = _INVISIBLE.sub("", _BREAKS.sub("", text))
    parts = _NAME_LETTERS.split(seen)
    folded = "".join(part if i % 2 else unicodedata.normalize("NFKC", part) for i, part in enumerate(parts))
    return _SPACES.sub(" ", folded).strip(" ")


def plain_lines(text: str) -> str:
    """Return `text` in plain form line by line, without empty lines before and behind."""
    return "\n".join(plain(line) for line in text.splitlines()).strip("\n")


def one_hyphen(text: str) -> str:
    """Write every dash between digits as the ASCII hyphen."""
    return _MARK_BETWEEN_DIGITS.sub("-", _HYPHENS.sub("-", text))


def without_spaces(text: str) -> str:
    """Remove every space from a text already in plain form."""
    return text.replace(" ", "")


def without_stray_spaces(text: str) -> str:
    """Drop the spaces beside kanji and hiragana from a text already in plain form."""
    return _BESIDE_JAPANESE.sub("", text)
