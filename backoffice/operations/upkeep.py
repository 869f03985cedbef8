"""What does the worker do once a day? Publish the head of the trail, forget old jobs, sweep, count statistics."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from backoffice.accounts import devices, tries
from backoffice.accounts.single_sign_on import service as single_sign_on
from backoffice.audit import AuditEvent
from backoffice.audit.publishing import publish_heads
from backoffice.db import count_statistics
from backoffice.identity import Actor, Origin
from backoffice.identity.sessions import end_old_sessions
from backoffice.operations.events import DayKept
from backoffice.services import TOKYO
from backoffice.work import Office

HOUSE = Actor.house(Origin.WORKER)


@dataclass(frozen=True)
class DayDone:
    jobs_forgotten: int
    files_swept: int


def tick(office: Office) -> DayDone | None:
    """Do the day's upkeep if no worker has done today's; that it was done stands on the trail, written last."""
    if _is_done(office, office.services.now()):
        return None
    oldest = office.services.now() - timedelta(days=office.settings.retention_days_jobs)
    forgotten = office.jobs.forget_before(oldest)
    with office.unit(HOUSE) as work:
        end_old_sessions(work.session, office.settings, work.now)
        tries.forget_old(work.session, work.now)
        devices.forget_old(work.session, work.now)
        single_sign_on.forget_old(work.session, work.now)
    count_statistics(office.engine)
    with office.look(HOUSE) as work:
        swept = office.files.sweep(work.session, work.now)
        publish_heads(work.session, office.settings.audit_heads_path, work.now)
    with office.unit(HOUSE) as work:
        work.record(DayKept(forgotten, swept))
    return DayDone(forgotten, swept)


def _is_done(office: Office, now: datetime) -> bool:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    done = select(AuditEvent.id).where(
        AuditEvent.kind == DayKept.kind, AuditEvent.at >= midnight, AuditEvent.at < midnight + timedelta(days=1)
    )
    with office.look(HOUSE) as work:
        return work.session.scalars(done.limit(1)).first() is not None
