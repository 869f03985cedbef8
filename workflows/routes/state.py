"""Where does a case stand on its route? The little that is stored with it, as JSON, with the version of its format.

Tokens are named after the step and a count of all that were opened: nothing is drawn by chance, and a token once used
is never given again. Of the answers only those are kept that a condition or a table of the route reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.field_types import RuleValue, Value
from workflows.routes.vouching import NOBODY_YET, Vouching

SCHEMA = 1


class StateError(ValueError):
    """A stored state has another format than this version reads."""


@dataclass(frozen=True)
class Open:
    """A step that waits for a decision. `fired` are the clocks on its edge that have rung already."""

    token: str
    step_id: str
    fired: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """`waiting`: what has arrived at each join. `kept`: by step or table (or "case") what the route reads."""

    opened: int = 0
    open: tuple[Open, ...] = ()
    waiting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kept: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    ends: tuple[str, ...] = ()
    vouching: Vouching = NOBODY_YET

    def values(self) -> dict[str, RuleValue]:
        """Give what conditions read, by dotted name."""
        return {f"{place}.{name}": value for place, kept in self.kept.items() for name, value in kept.items()}

    def to_json(self) -> dict[str, Any]:
        """Write the state as plain JSON values."""
        return {
            "schema": SCHEMA,
            "opened": self.opened,
            "open": [[each.token, each.step_id, *each.fired] for each in self.open],
            "waiting": {join: list(sources) for join, sources in self.waiting.items()},
            "kept": {place: dict(kept) for place, kept in self.kept.items()},
            "ends": list(self.ends),
            "vouched": self.vouching.vouched,
            "overtaken": sorted(self.vouching.overtaken),
        }


def from_json(stored: Mapping[str, Any]) -> State:
    """Read a stored state. Raises StateError for a format that this version does not know."""
    if stored.get("schema") != SCHEMA:
        raise StateError(f"a state of format {stored.get('schema')} cannot be read")
    return State(
        opened=stored["opened"],
        open=tuple(Open(token, step_id, tuple(fired)) for token, step_id, *fired in stored["open"]),
        waiting={join: tuple(sources) for join, sources in stored["waiting"].items()},
        kept=stored["kept"],
        ends=tuple(stored["ends"]),
        vouching=Vouching(stored["vouched"], frozenset(stored["overtaken"])),
    )
