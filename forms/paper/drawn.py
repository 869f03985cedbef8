"""What can be drawn on a page? Frames, words, lines and black squares, in millimetres from its top left corner."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from forms.layout import PaperLayout

Align = Literal["left", "center", "right"]
WHITE, BLACK, SHADE, PALE = 255, 0, 232, 150


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle; `line` is the thickness of its edge in points, 0 for none; `fill` a grey, 0 to 255, or None."""

    x: float
    y: float
    width: float
    height: float
    line: float = 0.6
    fill: int | None = None
    dashed: bool = False

    def as_data(self) -> dict[str, Any]:
        kind = {"kind": "frame", "x": self.x, "y": self.y, "w": self.width, "h": self.height}
        return kind | {"line": self.line, "fill": self.fill, "dashed": self.dashed}


@dataclass(frozen=True, slots=True)
class Words:
    """Text inside a rectangle, in the middle of its height; `size` in points. It is broken where it does not fit."""

    x: float
    y: float
    width: float
    height: float
    text: str
    size: float
    align: Align = "left"
    grey: int = BLACK

    def as_data(self) -> dict[str, Any]:
        kind = {"kind": "words", "x": self.x, "y": self.y, "w": self.width, "h": self.height}
        return kind | {"text": self.text, "size": self.size, "align": self.align, "grey": self.grey}


@dataclass(frozen=True, slots=True)
class Squares:
    """A square of `size` millimetres of small squares: "1" in `rows` is black. For markers and codes."""

    x: float
    y: float
    size: float
    rows: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        runs = [run for number, row in enumerate(self.rows) for run in _runs(number, row)]
        return {"kind": "squares", "x": self.x, "y": self.y, "unit": self.size / len(self.rows), "runs": runs}


@dataclass(frozen=True, slots=True)
class Kept:
    """All that was drawn on a page before, as its `as_data` gave it."""

    data: list[dict[str, Any]]


Element = Frame | Words | Squares | Kept


@dataclass(frozen=True)
class Leaf:
    """One page as it is printed: nothing on a bare one is read back."""

    elements: tuple[Element, ...]

    def as_data(self) -> list[dict[str, Any]]:
        """Return what is drawn, as JSON has it."""
        return [data for one in self.elements for data in (one.data if isinstance(one, Kept) else [one.as_data()])]


@dataclass(frozen=True)
class PaperPage(Leaf):
    """One page of a form: what is drawn on each copy of it, and where its fields stand."""

    layout: PaperLayout

    def with_(self, more: Iterable[Element]) -> "PaperPage":
        """Return the page with `more` drawn on top."""
        return PaperPage((*self.elements, *more), self.layout)


def _runs(number: int, row: str) -> list[tuple[int, int, int]]:
    """Neighbouring squares are drawn as one: a printer would leave a hair between two. Row, first, how many."""
    found: list[tuple[int, int, int]] = []
    for place, dark in enumerate(row):
        if dark != "1":
            continue
        if found and found[-1][1] + found[-1][2] == place:
            found[-1] = (number, found[-1][1], found[-1][2] + 1)
        else:
            found.append((number, place, 1))
    return found
