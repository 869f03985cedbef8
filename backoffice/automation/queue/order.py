"""In which order does a night take what waits, from which night on, and behind what? Pure, on plain values."""

from datetime import date, datetime
from enum import IntEnum, StrEnum

from backoffice.automation.workflow import FINISHED, ItemState
from backoffice.services import TOKYO
from backoffice.web.translations import _
from rpa_bots.window import Window, open_now

NO_DEADLINE = date(9999, 12, 31)
"""A day like others, so that one index holds the order on both databases: what has no deadline comes last."""


class Priority(IntEnum):
    """What a person says first of all; within it the deadline decides."""

    URGENT = 0
    USUAL = 1
    LATER = 2


PRIORITY_NAMES = {
    Priority.URGENT: _("急ぎ"),
    Priority.USUAL: _("ふつう"),
    Priority.LATER: _("後で"),
}


class Hold(StrEnum):
    """How does an item stand with the one that must be done before it? Kept with it, so that a claim never asks."""

    NONE = ""
    """Nothing is before it, or that is done."""
    BEHIND = "behind"
    """What is before it is in its turn: the same night may bring both."""
    STUCK = "stuck"
    """What is before it waits for people or for a later night, or was given up; or waits for such a one itself."""


def hold_behind(state: ItemState, not_before: date | None, hold: Hold) -> Hold:
    """Give how whatever comes after an item stands, by how the item itself does."""
    if state in FINISHED:
        return Hold.NONE
    in_turn = state is ItemState.SUBMITTING or (state is ItemState.WAITING and not_before is None)
    return Hold.BEHIND if in_turn and hold is not Hold.STUCK else Hold.STUCK


Turn = tuple[int, date, int]


def turn_of(priority: int, due_on: date, item_id: int) -> Turn:
    """Give what items are sorted by: priority, then the earliest deadline, then the oldest."""
    return priority, due_on, item_id


def night_of(now: datetime, window: Window) -> date:
    """Give the day whose night it is: a night keeps the day on which it opened until it closes in the morning."""
    opening = open_now(now, window)
    return opening.day if opening else now.astimezone(TOKYO).date()
