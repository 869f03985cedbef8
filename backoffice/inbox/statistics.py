"""Where does work wait? Median days a step, what waits now, how often it is sent back."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.identity import Actor, Permission, within
from backoffice.inbox.models import Case, Task
from backoffice.inbox.workflow import WAITING, TaskState

SINCE = timedelta(days=365)
SECONDS_A_DAY = 86_400.0
AT_MOST = 2_000
"""Of the newest decisions: enough for a median, and the page costs the same however old the house is."""


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
    rows = session.execute(
        select(Case.kind, Task.step_name, Task.opened_at, Task.done_at, Task.decision)
        .join(Task.case)
        .where(
            Task.state == TaskState.DONE,
            Task.done_at > now - SINCE,
            within(actor, Permission.CASE_READ, Case.department_id),
        )
        .order_by(Task.id.desc())
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
    rows = session.execute(
        select(Case.kind, Task.step_name, func.count(), func.min(Task.opened_at))
        .join(Task.case)
        .where(Task.state.in_(WAITING), within(actor, Permission.CASE_READ, Case.department_id))
        .group_by(Case.kind, Task.step_name)
    )
    return {(kind, step): (count, (now - oldest).total_seconds() / SECONDS_A_DAY) for kind, step, count, oldest in rows}
