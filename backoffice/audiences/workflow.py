"""Which states does a run pass through, and one person's notice in it? Fixed lifecycles, hence plain states."""

from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class RunState(StrEnum):
    FREEZING = "freezing"
    """Whom it reaches is being counted and written down."""
    FROZEN = "frozen"
    SUBMITTED = "submitted"
    """On its route: others decide whether it leaves."""
    RELEASED = "released"
    """It leaves when its hour comes."""
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class RecipientState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    """A worker has asked all conditions and is about to write to them."""
    HANDING = "handing"
    """The message is on its way to a server; whoever dies now leaves it unknown."""
    ACCEPTED = "accepted"
    """The server took it."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """結果不明: it may have arrived. It is never sent again."""
    STOPPED = "stopped"
    """By what came between freezing and sending."""


class Reason(StrEnum):
    """Why somebody of the frozen audience is not written to, or not now."""

    CONSENT = "consent"
    HOUSEHOLD = "household"
    """A consent that another of the household gives is gone."""
    GONE = "gone"
    """Dead, moved away, or somebody whom only people handle: one word for all, so that it tells nobody's secret."""
    CHANNEL = "channel"
    """There is nowhere left to write to."""
    DECLINED = "declined"
    """They stopped this topic, or all."""
    TOLD = "told"
    """Of this program and period they have heard already."""
    TOO_LATE = "too_late"
    """The last day has passed."""
    CANCELLED = "cancelled"
    TURNED_DOWN = "turned_down"
    """The server said no for good."""
    GAVE_UP = "gave_up"
    """The server put it off too often."""
    NOT_ARRIVED = "not_arrived"
    """A person found out that a message of which nobody knew did not arrive."""


UNDER_WAY = (RunState.RELEASED, RunState.SENDING, RunState.PAUSED)
OVER = (RunState.DONE, RunState.CANCELLED)
REACHED = (RecipientState.HANDING, RecipientState.ACCEPTED, RecipientState.UNKNOWN)
"""Whoever is in one of these may have the message in their hands: it counts as told."""

RUN_CHIPS = {
    RunState.FREEZING: Chip("info", "▶", _("確定中")),
    RunState.FROZEN: Chip("plain", "✎", _("確定済み(伺い前)")),
    RunState.SUBMITTED: Chip("doubt", "▲", _("回議中")),
    RunState.RELEASED: Chip("info", "▶", _("配信待ち")),
    RunState.SENDING: Chip("info", "▶", _("配信中")),
    RunState.PAUSED: Chip("doubt", "▲", _("一時停止")),
    RunState.DONE: Chip("good", "●", _("配信終了")),
    RunState.CANCELLED: Chip("plain", "✕", _("取りやめ")),
}
RECIPIENT_NAMES: dict[str, str] = {
    RecipientState.WAITING: _("順番待ち"),
    RecipientState.TAKEN: _("送る直前"),
    RecipientState.HANDING: _("送っている"),
    RecipientState.ACCEPTED: _("送った"),
    RecipientState.FAILED: _("送れなかった"),
    RecipientState.UNKNOWN: _("結果不明"),
    RecipientState.STOPPED: _("送らなかった"),
}
REASON_NAMES: dict[str, str] = {
    Reason.CONSENT: _("同意が終わった"),
    Reason.HOUSEHOLD: _("世帯の同意が終わった"),
    Reason.GONE: _("異動などがあった"),
    Reason.CHANNEL: _("届け先がなくなった"),
    Reason.DECLINED: _("本人が止めた"),
    Reason.TOLD: _("この制度と期間では知らせ済み"),
    Reason.TOO_LATE: _("最終日を過ぎた"),
    Reason.CANCELLED: _("配信を取りやめた"),
    Reason.TURNED_DOWN: _("相手のサーバーが断った"),
    Reason.GAVE_UP: _("相手のサーバーが何度も後にと言った"),
    Reason.NOT_ARRIVED: _("届いていないと職員が確かめた"),
}
CHANNEL_NAMES: dict[str, str] = {"mail": _("メール"), "line": "LINE"}
