"""What is tonight's plan for each system? The queue, the measured seconds, the hours of service, and what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.automation.models import ITEMS_QUEUED, TargetSystem, WorkItem
from backoffice.automation.plan.pace import ASSUMED_SECONDS, ENOUGH
from backoffice.automation.plan.planning import Pile, Plan, hours_ahead, in_turn, openings_ahead, plan, service_ends_at
from backoffice.automation.queries import BEHIND, LATER, RECENT, STUCK
from backoffice.automation.queue.order import NO_DEADLINE, Priority
from backoffice.automation.systems import stops
from backoffice.automation.systems.stop_models import ServiceStop
from backoffice.db import tallies
from backoffice.services import TOKYO
from backoffice.work import Work
from rpa_bots.window import Opening, Window


@dataclass(frozen=True)
class Tonight:
    """The plan of one system for its next night."""

    target: TargetSystem
    opening: Opening
    ends_at: datetime
    """When the window closes, or before it the first day without service begins."""
    stop: ServiceStop | None
    """Why the target is out of service on a day of the night."""
    deferred: int
    """So many wait for a later night than this one."""
    stuck: int
    """So many wait for an item that no night takes up: people must settle that one first."""
    seconds_each: float
    is_measured: bool
    """Whether the seconds were measured; else they are assumed."""
    plan: Plan


def plans(work: Work, targets: Sequence[TargetSystem]) -> list[Tonight]:
    """Give the plan of each system; four statements, however many there are."""
    waiting, seconds = _waiting(work.session), _seconds(work.session)
    stopped = stops.stops_ahead(work.session, work.today)
    return [
        _plan_of(work, target, waiting.get(target.id, {}), seconds.get(target.id), stopped.get(target.id, []))
        for target in targets
    ]


def _plan_of(
    work: Work, target: TargetSystem, waiting: Mapping[str, int], seconds: float | None, stopped: list[ServiceStop]
) -> Tonight:
    openings = openings_ahead(work.now, Window(target.opens, target.closes))
    tonight = openings[0].day
    days_off = stops.days_of(stopped, work.today)
    hours = hours_ahead(work.now, openings, target.margin_seconds, days_off)
    begins_at, closes_at = max(work.now, openings[0].opens_at), openings[0].closes_at
    last_day = (closes_at - timedelta(microseconds=1)).astimezone(TOKYO).date()
    queue = _queue(waiting, tonight)
    each = ASSUMED_SECONDS if seconds is None else max(seconds, 0.001)
    return Tonight(
        target=target,
        opening=openings[0],
        ends_at=service_ends_at(begins_at, openings[0], days_off) or closes_at,
        stop=next((stop for stop in stopped if stop.first_day <= last_day and tonight <= stop.last_day), None),
        deferred=queue.deferred,
        stuck=queue.stuck,
        seconds_each=each,
        is_measured=seconds is not None,
        plan=plan([*in_turn(queue.ready), *in_turn(queue.behind)], each, hours, tonight),
    )


@dataclass
class _Queue:
    """What waits for a system: `behind` comes after all that is ready, as it waits for some of that."""

    ready: list[Pile] = field(default_factory=list)
    behind: list[Pile] = field(default_factory=list)
    stuck: int = 0
    deferred: int = 0


def _queue(waiting: Mapping[str, int], tonight: date) -> _Queue:
    """Read the tally's marks; what is deferred until tonight or before is ready by then, as a usual item."""
    queue = _Queue()
    for mark, count in waiting.items():
        if mark.startswith(STUCK):
            queue.stuck += count
        elif mark.startswith(BEHIND):
            queue.behind.append(_pile(mark.removeprefix(BEHIND), count))
        elif not mark.startswith(LATER):
            queue.ready.append(_pile(mark, count))
        elif date.fromisoformat(mark.removeprefix(LATER)) > tonight:
            queue.deferred += count
        else:
            queue.ready.append(Pile(Priority.USUAL, NO_DEADLINE, count))
    return queue


def _pile(turn: str, count: int) -> Pile:
    priority, _colon, due_on = turn.partition(":")
    return Pile(int(priority), date.fromisoformat(due_on), count)


def _waiting(session: Session) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for (target_id, mark), count in tallies.amounts(session, ITEMS_QUEUED).items():
        found.setdefault(target_id, {})[mark] = count
    return found


def _seconds(session: Session) -> dict[int, float]:
    """Give what the last items of each system took on average, where there were ENOUGH: a sum grows by the mean."""
    taken = (
        select(WorkItem.seconds)
        .where(WorkItem.target_id == TargetSystem.id, WorkItem.finished_at.is_not(None), WorkItem.seconds.is_not(None))
        .order_by(WorkItem.finished_at.desc())
        .limit(RECENT)
        .correlate(TargetSystem)
        .subquery()
    )
    mean = select(func.avg(taken.c.seconds)).having(func.count() >= ENOUGH).scalar_subquery()
    rows = session.execute(select(TargetSystem.id, mean))
    return {target_id: float(seconds) for target_id, seconds in rows if seconds is not None}
