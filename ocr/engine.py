"""What does the reader ask of an engine that recognises one line of text? One protocol for every recogniser."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from forms.field_types import FieldType
from ocr.decode import Grey


@dataclass(frozen=True, slots=True)
class LineReading:
    """What an engine read.

    `least` is the smallest probability of any letter, 0 to 1, before the alphabet's mask; `places` is each letter's
    position along the crop, 0 to 1, where the engine tells; `others` are its next guesses, `rivals` the
    letters each letter won against with their probabilities, best first, `certainties` each letter's own.
    """

    text: str
    least: float
    places: tuple[float, ...] = ()
    others: tuple[str, ...] = ()
    rivals: tuple[tuple[tuple[str, float], ...], ...] = ()
    certainties: tuple[float, ...] = ()

    @property
    def spaces(self) -> tuple[int, ...]:
        """Return before which letters the engine saw a space, the letters counted without spaces."""
        text = self.text.strip()
        return tuple(place - nth for nth, place in enumerate(at for at, letter in enumerate(text) if letter == " "))

    def unspaced(self) -> "LineReading":
        """Return the reading without its spaces."""
        return self.only([place for place, letter in enumerate(self.text) if letter != " "])

    def only(self, kept: Sequence[int]) -> "LineReading":
        """Return the reading with the letters at these places alone; it is as sure as the least sure of them."""
        certainties = tuple(self.certainties[place] for place in kept)
        return replace(
            self,
            text="".join(self.text[place] for place in kept),
            least=min(certainties, default=0.0),
            places=tuple(self.places[place] for place in kept),
            rivals=tuple(self.rivals[place] for place in kept),
            certainties=certainties,
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether an outside engine can work here, and what to tell the operator."""

    ok: bool
    detail: str


class Engine(Protocol):
    """One recogniser. `looks` is how many different ways it can look at the same line, the most useful first."""

    name: str
    looks: int

    def read(self, crop: Grey, kind: FieldType, look: int = 0) -> LineReading:
        """Read one line from `crop`, dark on white, with the letters of `kind`."""


@dataclass(frozen=True)
class Engines:
    """The engine whose reading counts, and the independent one that must agree."""

    first: Engine
    second: Engine
