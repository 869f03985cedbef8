"""How long is it known who looked at a registrant, and why? As long as the trail of that year says that they did."""

from datetime import date, datetime, time

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backoffice.consents.models import RegistrantLook
from backoffice.db.numbering import APRIL
from backoffice.services import TOKYO


def forget_looks(session: Session, fiscal_year: int) -> None:
    """Delete who looked at registrants in a fiscal year, with their reasons; consents stay."""
    begins, ends = (datetime.combine(date(year, APRIL, 1), time(), TOKYO) for year in (fiscal_year, fiscal_year + 1))
    session.execute(delete(RegistrantLook).where(RegistrantLook.opened_at >= begins, RegistrantLook.opened_at < ends))
