"""What else is done with a task: taking it on, giving it back, putting it aside, handing all of it to a colleague."""

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.orm import joinedload

from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Staff
from backoffice.inbox.deciding import must_have_a_say
from backoffice.inbox.desks import person_desk
from backoffice.inbox.events import TaskClaimed, TaskHeld, TaskReleased, TaskResumed, WorkHandedOver
from backoffice.inbox.models import Case, Pile, Task, TaskExclusion, TrayEntry
from backoffice.inbox.moving import (
    add_entry,
    clear_tray,
    exclude,
    hold_in_tray,
    involve,
    lock_case,
    lock_cases,
    put_in_tray,
    route_of,
    take_up_in_tray,
)
from backoffice.inbox.workflow import WAITING, CaseState, TaskState
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.routes import DRAFTER


def claim(work: Work, task: Task, *, over: bool = False) -> None:
    """Take a task on, so that colleagues with the same tray leave it. `over` takes it from whoever has it."""
    case = _locked(work, task)
    must_have_a_say(work, task)
    if task.claimed_by_id == work.actor.staff_id:
        return
    if task.claimed_by_id is not None and not over:
        raise Overtaken(_("この件はほかの職員が引き受けています。先に引き取ってください。"))
    add_entry(work, case, "taken_over" if task.claimed_by_id is not None else "claimed", task.step_name)
    task.claimed_by_id, task.claimed_at = work.actor.staff_id, work.now
    work.record(TaskClaimed(case.id, task.id))


def release(work: Work, task: Task) -> None:
    """Give a task back to all whose tray it is in."""
    case = _locked(work, task)
    if task.claimed_by_id != work.actor.staff_id:
        raise Overtaken(_("この件は今あなたの手元にありません。"))
    task.claimed_by_id = task.claimed_at = None
    add_entry(work, case, "released", task.step_name)
    work.record(TaskReleased(case.id, task.id))


def hold(work: Work, task: Task, reason: str) -> None:
    """Put a task aside with a reason; its deadline runs on."""
    case = _locked(work, task)
    must_have_a_say(work, task)
    if task.state != TaskState.OPEN:
        raise Overtaken(_("この件はもう保留になっています。"))
    task.held_note = reason_given(reason, "hold_reason")
    task.state = TaskState.HELD
    hold_in_tray(work, task)
    add_entry(work, case, "held", task.step_name, task.held_note)
    work.record(TaskHeld(case.id, task.id))


def resume(work: Work, task: Task) -> None:
    case = _locked(work, task)
    must_have_a_say(work, task)
    if task.state != TaskState.HELD:
        raise Overtaken(_("この件は保留になっていません。"))
    task.state, task.held_note = TaskState.OPEN, ""
    take_up_in_tray(work, task, route_of(case).steps[task.step_id].assignment)
    add_entry(work, case, "resumed", task.step_name)
    work.record(TaskResumed(case.id, task.id))


def work_of(
    work: Work, staff_id: int, limit: int | None = None, only: ColumnElement[bool] | None = None
) -> tuple[list[Task], list[Case]]:
    """Give what hangs on one person: tasks in their own tray or on their claim, and cases that they answer for.

    `only`: of cases of which this holds.
    """
    own = select(TrayEntry.task_id).where(TrayEntry.desk == person_desk(staff_id))
    of_these = only if only is not None else true()
    tasks = work.session.scalars(
        select(Task)
        .join(Task.case)
        .where(Task.state.in_(WAITING), Task.id.in_(own) | (Task.claimed_by_id == staff_id), of_these)
        .order_by(Task.id)
        .limit(limit)
    )
    cases = work.session.scalars(
        select(Case)
        .where(Case.responsible_id == staff_id, Case.state.in_((CaseState.DRAFT, CaseState.RUNNING)), of_these)
        .options(joinedload(Case.route_version), joinedload(Case.department))
        .order_by(Case.id)
        .limit(limit)
    )
    return list(tasks), list(cases)


def hand_over(work: Work, from_id: int, to_id: int, only: ColumnElement[bool] | None = None) -> int:
    """Give all open work of one person to another and say how much; claims are let go.

    What the other may not decide (their own draft, a step after their own) stays excluded: the rules of the route
    go with the task. `only`: of cases of which this holds.
    """
    if from_id == to_id:
        raise Invalid(_("入力を確認してください"), {"to": _("別の職員を選んでください。")})
    heir = work.session.scalars(select(Staff).where(Staff.id == to_id, Staff.active)).one_or_none()
    if heir is None:
        raise Invalid(_("入力を確認してください"), {"to": _("引き継ぐ職員を選んでください。")})
    tasks, cases = work_of(work, from_id, only=only)
    lock_cases(work, {task.case_id for task in tasks} | {case.id for case in cases})
    for case in cases:
        case.responsible_id, case.unattended_at = heir.id, None
        involve(work, case, heir.id, "handed")
        _keep_from_own_words(work, case, heir.id)
        _take_back_from_heads(work, case, heir.id)
        add_entry(work, case, "handed_over")
    for task in tasks:
        if task.claimed_by_id == from_id:
            task.claimed_by_id = task.claimed_at = None
        _to_other_tray(work, task, from_id, heir.id)
    work.record(WorkHandedOver(from_id, heir.id, len(tasks) + len(cases)))
    return len(tasks) + len(cases)


def _take_back_from_heads(work: Work, case: Case, heir_id: int) -> None:
    """What was sent back while nobody answered for the case lies with the heads: now there is someone to mend it."""
    if case.route_version is None:
        return
    steps = route_of(case).steps
    waiting = select(Task).where(Task.case_id == case.id, Task.state.in_(WAITING)).order_by(Task.id)
    for task in work.session.scalars(waiting).all():
        if task.step_id in steps and steps[task.step_id].assignment.person == DRAFTER:
            clear_tray(work, [task.id])
            pile = Pile.HELD if task.state == TaskState.HELD else Pile.RETURNED
            put_in_tray(work, task, person_desk(heir_id), pile)


def _keep_from_own_words(work: Work, case: Case, heir_id: int) -> None:
    """Who answers for a case from now on does not decide it, not even in a step that waits already."""
    closed_to_drafters = work.session.scalars(
        select(Task)
        .join(TaskExclusion, TaskExclusion.task_id == Task.id)
        .where(Task.case_id == case.id, Task.state.in_(WAITING), TaskExclusion.cause == "drafter")
        .distinct()
    )
    for task in closed_to_drafters.all():
        exclude(work, task, heir_id, "drafter")


def _to_other_tray(work: Work, task: Task, from_id: int, to_id: int) -> None:
    already = select(TrayEntry.id).where(TrayEntry.task_id == task.id, TrayEntry.desk == person_desk(to_id))
    mine = (TrayEntry.task_id == task.id) & (TrayEntry.desk == person_desk(from_id))
    if work.session.scalar(already) is not None:
        for entry in work.session.scalars(select(TrayEntry).where(mine)):
            work.session.delete(entry)
        return
    work.session.execute(update(TrayEntry).where(mine).values(desk=person_desk(to_id)))


def _locked(work: Work, task: Task) -> Case:
    case = lock_case(work, task.case_id)
    work.session.refresh(task)
    if task.state not in WAITING or case.state != CaseState.RUNNING:
        raise Overtaken(_("案件 %(number)s はもうこの手続にありません。"), number=case.number)
    return case
