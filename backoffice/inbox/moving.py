"""How do the tables come to say what the route says? After each move: tasks open and close, timers run, a case ends."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from backoffice.drawing.queries import closures, route_drawn
from backoffice.errors import Overtaken
from backoffice.identity import Role
from backoffice.inbox.desks import Standpoint, city_desk, desk_asked, holder_above, role_desk
from backoffice.inbox.due import deadlines
from backoffice.inbox.events import CaseDecided, TaskOpened
from backoffice.inbox.kinds import LEVEL_OF_WORD
from backoffice.inbox.models import Case, CaseEntry, CaseTimer, Involvement, Pile, Task, TaskExclusion, TrayEntry, Vote
from backoffice.inbox.workflow import TAKE_BACK, WAITING, CaseState, TaskState
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.calendar import deadline
from workflows.routes import DRAFTER, Assignment, OpenStep, OpenTimer, Progress, Route

NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)


def lock_case(work: Work, case_id: int) -> Case:
    """Give the case with its route, locked for this unit: moves of one case follow one another."""
    return work.session.scalars(
        select(Case)
        .where(Case.id == case_id)
        .options(joinedload(Case.route_version))
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one()


def lock_cases(work: Work, case_ids: Iterable[int]) -> None:
    """Lock many cases in the order of their ids, before the first is moved: so no two units wait for one another."""
    ids = sorted(set(case_ids))
    work.session.scalars(select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update()).all()


def route_of(case: Case) -> Route:
    """Give the drawing that the case runs on. Raises Overtaken for a draft, which runs on none."""
    if case.route_version is None:
        raise Overtaken(_("この案件はまだ回議に付されていません。"))
    return route_drawn(case.route_version.bpmn)


def apply_progress(work: Work, case: Case, route: Route, progress: Progress) -> None:
    """Let the tables follow one move of the route. The case is locked by the caller."""
    case.moves += 1
    case.engine = progress.state
    case.steps_now = [route.steps[opened.step_id].name for opened in progress.open]
    _take_outputs(case, progress)
    waiting = _tasks(work, case)
    _close_what_the_route_left(work, case, progress, waiting)
    known = {task.token for task in waiting}
    for opened in progress.open:
        if opened.token not in known:
            open_task(work, case, route, opened)
    _follow_timers(work, case, progress)
    if progress.end is not None:
        _end(work, case, progress.end.outcome)


def open_task(work: Work, case: Case, route: Route, opened: OpenStep) -> Task:
    """Put a step into the trays of those who may decide it, with its deadlines."""
    step = route.steps[opened.step_id]
    due, remind, escalate = deadlines(work, case, step)
    task = Task(
        case_id=case.id,
        token=opened.token,
        step_id=step.id,
        step_name=step.name,
        state=TaskState.OPEN,
        opened_at=work.now,
        opened_in_move=case.moves,
        quorum=step.assignment.quorum,
        asked=step.assignment.of,
        due_at=due,
        remind_at=remind,
        escalate_at=escalate,
    )
    work.session.add(task)
    work.session.flush()
    desk = desk_for(work, case, step.assignment)
    _lay(work, task, desk, pile_for(step.assignment, desk))
    exclude_by_assignment(work, case, task, step.assignment)
    add_entry(work, case, "opened", step.name)
    work.record(TaskOpened(case.id, task.id, step.id))
    return task


def desk_for(work: Work, case: Case, assignment: Assignment) -> str:
    """Give the tray that a step's assignment means for this case."""
    standpoint = Standpoint(case.responsible_id, case.department_id, case.coordinating_department_id)
    return desk_asked(work.session, assignment, standpoint, work.today)


def desk_above(work: Work, case: Case, assignment: Assignment) -> str:
    """Give the tray that an overdue step is passed on to: of the role it names, one level above where it waits.

    Where nobody above holds the role it goes to the DX office, so that no overdue step waits unseen.
    """
    desk = desk_for(work, case, assignment)
    role, _at, place = desk.partition("@")
    if not place.isdigit():
        return desk
    above = holder_above(work.session, role, int(place), work.today)
    return role_desk(role, above) if above is not None else city_desk(Role.DX_OFFICE)


