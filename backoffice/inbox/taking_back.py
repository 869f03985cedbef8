"""How is a decision taken back within its minute? The case stands again as it stood, unless others have moved on."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select

from backoffice.errors import NotPermitted, Overtaken
from backoffice.inbox.events import DecisionTakenBack
from backoffice.inbox.models import Case, CaseTimer, Task, TaskExclusion, Vote
from backoffice.inbox.moving import (
    add_entry,
    clear_tray,
    desk_above,
    desk_for,
    exclude_anew,
    lock_case,
    lock_cases,
    pile_for,
    put_in_tray,
    route_of,
    steps_beside,
)
from backoffice.inbox.standing import lay_where_it_lay, let_unattended_again
from backoffice.inbox.workflow import WAITING, CaseState, TaskState, may_take_back
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.routes import Route

TOO_LATE = _("取り消せる時間(1分)を過ぎています。")
MOVED_ON = _("ほかの職員が先へ進めたため、取り消せません。")


def take_back(work: Work, vote: Vote) -> Case:
    """Undo the person's own decision. Raises Overtaken when the minute is over or others have moved the case on."""
    if vote.staff_id != work.actor.staff_id:
        raise NotPermitted(_("取り消せるのは、決定した本人だけです。"))
    task = work.session.scalars(select(Task).where(Task.id == vote.task_id)).one()
    case = lock_case(work, task.case_id)
    work.session.refresh(task)
    work.session.refresh(vote)
    if vote.undone_at is not None:
        raise Overtaken(_("この決定はもう取り消されています。"))
    if not may_take_back(vote.at, work.now):
        raise Overtaken(TOO_LATE)
    if vote.move is None:
        _unsay(work, task, vote)
    else:
        _step_back(work, case, vote)
    vote.undone_at = work.now
    route = route_of(case)
    for beside in steps_beside(work, case, route, task.step_id):
        exclude_anew(work, case, beside, route.steps[beside.step_id].assignment)
    add_entry(work, case, "taken_back", task.step_name)
    work.record(DecisionTakenBack(case.id, task.id))
    return case


def take_back_many(work: Work, votes: Sequence[Vote]) -> tuple[int, int]:
    """Take back what was decided at one stroke, newest first, and give how many went back and how many did not."""
    lock_cases(work, work.session.scalars(select(Task.case_id).where(Task.id.in_([vote.task_id for vote in votes]))))
    undone = 0
    for vote in sorted(votes, key=lambda each: each.id, reverse=True):
        try:
            take_back(work, vote)
        except Overtaken:
            # It stays decided and is counted: the person is told how many could not be taken back.
            continue
        undone += 1
    return undone, len(votes) - undone


def _unsay(work: Work, task: Task, vote: Vote) -> None:
    if task.state not in WAITING:
        raise Overtaken(MOVED_ON)
    people = [each for each in (vote.staff_id, vote.principal_id) if each is not None]
    work.session.execute(
        delete(TaskExclusion).where(
            TaskExclusion.task_id == task.id, TaskExclusion.staff_id.in_(people), TaskExclusion.cause == "voted"
        )
    )


def _step_back(work: Work, case: Case, vote: Vote) -> None:
    if vote.move != case.moves or case.state == CaseState.ENDED:
        raise Overtaken(MOVED_ON)
    opened = _tasks_where(work, case, Task.opened_in_move == vote.move)
    spoken = select(Vote.id).where(Vote.task_id.in_([each.id for each in opened]), Vote.undone_at.is_(None))
    if work.session.scalars(spoken.limit(1)).first() is not None:
        raise Overtaken(MOVED_ON)
    for each in opened:
        each.state, each.closed_in_move = TaskState.CANCELLED, case.moves
        each.claimed_by_id = each.claimed_at = None
    clear_tray(work, [each.id for each in opened])
    case.engine = vote.engine_before
    case.state, case.outcome = CaseState.RUNNING, ""
    case.ended_at = case.effect_at = None
    stood = vote.stood_before or {}
    let_unattended_again(case, stood)
    route = route_of(case)
    for each in _tasks_where(work, case, Task.closed_in_move == vote.move):
        if each not in opened:
            _reopen(each)
            if not lay_where_it_lay(work, case, each, stood):
                _lay_as_drawn(work, case, route, each)
    _wind_timers_back(work, case, vote.move)
    case.moves += 1
    work.session.flush()
    waiting = select(Task.step_name).where(Task.case_id == case.id, Task.state.in_(WAITING)).order_by(Task.id)
    case.steps_now = list(work.session.scalars(waiting))


def _reopen(task: Task) -> None:
    task.state, task.closed_in_move, task.decision = TaskState.OPEN, None, ""
    task.done_at = task.done_by_id = None


def _lay_as_drawn(work: Work, case: Case, route: Route, task: Task) -> None:
    step = route.steps[task.step_id]
    desk = desk_for(work, case, step.assignment)
    put_in_tray(work, task, desk, pile_for(step.assignment, desk))
    if task.escalated_at is not None and step.escalate_to is not None:
        put_in_tray(work, task, desk_above(work, case, step.escalate_to), escalated=True)


def _wind_timers_back(work: Work, case: Case, move: int) -> None:
    timers = work.session.scalars(select(CaseTimer).where(CaseTimer.case_id == case.id)).all()
    for timer in timers:
        if timer.opened_in_move == move:
            timer.closed_in_move = move
        elif timer.closed_in_move == move and timer.fired_at is None:
            timer.closed_in_move = None


def _tasks_where(work: Work, case: Case, condition: ColumnElement[bool]) -> list[Task]:
    return list(work.session.scalars(select(Task).where(Task.case_id == case.id, condition)))
