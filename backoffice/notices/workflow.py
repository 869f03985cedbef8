"""Which states does the wording of a notice pass through?"""

from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class NoticeState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Waits for a head of the department who has not written on it."""
    APPROVED = "approved"
    DISCARDED = "discarded"


OPEN = (NoticeState.DRAFT, NoticeState.SUBMITTED)
"""One at a time for a program, so that two people never write past each other."""


class NoticeStanding(StrEnum):
    """What a version is to the office: of those approved only the newest is sent."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CURRENT = "current"
    FORMER = "former"
    DISCARDED = "discarded"


STANDING_CHIPS = {
    NoticeStanding.DRAFT: Chip("plain", "✎", _("下書き")),
    NoticeStanding.SUBMITTED: Chip("doubt", "▲", _("承認待ち")),
    NoticeStanding.CURRENT: Chip("good", "●", _("使う文面")),
    NoticeStanding.FORMER: Chip("plain", "■", _("以前の文面")),
    NoticeStanding.DISCARDED: Chip("plain", "✕", _("破棄")),
}


def standing_of(state: str, *, is_newest: bool) -> NoticeStanding:
    """Say what a version is; `is_newest`: of those of its program that were approved."""
    if state != NoticeState.APPROVED:
        return NoticeStanding(state)
    return NoticeStanding.CURRENT if is_newest else NoticeStanding.FORMER
