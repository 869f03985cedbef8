"""How are somebody's addresses and stops shown? The same at the consent counter and at the help desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.consents.models import RegistrantChannel
from backoffice.consents.portal import address_of
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability import queries
from backoffice.reachability.workflow import STATE_NAMES, WAY_NAMES, AddressState, Cause, StopWay, name_of
from backoffice.vault import Cipher
from backoffice.web.chips import Chip
from backoffice.web.translations import _

STATE_CHIPS: Mapping[AddressState, Chip] = {
    state: Chip("good", "●", name) if state is AddressState.ALIVE else Chip("bad", "✕", name)
    for state, name in STATE_NAMES.items()
}
KIND_NAMES: Mapping[ChannelKind, str] = {ChannelKind.MAIL: _("メール"), ChannelKind.LINE: "LINE"}
CAUSE_NAMES: Mapping[Cause, str] = {
    Cause.PERMANENT: _("宛先がないか、受け取りを断られました"),
    Cause.TEMPORARY: _("続けて届きませんでした(容量がいっぱいなど)"),
    Cause.COMPLAINT: _("迷惑メールの届け出がありました"),
    Cause.UNFOLLOWED: _("LINEで市のアカウントをブロックしました"),
    Cause.FOLLOWED: _("LINEで市のアカウントを友だちに戻しました"),
    Cause.UNKNOWN_ADDRESS: _("送るときに、宛先がないとされました"),
    Cause.SET_ANEW: _("本人が登録し直しました"),
}


@dataclass(frozen=True)
class ChannelRow:
    """An address that only its owner knows again, and how it stands."""

    name: str
    chip: Chip
    cause: str
    """A msgid; empty where nothing was ever heard of it."""
    since: datetime


@dataclass(frozen=True)
class StopRow:
    name: str
    """A msgid."""
    at: datetime
    way: str
    """A msgid."""


@dataclass(frozen=True)
class OwnReach:
    channels: Sequence[ChannelRow]
    stops: Sequence[StopRow]
    stopped: frozenset[str]


def reach_of(session: Session, cipher: Cipher, registrant_id: int) -> OwnReach:
    """Give where somebody can be reached and what they have stopped, as it is shown."""
    channels, stops = queries.seen_at_once(session, registrant_id)
    return OwnReach(
        [_row(cipher, each) for each in channels],
        [StopRow(name_of(each.topic), each.at, WAY_NAMES[StopWay(each.way)]) for each in stops],
        frozenset(each.topic for each in stops),
    )


def _row(cipher: Cipher, seen: queries.ChannelSeen) -> ChannelRow:
    standing = seen.standing
    return ChannelRow(
        masked(cipher, seen.channel),
        STATE_CHIPS[seen.state],
        CAUSE_NAMES[Cause(standing.cause)] if standing else "",
        standing.since if standing else seen.channel.set_at,
    )


def masked(cipher: Cipher, channel: RegistrantChannel) -> str:
    """Say where somebody is written to, so that they know it again and nobody else learns it."""
    if channel.kind == ChannelKind.LINE:
        return "LINE"
    name, _at, domain = address_of(cipher, channel).partition("@")
    return f"{name[:1]}…@{domain}"
