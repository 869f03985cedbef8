"""When is a target out of service, as its operators say? No run begins on such a day, or goes on into it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.automation.events import ServiceStopAdded, ServiceStopRemoved
from backoffice.automation.models import Night, TargetSystem
from backoffice.automation.plan.planning import NIGHTS_AHEAD, service_ends_at
from backoffice.automation.systems.stop_models import ServiceStop
from backoffice.automation.workflow import NightState, RunKind
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid
from backoffice.services import TOKYO
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from rpa_bots.window import Opening, Window, open_now

LONGEST = timedelta(days=92)


def add_stop(work: Work, target: TargetSystem, first_day: date, last_day: date, reason: str) -> ServiceStop:
    """Enter days without service; a run under way ends before them, after the record at hand if they have begun.

    Raises Invalid for days in the past, in the wrong order, too many, or entered already.
    """
    reason = reason_given(reason, "reason")
    if last_day < first_day:
        message = _("終わりの日を、始まりの日かそれよりあとにしてください。")
        raise Invalid(message, {"last_day": message})
    if last_day < work.today:
        message = _("今日かそれよりあとの日を入れてください。")
        raise Invalid(message, {"last_day": message})
    if last_day - first_day > LONGEST:
        message = _("一度に入れられるのは3か月までです。")
        raise Invalid(message, {"last_day": message})
    stop = ServiceStop(
        target_id=target.id,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        made_by_id=work.actor.staff_id,
        made_at=work.now,
    )
    _lock(work, target)
    _must_be_new(work, stop)
    work.session.add(stop)
    work.session.flush()
    work.record(ServiceStopAdded(stop.id, target.id))
    _follow(work, target)
    return stop


def _must_be_new(work: Work, stop: ServiceStop) -> None:
    same = select(ServiceStop.id).where(
        ServiceStop.target_id == stop.target_id,
        ServiceStop.first_day == stop.first_day,
        ServiceStop.last_day == stop.last_day,
    )
    if work.session.scalar(same.limit(1)) is not None:
        message = _("この停止日は、もう入っています。")
        raise Invalid(message, {"first_day": message})


def remove_stop(work: Work, target: TargetSystem, stop_id: int) -> None:
    """Take days without service out again. Raises NotThere for those of another system."""
    mine = select(ServiceStop).where(ServiceStop.id == stop_id, ServiceStop.target_id == target.id)
    stop = one_or_not_there(work.session, mine)
    _lock(work, target)
    work.session.delete(stop)
    work.session.flush()
    work.record(ServiceStopRemoved(stop.id, target.id))
    _follow(work, target)


def closing_of(work: Work, target: TargetSystem, opening: Opening) -> datetime | None:
    """Give until when a run in this opening may go on; None where the system is out of service now."""
    stopped = stops_ahead(work.session, work.today).get(target.id, [])
    return service_ends_at(work.now, opening, days_of(stopped, work.today))


def opening_of(target: TargetSystem, kind: RunKind, moment: datetime) -> Opening | None:
    """Give the hours of a kind of run that hold a moment; a trial is watched by people and has the whole day."""
    windows = {
        RunKind.NIGHT: Window(target.opens, target.closes),
        RunKind.BY_DAY: Window(target.day_opens, target.day_closes),
        RunKind.TRIAL: Window(time(0), time(0)),
    }
    return open_now(moment, windows[kind])


def is_out_of_service(work: Work, night: Night) -> bool:
    """Say whether a run is at its end because of a day without service, and not because its hours are over."""
    day = night.closes_at.astimezone(TOKYO).date()
    stop = select(ServiceStop.id).where(
        ServiceStop.target_id == night.target_id, ServiceStop.first_day <= day, ServiceStop.last_day >= day
    )
    return work.session.scalar(stop.limit(1)) is not None


def _lock(work: Work, target: TargetSystem) -> None:
    """A run that is started at the same moment waits here, or is waited for."""
    work.session.scalars(select(TargetSystem.id).where(TargetSystem.id == target.id).with_for_update()).one()


def _follow(work: Work, target: TargetSystem) -> None:
    """Let the run under way know until when it may go on: it looks before each record."""
    open_run = select(Night).where(Night.target_id == target.id, Night.state != NightState.ENDED)
    night = work.session.scalars(open_run.with_for_update()).one_or_none()
    opening = opening_of(target, RunKind(night.kind), night.started_at) if night else None
    if night is not None and opening is not None:
        night.closes_at = closing_of(work, target, opening) or work.now


def stops_ahead(session: Session, today: date) -> dict[int, list[ServiceStop]]:
    """Give the stops that are not over, by system, the earliest first; yesterday's too, whose night may still run."""
    rows = session.scalars(
        select(ServiceStop)
        .where(ServiceStop.last_day >= today - timedelta(days=1))
        .order_by(ServiceStop.first_day, ServiceStop.id)
    )
    found: dict[int, list[ServiceStop]] = {}
    for stop in rows:
        found.setdefault(stop.target_id, []).append(stop)
    return found


def days_of(stops: Sequence[ServiceStop], today: date) -> frozenset[date]:
    """Give the days of these stops as far as a forecast looks."""
    ahead = [today + timedelta(days=each) for each in range(-1, NIGHTS_AHEAD + 2)]
    return frozenset(day for day in ahead if any(stop.first_day <= day <= stop.last_day for stop in stops))
