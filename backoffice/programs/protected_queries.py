"""Which questions lie at the 支援措置 desk?"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.db.lookup import one_or_not_there
from backoffice.programs.models import ProtectedQuestion
from backoffice.programs.protected_workflow import QuestionState

QUESTIONS_ON_PAGE = 20
"""Each shows a reason that somebody had; nobody needs to leaf through many at a time."""


def count_questions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ProtectedQuestion)) or 0


def list_questions(session: Session, offset: int) -> Sequence[ProtectedQuestion]:
    """Give a page of the questions, those first that wait for a second person, then the newest."""
    return session.scalars(
        select(ProtectedQuestion)
        .options(
            joinedload(ProtectedQuestion.program),
            joinedload(ProtectedQuestion.asked_by),
            joinedload(ProtectedQuestion.decided_by),
        )
        .order_by(ProtectedQuestion.state != QuestionState.ASKED, ProtectedQuestion.id.desc())
        .offset(offset)
        .limit(QUESTIONS_ON_PAGE)
    ).all()


def find_question(session: Session, question_id: int) -> ProtectedQuestion:
    """Give a question with its program. Raises NotThere."""
    return one_or_not_there(
        session,
        select(ProtectedQuestion)
        .where(ProtectedQuestion.id == question_id)
        .options(joinedload(ProtectedQuestion.program)),
    )


def open_questions(session: Session, program_id: int, mark: str, staff_id: int) -> Sequence[ProtectedQuestion]:
    """Give what a person has asked of a program and a resident and was neither declined nor withdrawn."""
    return session.scalars(
        select(ProtectedQuestion).where(
            ProtectedQuestion.program_id == program_id,
            ProtectedQuestion.mark == mark,
            ProtectedQuestion.asked_by_id == staff_id,
            ProtectedQuestion.state.in_((QuestionState.ASKED, QuestionState.AGREED)),
        )
    ).all()
