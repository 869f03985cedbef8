"""What does the worker do once a day? Publish the head of the trail, forget old jobs, sweep, count statistics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from backoffice.accounts import devices, tries
from backoffice.accounts.single_sign_on import service as single_sign_on
from backoffice.archive.making import take_in_older
from backoffice.audit import AuditEvent
from backoffice.audit.publishing import publish_heads
from backoffice.automation import forgetting as evidence
from backoffice.clients import once, tokens
from backoffice.consents import expiring as expiring_consents
from backoffice.data_links import expiring as expiring_link_consents
from backoffice.data_links.sandbox import queries as sandboxes
from backoffice.db import count_statistics
from backoffice.digital_id import checking
from backoffice.digital_id import service as digital_ids
from backoffice.enclosures import printing as packets
from backoffice.identity import Actor, Origin
from backoffice.identity.sessions import end_old_sessions
from backoffice.inbox import alerting, mailing
from backoffice.log import place_of
from backoffice.mail_in import forgetting as letters
from backoffice.operations.events import DayKept, UpkeepFailed
from backoffice.reachability import forgetting as reachability
from backoffice.records import documents
from backoffice.rehearsals import forgetting as rehearsals
from backoffice.services import TOKYO
from backoffice.take_up import forgetting as grants
from backoffice.work import Office

HOUSE = Actor.house(Origin.WORKER)
TRY_AGAIN = timedelta(hours=1)
"""So long a day's upkeep waits after a part of it failed: a share that is away comes back, and the log stays short."""

log = structlog.get_logger("gijo.upkeep")


@dataclass(frozen=True)
class DayDone:
    jobs_forgotten: int
    files_swept: int
    failed: tuple[str, ...] = ()


def tick(office: Office) -> DayDone | None:
    """Do the day's upkeep if no worker has done today's; that it was done stands on the trail, written last.

    A part that fails stops no other; then all of it, which does no harm twice, is done again an hour later.
    """
    if not _is_due(office, office.services.now()):
        return None
    parts: Mapping[str, Callable[[Office], int]] = {
        "jobs": _forget_jobs,
        "sessions": _forget_sessions,
        "consents": expiring_consents.note,
        "link_consents": expiring_link_consents.note,
        "statistics": _count_statistics,
        "grants": grants.forget_old,
        "record_files": documents.forget_unclaimed,
        "paper": take_in_older,
        "letters": letters.forget_old,
        "rehearsals": rehearsals.forget_old,
        "evidence": evidence.forget_old,
        "packets": packets.forget_old,
        "files": _sweep,
        "audit_heads": _publish,
    }
    done: dict[str, int] = {}
    for name, part in parts.items():
        try:
            done[name] = part(office)
        except Exception as trouble:  # noqa: BLE001 -- whatever one part raises, the others are done all the same
            log.error("upkeep failed", job=name, trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
    failed = tuple(name for name in parts if name not in done)
    with office.unit(HOUSE) as work:
        for name in failed:
            work.record(UpkeepFailed(name))
        if not failed:
            work.record(DayKept(done["jobs"], done["files"]))
    return DayDone(done.get("jobs", 0), done.get("files", 0), failed)


def _forget_jobs(office: Office) -> int:
    oldest = office.services.now() - timedelta(days=office.settings.retention_days_jobs)
    return office.jobs.forget_before(oldest)


def _forget_sessions(office: Office) -> int:
    with office.unit(HOUSE) as work:
        end_old_sessions(work.session, office.settings, work.now)
        tries.forget_old(work.session, work.now)
        devices.forget_old(work.session, work.now)
        single_sign_on.forget_old(work.session, work.now)
        checking.forget_old(work.session, work.now)
        digital_ids.forget_old(work.session, work.today)
        tokens.forget_old(work.session, work.now)
        once.forget_old(work.session, work.now)
        sandboxes.forget_old(work.session, work.now)
        mailing.forget_old(work.session, work.today)
        alerting.forget_old(work.session, work.now)
        reachability.forget_old(work.session, work.now, office.settings.bounce_soft_days)
    return 0


def _count_statistics(office: Office) -> int:
    count_statistics(office.engine)
    return 0


def _sweep(office: Office) -> int:
    with office.look(HOUSE) as work:
        return office.files.sweep(work.session, work.now)


def _publish(office: Office) -> int:
    with office.look(HOUSE) as work:
        publish_heads(work.session, office.settings.audit_heads_path, work.now)
    return 0


def _is_due(office: Office, now: datetime) -> bool:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    done = select(AuditEvent.id).where(
        AuditEvent.kind == DayKept.kind, AuditEvent.at >= midnight, AuditEvent.at < midnight + timedelta(days=1)
    )
    failed = select(AuditEvent.id).where(
        AuditEvent.kind == UpkeepFailed.kind, AuditEvent.at > now - TRY_AGAIN, AuditEvent.at <= now
    )
    with office.look(HOUSE) as work:
        return all(work.session.scalars(each.limit(1)).first() is None for each in (done, failed))
