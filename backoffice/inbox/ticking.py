"""What comes due by itself? Effects of ended cases, reminders, escalations, drawn timers: each once, however late.

Each matter is taken up in a unit of its own by asking its row what has happened, so a worker that slept two days, or
a second worker beside it, neither loses one nor does it twice. A clock that jumps back does nothing again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy import Select, select

from backoffice.identity import Actor, Origin
from backoffice.inbox import stuck
from backoffice.inbox.events import TaskEscalated, TaskReminded, TimerFired
from backoffice.inbox.models import Case, CaseTimer, Task
from backoffice.inbox.moving import add_entry, apply_progress, desk_above, lock_case, put_in_tray, route_of
from backoffice.inbox.opening import take_effect
from backoffice.inbox.stuck import Duty, may_be_tried
from backoffice.inbox.workflow import WAITING, CaseState
from backoffice.log import place_of
from backoffice.work import Office, Work
from workflows.routes import fire

AT_ONCE = 500
"""So many of each kind a tick; the next tick, a minute later, goes on."""
HOUSE = Actor.house(Origin.WORKER)

log = structlog.get_logger("gijo.ticking")


@dataclass(frozen=True)
class Ticked:
    effects: int
    reminders: int
    escalations: int
    timers: int
    failed: int = 0
    """What could not be done: it pauses, and people see it."""


@dataclass
class Count:
    done: int = 0
    failed: int = 0


def tick(office: Office) -> Ticked:
    """Do all that has come due, and give how much of each kind was done now."""
    effects = _each(office, Duty.EFFECT, _cases_to_take_effect, _take_effect)
    reminders = _each(office, Duty.REMINDER, _tasks_to_remind_of, _remind)
    escalations = _each(office, Duty.ESCALATION, _tasks_to_escalate, _escalate)
    timers = _each(office, Duty.TIMER, _timers_to_fire, _fire)
    failed = sum(each.failed for each in (effects, reminders, escalations, timers))
    return Ticked(effects.done, reminders.done, escalations.done, timers.done, failed)


Due = Callable[[Work], Select[int, int]]
"""What is due now: its id and its case's, longest due first."""


def _each(office: Office, duty: Duty, due: Due, act: Callable[[Work, int], bool]) -> Count:
    """Take up each matter for itself: what one of them raises stops neither the others nor the worker."""
    with office.look(HOUSE) as work:
        statement = due(work)
        ready = statement.where(may_be_tried(duty, statement.selected_columns[0], work)).limit(AT_ONCE)
        found = work.session.execute(ready).all()
        was_stuck = stuck.is_any(work.session, duty)
    count = Count()
    for record_id, case_id in found:
        try:
            with office.unit(HOUSE) as work:
                count.done += act(work, record_id)
        except Exception as trouble:  # noqa: BLE001 -- whatever one matter raises, the others go on; people see it
            count.failed += 1
            _keep_in_mind(office, duty, record_id, case_id, trouble)
    if was_stuck:
        _forget_what_moved(office, duty, due)
    return count


def _forget_what_moved(office: Office, duty: Duty, due: Due) -> None:
    with office.unit(HOUSE) as work:
        statement = due(work).order_by(None)
        stuck.forget_what_moved(work, duty, statement.with_only_columns(statement.selected_columns[0]))


def _keep_in_mind(office: Office, duty: Duty, record_id: int, case_id: int, trouble: Exception) -> None:
    told = partial(log.error, job=str(duty), record_id=record_id)
    told("matter cannot move on", trouble=type(trouble).__name__, where=place_of(trouble))
    try:
        with office.unit(HOUSE) as work:
            stuck.note(work, duty, record_id, case_id, trouble)
    except Exception as again:  # noqa: BLE001 -- it stands in the log; the next tick meets the same matter again
        told("not noted", trouble=type(again).__name__, where=place_of(again))


def _cases_to_take_effect(work: Work) -> Select[int, int]:
    return (
        select(Case.id, Case.id.label("case_id"))
        .where(Case.state == CaseState.ENDING, Case.effect_at <= work.now)
        .order_by(Case.effect_at)
    )


def _tasks_to_remind_of(work: Work) -> Select[int, int]:
    return (
        select(Task.id, Task.case_id)
        .where(Task.state.in_(WAITING), Task.remind_at <= work.now, Task.reminded_at.is_(None))
        .order_by(Task.remind_at)
    )


def _tasks_to_escalate(work: Work) -> Select[int, int]:
    return (
        select(Task.id, Task.case_id)
        .where(Task.state.in_(WAITING), Task.escalate_at <= work.now, Task.escalated_at.is_(None))
        .order_by(Task.escalate_at)
    )


def _timers_to_fire(work: Work) -> Select[int, int]:
    return (
        select(CaseTimer.id, CaseTimer.case_id)
        .where(CaseTimer.fired_at.is_(None), CaseTimer.closed_in_move.is_(None), CaseTimer.fires_at <= work.now)
        .order_by(CaseTimer.fires_at)
    )


def _take_effect(work: Work, case_id: int) -> bool:
    case = lock_case(work, case_id)
    take_effect(work, case)
    return case.state == CaseState.ENDED


def _remind(work: Work, task_id: int) -> bool:
    case, task = _locked(work, task_id)
    if task.state not in WAITING or task.reminded_at is not None:
        return False
    task.reminded_at = work.now
    add_entry(work, case, "reminded", task.step_name)
    work.record(TaskReminded(case.id, task.id))
    return True


def _escalate(work: Work, task_id: int) -> bool:
    case, task = _locked(work, task_id)
    if task.state not in WAITING or task.escalated_at is not None:
        return False
    task.escalated_at = work.now
    above = route_of(case).steps[task.step_id].escalate_to
    if above is not None:
        put_in_tray(work, task, desk_above(work, case, above), escalated=True)
    add_entry(work, case, "escalated", task.step_name)
    work.record(TaskEscalated(case.id, task.id))
    return True


def _fire(work: Work, timer_id: int) -> bool:
    found = work.session.scalars(select(CaseTimer).where(CaseTimer.id == timer_id)).one()
    case = lock_case(work, found.case_id)
    timer = work.session.scalars(
        select(CaseTimer).where(CaseTimer.id == timer_id).execution_options(populate_existing=True)
    ).one()
    if timer.fired_at is not None or timer.closed_in_move is not None or case.state != CaseState.RUNNING:
        return False
    timer.fired_at, timer.closed_in_move = work.now, case.moves + 1
    add_entry(work, case, "timer")
    work.record(TimerFired(case.id, timer.timer_id))
    work.session.flush()
    route = route_of(case)
    apply_progress(work, case, route, fire(route, case.engine or {}, timer.token))
    return True


def _locked(work: Work, task_id: int) -> tuple[Case, Task]:
    case_id = work.session.scalars(select(Task.case_id).where(Task.id == task_id)).one()
    case = lock_case(work, case_id)
    task = work.session.scalars(select(Task).where(Task.id == task_id).execution_options(populate_existing=True)).one()
    return case, task
