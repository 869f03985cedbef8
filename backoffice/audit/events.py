"""What kinds of thing can happen, and how does each read as a sentence?

An event holds ids and codes, never personal values: those live in tables that can be erased.
"""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

_KINDS: dict[str, type["Event"]] = {}


@dataclass(frozen=True)
class Event:
    """Subclasses are frozen dataclasses of ints, bools and codes, with a `kind` and one `sentence` (a msgid)."""

    kind: ClassVar[str]
    sentence: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        _KINDS[cls.kind] = cls

    def data(self) -> dict[str, Any]:
        return asdict(self)


def event_named(kind: str) -> type[Event] | None:
    """Give the class of a stored kind, or None for one that this version no longer knows."""
    return _KINDS.get(kind)


def all_events() -> tuple[type[Event], ...]:
    return tuple(_KINDS.values())
