"""Where does work wait? Median days a step, what waits now, how often it is sent back."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.identity import Actor, Permission, within
from backoffice.inbox.models import Case, Task, TrayEntry
from backoffice.inbox.workflow import TaskState

SINCE = timedelta(days=365)
SECONDS_A_DAY = 86_400.0
AT_MOST = 2_000
"""Of the newest decisions, and of what has waited longest: enough for a median and for what to look at first, and the
page costs the same however old the house is and however much waits."""

IN_THE_CITY = 10_000
"""So many of the whole city's are looked through for those of the departments that a person may read."""


@dataclass(frozen=True)
class StepFigures:
    """One step of one kind. Days are calendar days, from opening to decision."""

    kind: str
    step_name: str
    decided: int
    median_days: float | None
    sent_back_percent: float
    waiting: int
    oldest_days: float


def step_figures(session: Session, actor: Actor, now: datetime) -> list[StepFigures]:
    """Give the figures of the last year for the departments whose cases the actor may read."""
    spent, sent_back = _decided(session, actor, now)
    waiting = _waiting(session, actor, now)
    found = [
        StepFigures(
            kind=kind,
            step_name=step,
            decided=len(spent[kind, step]),
            median_days=median(spent[kind, step]) if spent[kind, step] else None,
            sent_back_percent=100 * sent_back[kind, step] / len(spent[kind, step]) if spent[kind, step] else 0.0,
            waiting=waiting.get((kind, step), (0, 0.0))[0],
            oldest_days=waiting.get((kind, step), (0, 0.0))[1],
        )
        for kind, step in {*spent, *waiting}
    ]
    return sorted(found, key=lambda each: (each.kind, -(each.median_days or 0.0), each.step_name))


def _decided(
    session: Session, actor: Actor, now: datetime
) -> tuple[dict[tuple[str, str], list[float]], dict[tuple[str, str], int]]:
    newest = (
        select(Task.case_id, Task.step_name, Task.opened_at, Task.done_at, Task.decision)
        .where(Task.state == TaskState.DONE, Task.done_at > now - SINCE)
        .order_by(Task.done_at.desc())
        .limit(IN_THE_CITY)
        .subquery()
    )
    rows = session.execute(
        select(Case.kind, newest.c.step_name, newest.c.opened_at, newest.c.done_at, newest.c.decision)
        .select_from(newest)
        .join(Case, Case.id == newest.c.case_id)
        .where(within(actor, Permission.CASE_READ, Case.department_id))
        .order_by(newest.c.done_at.desc())
        .limit(AT_MOST)
    ).all()
    spent: dict[tuple[str, str], list[float]] = defaultdict(list)
    sent_back: dict[tuple[str, str], int] = defaultdict(int)
    for kind, step, opened, done, decision in rows:
        if done is None:
            continue
        spent[kind, step].append((done - opened).total_seconds() / SECONDS_A_DAY)
        sent_back[kind, step] += decision == "send_back"
    return spent, sent_back


def _waiting(session: Session, actor: Actor, now: datetime) -> dict[tuple[str, str], tuple[int, float]]:
    """Give how many wait and how long the oldest has.

    Looked at in the trays, which hold nothing but what waits, in the order in which it came, and only so far.
    """
    oldest_first = select(TrayEntry.id, TrayEntry.task_id).order_by(TrayEntry.id).limit(IN_THE_CITY).subquery()
    first = (
        select(Case.kind, Task.id, Task.step_name, Task.opened_at)
        .select_from(oldest_first)
        .join(Task, Task.id == oldest_first.c.task_id)
        .join(Case, Case.id == Task.case_id)
        .where(within(actor, Permission.CASE_READ, Case.department_id))
        .order_by(oldest_first.c.id)
        .limit(AT_MOST)
        .subquery()
    )
    rows = session.execute(
        select(
            first.c.kind, first.c.step_name, func.count(first.c.id.distinct()), func.min(first.c.opened_at)
        ).group_by(first.c.kind, first.c.step_name)
    )
    return {(kind, step): (count, (now - oldest).total_seconds() / SECONDS_A_DAY) for kind, step, count, oldest in rows}
