"""How long is it known about whom somebody asked? As long as the trail of that year says that they asked."""

from datetime import date, datetime, time

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backoffice.db.numbering import APRIL
from backoffice.programs.models import Inquiry, ProtectedQuestion
from backoffice.services import TOKYO


def forget_questions(session: Session, fiscal_year: int) -> None:
    """Delete what was asked in a fiscal year about residents: pseudonyms, reasons, who agreed."""
    first, beyond = date(fiscal_year, APRIL, 1), date(fiscal_year + 1, APRIL, 1)
    session.execute(delete(Inquiry).where(Inquiry.day >= first, Inquiry.day < beyond))
    begins, ends = (datetime.combine(day, time(), TOKYO) for day in (first, beyond))
    session.execute(
        delete(ProtectedQuestion).where(ProtectedQuestion.asked_at >= begins, ProtectedQuestion.asked_at < ends)
    )
