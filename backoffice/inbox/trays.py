"""What lies in a person's in-tray? Their tasks, soonest deadline first, at a cost that does not grow with the pile.

Each pile of each tray is read by its own index in the order of deadlines, and only as far as a page goes; counts stop
where a person would stop counting, too. So one question to the database gives all tabs, whatever lies there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from backoffice.identity import Actor
from backoffice.inbox.desks import Chair
from backoffice.inbox.models import Case, Pile, SavedFilter, Task, TaskExclusion, TrayEntry
from backoffice.services import TOKYO
from backoffice.web.lists import PAGE_SIZE

COUNT_TO = 99
"""Counting goes no further: the tab then says 99+."""


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

    @property
    def is_filtered(self) -> bool:
        return bool(self.keyword or self.kind or self.due)


@dataclass(frozen=True)
class Lying:
    """A task in a tray: which, by when, from whose chair, in which pile."""

    task_id: int
    sort_at: datetime
    own: bool
    pile: Pile


@dataclass(frozen=True)
class Part:
    """One pile of one tray, read from one chair."""

    desk: str
    pile: Pile
    chair: Chair


def look_into(
    session: Session, actor: Actor, chairs: Sequence[Chair], now: datetime, *, upto: int = COUNT_TO + 1
) -> dict[Tray, list[Lying]]:
    """Give the first `upto` tasks of every tab, soonest deadline first, with one question to the database."""
    found = _lying(session, actor, _parts(chairs), upto)
    return {tray: of_tray(tray, found, now)[:upto] for tray in Tray}


def search(
    session: Session, actor: Actor, chairs: Sequence[Chair], wanted: Wanted, now: datetime, upto: int
) -> list[Lying]:
    """Give the first `upto` tasks of one tab that a filter leaves."""
    parts = list(_parts(chairs))
    if not parts:
        return []
    narrowed = [_narrowed(actor, part, wanted, now).limit(upto) for part in parts]
    rows = session.execute(union_all(*(select(each.subquery()) for each in narrowed)))
    found = [Lying(task_id, sort_at, bool(own), Pile(pile)) for task_id, sort_at, own, pile in rows]
    return of_tray(wanted.tray, found, now)[:upto]


def tasks_with(session: Session, lying: Sequence[Lying]) -> Sequence[Task]:
    """Give the tasks in the order in which they lie, each with its case and who claims it."""
    if not lying:
        return ()
    found = session.scalars(
        select(Task)
        .where(Task.id.in_([each.task_id for each in lying]))
        .join(Task.case)
        .options(
            contains_eager(Task.case).options(joinedload(Case.drafter), joinedload(Case.department)),
            joinedload(Task.claimed_by),
        )
    )
    by_id = {task.id: task for task in found}
    return [by_id[each.task_id] for each in lying if each.task_id in by_id]


def list_tasks(
    session: Session, actor: Actor, chairs: Sequence[Chair], wanted: Wanted, now: datetime, offset: int = 0
) -> Sequence[Task]:
    """Give a page of tasks, soonest deadline first."""
    upto = offset + PAGE_SIZE
    if wanted.is_filtered:
        lying = search(session, actor, chairs, wanted, now, upto)
    else:
        lying = look_into(session, actor, chairs, now, upto=upto)[wanted.tray]
    return tasks_with(session, lying[offset:])


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


def wanted_by(saved: SavedFilter) -> Wanted:
    """Give the condition that was kept."""
    return Wanted(keyword=saved.keyword, kind=saved.kind, due=saved.due)


def _parts(chairs: Sequence[Chair]) -> Iterator[Part]:
    for chair in chairs:
        for desk in sorted(chair.desks):
            yield Part(desk, Pile.OPEN, chair)
            yield Part(desk, Pile.HELD, chair)
            if desk.startswith("person:"):
                yield Part(desk, Pile.RETURNED, chair)


def of_tray(tray: Tray, found: Sequence[Lying], now: datetime) -> list[Lying]:
    """Sort out what belongs on a tab. A task in two trays of one person is one task."""
    ordered = sorted((each for each in found if _fits(tray, each, now)), key=lambda each: (each.sort_at, each.task_id))
    return list({each.task_id: each for each in ordered}.values())


def _fits(tray: Tray, each: Lying, now: datetime) -> bool:
    if each.pile is Pile.HELD or tray is Tray.HELD:
        return each.pile is Pile.HELD and tray is Tray.HELD
    if tray is Tray.DEPUTY or not each.own:
        return tray is Tray.DEPUTY and not each.own
    if tray is Tray.RETURNED:
        return each.pile is Pile.RETURNED
    return tray is Tray.OWN or each.sort_at < now


def _lying(session: Session, actor: Actor, parts: Iterator[Part], upto: int) -> list[Lying]:
    asked = list(parts)
    if not asked:
        return []
    values: dict[str, object] = {"me": actor.staff_id, "upto": upto}
    for at, part in enumerate(asked):
        values |= {f"desk_{at}": part.desk, f"pile_{at}": str(part.pile), f"chair_{at}": part.chair.staff_id}
    rows = session.execute(_question(len(asked)), values)
    return [Lying(task_id, sort_at, asked[at].chair.is_own, asked[at].pile) for at, task_id, sort_at in rows]


@lru_cache(maxsize=128)
def _question(parts: int) -> CompoundSelect[int, int, datetime]:
    """Give the question for so many piles; it is put together once a process, since that cost more than its answer."""
    return union_all(*(select(_pile(at).subquery()) for at in range(parts)))


def _pile(at: int) -> Select[int, int, datetime]:
    entry = TrayEntry
    return (
        select(literal(at).label("part"), entry.task_id, entry.sort_at)
        .where(
            entry.desk == bindparam(f"desk_{at}"),
            entry.pile == bindparam(f"pile_{at}"),
            _free_to(bindparam("me"), bindparam(f"chair_{at}")),
        )
        .order_by(entry.sort_at, entry.task_id)
        .limit(bindparam("upto"))
    )


def _free_to(*people: BindParameter[int]) -> ColumnElement[bool]:
    return ~exists().where(TaskExclusion.task_id == TrayEntry.task_id, TaskExclusion.staff_id.in_(people))


def _narrowed(actor: Actor, part: Part, wanted: Wanted, now: datetime) -> Select[int, datetime, int, str]:
    statement = (
        select(
            TrayEntry.task_id,
            TrayEntry.sort_at,
            literal(int(part.chair.is_own)).label("own"),
            literal(str(part.pile)).label("pile"),
        )
        .join(Task, Task.id == TrayEntry.task_id)
        .join(Task.case)
        .where(
            TrayEntry.desk == part.desk,
            TrayEntry.pile == str(part.pile),
            _free_to(literal(actor.staff_id), literal(part.chair.staff_id)),
        )
        .order_by(TrayEntry.sort_at, TrayEntry.task_id)
    )
    if wanted.due:
        statement = statement.where(_due(wanted.due, TrayEntry.sort_at, now))
    if wanted.kind:
        statement = statement.where(Case.kind == wanted.kind)
    if wanted.keyword:
        found = (column.contains(wanted.keyword, autoescape=True) for column in (Case.title, Case.number))
        statement = statement.where(or_(*found))
    return statement


def _due(due: str, sort_at: InstrumentedAttribute[datetime], now: datetime) -> ColumnElement[bool]:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if due == Due.OVER:
        return sort_at < now
    if due == Due.TODAY:
        return and_(sort_at >= now, sort_at < midnight)
    return and_(sort_at >= now, sort_at < midnight + timedelta(days=6))
