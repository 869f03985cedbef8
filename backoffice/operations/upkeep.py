"""What does the worker do once a day? Publish the head of the trail, forget old jobs, sweep, count statistics."""

from dataclasses import dataclass
from datetime import timedelta

from backoffice.audit.publishing import publish_heads
from backoffice.db import count_statistics
from backoffice.identity import Actor, Origin
from backoffice.identity.sessions import end_old_sessions
from backoffice.services import TOKYO
from backoffice.work import Office


@dataclass(frozen=True)
class DayDone:
    jobs_forgotten: int
    files_swept: int


def tick(office: Office) -> DayDone | None:
    """Do the day's upkeep if today's has not been done; the published head marks that it was."""
    today = office.services.now().astimezone(TOKYO)
    if (office.settings.audit_heads_path / f"{today:%Y-%m-%d}.jsonl").exists():
        return None
    house = Actor.house(Origin.WORKER)
    oldest = office.services.now() - timedelta(days=office.settings.retention_days_jobs)
    forgotten = office.jobs.forget_before(oldest)
    with office.unit(house) as work:
        end_old_sessions(work.session, office.settings, work.now)
    count_statistics(office.engine)
    with office.look(house) as work:
        swept = office.files.sweep(work.session, work.now)
        publish_heads(work.session, office.settings.audit_heads_path, work.now)
    return DayDone(forgotten, swept)
