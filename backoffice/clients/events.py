"""What happens to machine clients, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class ClientEntered(Event):
    kind: ClassVar[str] = "client_entered"
    sentence: ClassVar[str] = _("外部システム %(client_id)s を登録しました。")
    client_id: int


@dataclass(frozen=True)
class ClientChanged(Event):
    kind: ClassVar[str] = "client_changed"
    sentence: ClassVar[str] = _("外部システム %(client_id)s の登録内容を変えました。")
    client_id: int


@dataclass(frozen=True)
class ClientContactChanged(Event):
    kind: ClassVar[str] = "client_contact_changed"
    sentence: ClassVar[str] = _("外部システム %(client_id)s の連絡先を変えました。確認を待つ鍵があれば外しました。")
    client_id: int


@dataclass(frozen=True)
class ClientScopesChanged(Event):
    kind: ClassVar[str] = "client_scopes_changed"
    sentence: ClassVar[str] = _("外部システム %(client_id)s が使える範囲を変えました。")
    client_id: int


@dataclass(frozen=True)
class ClientKeyAdded(Event):
    kind: ClassVar[str] = "client_key_added"
    sentence: ClassVar[str] = _("外部システム %(client_id)s に公開鍵 %(key_id)s を加えました。")
    client_id: int
    key_id: int


@dataclass(frozen=True)
class ClientKeyConfirmed(Event):
    kind: ClassVar[str] = "client_key_confirmed"
    sentence: ClassVar[str] = _("外部システム %(client_id)s の公開鍵 %(key_id)s を、指紋を確かめて有効にしました。")
    client_id: int
    key_id: int


@dataclass(frozen=True)
class ClientKeyRemoved(Event):
    kind: ClassVar[str] = "client_key_removed"
    sentence: ClassVar[str] = _("外部システム %(client_id)s の公開鍵 %(key_id)s を外しました。")
    client_id: int
    key_id: int


@dataclass(frozen=True)
class ClientSwitchedOff(Event):
    kind: ClassVar[str] = "client_switched_off"
    sentence: ClassVar[str] = _("外部システム %(client_id)s の利用を止めました(記録 %(switch_id)s)。")
    client_id: int
    switch_id: int


@dataclass(frozen=True)
class ClientSwitchedOn(Event):
    kind: ClassVar[str] = "client_switched_on"
    sentence: ClassVar[str] = _("外部システム %(client_id)s の利用を再開しました(記録 %(switch_id)s)。")
    client_id: int
    switch_id: int


@dataclass(frozen=True)
class TokenGiven(Event):
    kind: ClassVar[str] = "client_token_given"
    sentence: ClassVar[str] = _("外部システム %(client_id)s に、公開鍵 %(key_id)s で、アクセストークンを渡しました。")
    client_id: int
    key_id: int
