"""What happens to addresses and stops, one sentence each: ids, never an address."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class NoticesStopped(Event):
    """`code`: the topic, or all."""

    kind: ClassVar[str] = "notices_stopped"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s が、お知らせ(%(code)s)を止めました(記録 %(stop_id)s)。")
    registrant_id: int
    stop_id: int
    code: str


@dataclass(frozen=True)
class NoticesResumed(Event):
    kind: ClassVar[str] = "notices_resumed"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s が、お知らせ(%(code)s)をまた受け取ります(記録 %(stop_id)s)。")
    registrant_id: int
    stop_id: int
    code: str


@dataclass(frozen=True)
class MailCameBack(Event):
    """`code`: for good, for the time being, or as a complaint."""

    kind: ClassVar[str] = "notice_came_back"
    sentence: ClassVar[str] = _("お知らせのメール %(recipient_id)s が戻ってきました(%(code)s)。")
    recipient_id: int
    code: str


@dataclass(frozen=True)
class ChannelDied(Event):
    kind: ClassVar[str] = "registrant_channel_died"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の届け先 %(channel_id)s には、もう送りません(%(cause)s)。")
    registrant_id: int
    channel_id: int
    cause: str


@dataclass(frozen=True)
class ChannelRevived(Event):
    kind: ClassVar[str] = "registrant_channel_revived"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の届け先 %(channel_id)s に、また送ります(%(cause)s)。")
    registrant_id: int
    channel_id: int
    cause: str


@dataclass(frozen=True)
class BounceDoubted(Event):
    kind: ClassVar[str] = "bounce_doubted"
    sentence: ClassVar[str] = _("戻ってきたメールを読めず、別に置きました(記録 %(doubtful_id)s、%(cause)s)。")
    doubtful_id: int
    cause: str
