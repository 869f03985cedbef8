"""What happens to snapshots and at the 支援措置 desk, one sentence each: ids and counts, never who."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class SnapshotTaken(Event):
    kind: ClassVar[str] = "snapshot_taken"
    sentence: ClassVar[str] = _(
        "住民データ %(snapshot_id)s を取り込みました(%(people)s人、取り込まなかった行 %(left_out)s)。"
    )
    snapshot_id: int
    people: int
    left_out: int


@dataclass(frozen=True)
class ProtectionAdded(Event):
    kind: ClassVar[str] = "protection_added"
    sentence: ClassVar[str] = _("支援措置の登録 %(protection_id)s を加えました。")
    protection_id: int


@dataclass(frozen=True)
class LiftingProposed(Event):
    kind: ClassVar[str] = "protection_lifting_proposed"
    sentence: ClassVar[str] = _("支援措置の登録 %(protection_id)s の解除を提案しました。")
    protection_id: int


@dataclass(frozen=True)
class LiftingWithdrawn(Event):
    kind: ClassVar[str] = "protection_lifting_withdrawn"
    sentence: ClassVar[str] = _("支援措置の登録 %(protection_id)s の解除の提案を取り下げました。")
    protection_id: int


@dataclass(frozen=True)
class ProtectionLifted(Event):
    kind: ClassVar[str] = "protection_lifted"
    sentence: ClassVar[str] = _("支援措置の登録 %(protection_id)s を解除しました。")
    protection_id: int


@dataclass(frozen=True)
class ProtectedDeskSeen(Event):
    kind: ClassVar[str] = "protected_desk_seen"
    sentence: ClassVar[str] = _("支援措置の登録の一覧を見ました。")
