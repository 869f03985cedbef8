"""Which states does a record pass through, and where did it come from?"""

from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class RecordState(StrEnum):
    ENTERED = "entered"
    IN_REVIEW = "in_review"
    """Handed in: its case is on its way."""
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    DONE = "done"
    """Whoever handles it has finished."""
    REMOVED = "removed"
    """Out of the list; its content stays until retention, and can be put back."""


class Source(StrEnum):
    SCREEN = "screen"
    FILE = "file"
    PAPER = "paper"
    SYSTEM = "system"
    BOT = "bot"
    """Read off another system's screens."""


class ChangeKind(StrEnum):
    ENTERED = "entered"
    CHANGED = "changed"
    MANY = "many"
    TAKEN_IN = "taken_in"
    STATE = "state"
    REVIEW = "review"
    """Its state followed its case; only the case takes that back."""
    UNDONE = "undone"


CLOSED = frozenset({RecordState.IN_REVIEW, RecordState.APPROVED, RecordState.REJECTED})
"""In these nobody writes into a record: what is approved is what was handed in."""
SETTLED = frozenset({RecordState.DONE, RecordState.APPROVED})
"""Nothing more is done with a record here: what follows from it elsewhere may begin."""
_MOVES = {
    RecordState.ENTERED: (RecordState.DONE, RecordState.REMOVED),
    RecordState.DONE: (RecordState.ENTERED, RecordState.REMOVED),
    RecordState.REJECTED: (RecordState.ENTERED, RecordState.REMOVED),
    RecordState.REMOVED: (RecordState.ENTERED,),
}


def moves_from(state: RecordState, *, routed: bool) -> tuple[RecordState, ...]:
    """Give the states into which people may bring a record themselves. On a route nothing is done without its case."""
    return tuple(to for to in _MOVES.get(state, ()) if not (routed and to is RecordState.DONE))


def moves_from_anywhere(*, routed: bool) -> list[RecordState]:
    """Give the states into which some record or other may be brought."""
    able = {to for state in RecordState for to in moves_from(state, routed=routed)}
    return [state for state in MOVE_NAMES if state in able]


def states_of_lists(*, routed: bool) -> tuple[RecordState, ...]:
    """Give the states that a list always shows, in their order."""
    beside = {RecordState.DONE} if routed else {*CLOSED, RecordState.SENT_BACK}
    return tuple(state for state in RecordState if state not in beside)


def chip_of(state: RecordState, *, routed: bool) -> Chip:
    return HANDED_IN_LATER if routed and state is RecordState.ENTERED else STATE_CHIPS[state]


STATE_CHIPS = {
    RecordState.ENTERED: Chip("plain", "…", _("受付")),
    RecordState.IN_REVIEW: Chip("doubt", "▲", _("審査中")),
    RecordState.SENT_BACK: Chip("doubt", "↩", _("差戻し")),
    RecordState.APPROVED: Chip("good", "●", _("承認")),
    RecordState.REJECTED: Chip("bad", "■", _("却下")),
    RecordState.DONE: Chip("good", "●", _("完了")),
    RecordState.REMOVED: Chip("bad", "✕", _("取消")),
}
HANDED_IN_LATER = Chip("plain", "…", _("下書き"))
MOVE_NAMES = {
    RecordState.DONE: _("完了にする"),
    RecordState.ENTERED: _("受付に戻す"),
    RecordState.REMOVED: _("取り消す"),
}
SOURCE_NAMES = {
    Source.SCREEN: _("画面"),
    Source.FILE: _("ファイル取込"),
    Source.PAPER: _("用紙"),
    Source.SYSTEM: _("他のシステム"),
    Source.BOT: _("ロボットの照会"),
}
KIND_NAMES = {
    ChangeKind.ENTERED: _("入力"),
    ChangeKind.CHANGED: _("変更"),
    ChangeKind.MANY: _("一括変更"),
    ChangeKind.TAKEN_IN: _("取込"),
    ChangeKind.STATE: _("状態の変更"),
    ChangeKind.REVIEW: _("承認の経路"),
    ChangeKind.UNDONE: _("取り消し"),
}
