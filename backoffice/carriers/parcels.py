"""What is handed to a carrier, and what does it say of each? The promises between sending and whoever keeps the books.

A parcel's end is told exactly once. Before its content goes onto a line, the journal has noted that it will; its end is
noted before the next content goes onto the same line. So a process that is killed leaves one unknown a connection.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    ACCEPTED = "accepted"
    """The server said 250 to this very content."""
    REFUSED = "refused"
    """No, and no for good (5xx)."""
    PUT_OFF = "put_off"
    """Not now (4xx)."""
    UNSURE = "unsure"
    """The end of its content was handed over, and no answer came: it may have arrived."""
    UNTRIED = "untried"
    """The end of its content was never handed over: it cannot have arrived."""


@dataclass(frozen=True, slots=True)
class Parcel:
    key: int
    sender: str
    """The envelope's: where bounces go."""
    to: str
    content: bytes
    """The whole message, signed; lines end with CRLF."""


@dataclass(frozen=True, slots=True)
class Settled:
    key: int
    fate: Fate
    code: int = 0
    """What the server answered; 0 where it did not."""
    said: str = ""
    """Its enhanced status code alone (5.1.1): its text may quote an address."""
    of_content: bool = False
    """Said to the content: who it is for had been accepted."""


class Journal(Protocol):
    """Who keeps the books. Several connections ask at the same time."""

    async def next_parcel(self) -> Parcel | None:
        """Give the next, at once; None: no more. A parcel that was given is held until it is settled or withdrawn."""

    async def turn(self, done: Settled | None, coming: int | None) -> bool:
        """Note durably the end of one parcel, and that the content of another is about to be handed over.

        False: `coming` must not be sent. Its end is the journal's own then, and nothing more is said of it.
        """
