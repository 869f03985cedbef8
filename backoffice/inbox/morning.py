"""How much waits for everybody this morning? Counted for all people at once, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backoffice.identity import Staff
from backoffice.inbox.absences import absent_on
from backoffice.inbox.desks import Chair, desks_of, grants_today
from backoffice.inbox.models import Absence, Case, Involvement, Opinion, Pile, TaskExclusion, TrayEntry, Vote
from backoffice.inbox.trays import Lying, Tray, of_tray
from backoffice.inbox.workflow import CaseState
from backoffice.services import TOKYO

NOTHING: Mapping[int, int] = {}


@dataclass(frozen=True)
class Counts:
    """What waits for one person. Numbers alone: a mail lies in places that the house does not guard."""

    waiting: int = 0
    overdue: int = 0
    today: int = 0
    returned: int = 0
    deputy: int = 0
    """What they may decide in the stead of whoever is away."""
    deputy_overdue: int = 0
    mentions: int = 0
    opinions: int = 0
    reviews: int = 0
    links: int = 0
    """Data links of which a day comes near."""

    @property
    def is_nothing(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Counts":
        """Read what a row keeps, also one that an older version of the house wrote."""
        return cls(**{each.name: int(kept.get(each.name, 0)) for each in fields(cls)})


def count_for_everybody(session: Session, now: datetime, links: Mapping[int, int] = NOTHING) -> dict[int, Counts]:
    """Give what waits for each person who wants to hear of it and is there today; who has nothing is left out.

    `links`: of how many data links each is told this morning.
    """
    today = now.astimezone(TOKYO).date()
    people = list(session.scalars(_readers(today)))
    lying = _lying_on_desks(session)
    excluded = _excluded(session)
    chairs = _chairs(session, people, today)
    asides = [_by_person(session, statement) for statement in (_mentions(), _opinions(), _reviews())]
    found: dict[int, Counts] = {}
    for staff_id in people:
        tasks = list(_before(staff_id, chairs[staff_id], lying, excluded))
        mentions, opinions, reviews = (counted.get(staff_id, 0) for counted in asides)
        told = links.get(staff_id, 0)
        counts = _counts(tasks, now, mentions=mentions, opinions=opinions, reviews=reviews, links=told)
        if not counts.is_nothing:
            found[staff_id] = counts
    return found


def _counts(tasks: Sequence[Lying], now: datetime, **asides: int) -> Counts:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    own, deputy = of_tray(Tray.OWN, tasks, now), of_tray(Tray.DEPUTY, tasks, now)
    return Counts(
        waiting=len(own),
        overdue=sum(each.sort_at < now for each in own),
        today=sum(now <= each.sort_at < midnight for each in own),
        returned=sum(each.pile is Pile.RETURNED for each in own),
        deputy=len(deputy),
        deputy_overdue=sum(each.sort_at < now for each in deputy),
        **asides,
    )


def _readers(today: date) -> Select[int]:
    away = absent_on(today).with_only_columns(Absence.staff_id)
    return (
        select(Staff.id)
        .where(Staff.active, Staff.mail.is_not(None), Staff.morning_mail, Staff.id.not_in(away))
        .order_by(Staff.id)
    )


@dataclass(frozen=True)
class OnDesk:
    task_id: int
    pile: Pile
    sort_at: datetime


def _lying_on_desks(session: Session) -> Mapping[str, Sequence[OnDesk]]:
    """Give all open work of the house by desk: a tray is as long as its work, not as the years."""
    found: dict[str, list[OnDesk]] = defaultdict(list)
    rows = session.execute(select(TrayEntry.desk, TrayEntry.task_id, TrayEntry.pile, TrayEntry.sort_at))
    for desk, task_id, pile, sort_at in rows:
        found[desk].append(OnDesk(task_id, Pile(pile), sort_at))
    return found


def _excluded(session: Session) -> Mapping[int, AbstractSet[int]]:
    """Give for each open task who may not decide it."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(TaskExclusion.task_id, TaskExclusion.staff_id).where(
            TaskExclusion.task_id.in_(select(TrayEntry.task_id).distinct())
        )
    )
    for task_id, staff_id in rows:
        found[task_id].add(staff_id)
    return found


def _chairs(session: Session, people: Iterable[int], today: date) -> Mapping[int, Sequence[Chair]]:
    """Give each person's own chair and those of whom they stand in for today."""
    away = absent_on(today).join(Staff, Staff.id == Absence.staff_id).where(Staff.active)
    pairs = session.execute(away.with_only_columns(Absence.deputy_id, Absence.staff_id).distinct())
    stands_in: dict[int | None, list[int]] = defaultdict(list)
    for deputy_id, principal_id in pairs:
        stands_in[deputy_id].append(principal_id)
    grants = grants_today(session, today)

    def chair(staff_id: int, *, is_own: bool) -> Chair:
        return Chair(staff_id, "", desks_of(staff_id, grants.get(staff_id, ())), is_own=is_own)

    return {
        staff_id: [chair(staff_id, is_own=True), *(chair(each, is_own=False) for each in stands_in[staff_id])]
        for staff_id in people
    }


def _before(
    staff_id: int,
    chairs: Sequence[Chair],
    lying: Mapping[str, Sequence[OnDesk]],
    excluded: Mapping[int, AbstractSet[int]],
) -> Iterable[Lying]:
    """Give what lies before one person, as their inbox shows it."""
    nobody: AbstractSet[int] = frozenset()
    for chair in chairs:
        for desk in chair.desks:
            for each in lying.get(desk, ()):
                if each.pile is Pile.RETURNED and not desk.startswith("person:"):
                    continue
                if not {staff_id, chair.staff_id} & excluded.get(each.task_id, nobody):
                    yield Lying(each.task_id, each.sort_at, chair.is_own, each.pile)


def _by_person(session: Session, statement: Select[int, int] | Select[int | None, int]) -> dict[int | None, int]:
    return dict(session.execute(statement).all())


def _mentions() -> Select[int, int]:
    return (
        select(Involvement.staff_id, func.count())
        .where(Involvement.cause == "mention", Involvement.seen_at.is_(None))
        .group_by(Involvement.staff_id)
    )


def _opinions() -> Select[int, int]:
    return (
        select(Opinion.asked_id, func.count())
        .join(Case, Case.id == Opinion.case_id)
        .where(Opinion.answered_at.is_(None), Case.state == CaseState.RUNNING)
        .group_by(Opinion.asked_id)
    )


def _reviews() -> Select[int | None, int]:
    return (
        select(Vote.principal_id, func.count())
        .where(Vote.principal_id.is_not(None), Vote.reviewed_at.is_(None), Vote.undone_at.is_(None))
        .group_by(Vote.principal_id)
    )
