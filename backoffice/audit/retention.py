"""How does a closed year leave the trail without breaking its chain?

Its events go, the end of its chain stays: the next year's first event still ties to it. That it went stands on the
trail itself; a year that is missing without that event was taken out.
"""

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from backoffice.audit.chain import lock_head
from backoffice.audit.models import AuditEvent, AuditSegment
from backoffice.db.append_only import delete_retired


def oldest_year(session: Session) -> int | None:
    """Give the oldest fiscal year whose events are still there."""
    there = exists().where(AuditEvent.fiscal_year == AuditSegment.fiscal_year)
    return session.scalars(select(AuditSegment.fiscal_year).where(there).order_by(AuditSegment.fiscal_year)).first()


def shut(session: Session) -> None:
    """Let nobody else write to the trail before this unit is over.

    It is the head that is locked: whoever writes holds it before they touch the table itself.
    """
    lock_head(session, 0)


def drop_year(session: Session, year: int) -> int:
    """Drop the events of a closed year and give how many; its end stays in place of those of years before it.

    The trail is `shut`.
    """
    of_year = delete(AuditEvent).where(AuditEvent.fiscal_year == year)
    dropped = delete_retired(session.connection(), AuditEvent.__tablename__, of_year)
    session.execute(delete(AuditSegment).where(AuditSegment.fiscal_year < year))
    return dropped
