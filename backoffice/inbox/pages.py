"""What do the pages of the inbox and of cases show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.identity import Department
from backoffice.inbox.alert_models import Alert
from backoffice.inbox.kinds import KINDS, LEVELS, RETENTION, CaseKind
from backoffice.inbox.models import Attachment, Case, CaseEntry, Opinion, SavedFilter, Task, Vote
from backoffice.inbox.workflow import (
    CASE_STATE_NAMES,
    DECISION_NAMES,
    OUTCOME_NAMES,
    CaseState,
    TaskState,
)
from backoffice.services import TOKYO
from backoffice.vault import StoredFile
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _
from workflows.routes import Decision

ENTRY_NAMES: dict[str, str] = {
    "begun": _("回議に付した"),
    "amended": _("内容を直した"),
    "discarded": _("下書きを破棄した"),
    "opened": _("手続が始まった"),
    "approve": _("承認した"),
    "send_back": _("差し戻した"),
    "reject": _("却下した"),
    "done": _("済ませた"),
    "withdraw": _("取下げとした"),
    "taken_back": _("決定を取り消した"),
    "approved": _("承認で決した"),
    "rejected": _("却下で決した"),
    "withdrawn": _("取り下げた"),
    "claimed": _("引き受けた"),
    "taken_over": _("引き取った"),
    "released": _("手放した"),
    "held": _("保留にした"),
    "resumed": _("保留を解いた"),
    "reminded": _("期限を知らせた"),
    "escalated": _("期限を過ぎ、上位へ回した"),
    "timer": _("時限が来た"),
    "stuck": _("自動の手続を進められなかった"),
    "moves_again": _("自動の手続がまた進んだ"),
    "opinion_asked": _("意見を求めた"),
    "opinion_given": _("意見を述べた"),
    "comment": _("コメント"),
    "attached": _("添付を加えた"),
    "detached": _("添付を外した"),
    "reviewed": _("後閲した"),
    "handed_over": _("引き継いだ"),
    "let_go": _("引き受けた職員の異動・退職で、手元から戻った"),
    "to_heads": _("職員が離れたため、所属長へ回した"),
    "to_above": _("決める人がいなくなったため、上位へ回した"),
    "unattended": _("担当の職員が離れ、引継ぎを待っている"),
    "opinion_closed": _("職員が離れたため、意見照会を閉じた"),
    "review_closed": _("代決された職員が離れたため、後閲なしで閉じた"),
    "transferred": _("新しいルートへ移した"),
    "redated": _("期限が変わった"),
}
STATE_TONES = {
    CaseState.DRAFT: ("plain", "✎"),
    CaseState.RUNNING: ("info", "▶"),
    CaseState.ENDING: ("good", "●"),
    CaseState.ENDED: ("plain", "■"),
}
OUTCOME_TONES = {
    "approved": ("good", "●"),
    "done": ("good", "●"),
    "rejected": ("bad", "✕"),
    "withdrawn": ("plain", "■"),
}


@dataclass(frozen=True)
class Chip:
    tone: str
    text: str
    sign: str = ""


def state_chip(case: Case) -> Chip:
    """Say where a case stands; once it is over, how it ended."""
    if case.outcome and case.state == CaseState.ENDED:
        tone, sign = OUTCOME_TONES[case.outcome]
        return Chip(tone, OUTCOME_NAMES[case.outcome], sign)
    tone, sign = STATE_TONES[CaseState(case.state)]
    return Chip(tone, CASE_STATE_NAMES[CaseState(case.state)], sign)


@dataclass(frozen=True)
class DueMark:
    """A deadline as people read it: how many days over, today, or just the day."""

    day: date | None
    tone: str = ""
    days_over: int = 0

    @classmethod
    def of(cls, due_at: datetime | None, now: datetime) -> "DueMark":
        if due_at is None:
            return cls(None)
        due, today = due_at.astimezone(TOKYO).date(), now.astimezone(TOKYO).date()
        if due_at < now:
            return cls(due, "bad", max(1, (today - due).days))
        return cls(due, "doubt" if due == today else "")


@dataclass(frozen=True)
class TaskRow:
    task: Task
    due: DueMark
    kind: CaseKind

    @classmethod
    def of(cls, task: Task, now: datetime) -> "TaskRow":
        return cls(task, DueMark.of(task.due_at, now), KINDS[task.case.kind])


@dataclass(frozen=True)
class SavedTab:
    """A condition that a person keeps. Its count comes after the page: how long counting takes, nobody can say."""

    saved: SavedFilter
    href: str
    current: bool
    count: str = ""


@dataclass(frozen=True, kw_only=True)
class FiltersPage(Page):
    tabs: Sequence[Tab]
    rows: Sequence[SavedTab]


@dataclass(frozen=True, kw_only=True)
class InboxPage(Page):
    rows: Sequence[TaskRow]
    tabs: Sequence[Tab]
    may_hand_over: bool
    stayed: int
    """So many cases of a former department are still the person's own."""
    unattended: int
    """So many cases of their departments have nobody who answers for them."""
    alerts: Sequence[tuple[Alert, str]]
    """What stopped by itself, each with where to look."""
    saved: Sequence[SavedTab]
    saved_address: str
    """Where the same conditions come with their counts."""
    tray: str
    keyword: str
    kind: str
    due: str
    paging: Paging
    total: str
    overdue: str
    chosen: frozenset[int] = frozenset()
    reason: str = ""
    wrong: Mapping[str, str]
    refused: Sequence[tuple[str, str, Mapping[str, object]]] = ()
    """Number of the case, why (a msgid), and what to fill in."""
    batch: str = ""
    """What was just decided at one stroke and can be taken back."""
    decided: int = 0

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [("", _("すべて"))] + [(kind, each.title) for kind, each in KINDS.items()]

    @property
    def dues(self) -> list[tuple[str, str]]:
        return [("", _("すべて")), ("over", _("超過")), ("today", _("本日")), ("week", _("7日以内"))]


