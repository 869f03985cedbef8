"""How does a state show? A tone, a sign that says the same without colour, and its name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chip:
    tone: str
    """good, doubt, bad, info or plain."""
    sign: str
    text: str
    """A msgid."""
