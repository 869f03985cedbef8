"""What happens to cases and tasks, one sentence each. The words that people write stand in the case, not here."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class CaseDrafted(Event):
    kind: ClassVar[str] = "case_drafted"
    sentence: ClassVar[str] = _("案件 %(case_id)s の起案を始めました。")
    case_id: int


@dataclass(frozen=True)
class CaseDiscarded(Event):
    kind: ClassVar[str] = "case_discarded"
    sentence: ClassVar[str] = _("案件 %(case_id)s の下書きを破棄しました。")
    case_id: int


@dataclass(frozen=True)
class CaseBegun(Event):
    kind: ClassVar[str] = "case_begun"
    sentence: ClassVar[str] = _("案件 %(case_id)s を回議に付しました(ルート版 %(route_version_id)s)。")
    case_id: int
    route_version_id: int


@dataclass(frozen=True)
class CaseAmended(Event):
    kind: ClassVar[str] = "case_amended"
    sentence: ClassVar[str] = _("案件 %(case_id)s の内容を直しました。")
    case_id: int


@dataclass(frozen=True)
class CaseRedated(Event):
    kind: ClassVar[str] = "case_redated"
    sentence: ClassVar[str] = _("案件 %(case_id)s の期限が変わりました。")
    case_id: int


@dataclass(frozen=True)
class TaskOpened(Event):
    kind: ClassVar[str] = "task_opened"
    sentence: ClassVar[str] = _("案件 %(case_id)s が手続 %(step_id)s に進みました(件 %(task_id)s)。")
    case_id: int
    task_id: int
    step_id: str


@dataclass(frozen=True)
class TaskDecided(Event):
    kind: ClassVar[str] = "task_decided"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s を決定しました(%(decision)s)。")
    case_id: int
    task_id: int
    decision: str
    principal_id: int | None


@dataclass(frozen=True)
class DecisionTakenBack(Event):
    kind: ClassVar[str] = "decision_taken_back"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s の決定を取り消しました。")
    case_id: int
    task_id: int


@dataclass(frozen=True)
class DecisionReviewed(Event):
    """後閲: the principal has looked at what was decided in their stead."""

    kind: ClassVar[str] = "decision_reviewed"
    sentence: ClassVar[str] = _("案件 %(case_id)s の代決 %(vote_id)s を後閲しました。")
    case_id: int
    vote_id: int


@dataclass(frozen=True)
class CaseDecided(Event):
    kind: ClassVar[str] = "case_decided"
    sentence: ClassVar[str] = _("案件 %(case_id)s が決しました(%(outcome)s)。")
    case_id: int
    outcome: str


@dataclass(frozen=True)
class CaseEnded(Event):
    """The minute for taking back is over: what follows from the end happens now, in the same unit."""

    kind: ClassVar[str] = "case_ended"
    sentence: ClassVar[str] = _("案件 %(case_id)s が発効しました(%(outcome)s)。")
    case_id: int
    case_kind: str
    outcome: str


@dataclass(frozen=True)
class CaseWithdrawn(Event):
    kind: ClassVar[str] = "case_withdrawn"
    sentence: ClassVar[str] = _("案件 %(case_id)s を取り下げました。")
    case_id: int


@dataclass(frozen=True)
class TaskClaimed(Event):
    kind: ClassVar[str] = "task_claimed"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s を引き受けました。")
    case_id: int
    task_id: int


@dataclass(frozen=True)
class TaskReleased(Event):
    kind: ClassVar[str] = "task_released"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s を手放しました。")
    case_id: int
    task_id: int


@dataclass(frozen=True)
class TaskHeld(Event):
    kind: ClassVar[str] = "task_held"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s を保留にしました。")
    case_id: int
    task_id: int


@dataclass(frozen=True)
class TaskResumed(Event):
    kind: ClassVar[str] = "task_resumed"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s の保留を解きました。")
    case_id: int
    task_id: int


@dataclass(frozen=True)
class TaskReminded(Event):
    kind: ClassVar[str] = "task_reminded"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s の期限が近いことを知らせました。")
    case_id: int
    task_id: int


@dataclass(frozen=True)
class TaskEscalated(Event):
    kind: ClassVar[str] = "task_escalated"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s が期限を過ぎ、上位へ回しました。")
    case_id: int
    task_id: int


@dataclass(frozen=True)
class TimerFired(Event):
    kind: ClassVar[str] = "timer_fired"
    sentence: ClassVar[str] = _("案件 %(case_id)s の時限 %(timer_id)s が来ました。")
    case_id: int
    timer_id: str


@dataclass(frozen=True)
class MatterStuck(Event):
    kind: ClassVar[str] = "matter_stuck"
    sentence: ClassVar[str] = _("案件 %(case_id)s の自動の手続(%(code)s %(record_id)s)を進められませんでした。")
    case_id: int
    code: str
    record_id: int


@dataclass(frozen=True)
class MatterMovesAgain(Event):
    kind: ClassVar[str] = "matter_moves_again"
    sentence: ClassVar[str] = _("進められなかった案件 %(case_id)s の自動の手続(%(code)s %(record_id)s)が片付きました。")
    case_id: int
    code: str
    record_id: int


@dataclass(frozen=True)
class MorningCounted(Event):
    """What waits was counted for everybody: it is not counted a second time that day."""

    kind: ClassVar[str] = "morning_counted"
    sentence: ClassVar[str] = _("%(day)s の朝のお知らせを数えました(%(people)s人)。")
    day: int
    """20261124."""
    people: int


@dataclass(frozen=True)
class MorningMailSent(Event):
    kind: ClassVar[str] = "morning_mail_sent"
    sentence: ClassVar[str] = _("%(day)s の朝のお知らせ %(digest_id)s を職員 %(staff_id)s に送りました(%(outcome)s)。")
    digest_id: int
    staff_id: int
    day: int
    outcome: str


@dataclass(frozen=True)
class AlertMailed(Event):
    """Of what, stands in the alert."""

    kind: ClassVar[str] = "alert_mailed"
    sentence: ClassVar[str] = _("止まったことの知らせ %(alert_id)s を職員 %(staff_id)s に送りました(%(outcome)s)。")
    alert_id: int
    staff_id: int
    outcome: str


@dataclass(frozen=True)
class OpinionAsked(Event):
    kind: ClassVar[str] = "opinion_asked"
    sentence: ClassVar[str] = _("案件 %(case_id)s について職員 %(asked_id)s に意見を求めました。")
    case_id: int
    asked_id: int


@dataclass(frozen=True)
class OpinionGiven(Event):
    kind: ClassVar[str] = "opinion_given"
    sentence: ClassVar[str] = _("案件 %(case_id)s の意見照会 %(opinion_id)s に答えました。")
    case_id: int
    opinion_id: int


@dataclass(frozen=True)
class CommentAdded(Event):
    kind: ClassVar[str] = "comment_added"
    sentence: ClassVar[str] = _("案件 %(case_id)s にコメントを書きました。")
    case_id: int


@dataclass(frozen=True)
class FileAttached(Event):
    kind: ClassVar[str] = "file_attached"
    sentence: ClassVar[str] = _("案件 %(case_id)s に添付 %(attachment_id)s を加えました。")
    case_id: int
    attachment_id: int


@dataclass(frozen=True)
class FileRemoved(Event):
    kind: ClassVar[str] = "file_removed"
    sentence: ClassVar[str] = _("案件 %(case_id)s の添付 %(attachment_id)s を外しました。")
    case_id: int
    attachment_id: int


@dataclass(frozen=True)
class FileFetched(Event):
    kind: ClassVar[str] = "file_fetched"
    sentence: ClassVar[str] = _("案件 %(case_id)s の添付 %(attachment_id)s を開きました。")
    case_id: int
    attachment_id: int


@dataclass(frozen=True)
class CaseSeen(Event):
    kind: ClassVar[str] = "case_seen"
    sentence: ClassVar[str] = _("案件 %(case_id)s を見ました。")
    case_id: int


@dataclass(frozen=True)
class CasesExported(Event):
    kind: ClassVar[str] = "cases_exported"
    sentence: ClassVar[str] = _("案件の一覧を書き出しました(%(count)s件)。")
    count: int


@dataclass(frozen=True)
class AbsenceEntered(Event):
    kind: ClassVar[str] = "absence_entered"
    sentence: ClassVar[str] = _("職員 %(staff_id)s の不在 %(absence_id)s を登録しました(代理 %(deputy_id)s)。")
    absence_id: int
    staff_id: int
    deputy_id: int | None


@dataclass(frozen=True)
class AbsenceCancelled(Event):
    kind: ClassVar[str] = "absence_cancelled"
    sentence: ClassVar[str] = _("職員 %(staff_id)s の不在 %(absence_id)s を取り消しました。")
    absence_id: int
    staff_id: int


@dataclass(frozen=True)
class DeputyEnded(Event):
    kind: ClassVar[str] = "deputy_ended"
    sentence: ClassVar[str] = _(
        "職員 %(staff_id)s の不在 %(absence_id)s の代理 %(deputy_id)s が異動か退職で終わりました。"
    )
    absence_id: int
    staff_id: int
    deputy_id: int | None


@dataclass(frozen=True)
class TaskPassedOn(Event):
    kind: ClassVar[str] = "task_passed_on"
    sentence: ClassVar[str] = _("案件 %(case_id)s の件 %(task_id)s を、決める人がいなくなったため回しました。")
    case_id: int
    task_id: int
    staff_id: int | None
    """Who had it in their own tray."""


@dataclass(frozen=True)
class CaseUnattended(Event):
    kind: ClassVar[str] = "case_unattended"
    sentence: ClassVar[str] = _("案件 %(case_id)s を担当する職員 %(staff_id)s が離れました。")
    case_id: int
    staff_id: int


@dataclass(frozen=True)
class OpinionClosed(Event):
    kind: ClassVar[str] = "opinion_closed"
    sentence: ClassVar[str] = _("案件 %(case_id)s の意見照会 %(opinion_id)s を、尋ねられた職員が離れたため閉じました。")
    case_id: int
    opinion_id: int


@dataclass(frozen=True)
class ReviewClosed(Event):
    kind: ClassVar[str] = "review_closed"
    sentence: ClassVar[str] = _("案件 %(case_id)s の代決 %(vote_id)s の後閲を、代決された職員が離れたため閉じました。")
    case_id: int
    vote_id: int


@dataclass(frozen=True)
class WorkHandedOver(Event):
    kind: ClassVar[str] = "work_handed_over"
    sentence: ClassVar[str] = _("職員 %(from_id)s の仕事 %(count)s件を職員 %(to_id)s に引き継ぎました。")
    from_id: int
    to_id: int
    count: int


@dataclass(frozen=True)
class CaseTransferred(Event):
    kind: ClassVar[str] = "case_transferred"
    sentence: ClassVar[str] = _("案件 %(case_id)s をルート版 %(from_version_id)s から %(to_version_id)s に移しました。")
    case_id: int
    from_version_id: int
    to_version_id: int
