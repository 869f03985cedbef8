"""Which states does a version of a program pass through?"""

from datetime import date
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class VersionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """On its route; only what is sent back to its drafter can be written on."""
    APPROVED = "approved"
    DISCARDED = "discarded"


class Standing(StrEnum):
    """What a version is to the office today: of those approved only one is in force."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMING = "coming"
    IN_FORCE = "in_force"
    FORMER = "former"
    DISCARDED = "discarded"


STANDING_CHIPS = {
    Standing.DRAFT: Chip("plain", "✎", _("下書き")),
    Standing.SUBMITTED: Chip("doubt", "▲", _("回議中")),
    Standing.COMING: Chip("info", "▶", _("発効待ち")),
    Standing.IN_FORCE: Chip("good", "●", _("有効")),
    Standing.FORMER: Chip("plain", "■", _("以前の版")),
    Standing.DISCARDED: Chip("plain", "✕", _("破棄")),
}


def standing_of(state: str, effective_from: date | None, today: date, *, is_in_force: bool) -> Standing:
    """Say what a version is today; `is_in_force`: whether it is the newest of those whose day has come."""
    if state != VersionState.APPROVED:
        return Standing(state)
    if is_in_force:
        return Standing.IN_FORCE
    return Standing.COMING if effective_from is not None and effective_from > today else Standing.FORMER
