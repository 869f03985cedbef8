"""How long is paper kept, from when on may it go, and which way does throwing it away take?"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from backoffice.db.numbering import APRIL
from backoffice.web.chips import Chip
from backoffice.web.translations import _

DEFAULT_YEARS = 5
FOR_EVER = 0
"""常用: kept until the department says otherwise."""
YEARS: Mapping[int, str] = {
    1: _("1年"),
    3: _("3年"),
    5: _("5年"),
    10: _("10年"),
    30: _("30年"),
    FOR_EVER: _("常用"),
}
AT_ONCE = 500
"""So many sheets are thrown away by one proposal: whoever approves it can look at the list."""


class ArchiveState(StrEnum):
    WAITING = "waiting"
    """Its file is being made."""
    KEPT = "kept"
    TAKEN_BACK = "taken_back"
    """Its settling was undone: the file is gone until it is settled again."""
    DISPOSED = "disposed"


class DisposalState(StrEnum):
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    DONE = "done"


class DisposalBasis(StrEnum):
    EXPIRED = "expired"
    REQUEST = "request"
    """A person's request that the use of what is held of them stops, granted (個人情報保護法98条・100条)."""


STATE_CHIPS = {
    ArchiveState.WAITING: Chip("plain", "…", _("作成待ち")),
    ArchiveState.KEPT: Chip("good", "●", _("保存中")),
    ArchiveState.TAKEN_BACK: Chip("plain", "−", _("確定取消")),
    ArchiveState.DISPOSED: Chip("plain", "■", _("廃棄済み")),
}
DISPOSAL_CHIPS = {
    DisposalState.PROPOSED: Chip("info", "▶", _("承認待ち")),
    DisposalState.WITHDRAWN: Chip("plain", "−", _("取りやめ")),
    DisposalState.DONE: Chip("good", "●", _("廃棄済み")),
}
BASIS_NAMES = {DisposalBasis.EXPIRED: _("保存期間の満了"), DisposalBasis.REQUEST: _("利用停止の請求")}


def kept_from(fiscal_year: int) -> date:
    """Give the 起算日 of what was settled in `fiscal_year`: its years count from the next 1 April on."""
    return date(fiscal_year + 1, APRIL, 1)


def kept_until(fiscal_year: int, years: int) -> date | None:
    """Give the last day of what was settled in `fiscal_year`: a 31 March; None where it is kept for ever."""
    return None if years == FOR_EVER else date(fiscal_year + 1 + years, APRIL - 1, 31)


def is_due(fiscal_year: int, years: int, today: date) -> bool:
    """Say whether the years are over: the last day is still kept."""
    last = kept_until(fiscal_year, years)
    return last is not None and today > last