@dataclass(frozen=True, kw_only=True)
class OpinionsPage(Page):
    tabs: Sequence[Tab]
    rows: Sequence[tuple[Opinion, Case]]


@dataclass(frozen=True, kw_only=True)
class MentionsPage(Page):
    tabs: Sequence[Tab]
    rows: Sequence[Case]


@dataclass(frozen=True, kw_only=True)
class ReviewsPage(Page):
    tabs: Sequence[Tab]
    rows: Sequence[Vote]


@dataclass(frozen=True)
class CaseRow:
    case: Case
    chip: Chip
    kind: CaseKind

    @classmethod
    def of(cls, case: Case) -> "CaseRow":
        return cls(case, state_chip(case), KINDS[case.kind])


@dataclass(frozen=True, kw_only=True)
class CasesPage(Page):
    rows: Sequence[CaseRow]
    keyword: str
    kind: str
    state: str
    paging: Paging
    may_draft: bool

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [("", _("すべて"))] + [(kind, each.title) for kind, each in KINDS.items()]

    @property
    def states(self) -> list[tuple[str, str]]:
        return [("", _("すべて"))] + [(str(state), name) for state, name in CASE_STATE_NAMES.items()]


@dataclass(frozen=True, kw_only=True)
class KindsPage(Page):
    kinds: Sequence[CaseKind]


@dataclass(frozen=True)
class StepLine:
    """One step of the route beside its diagram."""

    id: str
    name: str
    state: str
    """done, now or ahead."""
    note: str = ""


@dataclass(frozen=True)
class Desk:
    """One task that waits, and what this person may do with it."""

    task: Task
    due: DueMark
    may_decide: bool
    why_not: str
    """A msgid, where the task lies in the person's tray and they still may not."""
    stands_in_for: str
    decisions: Sequence[tuple[str, str]]
    rows: Sequence[AnswerRow]
    wrong: Mapping[str, str]
    reason: str = ""
    reason_label: str = ""
    """What the step's form asks to be noted, else just the reason: there is one box for both."""
    reason_needed: bool = True
    """Some of the decisions need one."""

    @property
    def is_held(self) -> bool:
        return self.task.state == TaskState.HELD


@dataclass(frozen=True)
class EntryRow:
    entry: CaseEntry
    text: str

    @classmethod
    def of(cls, entry: CaseEntry) -> "EntryRow":
        return cls(entry, ENTRY_NAMES.get(entry.kind, entry.kind))


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    title_text: str
    case: Case
    kind: CaseKind
    subject: str
    chip: Chip
    rows: Sequence[AnswerRow]
    desks: Sequence[Desk]
    steps: Sequence[StepLine]
    marked: str
    """Ids of the steps it waits in, for the diagram."""
    entries: Sequence[EntryRow]
    opinions: Sequence[Opinion]
    attachments: Sequence[tuple[Attachment, StoredFile, str]]
    removable: frozenset[int]
    """Ids of the attachments that the person may take off now."""
    own_vote: Vote | None
    may_withdraw: bool
    may_edit: bool
    may_speak: bool
    """Not so an auditor, who reads and leaves no trace of their own in the case."""
    limit_mb: int
    wrong: Mapping[str, str]
    typed: Mapping[str, str]
    stuck: bool = False
    """What comes due by itself cannot be done now; it is tried again."""
    from_list: str = ""
    """The list that the person came from: where they go on after deciding."""
    dialog: str = ""

    @property
    def level(self) -> str:
        return LEVELS[self.case.decision_level]

    @property
    def retention(self) -> str:
        return RETENTION[self.case.retention_years]


@dataclass(frozen=True, kw_only=True)
class PresencePage(Page):
    case_id: int
    names: Sequence[str]


@dataclass(frozen=True)
class Seal:
    """One box of 決裁欄."""

    step_name: str
    name: str
    decision: str
    at: datetime | None
    for_whom: str


@dataclass(frozen=True, kw_only=True)
class PrintPage(Page):
    title_text: str
    case: Case
    kind: CaseKind
    chip: Chip
    rows: Sequence[AnswerRow]
    seals: Sequence[Seal]
    still_to_seal: Sequence[str]
    """Steps that the case has still before it, for a paper that goes round."""
    entries: Sequence[EntryRow]
    level: str
    retention: str


def seals_of(votes: Sequence[Vote]) -> list[Seal]:
    return [
        Seal(
            vote.task.step_name,
            vote.staff.name,
            DECISION_NAMES[Decision(vote.decision)],
            vote.at,
            vote.principal.name if vote.principal else "",
        )
        for vote in votes
    ]


def department_choices(departments: Sequence[Department]) -> list[tuple[str, str]]:
    return [("", "—")] + [(str(each.id), "　" * each.depth + each.name) for each in departments]
