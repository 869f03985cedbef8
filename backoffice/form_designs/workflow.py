"""Which states does a form of a department pass through?"""

from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class DesignState(StrEnum):
    DRAFT = "draft"
    """Never yet in use."""
    IN_USE = "in_use"
    """It has a version that is filled in; a further draft may lie beside it."""
    CLOSED = "closed"
    """Nothing new is filled in; what was stays."""


NAMES = {DesignState.DRAFT: _("作成中"), DesignState.IN_USE: _("使用中"), DesignState.CLOSED: _("受付終了")}
CHIPS = {
    DesignState.DRAFT: Chip("plain", "✎", NAMES[DesignState.DRAFT]),
    DesignState.IN_USE: Chip("good", "●", NAMES[DesignState.IN_USE]),
    DesignState.CLOSED: Chip("plain", "■", NAMES[DesignState.CLOSED]),
}
