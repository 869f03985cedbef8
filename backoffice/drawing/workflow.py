"""Which states does a version of a route pass through?"""

from enum import StrEnum

from backoffice.web.translations import _


class VersionState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    """Waits for a second person to put it into force."""
    ACTIVE = "active"
    """In force from its day on, until a newer one is."""
    DISCARDED = "discarded"


NAMES = {
    VersionState.DRAFT: _("下書き"),
    VersionState.PROPOSED: _("有効化待ち"),
    VersionState.ACTIVE: _("有効"),
    VersionState.DISCARDED: _("破棄"),
}