def put_in_tray(work: Work, task: Task, desk: str, pile: Pile = Pile.OPEN, *, escalated: bool = False) -> None:
    """Put a task into a tray, unless it lies there."""
    known = select(TrayEntry.id).where(TrayEntry.task_id == task.id, TrayEntry.desk == desk)
    if work.session.scalar(known) is None:
        _lay(work, task, desk, pile, escalated=escalated)


def _lay(work: Work, task: Task, desk: str, pile: Pile, *, escalated: bool = False) -> None:
    sort_at = task.due_at or NO_DEADLINE
    work.session.add(TrayEntry(task_id=task.id, desk=desk, pile=pile, sort_at=sort_at, escalated=escalated))


def pile_for(assignment: Assignment, desk: str) -> Pile:
    """Give the pile that a step begins in: what goes to its drafter again was sent back."""
    return Pile.RETURNED if assignment.person == DRAFTER and desk.startswith("person:") else Pile.OPEN


def hold_in_tray(work: Work, task: Task) -> None:
    """Put a task aside in every tray it lies in."""
    work.session.execute(update(TrayEntry).where(TrayEntry.task_id == task.id).values(pile=Pile.HELD))


def take_up_in_tray(work: Work, task: Task, assignment: Assignment) -> None:
    """Put a task that was held back on the pile where it lay."""
    for entry in work.session.scalars(select(TrayEntry).where(TrayEntry.task_id == task.id)).all():
        entry.pile = pile_for(assignment, entry.desk)


def clear_tray(work: Work, task_ids: list[int]) -> None:
    work.session.execute(delete(TrayEntry).where(TrayEntry.task_id.in_(task_ids)))


def exclude(work: Work, task: Task, staff_id: int, cause: str) -> None:
    """Keep someone from deciding a task that lies in their tray."""
    known = select(TaskExclusion.id).where(
        TaskExclusion.task_id == task.id, TaskExclusion.staff_id == staff_id, TaskExclusion.cause == cause
    )
    if work.session.scalar(known) is None:
        work.session.add(TaskExclusion(task_id=task.id, staff_id=staff_id, cause=cause))


def add_entry(
    work: Work, case: Case, kind: str, step_name: str = "", words: str = "", principal_id: int | None = None
) -> CaseEntry:
    """Write a line of the case's story."""
    entry = CaseEntry(
        case_id=case.id,
        at=work.now,
        staff_id=work.actor.staff_id,
        principal_id=principal_id,
        kind=kind,
        step_name=step_name,
        words=words,
    )
    work.session.add(entry)
    return entry


def authors_of(work: Work, case: Case) -> set[int]:
    """Give all whose own words the case is: who drafted it and whoever answered for it since."""
    return set(
        work.session.scalars(
            select(Involvement.staff_id).where(
                Involvement.case_id == case.id, Involvement.cause.in_(("drafter", "handed"))
            )
        )
    )


def involve(work: Work, case: Case, staff_id: int | None, cause: str) -> None:
    """Let someone read the case from now on, wherever they sit; what they had seen is unseen again."""
    if staff_id is not None:
        involve_all(work, case, [staff_id], cause)


def involve_all(work: Work, case: Case, staff_ids: Sequence[int], cause: str) -> None:
    """Do as `involve` does, for any number of people at once."""
    if not staff_ids:
        return
    known = {
        each.staff_id: each
        for each in work.session.scalars(
            select(Involvement).where(
                Involvement.case_id == case.id, Involvement.staff_id.in_(staff_ids), Involvement.cause == cause
            )
        )
    }
    for staff_id in staff_ids:
        if staff_id in known:
            known[staff_id].at, known[staff_id].seen_at = work.now, None
        else:
            work.session.add(Involvement(case_id=case.id, staff_id=staff_id, cause=cause, at=work.now))


