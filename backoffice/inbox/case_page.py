"""How is the page of a case put together? In as many questions to the database as it needs, however long its story."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backoffice.identity import Permission
from backoffice.inbox import pages, queries, stuck
from backoffice.inbox.attaching import removable
from backoffice.inbox.deciding import NO_STANDING, chairs_at
from backoffice.inbox.desks import Chair
from backoffice.inbox.kinds import KINDS, subject_page
from backoffice.inbox.models import Case, CaseEntry, Task, Vote
from backoffice.inbox.moving import route_of
from backoffice.inbox.noting import note_of
from backoffice.inbox.opening import may_mend, may_withdraw
from backoffice.inbox.workflow import DECISION_NAMES, NEEDS_REASON, TAKE_BACK, WAITING, CaseState, TaskState
from backoffice.web import Crumb
from backoffice.web.answer_rows import AnswerRow, answer_rows, given_answers
from backoffice.web.answers_in import Checked, label_of
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms import catalogue
from forms.definition import FormDefinition
from workflows.routes import DRAFTER, Decision, Route, ordered_steps

CASES = Crumb(_("案件"), "/cases")
ANSWER = "a_"
"""Before the names of a step's own questions, so that they never meet those of the page."""


@dataclass(frozen=True)
class Refused:
    """What a refused form leaves on the page: what was typed, what is wrong, which dialog was open."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    checked: Checked | None = None
    task_id: int | None = None
    dialog: str = ""


def definition_of(case: Case) -> FormDefinition:
    return catalogue.definition(case.form_code)


def case_page(work: Work, case: Case, from_list: str = "", refused: Refused | None = None) -> pages.CasePage:
    """Give the page of a case that the person may see."""
    refused = refused or Refused()
    tasks = queries.tasks_of(work.session, case.id)
    entries = queries.entries_of(work.session, case.id)
    said = {entry.kind for entry in entries}
    route = route_of(case) if case.route_version else None
    waiting = [task for task in tasks if task.state in WAITING] if case.state == CaseState.RUNNING else []
    attachments = queries.attachments_of(work.session, case.id) if "attached" in said else ()
    limit = work.office.settings.upload_limit_bytes // 1024 // 1024
    return pages.CasePage(
        title=_("案件"),
        title_text=case.title or case.number,
        crumbs=(CASES,),
        case=case,
        kind=KINDS[case.kind],
        subject=subject_page(work.actor, case.subject_kind, case.subject_id),
        chip=pages.state_chip(case),
        rows=given_answers(definition_of(case), case.answers["values"]),
        desks=_desks(work, route, waiting, refused) if route else (),
        steps=_steps(route, tasks) if route else (),
        marked=" ".join(task.step_id for task in waiting),
        entries=[pages.EntryRow.of(entry) for entry in entries],
        opinions=queries.opinions_of(work.session, case.id) if "opinion_asked" in said else (),
        attachments=attachments,
        removable=removable(work, case, [attachment for attachment, _stored, _who in attachments]),
        own_vote=_own_vote(work, case, entries),
        may_withdraw=may_withdraw(work, case),
        may_edit=case.responsible_id == work.actor.staff_id and (case.state == CaseState.DRAFT or may_mend(work, case)),
        may_speak=work.actor.may(Permission.CASE_DECIDE),
        stuck="stuck" in said and stuck.holds_up(work.session, case.id),
        limit_mb=limit,
        wrong=refused.wrong,
        typed=refused.typed,
        from_list=from_list,
        dialog=refused.dialog,
    )


def _own_vote(work: Work, case: Case, entries: Sequence[CaseEntry]) -> Vote | None:
    """Asked for only where the story has something of the person's own from the last minute."""
    lately = any(
        entry.staff_id == work.actor.staff_id and entry.at > work.now - TAKE_BACK and entry.kind in set(Decision)
        for entry in entries
    )
    return queries.last_own_vote(work.session, work.actor, case, work.now) if lately else None


def _desks(work: Work, route: Route, waiting: Sequence[Task], refused: Refused) -> Sequence[pages.Desk]:
    if not waiting:
        return ()
    chairs = chairs_at(work, waiting)
    return [_desk(work, route, task, chairs[task.id], refused) for task in waiting]


def _desk(work: Work, route: Route, task: Task, chair: Chair | str, refused: Refused) -> pages.Desk:
    mine = refused if refused.task_id == task.id else Refused()
    step = route.steps[task.step_id]
    may_decide = isinstance(chair, Chair)
    rows: Sequence[AnswerRow] = ()
    note = None
    if step.form is not None and may_decide:
        definition = catalogue.definition(step.form)
        note = note_of(definition)
        typed = mine.typed if mine.task_id is not None else None
        asked = answer_rows(definition, {}, typed, mine.checked, f"{ANSWER}{task.id}_")
        rows = [
            replace(row, problem=mine.wrong.get(row.name, row.problem))
            for row in asked
            if note is None or row.key != note.key
        ]
    return pages.Desk(
        task=task,
        due=pages.DueMark.of(task.due_at, work.now),
        may_decide=may_decide,
        why_not=chair if isinstance(chair, str) and chair != NO_STANDING else "",
        stands_in_for=chair.name if isinstance(chair, Chair) and not chair.is_own else "",
        decisions=[(str(each), DECISION_NAMES[each]) for each in step.decisions] if may_decide else (),
        rows=rows,
        wrong=mine.wrong,
        reason=mine.typed.get("reason", ""),
        reason_label=label_of(note) if note is not None else translate(_("理由・申し送り")),
        reason_needed=any(each in NEEDS_REASON for each in step.decisions),
    )


def still_to_seal(case: Case, decided: Collection[str]) -> list[str]:
    """Give the names of the steps in which others than the drafter have still to decide a running case."""
    if case.state != CaseState.RUNNING:
        return []
    ahead = (step for step in ordered_steps(route_of(case)) if step.id not in decided)
    return [step.name for step in ahead if step.assignment.person != DRAFTER]


def _steps(route: Route, tasks: Sequence[Task]) -> list[pages.StepLine]:
    """Give the route's steps in reading order, each with what became of it last."""
    last = {task.step_id: task for task in tasks}
    return [_step(step.id, step.name, last.get(step.id)) for step in ordered_steps(route)]


def _step(step_id: str, name: str, task: Task | None) -> pages.StepLine:
    if task is None or task.state == TaskState.CANCELLED:
        return pages.StepLine(step_id, name, "ahead")
    if task.state in WAITING:
        return pages.StepLine(step_id, name, "now")
    decided = DECISION_NAMES[Decision(task.decision)]
    return pages.StepLine(step_id, name, "done", decided)
