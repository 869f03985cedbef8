"""What do the pages of the 支援措置 desk's questions show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.programs import protected_asking
from backoffice.programs.answer_page import AnswerShown
from backoffice.programs.models import ProtectedQuestion
from backoffice.programs.protected_workflow import (
    QUESTION_CHIPS,
    QuestionStanding,
    last_day,
)
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.work import Work

AGREED_ONCE = frozenset({QuestionStanding.AGREED, QuestionStanding.SEEN, QuestionStanding.EXPIRED})


@dataclass(frozen=True)
class QuestionRow:
    """A question as the person who looks may act on it."""

    id: int
    program: str
    pseudonym: str
    reason: str
    asked_at: datetime
    asked_by: str
    chip: Chip
    decided_at: datetime | None
    decided_by: str
    declining_reason: str
    first_seen_at: datetime | None
    last_day: date | None
    """Until when the answer may be opened."""
    may_decide: bool
    may_open: bool
    may_withdraw: bool

    @classmethod
    def of(cls, question: ProtectedQuestion, work: Work) -> "QuestionRow":
        cipher, me = work.office.cipher, work.actor.staff_id
        standing = protected_asking.standing(work, question)
        mine = question.asked_by_id == me
        declining = question.sealed_declining_reason
        agreed_at = question.decided_at if standing in AGREED_ONCE else None
        return cls(
            id=question.id,
            program=question.program.number,
            pseudonym=cipher.open(question.sealed_pseudonym, protected_asking.PSEUDONYM).decode(),
            reason=cipher.open(question.sealed_reason, protected_asking.REASON).decode(),
            asked_at=question.asked_at,
            asked_by=question.asked_by.name,
            chip=QUESTION_CHIPS[standing],
            decided_at=question.decided_at,
            decided_by=question.decided_by.name if question.decided_by else "",
            declining_reason=cipher.open(declining, protected_asking.REASON).decode() if declining else "",
            first_seen_at=question.first_seen_at,
            last_day=last_day(agreed_at) if agreed_at else None,
            may_decide=protected_asking.may_decide(question, me),
            may_open=mine and standing in protected_asking.TO_BE_OPENED,
            may_withdraw=mine and standing in protected_asking.TO_BE_WITHDRAWN,
        )


@dataclass(frozen=True, kw_only=True)
class ProtectedQuestionsPage(Page):
    rows: Sequence[QuestionRow]
    paging: Paging
    programs: Sequence[tuple[int, str]]
    """What may be asked about: id, number and name of every program in force."""
    days: int
    """For how long an answer may be opened."""
    asked_row: int
    """The row whose form is shown again with what was typed."""
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ProtectedAnswerPage(Page):
    program: str
    pseudonym: str
    answer: AnswerShown | None
    trouble: str
    """Why there is no answer."""
