"""Cases for a test: a department with a drafter and heads, shipped routes in force, a matter on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backoffice.drawing import service as drawing
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.queries import route_drawn
from backoffice.identity import Department, Role, Staff
from backoffice.inbox import opening, queries
from backoffice.inbox.deciding import Said, decide
from backoffice.inbox.desks import chairs_of
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case, Task, Vote
from backoffice.inbox.opening import Matter
from backoffice.inbox.workflow import NEEDS_REASON, WAITING
from backoffice.work import Work
from forms import catalogue
from forms.field_types import FieldType
from tests.backoffice.founding import founded
from tests.backoffice.office import City
from workflows.routes import Decision, RouteKind

ANSWERS: dict[FieldType, Any] = {
    FieldType.DATE: "2026-12-01",
    FieldType.INTEGER: 10,
    FieldType.YEN: 100_000,
    FieldType.CHECKBOX: True,
    FieldType.TEXT: "架空の内容",
    FieldType.LINES: "架空の内容",
    FieldType.ADDRESS: "福岡市中央区天神一丁目8番1号",
    FieldType.PERSON_NAME: "福岡 花子",
}


def filled_in(form_code: str, **said: Any) -> dict[str, Any]:
    """Answers that a form takes, and what the test cares about."""
    definition = catalogue.definition(form_code)
    plain = {
        field.key: field.options[0].code if field.options else ANSWERS[field.type]
        for field in definition.fields
        if field.required
    }
    return {**plain, **said}


@dataclass
class Bureau:
    """One department at work: who drafts, who heads it, who reviews for the city."""

    city: City
    department: Department
    drafter: Staff
    head: Staff
    privacy: Staff
    dx: Staff
    dx_head: Staff
    operator: Staff

    def begin(self, kind: RouteKind = RouteKind.PROGRAM_REGISTRATION, title: str = "がん検診", **said: Any) -> int:
        """Draft a case and send it on its way."""
        known = KINDS[kind]
        with self.city.unit(self.city.actor(self.drafter)) as work:
            case = opening.draft(work, known, matter(kind, title, self.department if known.coordinated else None, said))
            return opening.begin(work, case, 1).id

    def case(self, case_id: int) -> Case:
        with self.city.look() as work:
            return work.session.scalars(select(Case).where(Case.id == case_id)).one()

    def waiting(self, case_id: int) -> dict[str, Task]:
        """The open tasks of a case, by step."""
        with self.city.look() as work:
            tasks = work.session.scalars(select(Task).where(Task.case_id == case_id, Task.state.in_(WAITING)))
            return {task.step_id: task for task in tasks}

    def decide(
        self, person: Staff, case_id: int, step_id: str, decision: Decision = Decision.APPROVE, reason: str = ""
    ) -> Vote:
        """Let a person decide a step in their own unit, as a page would."""
        with self.city.unit(self.city.actor(person)) as work:
            return decide_step(work, case_id, step_id, decision, reason)


def decide_step(
    work: Work, case_id: int, step_id: str, decision: Decision = Decision.APPROVE, reason: str = "", batch: str = ""
) -> Vote:
    task = work.session.scalars(
        select(Task).where(Task.case_id == case_id, Task.step_id == step_id).order_by(Task.id.desc()).limit(1)
    ).one()
    return decide(work, task, said_on(work, task, decision, reason, batch))


def said_on(work: Work, task: Task, decision: Decision, reason: str = "", batch: str = "") -> Said:
    case = queries.tasks_of(work.session, task.case_id) and work.session.get(Case, task.case_id)
    form = _form_of(work, case, task)
    answers = filled_in(form) if form and decision not in NEEDS_REASON else {}
    words = reason or ("金額を直してください" if decision in NEEDS_REASON else "")
    return Said(decision, words, answers, batch)


def _form_of(work: Work, case: Case, task: Task) -> str | None:
    version = work.session.get(RouteVersion, case.route_version_id)
    return route_drawn(version.bpmn).steps[task.step_id].form


def matter(
    kind: RouteKind, title: str, coordinating: Department | None = None, said: Mapping[str, Any] | None = None
) -> Matter:
    known = KINDS[kind]
    answers = filled_in(known.form_code, **(said or {}))
    return Matter(
        title, answers, known.retention_years, known.decision_level, coordinating.id if coordinating else None
    )


def chairs(work: Work):
    return chairs_of(work.session, work.actor, work.today)


def found_bureau(city: City) -> Bureau:
    """A city with the shipped routes in force and one person for each part."""
    return founded(city, _bureau, city)


def _bureau(city: City) -> Bureau:
    with city.unit() as work:
        drawing.take_in_shipped(work)
    department = city.department("学事課")
    return Bureau(
        city,
        department,
        drafter=city.person(Role.CLERK, department=department, account="tanto"),
        head=city.person(Role.HEAD, department=department, account="kacho"),
        privacy=city.person(Role.PRIVACY_OFFICER, account="kojin"),
        dx=city.person(Role.DX_OFFICE, account="dx1"),
        dx_head=city.person(Role.DX_OFFICE, account="dx2"),
        operator=city.person(Role.BOT_OPERATOR, account="rpa"),
    )
