"""What happens to digital IDs, one sentence each: ids, never who or what they say."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class DigitalIdIssued(Event):
    kind: ClassVar[str] = "digital_id_issued"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s にデジタルID %(digital_id)s を発行しました。")
    registrant_id: int
    digital_id: int


@dataclass(frozen=True)
class DigitalIdRevoked(Event):
    kind: ClassVar[str] = "digital_id_revoked"
    sentence: ClassVar[str] = _("デジタルID %(digital_id)s を失効させました(%(cause)s)。")
    digital_id: int
    cause: str


@dataclass(frozen=True)
class DigitalIdAskedInVain(Event):
    kind: ClassVar[str] = "digital_id_asked_in_vain"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s がデジタルIDを求めましたが、発行しませんでした。")
    registrant_id: int


@dataclass(frozen=True)
class IssuingKeyMade(Event):
    kind: ClassVar[str] = "issuing_key_made"
    sentence: ClassVar[str] = _("デジタルIDに署名する鍵 %(key_id)s を作りました。確かめると使われます。")
    key_id: int


@dataclass(frozen=True)
class IssuingKeyConfirmed(Event):
    kind: ClassVar[str] = "issuing_key_confirmed"
    sentence: ClassVar[str] = _("デジタルIDに署名する鍵 %(key_id)s を確かめました。今この時から署名に使います。")
    key_id: int


@dataclass(frozen=True)
class SigningStopped(Event):
    kind: ClassVar[str] = "digital_id_signing_stopped"
    sentence: ClassVar[str] = _(
        "鍵が漏れたおそれがあるため、デジタルIDをすべて使えなくしました(鍵 %(keys)s本)。"
        "新しい鍵を作って確かめるまで、発行も止まります。"
    )
    keys: int


@dataclass(frozen=True)
class IssuingKeyDistrusted(Event):
    kind: ClassVar[str] = "issuing_key_distrusted"
    sentence: ClassVar[str] = _("鍵 %(key_id)s で署名したデジタルIDを、すべて使えなくしました。")
    key_id: int


@dataclass(frozen=True)
class DigitalIdChecked(Event):
    kind: ClassVar[str] = "digital_id_checked"
    sentence: ClassVar[str] = _("施設でデジタルIDを確かめました(確認 %(check_id)s)。")
    check_id: int
