"""Which states does a sheet of paper pass through, and who may take it on?"""

from datetime import datetime, timedelta
from enum import StrEnum

from backoffice.web.translations import _

CLAIM_TIME = timedelta(minutes=10)
"""How long a sheet stays with a clerk who has stopped working on it."""


class SheetState(StrEnum):
    RECEIVED = "received"
    """Is being read, or waits to be read again."""
    INCOMPLETE = "incomplete"
    """Pages of it have not come."""
    REFUSED = "refused"
    """Could not be registered: nothing was guessed; a person sees why."""
    TO_VERIFY = "to_verify"
    SECOND_ENTRY = "second_entry"
    """One person has checked it; what two are to enter waits for another."""
    HELD = "held"
    UNREADABLE = "unreadable"
    """A person says that the paper cannot be read: it goes back to the applicant."""
    EXCLUDED = "excluded"
    """A person says that it is none of ours: the same sheet once more, or no form at all."""
    SETTLED = "settled"


NAMES = {
    SheetState.RECEIVED: _("読取待ち"),
    SheetState.INCOMPLETE: _("ページ不足"),
    SheetState.REFUSED: _("読取できず"),
    SheetState.TO_VERIFY: _("要確認"),
    SheetState.SECOND_ENTRY: _("2人目待ち"),
    SheetState.HELD: _("保留"),
    SheetState.UNREADABLE: _("読取不能"),
    SheetState.EXCLUDED: _("除外"),
    SheetState.SETTLED: _("確定"),
}

_READ = frozenset({SheetState.INCOMPLETE, SheetState.REFUSED, SheetState.TO_VERIFY, SheetState.SETTLED})
_NEXT: dict[SheetState, frozenset[SheetState]] = {
    SheetState.RECEIVED: _READ,
    SheetState.INCOMPLETE: _READ | {SheetState.UNREADABLE, SheetState.EXCLUDED},
    SheetState.REFUSED: frozenset({SheetState.RECEIVED, SheetState.UNREADABLE, SheetState.EXCLUDED}),
    SheetState.TO_VERIFY: frozenset(
        {SheetState.SECOND_ENTRY, SheetState.HELD, SheetState.UNREADABLE, SheetState.EXCLUDED, SheetState.SETTLED}
    ),
    SheetState.SECOND_ENTRY: frozenset({SheetState.TO_VERIFY, SheetState.SETTLED}),
    SheetState.HELD: frozenset({SheetState.TO_VERIFY}),
    SheetState.UNREADABLE: frozenset({SheetState.TO_VERIFY, SheetState.RECEIVED}),
    SheetState.EXCLUDED: frozenset({SheetState.TO_VERIFY, SheetState.RECEIVED}),
    SheetState.SETTLED: frozenset({SheetState.TO_VERIFY}),
}


def may_become(now: SheetState, then: SheetState) -> bool:
    return then in _NEXT[now]


def is_free(claimed_by: int | None, claimed_until: datetime | None, staff_id: int | None, now: datetime) -> bool:
    """Say whether `staff_id` may hold the sheet: nobody does, they do already, or the claim ran out."""
    return claimed_by is None or claimed_by == staff_id or claimed_until is None or claimed_until <= now


class FileState(StrEnum):
    WAITING = "waiting"
    READ = "read"


class BatchSource(StrEnum):
    UPLOAD = "upload"
    FOLDER = "folder"
    MAIL = "mail"
    RECORD = "record"
    """A file that hangs on a record of a list."""


SOURCE_NAMES = {
    BatchSource.UPLOAD: _("画面"),
    BatchSource.FOLDER: _("取込フォルダー"),
    BatchSource.MAIL: _("メール"),
    BatchSource.RECORD: _("台帳の添付"),
}
