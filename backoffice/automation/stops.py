"""When is a target out of service, as its operators say? A night neither begins on such a day nor runs into it."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.automation.events import ServiceStopAdded, ServiceStopRemoved
from backoffice.automation.models import TargetSystem
from backoffice.automation.planning import NIGHTS_AHEAD
from backoffice.automation.stop_models import ServiceStop
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work

LONGEST = timedelta(days=92)


def add_stop(work: Work, target: TargetSystem, first_day: date, last_day: date, reason: str) -> ServiceStop:
    """Enter days without service. Raises Invalid for days in the past, in the wrong order, or too many."""
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
    work.session.add(stop)
    work.session.flush()
    work.record(ServiceStopAdded(stop.id, target.id))
    return stop


def remove_stop(work: Work, target: TargetSystem, stop_id: int) -> None:
    """Take days without service out again. Raises NotThere for those of another system."""
    mine = select(ServiceStop).where(ServiceStop.id == stop_id, ServiceStop.target_id == target.id)
    stop = one_or_not_there(work.session, mine)
    work.session.delete(stop)
    work.record(ServiceStopRemoved(stop.id, target.id))


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
