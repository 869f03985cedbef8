"""Which states does a record pass through, and where did it come from?"""

from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class RecordState(StrEnum):
    ENTERED = "entered"
    DONE = "done"
    """Whoever handles it has finished."""
    REMOVED = "removed"
    """Out of the list; its content stays until retention, and can be put back."""


class Source(StrEnum):
    SCREEN = "screen"
    FILE = "file"
    PAPER = "paper"
    SYSTEM = "system"


class ChangeKind(StrEnum):
    ENTERED = "entered"
    CHANGED = "changed"
    MANY = "many"
    TAKEN_IN = "taken_in"
    STATE = "state"
    UNDONE = "undone"


STATE_CHIPS = {
    RecordState.ENTERED: Chip("plain", "…", _("受付")),
    RecordState.DONE: Chip("good", "●", _("完了")),
    RecordState.REMOVED: Chip("bad", "✕", _("取消")),
}
SOURCE_NAMES = {
    Source.SCREEN: _("画面"),
    Source.FILE: _("ファイル取込"),
    Source.PAPER: _("用紙"),
    Source.SYSTEM: _("他のシステム"),
}
KIND_NAMES = {
    ChangeKind.ENTERED: _("入力"),
    ChangeKind.CHANGED: _("変更"),
    ChangeKind.MANY: _("一括変更"),
    ChangeKind.TAKEN_IN: _("取込"),
    ChangeKind.STATE: _("状態の変更"),
    ChangeKind.UNDONE: _("取り消し"),
}
