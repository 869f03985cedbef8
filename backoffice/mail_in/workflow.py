"""Which states do a letter and what is done with it pass through?"""

from collections.abc import Collection
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class LetterState(StrEnum):
    TO_SORT = "to_sort"
    """No rule of the department is about it: a person sorts it."""
    UNDER_WAY = "under_way"
    """The worker is at it."""
    TO_CHECK = "to_check"
    """Something could not be done, or an attachment was refused: a person looks."""
    TO_PRINT = "to_print"
    DONE = "done"


CHIPS = {
    LetterState.TO_SORT: Chip("doubt", "▲", _("仕分け待ち")),
    LetterState.UNDER_WAY: Chip("plain", "…", _("処理中")),
    LetterState.TO_CHECK: Chip("bad", "✕", _("要確認")),
    LetterState.TO_PRINT: Chip("info", "◆", _("印刷待ち")),
    LetterState.DONE: Chip("good", "●", _("処理済み")),
}


class ActKind(StrEnum):
    PAPER = "paper"
    """Taken in as paper: read, checked at the desk."""
    LIST = "list"
    """Its rows taken into a form's list."""
    SAVE = "save"
    PRINT = "print"
    FORWARD = "forward"


ACT_NAMES = {
    ActKind.PAPER: _("用紙として取り込む"),
    ActKind.LIST: _("一覧に取り込む"),
    ActKind.SAVE: _("保存のみ"),
    ActKind.PRINT: _("印刷へ"),
    ActKind.FORWARD: _("転送"),
}
ON_FILES = frozenset({ActKind.PAPER, ActKind.LIST, ActKind.PRINT})
"""What is done with attachments, each for itself; the others are about the letter."""


class ActState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    """In the mail server's hands: whoever finds it so later does not know whether it went."""
    TO_PRINT = "to_print"
    TROUBLE = "trouble"
    LOOKED_AT = "looked_at"
    """It was trouble; a person has seen it."""
    DONE = "done"


ACT_CHIPS = {
    ActState.WAITING: Chip("plain", "…", _("処理中")),
    ActState.SENDING: Chip("plain", "…", _("処理中")),
    ActState.TO_PRINT: Chip("info", "◆", _("印刷待ち")),
    ActState.TROUBLE: Chip("bad", "✕", _("要確認")),
    ActState.LOOKED_AT: Chip("plain", "■", _("確認済み")),
    ActState.DONE: Chip("good", "●", _("済み")),
}
UNDER_WAY = frozenset({ActState.WAITING, ActState.SENDING})


def state_of(acts: Collection[ActState], *, to_look_at: bool) -> LetterState:
    """Say how a letter stands by what is done with it; `to_look_at`: an attachment was refused that nobody has seen."""
    if UNDER_WAY & set(acts):
        return LetterState.UNDER_WAY
    if not acts:
        return LetterState.TO_SORT
    if ActState.TROUBLE in acts or to_look_at:
        return LetterState.TO_CHECK
    return LetterState.TO_PRINT if ActState.TO_PRINT in acts else LetterState.DONE
