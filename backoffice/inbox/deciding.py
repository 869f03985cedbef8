"""What is decided on a task: by whom it may be, how it moves the case, how it is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken, Refusal
from backoffice.identity import Actor
from backoffice.inbox.desks import Chair, chairs_of
from backoffice.inbox.events import DecisionReviewed, TaskDecided
from backoffice.inbox.models import Case, Task, TaskExclusion, TrayEntry, Vote
from backoffice.inbox.moving import (
    add_entry,
    apply_progress,
    clear_tray,
    desk_above,
    desk_for,
    exclude,
    involve,
    lock_case,
    lock_cases,
    route_of,
    steps_beside,
)
from backoffice.inbox.noting import with_note
from backoffice.inbox.queries import find_task
from backoffice.inbox.standing import remember
from backoffice.inbox.workflow import DECISION_NAMES, NEEDS_REASON, WAITING, CaseState, TaskState, verdict
from backoffice.web.free_text import note_given, reason_given
from backoffice.web.showing import moment
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms import catalogue
from forms.field_types import Value
from forms.problems import Severity
from forms.validation import validate
from workflows.routes import Decision, Route, Step, complete


@dataclass(frozen=True)
class Said:
    """One person's word on a task, as it came from a page."""

    decision: Decision
    reason: str = ""
    answers: Mapping[str, Value] = field(default_factory=dict)
    batch: str = ""


def decide(work: Work, task: Task, said: Said) -> Vote:
    """Take a person's decision on `task` and, when it is enough, let the case go on.

    Raises Overtaken (409) naming who was first, NotPermitted, and Invalid for a missing reason. Everything is checked
    before anything is written.
    """
    case = lock_case(work, task.case_id)
    work.session.refresh(task)
    route = route_of(case)
    step = route.steps[task.step_id]
    must_wait(work, case, task)
    chair = must_have_a_say(work, task)
    if said.decision not in step.decisions:
        raise Invalid(_("この手続では選べない決定です。"))
    _must_be_filled_in(step, said)
    reason = reason_given(said.reason, "reason") if said.decision in NEEDS_REASON else note_given(said.reason, "reason")
    vote = Vote(
        task_id=task.id,
        staff_id=work.actor.staff_id,
        principal_id=None if chair.is_own else chair.staff_id,
        decision=str(said.decision),
        reason=reason,
        answers=_answers(step, said, reason),
        at=work.now,
        batch=said.batch,
    )
    work.session.add(vote)
    add_entry(work, case, str(said.decision), task.step_name, reason, vote.principal_id)
    involve(work, case, vote.staff_id, "decided")
    work.record(TaskDecided(case.id, task.id, vote.decision, vote.principal_id))
    work.session.flush()
    _keep_from_steps_beside(work, case, route, task, vote)
    _count_voices(work, case, route, task, vote)
    return vote


def _must_be_filled_in(step: Step, said: Said) -> None:
    """A step that asks a form goes on only with its answers; sending back or refusing needs the reason alone."""
    if step.form is None or said.decision in NEEDS_REASON:
        return
    problems = validate(catalogue.definition(step.form), said.answers)
    if any(problem.severity is Severity.REFUSE for problem in problems):
        raise Invalid(_("この手続には記入欄があります。案件を開いて記入してください。"))


def _answers(step: Step, said: Said, reason: str) -> dict[str, Value]:
    if step.form is None or said.decision in NEEDS_REASON:
        return dict(said.answers)
    return with_note(catalogue.definition(step.form), said.answers, reason)


def task_before(work: Work, chairs: Sequence[Chair], task_id: int) -> Task:
    """Give a task of a case that the actor may see, or one that lay before them until a colleague was quicker.

    Of that one deciding then says who was first (409), though the case is not theirs to read any more. Raises NotThere.
    """
    try:
        return find_task(work.session, work.actor, chairs, task_id)
    except NotThere:
        late = _gone_from_desk(work, chairs, task_id)
        if late is None:
            raise
        return late


def _gone_from_desk(work: Work, chairs: Sequence[Chair], task_id: int) -> Task | None:
    task = work.session.scalars(
        select(Task)
        .where(Task.id == task_id, Task.state.not_in(WAITING))
        .options(joinedload(Task.case).joinedload(Case.route_version), joinedload(Task.claimed_by))
    ).one_or_none()
    step = route_of(task.case).steps.get(task.step_id) if task is not None else None
    if task is None or step is None:
        return None
    desks = {desk_for(work, task.case, step.assignment)}
    if task.escalated_at is not None and step.escalate_to is not None:
        desks.add(desk_above(work, task.case, step.escalate_to))
    return task if any(chair.desks & desks for chair in chairs) else None


def decide_many(work: Work, tasks: Sequence[Task], said: Said) -> tuple[list[Vote], list[tuple[Task, Refusal]]]:
    """Decide each task for itself; what is refused is given back with its reason and stays as it was."""
    lock_cases(work, (task.case_id for task in tasks))
    votes: list[Vote] = []
    refused: list[tuple[Task, Refusal]] = []
    for task in tasks:
        try:
            votes.append(decide(work, task, said))
        except Refusal as refusal:
            refused.append((task, refusal))
    return votes, refused


