"""What does the reader ask of an engine that recognises one line of text? One protocol for every recogniser."""

from dataclasses import dataclass
from typing import Protocol

from forms.field_types import FieldType
from ocr.decode import Grey


@dataclass(frozen=True, slots=True)
class LineReading:
    """What an engine read.

    `least` is the smallest probability of any letter, 0 to 1, before the alphabet's mask; `places` is each letter's
    position along the crop, 0 to 1, where the engine tells; `others` are its next guesses, `rivals` each letter's
    runner-up with its probability, `certainties` each letter's own.
    """

    text: str
    least: float
    places: tuple[float, ...] = ()
    others: tuple[str, ...] = ()
    rivals: tuple[tuple[str, float], ...] = ()
    certainties: tuple[float, ...] = ()


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
