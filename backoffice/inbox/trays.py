"""What lies in a person's in-tray? Their tasks, soonest deadline first, at a cost that does not grow with the pile.

Each tray is read by its own index in the order of deadlines and only as far as the page goes; counts stop at a limit
that a person would not count beyond either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager, joinedload

from backoffice.identity import Actor
from backoffice.inbox.desks import Chair
from backoffice.inbox.models import Case, SavedFilter, Task, TaskExclusion, TrayEntry
from backoffice.inbox.workflow import TaskState
from backoffice.services import TOKYO
from backoffice.web.lists import PAGE_SIZE

COUNT_TO = 999
"""Counting goes no further: the tab then says 999+."""


class Tray(StrEnum):
    """The fixed tabs of the inbox."""

    OWN = "own"
    OVERDUE = "overdue"
    DEPUTY = "deputy"
    RETURNED = "returned"
    HELD = "held"


class Due(StrEnum):
    OVER = "over"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True)
class Wanted:
    """What a person looks for in their trays."""

    tray: Tray = Tray.OWN
    keyword: str = ""
    kind: str = ""
    due: str = ""


def list_tasks(
    session: Session, actor: Actor, chairs: Sequence[Chair], wanted: Wanted, now: datetime, offset: int = 0
) -> Sequence[Task]:
    """Give a page of tasks, soonest deadline first, each with its case and who claims it."""
    found = _entries(actor, chairs, wanted, now, offset + PAGE_SIZE)
    if found is None:
        return ()
    page = (
        select(found.c.task_id, func.min(found.c.sort_at).label("sort_at"))
        .group_by(found.c.task_id)
        .order_by("sort_at", found.c.task_id)
        .limit(PAGE_SIZE)
        .offset(offset)
        .subquery()
    )
    return session.scalars(
        select(Task)
        .join(page, page.c.task_id == Task.id)
        .join(Task.case)
        .options(
            contains_eager(Task.case).options(joinedload(Case.drafter), joinedload(Case.department)),
            joinedload(Task.claimed_by),
        )
        .order_by(page.c.sort_at, Task.id)
    ).all()


def count_tasks(session: Session, actor: Actor, chairs: Sequence[Chair], wanted: Wanted, now: datetime) -> int:
    """Count the tasks of a tray, up to COUNT_TO and one."""
    found = _entries(actor, chairs, wanted, now, COUNT_TO + 1)
    if found is None:
        return 0
    return min(COUNT_TO + 1, session.scalar(select(func.count(found.c.task_id.distinct()))) or 0)


def count_all(session: Session, actor: Actor, chairs: Sequence[Chair], now: datetime) -> dict[Tray, int]:
    """Count every fixed tab in one question to the database."""
    counts = {tray: _entries(actor, chairs, Wanted(tray), now, COUNT_TO + 1) for tray in Tray}
    asked = [
        select(literal(str(tray)).label("tray"), func.count(found.c.task_id.distinct()).label("count"))
        for tray, found in counts.items()
        if found is not None
    ]
    rows: Mapping[str, int] = dict(session.execute(union_all(*asked)).all()) if asked else {}
    return {tray: min(COUNT_TO + 1, rows.get(str(tray), 0)) for tray in Tray}


def next_task(session: Session, actor: Actor, chairs: Sequence[Chair], wanted: Wanted, now: datetime) -> Task | None:
    """Give the task that comes next in this tray and that no colleague has claimed."""
    for task in list_tasks(session, actor, chairs, wanted, now):
        if task.claimed_by_id in (None, actor.staff_id):
            return task
    return None


def saved_filters(session: Session, actor: Actor) -> Sequence[SavedFilter]:
    return session.scalars(
        select(SavedFilter).where(SavedFilter.staff_id == actor.staff_id).order_by(SavedFilter.id)
    ).all()


def _entries(actor: Actor, chairs: Sequence[Chair], wanted: Wanted, now: datetime, limit: int) -> Subquery | None:
    """Give (task_id, sort_at) of the first `limit` entries of each tray that counts; None where there is no tray."""
    parts = [
        _of_desk(actor, chair, desk, wanted, now, limit)
        for chair in chairs
        if wanted.tray is not Tray.DEPUTY or not chair.is_own
        for desk in sorted(chair.desks)
    ]
    if not parts:
        return None
    return union_all(*(select(part.subquery()) for part in parts)).subquery()


def _of_desk(actor: Actor, chair: Chair, desk: str, wanted: Wanted, now: datetime, limit: int) -> Select[int, datetime]:
    entry, task, case = aliased(TrayEntry), aliased(Task), aliased(Case)
    statement = (
        select(entry.task_id, entry.sort_at)
        .join(task, task.id == entry.task_id)
        .where(entry.desk == desk, _free_to(actor, chair, entry.task_id), *_of_tray(wanted.tray, task, entry, now))
        .order_by(entry.sort_at, entry.task_id)
        .limit(limit)
    )
    if wanted.due:
        statement = statement.where(_due(wanted.due, entry.sort_at, now))
    if wanted.kind or wanted.keyword:
        statement = statement.join(case, case.id == task.case_id)
    if wanted.kind:
        statement = statement.where(case.kind == wanted.kind)
    if wanted.keyword:
        statement = statement.where(
            or_(
                case.title.contains(wanted.keyword, autoescape=True),
                case.number.contains(wanted.keyword, autoescape=True),
            )
        )
    return statement


def _free_to(actor: Actor, chair: Chair, task_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    people = {actor.staff_id, chair.staff_id}
    return not_(exists().where(TaskExclusion.task_id == task_id, TaskExclusion.staff_id.in_(people)))


def _of_tray(tray: Tray, task: type[Task], entry: type[TrayEntry], now: datetime) -> list[ColumnElement[bool]]:
    if tray is Tray.HELD:
        return [task.state == TaskState.HELD]
    waiting = [task.state == TaskState.OPEN]
    if tray is Tray.OVERDUE:
        return [*waiting, entry.sort_at < now]
    if tray is Tray.RETURNED:
        returned = aliased(Task)
        sent_back = exists().where(
            returned.case_id == task.case_id,
            returned.decision == "send_back",
            returned.closed_in_move == task.opened_in_move,
        )
        return [*waiting, sent_back]
    return waiting


def _due(due: str, sort_at: InstrumentedAttribute[datetime], now: datetime) -> ColumnElement[bool]:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if due == Due.OVER:
        return sort_at < now
    if due == Due.TODAY:
        return and_(sort_at >= now, sort_at < midnight)
    return and_(sort_at >= now, sort_at < midnight + timedelta(days=6))
