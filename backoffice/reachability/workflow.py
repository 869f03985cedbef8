"""What may people stop, and how does it stand with an address that they are written to at?"""

from collections.abc import Mapping
from enum import StrEnum

from backoffice.web.translations import _


class Topic(StrEnum):
    """An area of life that a program belongs to: what people stop as one. Codes are stored and sealed: only add."""

    CHILDREN = "children"
    HEALTH = "health"
    AGED = "aged"
    DISABILITY = "disability"
    MEDICAL = "medical"
    HOUSING = "housing"
    OTHER = "other"


TOPIC_NAMES: Mapping[Topic, str] = {
    Topic.CHILDREN: _("子育て・教育"),
    Topic.HEALTH: _("健康・検診"),
    Topic.AGED: _("高齢"),
    Topic.DISABILITY: _("障がい・福祉"),
    Topic.MEDICAL: _("医療・保険"),
    Topic.HOUSING: _("住まい・税"),
    Topic.OTHER: _("その他"),
}
EVERYTHING = "all"
"""What stands in place of a topic where somebody stopped all notices."""


class StopWay(StrEnum):
    """By which way somebody stopped something, or takes it again."""

    ONE_CLICK = "one_click"
    """The mail program's own button (RFC 8058)."""
    PAGE = "page"
    """The page behind the link in a mail."""
    PORTAL = "portal"
    COUNTER = "counter"
    COMPLAINT = "complaint"
    """Called spam: whoever does so wants none of it."""


class AddressState(StrEnum):
    """How an address stands. Nothing is sent to one that is not alive."""

    ALIVE = "alive"
    BOUNCED = "bounced"
    """Mail came back for good, or for too long."""
    COMPLAINED = "complained"
    BLOCKED = "blocked"
    """The city's LINE account is blocked or was never a friend."""
    GONE = "gone"
    """The sending side was told that there is no such address."""


class Cause(StrEnum):
    """Why an address stands as it does."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    COMPLAINT = "complaint"
    UNFOLLOWED = "unfollowed"
    FOLLOWED = "followed"
    UNKNOWN_ADDRESS = "unknown_address"
    SET_ANEW = "set_anew"


class Failure(StrEnum):
    """What a message that came back says of its address."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    COMPLAINT = "complaint"


STATE_NAMES: Mapping[AddressState, str] = {
    AddressState.ALIVE: _("届いている"),
    AddressState.BOUNCED: _("戻ってきた(送らない)"),
    AddressState.COMPLAINED: _("迷惑メールとされた(送らない)"),
    AddressState.BLOCKED: _("LINEでブロック中(送らない)"),
    AddressState.GONE: _("宛先がない(送らない)"),
}
WAY_NAMES: Mapping[StopWay, str] = {
    StopWay.ONE_CLICK: _("メールの解除ボタン"),
    StopWay.PAGE: _("メールの中のリンク"),
    StopWay.PORTAL: _("ポータル"),
    StopWay.COUNTER: _("同意の窓口"),
    StopWay.COMPLAINT: _("迷惑メールの届け出"),
}


def name_of(topic: str) -> str:
    """Give the name of what was stopped, a msgid."""
    return _("すべてのお知らせ") if topic == EVERYTHING else TOPIC_NAMES[Topic(topic)]
