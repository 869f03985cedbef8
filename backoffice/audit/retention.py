"""How does a closed year leave the trail without breaking its chain?

Its events go, the end of its chain stays: the next year's first event still ties to it. That it went stands on the
trail itself; a year that is missing without that event was taken out.
"""

from sqlalchemy import Connection, delete, exists, select, text
from sqlalchemy.orm import Session

from backoffice.audit.chain import lock_head
from backoffice.audit.models import AuditEvent, AuditSegment

DELETES_ARE_REFUSED = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_event_delete'"


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
    connection = session.connection()
    dropped = _delete(connection, year)
    session.execute(delete(AuditSegment).where(AuditSegment.fiscal_year < year))
    return dropped


def _delete(connection: Connection, year: int) -> int:
    """The triggers are out of the way for this one statement; the transaction that takes them away brings them back."""
    of_year = delete(AuditEvent).where(AuditEvent.fiscal_year == year)
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER audit_event_stays"))
        dropped = connection.execute(of_year).rowcount
        connection.execute(text("ALTER TABLE audit_event ENABLE TRIGGER audit_event_stays"))
        return dropped
    trigger = str(connection.execute(text(DELETES_ARE_REFUSED)).scalar_one())
    connection.execute(text("DROP TRIGGER audit_event_delete"))
    dropped = connection.execute(of_year).rowcount
    connection.exec_driver_sql(trigger)
    return dropped
