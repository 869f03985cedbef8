"""What lies in a person's in-tray? Their tasks, soonest deadline first, at a cost that does not grow with the pile.

Each pile of each tray is read by its own index in the order of deadlines, and only as far as a page goes; counts stop
where a person would stop counting, too. So one question to the database gives all tabs, whatever lies there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    exists,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only

from backoffice.identity import Actor, Department, Staff
from backoffice.inbox.desks import Chair
from backoffice.inbox.models import Case, Pile, SavedFilter, Task, TaskExclusion, TrayEntry
from backoffice.services import TOKYO
from backoffice.web.lists import PAGE_SIZE

ESCAPE = "/"
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
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
    found = _lying(session, actor, _parts(chairs), upto, Narrowing.by(wanted, now))
    return of_tray(wanted.tray, found, now)[:upto]


def tasks_with(session: Session, lying: Sequence[Lying]) -> Sequence[Task]:
    """Give the tasks in the order in which they lie, with as much of their cases and claims as a list shows."""
    if not lying:
        return ()
    found = session.scalars(_tasks(), {"ids": [each.task_id for each in lying]})
    by_id = {task.id: task for task in found}
    return [by_id[each.task_id] for each in lying if each.task_id in by_id]


@lru_cache(maxsize=1)
def _tasks() -> Select[Task]:
    """Give the question for a page's tasks, put together once a process."""
    return (
        select(Task)
        .where(Task.id.in_(bindparam("ids", expanding=True)))
        .join(Task.case)
        .options(
            load_only(Task.case_id, Task.step_id, Task.step_name, Task.due_at, Task.claimed_by_id, raiseload=True),
            contains_eager(Task.case).options(
                load_only(Case.number, Case.title, Case.kind, raiseload=True),
                joinedload(Case.drafter).load_only(Staff.name, raiseload=True),
                joinedload(Case.department).load_only(Department.name, raiseload=True),
            ),
            joinedload(Task.claimed_by).load_only(Staff.name, raiseload=True),
        )
    )


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


@dataclass(frozen=True)
class Narrowing:
    """Which conditions a question has, and what they are."""

    conditions: frozenset[str] = frozenset()
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def by(cls, wanted: Wanted, now: datetime) -> "Narrowing":
        values: dict[str, object] = {}
        conditions = {name for name in ("keyword", "kind", "due") if getattr(wanted, name)}
        if wanted.keyword:
            values["words"] = f"%{_escaped(wanted.keyword)}%"
        if wanted.kind:
            values["kind"] = wanted.kind
        if wanted.due:
            values["due_from"], values["due_before"] = _due_between(wanted.due, now)
        return cls(frozenset(conditions), values)


NOT_NARROWED = Narrowing()


def _escaped(keyword: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        keyword = keyword.replace(sign, ESCAPE + sign)
    return keyword


def _due_between(due: str, now: datetime) -> tuple[datetime, datetime]:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if due == Due.OVER:
        return LONG_AGO, now
    return now, midnight if due == Due.TODAY else midnight + timedelta(days=6)


def _lying(
    session: Session, actor: Actor, parts: Iterator[Part], upto: int, narrowing: Narrowing = NOT_NARROWED
) -> list[Lying]:
    asked = list(parts)
    if not asked:
        return []
    values: dict[str, object] = {"me": actor.staff_id, "upto": upto, **narrowing.values}
    for at, part in enumerate(asked):
        values |= {f"desk_{at}": part.desk, f"pile_{at}": str(part.pile), f"chair_{at}": part.chair.staff_id}
    rows = session.execute(_question(len(asked), narrowing.conditions), values)
    return [Lying(task_id, sort_at, asked[at].chair.is_own, asked[at].pile) for at, task_id, sort_at in rows]


@lru_cache(maxsize=128)
def _question(parts: int, conditions: frozenset[str]) -> CompoundSelect[int, int, datetime]:
    """Give the question for so many piles; it is put together once a process, since that cost more than its answer."""
    return union_all(*(select(_narrowed(_pile(at), conditions).subquery()) for at in range(parts)))


def _narrowed(pile: Select[int, int, datetime], conditions: frozenset[str]) -> Select[int, int, datetime]:
    entry = TrayEntry
    if "due" in conditions:
        pile = pile.where(entry.sort_at >= bindparam("due_from"), entry.sort_at < bindparam("due_before"))
    if not conditions & {"kind", "keyword"}:
        return pile
    pile = pile.join(Task, Task.id == entry.task_id).join(Task.case)
    if "kind" in conditions:
        pile = pile.where(Case.kind == bindparam("kind"))
    if "keyword" in conditions:
        texts = (Case.title, Case.number)
        pile = pile.where(or_(*(text.like(bindparam("words"), escape=ESCAPE) for text in texts)))
    return pile


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
