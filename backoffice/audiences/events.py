"""What happens to a run, one sentence each: ids and counts only. Whom it reached stands in its own rows."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class RunBegun(Event):
    kind: ClassVar[str] = "run_begun"
    sentence: ClassVar[str] = _("制度 %(program_id)s の配信 %(run_id)s を起こしました。")
    run_id: int
    program_id: int


@dataclass(frozen=True)
class ScheduleSet(Event):
    kind: ClassVar[str] = "run_schedule_set"
    sentence: ClassVar[str] = _("制度 %(program_id)s の配信の予定 %(schedule_id)s を決めました。")
    program_id: int
    schedule_id: int


@dataclass(frozen=True)
class ScheduleEnded(Event):
    kind: ClassVar[str] = "run_schedule_ended"
    sentence: ClassVar[str] = _("配信の予定 %(schedule_id)s をやめました。")
    schedule_id: int


@dataclass(frozen=True)
class ScheduleMissed(Event):
    """Why stands with the schedule."""

    kind: ClassVar[str] = "run_schedule_missed"
    sentence: ClassVar[str] = _("配信の予定 %(schedule_id)s の配信を起こせませんでした。")
    schedule_id: int


@dataclass(frozen=True)
class AudienceFrozen(Event):
    kind: ClassVar[str] = "audience_frozen"
    sentence: ClassVar[str] = _("配信 %(run_id)s の対象を、住民データ %(snapshot_id)s で確定しました。")
    run_id: int
    snapshot_id: int


@dataclass(frozen=True)
class FreezingFailed(Event):
    kind: ClassVar[str] = "audience_freezing_failed"
    sentence: ClassVar[str] = _("配信 %(run_id)s の対象を確定できませんでした(%(cause)s)。")
    run_id: int
    cause: str


@dataclass(frozen=True)
class RunSubmitted(Event):
    kind: ClassVar[str] = "run_submitted"
    sentence: ClassVar[str] = _("配信 %(run_id)s を回議に付しました(案件 %(case_id)s)。")
    run_id: int
    case_id: int


@dataclass(frozen=True)
class RunReleased(Event):
    kind: ClassVar[str] = "run_released"
    sentence: ClassVar[str] = _("配信 %(run_id)s を送ってよいことになりました(案件 %(case_id)s)。")
    run_id: int
    case_id: int


@dataclass(frozen=True)
class RunReturned(Event):
    kind: ClassVar[str] = "run_returned"
    sentence: ClassVar[str] = _("配信 %(run_id)s は承認されませんでした(案件 %(case_id)s)。")
    run_id: int
    case_id: int


@dataclass(frozen=True)
class SendingBegan(Event):
    kind: ClassVar[str] = "run_sending_began"
    sentence: ClassVar[str] = _("配信 %(run_id)s を送り始めました。")
    run_id: int


@dataclass(frozen=True)
class SendingPaused(Event):
    kind: ClassVar[str] = "run_paused"
    sentence: ClassVar[str] = _("配信 %(run_id)s を一時停止しました。")
    run_id: int


@dataclass(frozen=True)
class SendingResumed(Event):
    kind: ClassVar[str] = "run_resumed"
    sentence: ClassVar[str] = _("配信 %(run_id)s を再開しました。")
    run_id: int


@dataclass(frozen=True)
class RunCancelled(Event):
    kind: ClassVar[str] = "run_cancelled"
    sentence: ClassVar[str] = _("配信 %(run_id)s を取りやめました。")
    run_id: int


@dataclass(frozen=True)
class RunDone(Event):
    kind: ClassVar[str] = "run_done"
    sentence: ClassVar[str] = _("配信 %(run_id)s を終わりました。")
    run_id: int


@dataclass(frozen=True)
class OwnNoticesShown(Event):
    kind: ClassVar[str] = "registrant_own_notices_shown"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s に届いたお知らせと理由を、本人にポータルで見せました。")
    registrant_id: int


@dataclass(frozen=True)
class DeliveriesDoubted(Event):
    """A worker died with messages in its hands."""

    kind: ClassVar[str] = "run_deliveries_doubted"
    sentence: ClassVar[str] = _("配信 %(run_id)s で、担当機が止まり、%(people)s人への送信が結果不明になりました。")
    run_id: int
    people: int


@dataclass(frozen=True)
class DeliverySettled(Event):
    """A person found out what became of a message."""

    kind: ClassVar[str] = "run_delivery_settled"
    sentence: ClassVar[str] = _(
        "配信 %(run_id)s の結果不明の1件(%(recipient_id)s)を確かめました(届いた: %(arrived)s)。"
    )
    run_id: int
    recipient_id: int
    arrived: bool


@dataclass(frozen=True)
class DeliveriesSettled(Event):
    """The relay's log said what became of messages."""

    kind: ClassVar[str] = "run_deliveries_settled"
    sentence: ClassVar[str] = _(
        "配信 %(run_id)s の結果不明を中継の記録で確かめました(届いた %(accepted)s件、届かなかった %(failed)s件)。"
    )
    run_id: int
    accepted: int
    failed: int


@dataclass(frozen=True)
class CallsEntered(Event):
    kind: ClassVar[str] = "notice_calls_entered"
    sentence: ClassVar[str] = _(
        "制度 %(program_id)s のお知らせ %(notices)s通のあとに来た電話の件数(%(calls)s件)を入れました。"
    )
    program_id: int
    notices: int
    calls: int


@dataclass(frozen=True)
class CallCapacityEntered(Event):
    kind: ClassVar[str] = "call_capacity_entered"
    sentence: ClassVar[str] = _("部署 %(department_id)s が1日に受けられる電話の件数を入れました。")
    department_id: int


@dataclass(frozen=True)
class GuestJoined(Event):
    kind: ClassVar[str] = "trial_guest_joined"
    sentence: ClassVar[str] = _("職員 %(staff_id)s が、試し送りを受け取ることにしました。")
    staff_id: int


@dataclass(frozen=True)
class GuestLeft(Event):
    kind: ClassVar[str] = "trial_guest_left"
    sentence: ClassVar[str] = _("職員 %(staff_id)s が、試し送りを受け取るのをやめました。")
    staff_id: int


@dataclass(frozen=True)
class TrialAsked(Event):
    kind: ClassVar[str] = "run_trial_asked"
    sentence: ClassVar[str] = _("配信 %(run_id)s の見本を、職員 %(guests)s人に試し送りしました。")
    run_id: int
    guests: int
