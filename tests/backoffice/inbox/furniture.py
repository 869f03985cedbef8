"""What lies in the in-trays of an office before a test looks at its pages.

The first case goes through the services, so that its story is true; the others are rows for lists to be long.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.drawing import service as drawing
from backoffice.drawing.closing import add_closure
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.queries import version_in_force
from backoffice.identity import Actor, Department, Origin, Role, Staff
from backoffice.identity.sessions import actor_for
from backoffice.inbox import absences, attaching, filters, opening, talking
from backoffice.inbox.absences import Away
from backoffice.inbox.attaching import Document
from backoffice.inbox.desks import role_desk
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case, Task, TrayEntry
from backoffice.inbox.trays import Wanted
from backoffice.work import Office, Work
from tests.backoffice.inbox.cases import decide_step, matter
from workflows.routes import RouteKind

LETTER = Document("要綱.txt", "text/plain", "架空の要綱".encode())


def add_cases(office: Office, department: Department, person: Staff, drafter: Staff, count: int) -> dict[str, Any]:
    """Give ids of what is there: `person` has a running case in their tray, a draft, a vote to review, an absence."""
    if count == 0:
        return {}
    stored = office.files.put(LETTER.content, LETTER.media_type, office.services.now())
    with office.unit(_actor(office, drafter)) as work:
        drawing.take_in_shipped(work)
        case = _begin(work, "乳がん検診の案内")
        attachment = attaching.attach(work, case, LETTER, stored, 0)
        opinion = talking.ask_opinion(work, case, person.account, "対象年齢はこれでよいですか")
        talking.comment(work, case, f"@{person.account} ご確認ください")
        reviewed = _begin(work, "よかドックの案内")
    with office.unit(_actor(office, person)) as work:
        draft = opening.draft(work, KINDS[RouteKind.PETITION], matter(RouteKind.PETITION, "公園の街灯", department))
        away = absences.enter(work, person.id, Away(office.services.today(), office.services.today(), ""))
        saved = filters.save(work, "検診", Wanted(keyword="検診"))
        vote = decide_step(work, reviewed.id, "head_review")
        vote.principal_id = person.id
        in_force = version_in_force(work.session, str(RouteKind.AUDIENCE_RELEASE), office.services.today())
        drawn = drawing.copy_version(work, in_force, "人数の区切りを見直す")
        closure = add_closure(work, "令和8年12月28日", "庁舎の停電")
    with office.unit(Actor.house(Origin.DEMONSTRATION)) as work:
        for number in range(count):
            _add_row(work, department, drafter, number)
        task = work.session.scalars(select(Task).where(Task.case_id == case.id)).first()
        return {
            "case_id": case.id,
            "task_id": task.id,
            "draft_id": draft.id,
            "vote_id": vote.id,
            "review_case_id": reviewed.id,
            "opinion_id": opinion.id,
            "attachment_id": attachment.id,
            "absence_id": away.id,
            "filter_id": saved.id,
            "kind": str(RouteKind.PROGRAM_REGISTRATION),
            "version_id": drawn.id,
            "element_id": "who_decides",
            "closure_id": closure.id,
        }


def drafter_of(work: Work, department: Department, quick_hash: str) -> Staff:
    drafter = accounts.add_staff(work, "drafter", "起案 三郎", department, quick_hash)
    accounts.grant_role(work, drafter.id, Role.CLERK, department.id, work.office.services.today(), None)
    return drafter


def _begin(work: Work, title: str) -> Case:
    kind = RouteKind.PROGRAM_REGISTRATION
    case = opening.draft(work, KINDS[kind], matter(kind, title))
    return opening.begin(work, case, 1)


def _add_row(work: Work, department: Department, drafter: Staff, number: int) -> None:
    """A case that waits for the head, as the services leave it, without its story."""
    version = work.session.scalars(select(RouteVersion.id).where(RouteVersion.kind == "program_registration")).one()
    case = Case(
        number=f"R8-課伺-9{number:04d}",
        kind="program_registration",
        route_version_id=version,
        department_id=department.id,
        drafter_id=drafter.id,
        responsible_id=drafter.id,
        title=f"歯科節目健診の案内 その{number + 1}",
        form_code="program-registration",
        form_version=1,
        answers={"schema": 1, "values": {}},
        state="running",
        steps_now=["所属長承認"],
        engine={},
        moves=1,
        retention_years=10,
        decision_level="division",
        begun_at=work.now,
    )
    task = Task(
        case=case,
        token=f"head_review.{number}",
        step_id="head_review",
        step_name="所属長承認",
        state="open",
        opened_at=work.now,
        opened_in_move=1,
        due_at=work.now + timedelta(hours=number - 40),
    )
    work.session.add(task)
    work.session.flush()
    work.session.add(TrayEntry(task_id=task.id, desk=role_desk("head", department.id), sort_at=task.due_at))


def _actor(office: Office, person: Staff) -> Actor:
    with office.look(Actor.house(Origin.DEMONSTRATION)) as work:
        staff = work.session.get(Staff, person.id)
        work.session.refresh(staff, ["department"])
        return actor_for(work.session, staff, work.now, "127.0.0.1")
