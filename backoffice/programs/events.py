"""What happens to programs, one sentence each: ids and counts only."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class ProgramBegun(Event):
    kind: ClassVar[str] = "program_begun"
    sentence: ClassVar[str] = _("制度 %(program_id)s を起こし、第1版の下書き %(version_id)s を作りました。")
    program_id: int
    version_id: int


@dataclass(frozen=True)
class ProgramDrafted(Event):
    kind: ClassVar[str] = "program_drafted"
    sentence: ClassVar[str] = _("制度 %(program_id)s の版 %(from_id)s を写して、下書き %(version_id)s を作りました。")
    program_id: int
    version_id: int
    from_id: int


@dataclass(frozen=True)
class ProgramCloned(Event):
    kind: ClassVar[str] = "program_cloned"
    sentence: ClassVar[str] = _("制度 %(from_id)s を次の年度に引き継いで、制度 %(program_id)s を起こしました。")
    program_id: int
    from_id: int


@dataclass(frozen=True)
class SheetWritten(Event):
    kind: ClassVar[str] = "program_sheet_written"
    sentence: ClassVar[str] = _("制度の版 %(version_id)s の登録票を書きました。")
    version_id: int


@dataclass(frozen=True)
class RuleWritten(Event):
    kind: ClassVar[str] = "program_rule_written"
    sentence: ClassVar[str] = _("制度の版 %(version_id)s のルールを変えました(条件%(leaves)s個)。")
    version_id: int
    leaves: int


@dataclass(frozen=True)
class ExampleKept(Event):
    kind: ClassVar[str] = "program_example_kept"
    sentence: ClassVar[str] = _("制度の版 %(version_id)s に例 %(example_id)s を加えました。")
    version_id: int
    example_id: int


@dataclass(frozen=True)
class ExampleRemoved(Event):
    kind: ClassVar[str] = "program_example_removed"
    sentence: ClassVar[str] = _("制度の版 %(version_id)s の例 %(example_id)s を消しました。")
    version_id: int
    example_id: int


@dataclass(frozen=True)
class ProgramSubmitted(Event):
    kind: ClassVar[str] = "program_submitted"
    sentence: ClassVar[str] = _("制度の版 %(version_id)s を案件 %(case_id)s として回議に付しました。")
    version_id: int
    case_id: int


@dataclass(frozen=True)
class ProgramApproved(Event):
    kind: ClassVar[str] = "program_approved"
    sentence: ClassVar[str] = _("制度の版 %(version_id)s が案件 %(case_id)s で承認されました。")
    version_id: int
    case_id: int


@dataclass(frozen=True)
class ProgramReturned(Event):
    kind: ClassVar[str] = "program_returned"
    sentence: ClassVar[str] = _("案件 %(case_id)s が承認されずに終わり、制度の版 %(version_id)s は下書きに戻りました。")
    version_id: int
    case_id: int


@dataclass(frozen=True)
class ProgramDiscarded(Event):
    kind: ClassVar[str] = "program_discarded"
    sentence: ClassVar[str] = _("制度の版 %(version_id)s の下書きを破棄しました。")
    version_id: int


@dataclass(frozen=True)
class ThresholdEntered(Event):
    kind: ClassVar[str] = "threshold_entered"
    sentence: ClassVar[str] = _("基準額 %(threshold_id)s に値 %(value_id)s を入れました。")
    threshold_id: int
    value_id: int


@dataclass(frozen=True)
class ThresholdConfirmed(Event):
    kind: ClassVar[str] = "threshold_confirmed"
    sentence: ClassVar[str] = _("基準額 %(threshold_id)s の値 %(value_id)s を確かめました。")
    threshold_id: int
    value_id: int


@dataclass(frozen=True)
class ItemReconfirmed(Event):
    kind: ClassVar[str] = "program_item_reconfirmed"
    sentence: ClassVar[str] = _("%(fiscal_year)s年度の切替で、制度 %(program_id)s の項目を確かめました。")
    program_id: int
    fiscal_year: int


@dataclass(frozen=True)
class PreviewSeen(Event):
    kind: ClassVar[str] = "program_preview_seen"
    sentence: ClassVar[str] = _("制度 %(program_id)s の版 %(version_id)s の試算を見ました(記録 %(look_id)s)。")
    program_id: int
    version_id: int
    look_id: int


@dataclass(frozen=True)
class PreviewRefused(Event):
    kind: ClassVar[str] = "program_preview_refused"
    sentence: ClassVar[str] = _("制度 %(program_id)s の版 %(version_id)s の試算を断りました(%(code)s)。")
    program_id: int
    version_id: int
    code: str


@dataclass(frozen=True)
class InquiryMade(Event):
    kind: ClassVar[str] = "program_inquiry_made"
    sentence: ClassVar[str] = _("1人の判定の理由を見ました(照会 %(inquiry_id)s)。")
    inquiry_id: int


@dataclass(frozen=True)
class InquiriesSeen(Event):
    kind: ClassVar[str] = "program_inquiries_seen"
    sentence: ClassVar[str] = _("判定の照会の記録を見ました。")


@dataclass(frozen=True)
class ProtectedQuestionAsked(Event):
    kind: ClassVar[str] = "protected_question_asked"
    sentence: ClassVar[str] = _("支援措置の判定 %(question_id)s を申し出ました。")
    question_id: int


@dataclass(frozen=True)
class ProtectedQuestionAgreed(Event):
    kind: ClassVar[str] = "protected_question_agreed"
    sentence: ClassVar[str] = _("支援措置の判定 %(question_id)s に同意しました。")
    question_id: int


@dataclass(frozen=True)
class ProtectedQuestionDeclined(Event):
    kind: ClassVar[str] = "protected_question_declined"
    sentence: ClassVar[str] = _("支援措置の判定 %(question_id)s を断りました。")
    question_id: int


@dataclass(frozen=True)
class ProtectedQuestionWithdrawn(Event):
    kind: ClassVar[str] = "protected_question_withdrawn"
    sentence: ClassVar[str] = _("支援措置の判定 %(question_id)s の申し出を取り下げました。")
    question_id: int


@dataclass(frozen=True)
class ProtectedAnswerSeen(Event):
    kind: ClassVar[str] = "protected_answer_seen"
    sentence: ClassVar[str] = _("支援措置の判定 %(question_id)s の答えを見ました。")
    question_id: int


@dataclass(frozen=True)
class ProtectedQuestionsSeen(Event):
    kind: ClassVar[str] = "protected_questions_seen"
    sentence: ClassVar[str] = _("支援措置の判定の一覧を見ました。")


@dataclass(frozen=True)
class ProgramsEvaluated(Event):
    kind: ClassVar[str] = "programs_evaluated"
    sentence: ClassVar[str] = _("制度 %(programs)s件のルールを住民データ全体で数えました。")
    programs: int


@dataclass(frozen=True)
class RuleFileEvaluated(Event):
    kind: ClassVar[str] = "rule_file_evaluated"
    sentence: ClassVar[str] = _("登録していないルール %(programs)s件を住民データ全体で数えました(指紋 %(rule_hash)s)。")
    programs: int
    rule_hash: str
    """Of its canonical form: whether a rule that is shown later is the one that was counted."""
