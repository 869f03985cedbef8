"""What happens to nights, records and target systems, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class ItemQueued(Event):
    kind: ClassVar[str] = "item_queued"
    sentence: ClassVar[str] = _("案件 %(item_id)s を入力待ちに加えました。")
    item_id: int


@dataclass(frozen=True)
class ListTargetNamed(Event):
    """`target_id` 0: into no system any more."""

    kind: ClassVar[str] = "list_target_named"
    sentence: ClassVar[str] = _(
        "様式 %(design_id)s の台帳の記録を対象システム %(target_id)s に受け渡すことにしました。"
    )
    design_id: int
    target_id: int


@dataclass(frozen=True)
class ItemSubmitting(Event):
    kind: ClassVar[str] = "item_submitting"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s が案件 %(item_id)s を登録します。")
    item_id: int
    night_id: int


@dataclass(frozen=True)
class ItemMoved(Event):
    """What became of a record at night; `state` and `outcome` are codes."""

    kind: ClassVar[str] = "item_moved"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s: 案件 %(item_id)s は %(state)s になりました(%(outcome)s)。")
    item_id: int
    night_id: int
    state: str
    outcome: str


@dataclass(frozen=True)
class ItemSettledByHand(Event):
    kind: ClassVar[str] = "item_settled_by_hand"
    sentence: ClassVar[str] = _("案件 %(item_id)s を登録済と確かめました。")
    item_id: int


@dataclass(frozen=True)
class ItemPutBack(Event):
    kind: ClassVar[str] = "item_put_back"
    sentence: ClassVar[str] = _("案件 %(item_id)s を入力待ちに戻しました。")
    item_id: int


@dataclass(frozen=True)
class ItemCancelled(Event):
    kind: ClassVar[str] = "item_cancelled"
    sentence: ClassVar[str] = _("案件 %(item_id)s を取り消しました。")
    item_id: int


@dataclass(frozen=True)
class ItemsDoubted(Event):
    kind: ClassVar[str] = "items_doubted"
    sentence: ClassVar[str] = _("復元のため、入力待ちの %(count)s件を結果不明にしました。")
    count: int


@dataclass(frozen=True)
class ItemSeen(Event):
    kind: ClassVar[str] = "item_seen"
    sentence: ClassVar[str] = _("案件 %(item_id)s を見ました。")
    item_id: int


@dataclass(frozen=True)
class ItemPictureSeen(Event):
    kind: ClassVar[str] = "item_picture_seen"
    sentence: ClassVar[str] = _("案件 %(item_id)s の証跡画像 %(evidence_id)s を見ました。")
    item_id: int
    evidence_id: int


@dataclass(frozen=True)
class ItemsExported(Event):
    kind: ClassVar[str] = "items_exported"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s の案件一覧を書き出しました(%(count)s件)。")
    night_id: int
    count: int


@dataclass(frozen=True)
class NightStarted(Event):
    kind: ClassVar[str] = "night_started"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s を始めました。")
    night_id: int
    target_id: int


@dataclass(frozen=True)
class DayRunStarted(Event):
    kind: ClassVar[str] = "day_run_started"
    sentence: ClassVar[str] = _("選んだ%(count)s件の入力 %(night_id)s を始めました。")
    night_id: int
    target_id: int
    count: int


@dataclass(frozen=True)
class TrialStarted(Event):
    kind: ClassVar[str] = "trial_started"
    sentence: ClassVar[str] = _(
        "ロボット(版 %(bot_version_id)s)の公開前の試し %(night_id)s を始めました(%(count)s件)。"
    )
    night_id: int
    target_id: int
    bot_version_id: int
    count: int


@dataclass(frozen=True)
class NightPaused(Event):
    kind: ClassVar[str] = "night_paused"
    sentence: ClassVar[str] = _("入力 %(night_id)s の一時停止を頼みました。")
    night_id: int


@dataclass(frozen=True)
class NightResumed(Event):
    kind: ClassVar[str] = "night_resumed"
    sentence: ClassVar[str] = _("入力 %(night_id)s を再開しました。")
    night_id: int


@dataclass(frozen=True)
class NightWatched(Event):
    kind: ClassVar[str] = "night_watched"
    sentence: ClassVar[str] = _("入力 %(night_id)s の画面を見始めました。")
    night_id: int


@dataclass(frozen=True)
class HandOverAsked(Event):
    kind: ClassVar[str] = "hand_over_asked"
    sentence: ClassVar[str] = _("入力 %(night_id)s の案件 %(item_id)s を引き取ることにしました。")
    item_id: int
    night_id: int


@dataclass(frozen=True)
class EvidenceExported(Event):
    """Why, stands with the export; `night_id` 0: of one item alone."""

    kind: ClassVar[str] = "evidence_exported"
    sentence: ClassVar[str] = _(
        "入力 %(night_id)s の証跡を書き出しました(書き出し %(proof_export_id)s、%(items)s件、画像 %(pictures)s枚)。"
    )
    proof_export_id: int
    night_id: int
    items: int
    pictures: int


@dataclass(frozen=True)
class NightStopAsked(Event):
    kind: ClassVar[str] = "night_stop_asked"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s の停止を頼みました。")
    night_id: int


@dataclass(frozen=True)
class NightEnded(Event):
    kind: ClassVar[str] = "night_ended"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s が終わりました(%(why)s)。")
    night_id: int
    why: str


@dataclass(frozen=True)
class EvidenceErased(Event):
    kind: ClassVar[str] = "evidence_erased"
    sentence: ClassVar[str] = _("夜間入力の証跡の画像 %(pictures)s枚を、保存の日数が過ぎたため消しました。")
    pictures: int


@dataclass(frozen=True)
class TakenHomeErased(Event):
    kind: ClassVar[str] = "taken_home_erased"
    sentence: ClassVar[str] = _(
        "ロボットが対象システムから持ち帰ったもの %(many)s件を、保存の日数が過ぎたため消しました。"
    )
    many: int


@dataclass(frozen=True)
class NightLeftAlone(Event):
    kind: ClassVar[str] = "night_left_alone"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s の担当機が応答しないため、ほかの担当機に渡します。")
    night_id: int


@dataclass(frozen=True)
class LeaseTaken(Event):
    kind: ClassVar[str] = "lease_taken"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s が対象システム %(target_id)s のアカウントを使い始めました。")
    night_id: int
    target_id: int


@dataclass(frozen=True)
class NextPasswordSet(Event):
    kind: ClassVar[str] = "next_password_set"
    sentence: ClassVar[str] = _("対象システム %(target_id)s の次のパスワードを登録しました。")
    target_id: int


@dataclass(frozen=True)
class NextPasswordDropped(Event):
    kind: ClassVar[str] = "next_password_dropped"
    sentence: ClassVar[str] = _("対象システム %(target_id)s の次のパスワードを取りやめました。")
    target_id: int


@dataclass(frozen=True)
class PasswordTurnedOver(Event):
    kind: ClassVar[str] = "password_turned_over"
    sentence: ClassVar[str] = _("対象システム %(target_id)s のパスワードを次のものに替えました。")
    target_id: int


@dataclass(frozen=True)
class TargetAdded(Event):
    kind: ClassVar[str] = "target_added"
    sentence: ClassVar[str] = _("対象システム %(target_id)s を加えました。")
    target_id: int


@dataclass(frozen=True)
class TargetChanged(Event):
    kind: ClassVar[str] = "target_changed"
    sentence: ClassVar[str] = _("対象システム %(target_id)s の設定を変えました。")
    target_id: int


@dataclass(frozen=True)
class CredentialSet(Event):
    kind: ClassVar[str] = "credential_set"
    sentence: ClassVar[str] = _("対象システム %(target_id)s のアカウントとパスワードを登録しました。")
    target_id: int


@dataclass(frozen=True)
class CredentialDropped(Event):
    kind: ClassVar[str] = "credential_dropped"
    sentence: ClassVar[str] = _("対象システム %(target_id)s のURLが変わったため、アカウントとパスワードを消しました。")
    target_id: int


@dataclass(frozen=True)
class CredentialLocked(Event):
    kind: ClassVar[str] = "credential_locked"
    sentence: ClassVar[str] = _("対象システム %(target_id)s のアカウントを使わないことにしました(%(cause)s)。")
    target_id: int
    cause: str


@dataclass(frozen=True)
class NightsReopened(Event):
    kind: ClassVar[str] = "nights_reopened"
    sentence: ClassVar[str] = _("復元のあとの休止を終え、夜間入力を再開しました。")


@dataclass(frozen=True)
class ItemRanked(Event):
    """`priority`: 0 急ぎ, 1 ふつう, 2 後で."""

    kind: ClassVar[str] = "item_ranked"
    sentence: ClassVar[str] = _("案件 %(item_id)s の優先度を %(priority)s にしました。")
    item_id: int
    priority: int


@dataclass(frozen=True)
class ItemDueSet(Event):
    """`day` as a number, 20261124; 0: no deadline."""

    kind: ClassVar[str] = "item_due_set"
    sentence: ClassVar[str] = _("案件 %(item_id)s の期限を %(day)s にしました。")
    item_id: int
    day: int


@dataclass(frozen=True)
class ItemDeferred(Event):
    """`day` as a number, 20261124; 0: no longer deferred."""

    kind: ClassVar[str] = "item_deferred"
    sentence: ClassVar[str] = _("案件 %(item_id)s を %(day)s の夜から入れることにしました。")
    item_id: int
    day: int


@dataclass(frozen=True)
class ItemHandedOn(Event):
    """`record_id` 0: what it would say breaks a rule of the next form, and waits to be mended."""

    kind: ClassVar[str] = "item_handed_on"
    sentence: ClassVar[str] = _(
        "案件 %(item_id)s を次の仕事(ロボット %(recorded_bot_id)s)に渡しました(記録 %(record_id)s)。"
    )
    item_id: int
    recorded_bot_id: int
    record_id: int


@dataclass(frozen=True)
class ItemPutBehind(Event):
    """`before_id` 0: behind none any more."""

    kind: ClassVar[str] = "item_put_behind"
    sentence: ClassVar[str] = _("案件 %(item_id)s を、案件 %(before_id)s が済んでから入れることにしました。")
    item_id: int
    before_id: int


@dataclass(frozen=True)
class ItemChangeUndone(Event):
    kind: ClassVar[str] = "item_change_undone"
    sentence: ClassVar[str] = _("案件 %(item_id)s を、まとめての変更 %(change_id)s の前の状態に戻しました。")
    item_id: int
    change_id: int


@dataclass(frozen=True)
class ItemsFreed(Event):
    kind: ClassVar[str] = "items_freed"
    sentence: ClassVar[str] = _("対象システム %(target_id)s の、先送りの日が来た%(count)s件を入力待ちに戻しました。")
    target_id: int
    count: int


@dataclass(frozen=True)
class ServiceStopAdded(Event):
    kind: ClassVar[str] = "service_stop_added"
    sentence: ClassVar[str] = _("対象システム %(target_id)s の停止日 %(stop_id)s を入れました。")
    stop_id: int
    target_id: int


@dataclass(frozen=True)
class ServiceStopRemoved(Event):
    kind: ClassVar[str] = "service_stop_removed"
    sentence: ClassVar[str] = _("対象システム %(target_id)s の停止日 %(stop_id)s を消しました。")
    stop_id: int
    target_id: int


@dataclass(frozen=True)
class DutyNamed(Event):
    """`staff_id` 0: all operators."""

    kind: ClassVar[str] = "duty_named"
    sentence: ClassVar[str] = _("対象システム %(target_id)s の当番を職員 %(staff_id)s にしました。")
    target_id: int
    staff_id: int


@dataclass(frozen=True)
class NightsPlanned(Event):
    """`day` as a number, 20261124; `warned`: for so many systems people were told."""

    kind: ClassVar[str] = "nights_planned"
    sentence: ClassVar[str] = _("%(day)s の夜の予定を見積もりました(お知らせ %(warned)s件)。")
    day: int
    warned: int


@dataclass(frozen=True)
class NightAlarmed(Event):
    """`cause` is a code: why the night ended, `stalled` or `worker_gone`."""

    kind: ClassVar[str] = "night_alarmed"
    sentence: ClassVar[str] = _("夜間入力 %(night_id)s の異常を当番に知らせました(%(cause)s)。")
    night_id: int
    cause: str


@dataclass(frozen=True)
class NightAlarmCalled(Event):
    kind: ClassVar[str] = "night_alarm_called"
    sentence: ClassVar[str] = _(
        "夜間入力 %(night_id)s の異常(%(cause)s)を、設定された通知先に送りました(%(outcome)s)。"
    )
    night_id: int
    cause: str
    outcome: str


@dataclass(frozen=True)
class ItemRead(Event):
    """What was read for an item went into a list: so many records, so many rows that wait to be mended."""

    kind: ClassVar[str] = "item_read"
    sentence: ClassVar[str] = _(
        "案件 %(item_id)s の照会から、様式 %(design_id)s の台帳に記録を%(records)s件入れました(保留%(waiting)s件)。"
    )
    item_id: int
    design_id: int
    records: int
    waiting: int


@dataclass(frozen=True)
class ItemFileTaken(Event):
    kind: ClassVar[str] = "item_file_taken"
    sentence: ClassVar[str] = _("案件 %(item_id)s のファイル %(file_id)s を対象システムから受け取りました。")
    item_id: int
    file_id: int


@dataclass(frozen=True)
class ItemFileSeen(Event):
    kind: ClassVar[str] = "item_file_seen"
    sentence: ClassVar[str] = _("案件 %(item_id)s のファイル %(file_id)s を開きました。")
    item_id: int
    file_id: int


@dataclass(frozen=True)
class ItemFilePrinted(Event):
    kind: ClassVar[str] = "item_file_printed"
    sentence: ClassVar[str] = _("案件 %(item_id)s のファイル %(file_id)s を印刷の置き場所に置きました。")
    item_id: int
    file_id: int
