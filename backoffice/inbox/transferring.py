"""Can a running case go on along another version of its route? Moved one by one, each in its own unit, with a reason.

What people have open stays open; where the new version asks others, it goes to their trays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.drawing.models import RouteVersion
from backoffice.drawing.queries import find_version, route_drawn
from backoffice.drawing.workflow import VersionState
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor
from backoffice.inbox.events import CaseTransferred
from backoffice.inbox.models import Case, Task, Vote
from backoffice.inbox.moving import (
    add_entry,
    apply_progress,
    clear_tray,
    desk_for,
    exclude_anew,
    lock_case,
    pile_for,
    put_in_tray,
)
from backoffice.inbox.workflow import WAITING, CaseState
from backoffice.web.free_text import reason_given
from backoffice.web.lists import PAGE_SIZE
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.field_types import Value
from workflows.routes import Problem, Progress, Route, TransferRefused, transfer


@dataclass(frozen=True)
class Movable:
    """One case on a version, and what keeps it there (nothing: it can be moved)."""

    case: Case
    reasons: tuple[Problem, ...]


@dataclass(frozen=True)
class Moved:
    """What became of a wish to move cases: how many were, and which stayed, each with the refusal's msgid."""

    count: int
    stayed: tuple[tuple[str, str, Mapping[str, object]], ...]


def cases_on(session: Session, version_id: int) -> Sequence[Case]:
    """Give the first cases that are on their way on a version."""
    return session.scalars(
        select(Case)
        .where(Case.route_version_id == version_id, Case.state == CaseState.RUNNING)
        .options(joinedload(Case.department))
        .order_by(Case.id)
        .limit(PAGE_SIZE)
    ).all()


def movable(session: Session, cases: Sequence[Case], old: RouteVersion, new: RouteVersion) -> list[Movable]:
    """Say of each case whether it can go on along the new version."""
    answers = _answers(session, cases)
    return [_movable(case, route_drawn(old.bpmn), route_drawn(new.bpmn), answers[case.id]) for case in cases]


def move_cases(office: Office, actor: Actor, ids: Sequence[int], from_id: int, to_id: int, reason: str) -> Moved:
    """Move cases, each in a unit of its own. Raises Invalid where nothing is chosen or no reason is given."""
    reason = reason_given(reason, "reason")
    if not ids:
        raise Invalid(_("案件を選んでください。"), {"case": _("案件を選んでください。")})
    count, stayed = 0, []
    for case_id in ids:
        try:
            with office.unit(actor) as work:
                _move(work, case_id, from_id, to_id, reason)
        except Overtaken as refusal:
            stayed.append((str(case_id), refusal.message, refusal.params))
        else:
            count += 1
    return Moved(count, tuple(stayed))


def _move(work: Work, case_id: int, from_id: int, to_id: int, reason: str) -> None:
    case = lock_case(work, case_id)
    old, new = find_version(work.session, from_id), find_version(work.session, to_id)
    _must_be_in_force(work, old, new)
    if case.state != CaseState.RUNNING or case.route_version_id != old.id:
        raise Overtaken(_("この案件はもうその版で進んでいません。"))
    old_route, new_route = route_drawn(old.bpmn), route_drawn(new.bpmn)
    try:
        progress = transfer(old_route, new_route, case.engine or {}, _answers(work.session, [case])[case.id])
    except TransferRefused as refused:
        raise Overtaken(refused.reasons[0].message, **refused.reasons[0].params) from refused
    case.route_version_id = new.id
    work.session.flush()
    apply_progress(work, case, new_route, progress)
    _ask_anew(work, case, old_route, new_route, progress)
    add_entry(work, case, "transferred", words=reason)
    work.record(CaseTransferred(case.id, old.id, new.id))


def _must_be_in_force(work: Work, old: RouteVersion, new: RouteVersion) -> None:
    today = work.today
    has_come = new.state == VersionState.ACTIVE and new.effective_from is not None and new.effective_from <= today
    if not has_come or new.kind != old.kind:
        raise Overtaken(_("移し先の版は、いま有効な版ではありません。"))


def _ask_anew(work: Work, case: Case, old: Route, new: Route, progress: Progress) -> None:
    """Put what waits into the trays that the new version means; the deadlines that are set stay."""
    waiting = {each.token: each.step_id for each in progress.open}
    tasks = work.session.scalars(select(Task).where(Task.case_id == case.id, Task.state.in_(WAITING))).all()
    for task in tasks:
        step = new.steps[waiting[task.token]]
        task.step_name = step.name
        if step.assignment == old.steps[step.id].assignment:
            continue
        task.quorum, task.asked = step.assignment.quorum, step.assignment.of
        task.claimed_by_id = task.claimed_at = None
        clear_tray(work, [task.id])
        desk = desk_for(work, case, step.assignment)
        put_in_tray(work, task, desk, pile_for(step.assignment, desk))
        exclude_anew(work, case, task, step.assignment)


def _movable(case: Case, old: Route, new: Route, answers: Mapping[str, Mapping[str, Value]]) -> Movable:
    try:
        transfer(old, new, case.engine or {}, answers)
    except TransferRefused as refused:
        return Movable(case, refused.reasons)
    return Movable(case, ())


def _answers(session: Session, cases: Sequence[Case]) -> dict[int, dict[str, dict[str, Value]]]:
    """Give what was answered in each case: its form, and of each step what was said last."""
    given: dict[int, dict[str, dict[str, Value]]] = {case.id: {"case": dict(case.answers["values"])} for case in cases}
    said = session.execute(
        select(Task.case_id, Task.step_id, Vote.answers)
        .join(Vote.task)
        .where(Task.case_id.in_(given), Vote.undone_at.is_(None), Vote.move.is_not(None))
        .order_by(Vote.id)
    )
    for case_id, step_id, answers in said:
        given[case_id][step_id] = dict(answers)
    return given
