"""Which states does a version of a route pass through?"""

from datetime import date
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class VersionState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    """Waits for a second person to put it into force."""
    ACTIVE = "active"
    """In force from its day on, until a newer one is."""
    DISCARDED = "discarded"


class Standing(StrEnum):
    """What a version is to the office today: of those that were put into force only one counts."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    COMING = "coming"
    IN_FORCE = "in_force"
    FORMER = "former"
    DISCARDED = "discarded"


STANDING_CHIPS = {
    Standing.DRAFT: Chip("plain", "✎", _("下書き")),
    Standing.PROPOSED: Chip("doubt", "▲", _("有効化待ち")),
    Standing.COMING: Chip("info", "▶", _("発効待ち")),
    Standing.IN_FORCE: Chip("good", "●", _("有効")),
    Standing.FORMER: Chip("plain", "■", _("以前の版")),
    Standing.DISCARDED: Chip("plain", "✕", _("破棄")),
}


def standing_of(state: str, effective_from: date | None, today: date, *, is_in_force: bool) -> Standing:
    """Say what a version is today; `is_in_force`: whether it is the one that new cases take."""
    if state != VersionState.ACTIVE:
        return Standing(state)
    if is_in_force:
        return Standing.IN_FORCE
    return Standing.COMING if effective_from is not None and effective_from > today else Standing.FORMER