def _tasks(work: Work, case: Case) -> list[Task]:
    return list(work.session.scalars(select(Task).where(Task.case_id == case.id, Task.state.in_(WAITING))))


def _close_what_the_route_left(work: Work, case: Case, progress: Progress, waiting: list[Task]) -> None:
    still = {opened.token for opened in progress.open}
    left = [task for task in waiting if task.token not in still]
    for task in left:
        task.state, task.closed_in_move = TaskState.CANCELLED, case.moves
        task.claimed_by_id = task.claimed_at = None
    if left:
        clear_tray(work, [task.id for task in left])


def exclude_by_assignment(work: Work, case: Case, task: Task, assignment: Assignment) -> None:
    """Keep the drafter, or who decided earlier steps, from a task whom nobody is kept from yet."""
    excluded: list[tuple[int, str]] = []
    if assignment.not_drafter:
        excluded += [(staff_id, "drafter") for staff_id in authors_of(work, case)]
    if assignment.not_deciders_of:
        deciders = work.session.execute(
            select(Vote.staff_id, Vote.principal_id)
            .join(Vote.task)
            .where(Task.case_id == case.id, Task.step_id.in_(assignment.not_deciders_of), Vote.undone_at.is_(None))
        )
        excluded += [(each, "decided") for each in {each for pair in deciders for each in pair if each is not None}]
    work.session.add_all(TaskExclusion(task_id=task.id, staff_id=staff_id, cause=cause) for staff_id, cause in excluded)


def exclude_anew(work: Work, case: Case, task: Task, assignment: Assignment) -> None:
    """Keep from a task whom its assignment now means; who has spoken on it already stays excluded."""
    work.session.flush()
    not_by_voice = (TaskExclusion.task_id == task.id, TaskExclusion.cause != "voted")
    work.session.execute(delete(TaskExclusion).where(*not_by_voice))
    exclude_by_assignment(work, case, task, assignment)


def steps_beside(work: Work, case: Case, route: Route, step_id: str) -> list[Task]:
    """Give the tasks that wait now and are closed to whoever decides this step."""
    closed = [step.id for step in route.steps.values() if step_id in step.assignment.not_deciders_of]
    if not closed:
        return []
    waiting = select(Task).where(Task.case_id == case.id, Task.state.in_(WAITING), Task.step_id.in_(closed))
    return list(work.session.scalars(waiting))


def _follow_timers(work: Work, case: Case, progress: Progress) -> None:
    running = {
        timer.token: timer
        for timer in work.session.scalars(
            select(CaseTimer).where(CaseTimer.case_id == case.id, CaseTimer.closed_in_move.is_(None))
        )
    }
    wanted = {timer.token: timer for timer in progress.timers}
    for token, timer in running.items():
        if token not in wanted:
            timer.closed_in_move = case.moves
    work.session.add_all(_timer(work, case, drawn) for token, drawn in wanted.items() if token not in running)


def _timer(work: Work, case: Case, timer: OpenTimer) -> CaseTimer:
    return CaseTimer(
        case_id=case.id,
        token=timer.token,
        timer_id=timer.timer_id,
        fires_at=deadline(work.now, timer.business_days, closures(work.session)),
        opened_in_move=case.moves,
    )


def _take_outputs(case: Case, progress: Progress) -> None:
    """A decision table may say who decides (専決区分)."""
    for result in progress.tables:
        if level := LEVEL_OF_WORD.get(str(result.outputs.get("level"))):
            case.decision_level = level


def _end(work: Work, case: Case, outcome: str) -> None:
    case.state, case.outcome, case.unattended_at = CaseState.ENDING, outcome, None
    case.ended_at, case.effect_at = work.now, work.now + TAKE_BACK
    add_entry(work, case, outcome)
    work.record(CaseDecided(case.id, outcome))
