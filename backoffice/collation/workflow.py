"""How far is a paper, and what can be decided where it does not say what the record says?"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from backoffice.web.chips import Chip
from backoffice.web.translations import _
from forms.collating import Finding


class PaperState(StrEnum):
    NONE = "none"
    """No such paper came with the record."""
    NOT_READ = "not_read"
    UNREADABLE = "unreadable"
    """A file of a kind that is not read: a Word document."""
    READING = "reading"
    READ = "read"
    ANOTHER = "another"
    """Read, but it is not the paper that it should be."""


class Ruling(StrEnum):
    SAME = "same"
    """The reading is wrong, or there is none: a person saw that the paper says the same."""
    AS_APPLIED = "as_applied"
    AS_PAPER = "as_paper"


PAPER_CHIPS: Final[Mapping[PaperState, Chip]] = {
    PaperState.NONE: Chip("plain", "−", _("付いていません")),
    PaperState.NOT_READ: Chip("plain", "…", _("まだ読み取っていません")),
    PaperState.UNREADABLE: Chip("doubt", "▲", _("読み取れない種類のファイル")),
    PaperState.READING: Chip("plain", "…", _("読取中")),
    PaperState.READ: Chip("good", "●", _("読み取りました")),
    PaperState.ANOTHER: Chip("bad", "■", _("この様式の書類ではありません")),
}
FINDING_CHIPS: Final[Mapping[Finding, Chip]] = {
    Finding.AGREES: Chip("good", "●", _("一致")),
    Finding.DIFFERS: Chip("bad", "■", _("違います")),
    Finding.UNREAD: Chip("doubt", "▲", _("読めません")),
    Finding.UNANSWERED: Chip("doubt", "▲", _("申請に記入がありません")),
}
RULING_NAMES: Final[Mapping[Ruling, str]] = {
    Ruling.SAME: _("書類を目で見て、同じと確かめた"),
    Ruling.AS_APPLIED: _("違うが、申請のとおりとする"),
    Ruling.AS_PAPER: _("書類のとおりに直す"),
}


def rulings_for(finding: Finding) -> tuple[Ruling, ...]:
    """Give what may be decided. A record is never mended by what nobody could read."""
    if finding is Finding.AGREES:
        return ()
    if finding is Finding.UNREAD:
        return (Ruling.SAME, Ruling.AS_APPLIED)
    return tuple(Ruling)
