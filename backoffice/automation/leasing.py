"""Who sits at a system's account, and who notices that nobody does any more?

A worker at a night beats: it moves its lease on as long as the night moves. Whoever finds a lease that ran out finds no
worker behind it, and lets the night go on at any other that is free.
"""

import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy import ColumnElement, Select, and_, or_, select

from backoffice.automation import handing_over
from backoffice.automation.events import NightLeftAlone
from backoffice.automation.models import Lease, Night
from backoffice.automation.workflow import NightState, RunKind
from backoffice.identity import Actor, Origin
from backoffice.jobs import JobName
from backoffice.jobs.client import JobState, job_id_of
from backoffice.log import place_of
from backoffice.work import Office, Work

LEASE_TIME = timedelta(seconds=40)
BEAT_SECONDS = 10.0
"""With the worker's tick of 20 seconds, a dead worker is noticed within a minute."""
HUNG_SECONDS = 600.0
"""Longer than any record takes: a night that did not move for so long is let go, though its process lives."""
HOUSE = Actor.house(Origin.WORKER)

log = structlog.get_logger("gijo.night")


class Beat:
    """Keeps a night's lease while the night moves, from a thread of its own: a record may take longer than a lease."""

    def __init__(self, office: Office, night_id: int, every_seconds: float = BEAT_SECONDS) -> None:
        self._office = office
        self._night_id = night_id
        self._every = every_seconds
        self._moved_at = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go, name=f"beat-{night_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def moved(self) -> None:
        """Note that the night went one step on."""
        self._moved_at = time.monotonic()

    def _go(self) -> None:
        while not self._over.wait(self._every):
            if time.monotonic() - self._moved_at >= HUNG_SECONDS:
                continue
            try:
                with self._office.unit(HOUSE) as work:
                    keep(work, self._night_id, self._office.settings.worker_id)
            except Exception as trouble:  # noqa: BLE001 -- a locked database misses one beat, of three that may be missed
                said = {"trouble": type(trouble).__name__, "where": place_of(trouble)}
                log.error("beat missed", night_id=self._night_id, **said)  # noqa: TRY400 -- a traceback may quote data


def keep(work: Work, night_id: int, worker: str) -> None:
    """Move the lease on, where the worker still has it."""
    mine = select(Lease).where(Lease.night_id == night_id, Lease.worker == worker).with_for_update()
    lease = work.session.scalars(mine).one_or_none()
    if lease is not None:
        lease.until = work.now + LEASE_TIME


def is_left_alone(work: Work, night: Night, lease: Lease | None) -> bool:
    """Say whether no worker is at a night (with its lease) any more: none holds its account since long."""
    if night.state == NightState.ENDED:
        return False
    until = lease.until if lease and lease.until else night.started_at + LEASE_TIME
    return until <= work.now


def job_of(night: Night) -> str:
    """Give the id of the job that runs it: a person waits for what is chosen, so that it stands in no night's queue."""
    name = JobName.RUN_NIGHT if night.kind == RunKind.NIGHT else JobName.RUN_BY_DAY
    return job_id_of(name, night.id)


def waits_for_a_worker(work: Work, night: Night) -> bool:
    """Say whether a night still stands in the queue: every worker is at another one, and nobody has lost it."""
    job = work.office.jobs.find(job_of(night))
    return job is not None and job.state is JobState.WAITING


def may_be_given_up(work: Work, night: Night, lease: Lease | None) -> bool:
    """Say whether a person may end a night because nobody is at it any more."""
    return is_left_alone(work, night, lease) and not (lease is None and waits_for_a_worker(work, night))


def tick(office: Office) -> list[int]:
    """Let nights that were left alone go on at whichever worker is free, and give them; jobs that wait stay.

    What the worker that is gone was registering becomes unknown when the next one sits down (`keeping.take_seat`);
    if it lives after all, it has lost the lease and may click nothing (`keeping.begin_submitting`).
    """
    with office.look(HOUSE) as work:
        found = work.session.scalars(_left_alone(work)).all()
    return [night.id for night in found if _is_held_elsewhere(office, night) and _passed_on(office, night.id)]


def _left_alone(work: Work) -> Select[Night]:
    never_sat: ColumnElement[bool] = and_(Lease.id.is_(None), Night.started_at <= work.now - LEASE_TIME)
    joined = select(Night).outerjoin(Lease, Lease.night_id == Night.id)
    return joined.where(Night.state != NightState.ENDED, or_(Lease.until <= work.now, never_sat)).order_by(Night.id)


def _is_held_elsewhere(office: Office, night: Night) -> bool:
    """A worker takes up its own nights when it starts; a night that waits in the queue has nobody to lose."""
    job = office.jobs.find(job_of(night))
    return job is not None and job.state is JobState.RUNNING and job.worker != office.settings.worker_id


def _passed_on(office: Office, night_id: int) -> bool:
    """Free the account, in the row that workers fight for: of two that notice, one passes the night on."""
    with office.unit(HOUSE) as work:
        night = work.session.scalars(select(Night).where(Night.id == night_id).with_for_update()).one()
        lease = work.session.scalars(select(Lease).where(Lease.night_id == night_id).with_for_update()).one_or_none()
        if not is_left_alone(work, night, lease):
            return False
        if lease is not None:
            handing_over.give_if_asked(work, lease)
            lease.worker, lease.until = "", work.now + LEASE_TIME
            lease.item_id = lease.item_since = None
        work.record(NightLeftAlone(night_id))
    office.jobs.resume(job_of(night))
    return True
