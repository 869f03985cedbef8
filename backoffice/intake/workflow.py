"""Which states does a sheet of paper pass through, and who may take it on?"""

from datetime import datetime, timedelta
from enum import StrEnum

from backoffice.web.translations import _

CLAIM_TIME = timedelta(minutes=10)
"""How long a sheet stays with a clerk who has stopped working on it."""


class SheetState(StrEnum):
    RECEIVED = "received"
    """Waits to be read by the machine."""
    REFUSED = "refused"
    """Could not be registered: nothing was guessed; a person sees why."""
    TO_VERIFY = "to_verify"
    HELD = "held"
    UNREADABLE = "unreadable"
    """A person says that the paper cannot be read: it goes back to the applicant."""
    SETTLED = "settled"


NAMES = {
    SheetState.RECEIVED: _("読取待ち"),
    SheetState.REFUSED: _("読取できず"),
    SheetState.TO_VERIFY: _("要確認"),
    SheetState.HELD: _("保留"),
    SheetState.UNREADABLE: _("読取不能"),
    SheetState.SETTLED: _("確定"),
}

_NEXT: dict[SheetState, frozenset[SheetState]] = {
    SheetState.RECEIVED: frozenset({SheetState.REFUSED, SheetState.TO_VERIFY, SheetState.SETTLED}),
    SheetState.REFUSED: frozenset({SheetState.RECEIVED, SheetState.UNREADABLE}),
    SheetState.TO_VERIFY: frozenset({SheetState.HELD, SheetState.UNREADABLE, SheetState.SETTLED}),
    SheetState.HELD: frozenset({SheetState.TO_VERIFY}),
    SheetState.UNREADABLE: frozenset({SheetState.TO_VERIFY, SheetState.RECEIVED}),
    SheetState.SETTLED: frozenset({SheetState.TO_VERIFY}),
}


def may_become(now: SheetState, then: SheetState) -> bool:
    return then in _NEXT[now]


def is_free(claimed_by: int | None, claimed_until: datetime | None, staff_id: int | None, now: datetime) -> bool:
    """Say whether `staff_id` may hold the sheet: nobody does, they do already, or the claim ran out."""
    return claimed_by is None or claimed_by == staff_id or claimed_until is None or claimed_until <= now
