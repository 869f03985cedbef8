"""How is a card's number shown as bars? NW-7 (Codabar, JIS X 0506), as libraries in Japan read it.

Each character is four bars and three spaces, narrow or wide. The check character is that of modulus 16, the one that
belongs to the symbology: with it, the values of all characters, start and stop included, come to a multiple of 16.
Other checks that NW-7 is printed with (7DR on parcels, modulus 10 or 11 where a library chose so) are part of a number
as its owner gives it; such a number is shown as it is.
"""

from collections.abc import Iterator
from html import escape

NARROW, WIDE = 1, 3
"""In modules; a gap between characters is narrow."""
QUIET = 10
"""Modules left white at either end, at least."""
_VALUES = "0123456789-$:/.+ABCD"
_ENDS = frozenset("ABCD")
_WIDE_PARTS = {
    "0": (5, 6),
    "1": (4, 5),
    "2": (3, 6),
    "3": (0, 1),
    "4": (2, 5),
    "5": (0, 5),
    "6": (1, 6),
    "7": (1, 4),
    "8": (1, 2),
    "9": (0, 3),
    "-": (3, 4),
    "$": (2, 3),
    ":": (0, 4, 6),
    "/": (0, 2, 6),
    ".": (0, 2, 4),
    "+": (2, 4, 6),
    "A": (2, 3, 5),
    "B": (1, 3, 6),
    "C": (3, 5, 6),
    "D": (3, 4, 5),
}
"""Which of the seven parts of a character are wide: even ones are bars, odd ones spaces."""
_PARTS = 7


class NotCodabarError(ValueError):
    """The text cannot be shown as bars."""


def with_check(text: str) -> str:
    """Put the check character of modulus 16 before the stop letter: `A37859B` is `A37859+B`. Raises NotCodabarError."""
    _look_at(text)
    return f"{text[:-1]}{_VALUES[-_sum(text) % 16]}{text[-1]}"


def passes(text: str) -> bool:
    """Say whether a text with start and stop letters ends with the check character of modulus 16."""
    _look_at(text)
    return len(text) > len("A0B") and _sum(text) % 16 == 0


def bars(text: str) -> tuple[int, ...]:
    """Give the widths of bars and spaces in turn, in modules, from bar to bar. Raises NotCodabarError."""
    _look_at(text)
    return tuple(_widths(text))


def svg(text: str, title: str, module: int = 2, height: int = 96) -> str:
    """Draw the bars with their quiet zones, black on white whatever page they stand on. Raises NotCodabarError.

    `title` is what is said instead of the picture; `module` is the width of a narrow bar and `height` that of all bars,
    in the pixels of a screen.
    """
    widths = bars(text)
    wide = sum(widths) + 2 * QUIET
    drawn = "".join(f"M{x} 0h{width}v1h-{width}z" for x, width in _black(widths))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{wide * module}" height="{height}"'
        f' viewBox="0 0 {wide} 1" preserveAspectRatio="none" shape-rendering="crispEdges">'
        f"<title>{escape(title)}</title>"
        f'<path fill="#fff" d="M0 0h{wide}v1h-{wide}z"/><path fill="#000" d="{drawn}"/></svg>'
    )


def _look_at(text: str) -> None:
    if len(text) < len("A0B") or not {text[0], text[-1]} <= _ENDS:
        raise NotCodabarError("NW-7の番号は、A・B・C・Dのどれかで始まり、どれかで終わります。")
    if not set(text[1:-1]) <= set(_VALUES) - _ENDS:
        raise NotCodabarError("NW-7の番号に使えるのは、数字と - $ : / . + だけです。")


def _sum(text: str) -> int:
    return sum(_VALUES.index(character) for character in text)


def _widths(text: str) -> Iterator[int]:
    for place, character in enumerate(text):
        if place:
            yield NARROW
        yield from (WIDE if part in _WIDE_PARTS[character] else NARROW for part in range(_PARTS))


def _black(widths: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Give each bar's place and width, the quiet zone before it counted."""
    x = QUIET
    for place, width in enumerate(widths):
        if place % 2 == 0:
            yield x, width
        x += width
