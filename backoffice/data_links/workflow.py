"""Which states does a version of an agreement pass through, and how does a link stand?"""

from datetime import date, datetime
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _
from workflows.links import LinkState, Terms


class VersionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """On its route; only what is sent back to its drafter can be written on."""
    IN_FORCE = "in_force"
    """Approved, or narrower than the one before: the newest of these counts."""
    DISCARDED = "discarded"


class RequestState(StrEnum):
    """Of what a person asked the other system to do with a link."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    """The person withdrew, or nobody answered in time."""


class DeletionCause(StrEnum):
    """Why the other system is to delete what it got."""

    WITHDRAWN = "withdrawn"
    NARROWED = "narrowed"
    """The person consented anew, to less."""
    EXPIRED = "expired"
    FACTS_CLOSED = "facts_closed"
    """A consent to facts behind it has ended: the person's own, or of somebody of their household."""


OPEN = (VersionState.DRAFT, VersionState.SUBMITTED)

LINK_CHIPS = {
    LinkState.LIVE: Chip("good", "●", _("つながっている")),
    LinkState.FROZEN: Chip("good", "●", _("つながっている(広げる版は回議中)")),
    LinkState.KILLED: Chip("bad", "✕", _("止めている")),
    LinkState.ENDED: Chip("plain", "■", _("期間が終わった")),
    LinkState.NOT_BEGUN: Chip("plain", "✎", _("まだ始まっていない")),
}
VERSION_CHIPS = {
    VersionState.DRAFT: Chip("plain", "✎", _("下書き")),
    VersionState.SUBMITTED: Chip("doubt", "▲", _("回議中")),
    VersionState.DISCARDED: Chip("plain", "✕", _("破棄")),
}
IN_FORCE_CHIP = Chip("good", "●", _("有効"))
FORMER_CHIP = Chip("plain", "■", _("以前の版"))


def link_state(in_force: Terms | None, shut_at: datetime | None, today: date, *, wider_waits: bool) -> LinkState:
    """Say how a link stands today. `wider_waits`: a version that opens it further is on its route."""
    if in_force is None:
        return LinkState.NOT_BEGUN
    if shut_at is not None:
        return LinkState.KILLED
    if today > in_force.valid_until:
        return LinkState.ENDED
    if today < in_force.valid_from:
        return LinkState.NOT_BEGUN
    return LinkState.FROZEN if wider_waits else LinkState.LIVE


def version_chip(state: str, *, counts: bool) -> Chip:
    """Give the chip of a version; `counts`: it is the newest in force of its link."""
    if state != VersionState.IN_FORCE:
        return VERSION_CHIPS[VersionState(state)]
    return IN_FORCE_CHIP if counts else FORMER_CHIP
