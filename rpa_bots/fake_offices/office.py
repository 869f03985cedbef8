"""What must be told of an old system that holds one kind of record? Its boxes, its look, its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField

REFERENCE: Final = ScreenField("uketsuke", "受付番号", Kind.TEXT, 14, required=True)
"""The clerk's own number for a paper: whatever registers refuses it twice."""


class Look(StrEnum):
    """When a system was bought shows in its pages."""

    TABLES = "tables"  # about 2003: tables, Shift_JIS, a text in the cell beside a box
    LABELS = "labels"  # about 2014: labels, UTF-8, an upload
    SCRIPT = "script"  # about 2022: one page, a component with a shadow of its own, no page after the button


@dataclass(frozen=True)
class Wording:
    """How the screens of a system speak."""

    number: str
    """What the number that the system gives is called."""
    entry: str = ""
    """The link in the menu, and the title of the entry screen; "" where there is none: it only answers."""
    register: str = ""
    """The button that registers."""
    stored: str = ""
    """The sentence after it."""
    question: str = ""
    """The dialog before registering; "" for none."""


@dataclass(frozen=True)
class OldOffice:
    key: str
    name: str
    look: Look
    letter: str
    account: str
    password: str
    boxes: tuple[ScreenField, ...]
    wording: Wording
    sought: tuple[str, ...]
    """The boxes by which what is registered can be found, beside the reference."""
    listed: tuple[str, ...]
    """The values that a line of the list shows."""
    notice: str = ""
    """What the system prints for each registration, as a PDF; "" for nothing."""
    reference: ScreenField = REFERENCE

    @property
    def fields(self) -> tuple[ScreenField, ...]:
        return (self.reference, *self.boxes)

    def box(self, key: str) -> ScreenField:
        return next(each for each in self.fields if each.key == key)

    @property
    def registers(self) -> bool:
        """Tell whether anything can be entered; else it only answers."""
        return bool(self.wording.entry)

    @property
    def labels(self) -> Mapping[str, str]:
        return {each.key: each.label for each in self.fields}
