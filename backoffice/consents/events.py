"""What happens to registrants and their consents, one sentence each: ids, never who."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class RegistrantEntered(Event):
    kind: ClassVar[str] = "registrant_entered"
    sentence: ClassVar[str] = _("お知らせの登録者 %(registrant_id)s を加えました。")
    registrant_id: int


@dataclass(frozen=True)
class RegistrantSeen(Event):
    kind: ClassVar[str] = "registrant_seen"
    sentence: ClassVar[str] = _("お知らせの登録者 %(registrant_id)s を見ました(記録 %(look_id)s)。")
    registrant_id: int
    look_id: int


@dataclass(frozen=True)
class RegistrantSoughtInVain(Event):
    kind: ClassVar[str] = "registrant_sought_in_vain"
    sentence: ClassVar[str] = _("お知らせの登録者をさがしましたが、見つかりませんでした。")


@dataclass(frozen=True)
class CardSeen(Event):
    kind: ClassVar[str] = "registrant_card_seen"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の本人をカードで確かめました。")
    registrant_id: int


@dataclass(frozen=True)
class LanguageChosen(Event):
    kind: ClassVar[str] = "registrant_language_chosen"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s が、お知らせのことばを選びました。")
    registrant_id: int


@dataclass(frozen=True)
class ChannelSet(Event):
    kind: ClassVar[str] = "registrant_channel_set"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s が、お知らせの届け先 %(channel_id)s を登録しました。")
    registrant_id: int
    channel_id: int


@dataclass(frozen=True)
class ChannelRemoved(Event):
    kind: ClassVar[str] = "registrant_channel_removed"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s が、お知らせの届け先 %(channel_id)s を消しました。")
    registrant_id: int
    channel_id: int


@dataclass(frozen=True)
class InterestsSaid(Event):
    kind: ClassVar[str] = "registrant_interests_said"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s が、関心のある分野を入れました。")
    registrant_id: int


@dataclass(frozen=True)
class OwnRecordShown(Event):
    kind: ClassVar[str] = "registrant_own_record_shown"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の記録を、本人にポータルで見せました。")
    registrant_id: int


@dataclass(frozen=True)
class ConsentTaken(Event):
    kind: ClassVar[str] = "consent_taken"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の同意 %(consent_id)s を受け付けました。")
    registrant_id: int
    consent_id: int


@dataclass(frozen=True)
class ConsentReplaced(Event):
    kind: ClassVar[str] = "consent_replaced"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の同意 %(consent_id)s は、新しい同意に替わりました。")
    registrant_id: int
    consent_id: int


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    kind: ClassVar[str] = "consent_withdrawn"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の同意 %(consent_id)s は取り消されました。")
    registrant_id: int
    consent_id: int


@dataclass(frozen=True)
class ConsentExpired(Event):
    kind: ClassVar[str] = "consent_expired"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s の同意 %(consent_id)s は、期限で終わりました。")
    registrant_id: int
    consent_id: int
