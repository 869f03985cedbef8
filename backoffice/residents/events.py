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


@dataclass(frozen=True)
class StopFeedTaken(Event):
    kind: ClassVar[str] = "stop_feed_taken"
    sentence: ClassVar[str] = _("異動連携 %(feed_id)s を取り込みました(%(rows)s行)。")
    feed_id: int
    rows: int


@dataclass(frozen=True)
class StopFeedRefused(Event):
    kind: ClassVar[str] = "stop_feed_refused"
    sentence: ClassVar[str] = _("異動連携のファイルを取り込みませんでした(記録 %(refused_id)s、%(cause)s)。")
    refused_id: int
    cause: str


@dataclass(frozen=True)
class ResidentStopped(Event):
    kind: ClassVar[str] = "resident_stopped"
    sentence: ClassVar[str] = _("異動 %(stop_id)s を受けて、その人へのお知らせを止めました。")
    stop_id: int


@dataclass(frozen=True)
class ResidentStopTakenBack(Event):
    kind: ClassVar[str] = "resident_stop_taken_back"
    sentence: ClassVar[str] = _("異動 %(stop_id)s は取り消されました。")
    stop_id: int