def review(work: Work, vote: Vote, case: Case) -> None:
    """後閲: the principal has looked at a decision made in their stead. Raises NotPermitted for anyone else."""
    if vote.principal_id != work.actor.staff_id:
        raise NotPermitted(_("後閲は、代決された本人だけができます。"))
    if vote.reviewed_at is None:
        vote.reviewed_at = work.now
        add_entry(work, case, "reviewed")
        work.record(DecisionReviewed(case.id, vote.id))


def must_wait(work: Work, case: Case, task: Task) -> None:
    """Raise Overtaken, saying who was first, unless the task still waits and no colleague has claimed it."""
    if task.state not in WAITING or case.state != CaseState.RUNNING:
        raise _came_late(work, case, task)
    if task.claimed_by_id not in (None, work.actor.staff_id):
        raise Overtaken(_("この件はほかの職員が引き受けています。先に引き取ってください。"))


def must_have_a_say(work: Work, task: Task) -> Chair:
    """Give the chair from which the person decides. Raises NotPermitted with the reason."""
    chair = chair_for(work, task)
    if isinstance(chair, str):
        raise NotPermitted(chair)
    return chair


def chair_for(work: Work, task: Task) -> Chair | str:
    """Give the chair from which the actor may decide `task`, or in a msgid why they may not."""
    return chairs_at(work, [task])[task.id]


def chairs_at(work: Work, tasks: Sequence[Task]) -> dict[int, Chair | str]:
    """Give for each task the chair from which the actor may decide it, or in a msgid why they may not.

    Who is excluded in person decides from no chair, so that nobody approves their own draft as somebody's deputy; and
    nobody decides in the stead of one who is excluded.
    """
    ids = [task.id for task in tasks]
    chairs = chairs_of(work.session, work.actor, work.today)
    desks: dict[int, set[str]] = {task_id: set() for task_id in ids}
    for task_id, desk in work.session.execute(
        select(TrayEntry.task_id, TrayEntry.desk).where(TrayEntry.task_id.in_(ids))
    ):
        desks[task_id].add(desk)
    causes: dict[int, dict[int, str]] = {task_id: {} for task_id in ids}
    for task_id, staff_id, cause in work.session.execute(
        select(TaskExclusion.task_id, TaskExclusion.staff_id, TaskExclusion.cause).where(TaskExclusion.task_id.in_(ids))
    ):
        causes[task_id][staff_id] = cause
    return {task_id: _chair(work.actor, chairs, desks[task_id], causes[task_id]) for task_id in ids}


def _chair(actor: Actor, chairs: Sequence[Chair], desks: set[str], causes: Mapping[int, str]) -> Chair | str:
    near = [chair for chair in chairs if chair.desks & desks]
    if not near:
        return NO_STANDING
    if own := causes.get(actor.staff_id or 0):
        return CAUSES[own]
    free = [chair for chair in near if chair.staff_id not in causes]
    return free[0] if free else CAUSES[causes[near[0].staff_id]]


NO_STANDING = _("この件を決める立場にありません。")
CAUSES = {
    "drafter": _("起案した人は、自分の案件を決裁できません。"),
    "decided": _("前の手続を決めた人は、この手続を決められません。"),
    "voted": _("この件にはもう意見を出しています。"),
}


def _came_late(work: Work, case: Case, task: Task) -> Overtaken:
    last = work.session.scalars(
        select(Vote)
        .where(Vote.task_id == task.id, Vote.undone_at.is_(None))
        .options(joinedload(Vote.staff))
        .order_by(Vote.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return Overtaken(_("案件 %(number)s はもうこの手続にありません。"), number=case.number)
    return Overtaken(
        _("この件は %(name)sさんが %(at)s に「%(decision)s」としました。"),
        name=last.staff.name,
        at=moment(last.at),
        decision=translate(DECISION_NAMES[Decision(last.decision)]),
    )


def _keep_from_steps_beside(work: Work, case: Case, route: Route, task: Task, vote: Vote) -> None:
    """Whoever decides a step does not decide one that is closed to its deciders, though it waits already beside it."""
    for beside in steps_beside(work, case, route, task.step_id):
        for staff_id in (vote.staff_id, vote.principal_id):
            if staff_id is not None:
                exclude(work, beside, staff_id, "decided")


def _count_voices(work: Work, case: Case, route: Route, task: Task, vote: Vote) -> None:
    voices = work.session.scalars(
        select(Vote.decision).where(Vote.task_id == task.id, Vote.undone_at.is_(None)).order_by(Vote.id)
    )
    decided = verdict([Decision(voice) for voice in voices], task.quorum, task.asked)
    if decided is None:
        exclude(work, task, vote.staff_id, "voted")
        if vote.principal_id is not None:
            exclude(work, task, vote.principal_id, "voted")
        task.claimed_by_id = task.claimed_at = None
        return
    _move(work, case, route, task, vote, decided)


def _move(work: Work, case: Case, route: Route, task: Task, vote: Vote, decided: Decision) -> None:
    vote.engine_before, vote.stood_before = case.engine, remember(work, case)
    task.state, task.decision = TaskState.DONE, str(decided)
    task.done_at, task.done_by_id = work.now, work.actor.staff_id
    task.claimed_by_id = task.claimed_at = None
    task.closed_in_move = case.moves + 1
    vote.move = task.closed_in_move
    clear_tray(work, [task.id])
    progress = complete(route, case.engine or {}, task.token, decided, vote.answers, case.answers["values"])
    apply_progress(work, case, route, progress)
