"""How long is it known about whom somebody asked? As long as the trail of that year says that they asked."""

from datetime import date, datetime, time

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from backoffice.db.numbering import APRIL
from backoffice.programs.models import Inquiry, ProtectedQuestion
from backoffice.programs.protected_workflow import OPEN_FOR, QuestionState
from backoffice.services import TOKYO

_NOT_AGREED = ProtectedQuestion.state != QuestionState.AGREED


def forget_questions(session: Session, fiscal_year: int) -> None:
    """Delete what was asked about residents until the end of a fiscal year: pseudonyms, reasons, who agreed.

    A question of the 支援措置 desk stays where something may have happened to it after that year: the trail of the next
    tells of it by its number.
    """
    first, beyond = date(fiscal_year, APRIL, 1), date(fiscal_year + 1, APRIL, 1)
    session.execute(delete(Inquiry).where(Inquiry.day >= first, Inquiry.day < beyond))
    ends, last_agreed = (datetime.combine(day, time(), TOKYO) for day in (beyond, beyond - OPEN_FOR))
    decided = ProtectedQuestion.decided_at
    over = or_(decided.is_(None), decided < last_agreed, and_(decided < ends, _NOT_AGREED))
    session.execute(delete(ProtectedQuestion).where(ProtectedQuestion.asked_at < ends, over))
