"""Which characters would a Shift_JIS page corrupt without a word? Asked of Chromium once, kept as a table."""

from functools import cache
from importlib.resources import files
from typing import Final

TABLE: Final = "shift_jis_carried.txt"
ASCII: Final = frozenset(map(chr, range(0x20, 0x7F)))


def trouble(text: str) -> tuple[str, ...]:
    """Name the characters of `text` that would not reach a Shift_JIS system as they are, each once, in their order.

    Such are 𠮷 and 〜 (sent as `&#…;`), ¥ (sent as a backslash) and every control character. The table is the
    browser's encoder and not Python's `cp932`, which disagrees with it.
    """
    carried = carried_characters()
    return tuple(dict.fromkeys(character for character in text if character not in carried))


@cache
def carried_characters() -> frozenset[str]:
    """Load the characters that go through the browser's encoder and come back the same."""
    lines = files("rpa_bots").joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    return ASCII.union(*(line for line in lines if not line.startswith("#")))
