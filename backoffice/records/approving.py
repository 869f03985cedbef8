"""How does a record pass through an approval route? Handed in as a case, it stands as that is decided."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.drawing.kinds import TITLES
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.inbox import opening
from backoffice.inbox.events import CaseEnded, DecisionTakenBack, TaskOpened
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case, Task
from backoffice.inbox.moving import route_of
from backoffice.inbox.opening import Matter, Owner
from backoffice.inbox.workflow import WAITING
from backoffice.records import queries, service
from backoffice.records.events import ListRouteNamed
from backoffice.records.models import ListRoute, Record
from backoffice.records.workflow import RecordState
from backoffice.web.translations import _
from backoffice.work import Work
from forms import catalogue
from workflows.routes import DRAFTER, RouteKind

SUBJECT = "record"
"""What a case calls the record that it is about."""
ROUTES = {str(kind): TITLES[kind] for kind in (RouteKind.RECORD_CHECK, RouteKind.RECORD_APPROVAL)}
"""The routes that a list may name, as shipped or as the city has drawn them since."""
_ENDS = {
    "approved": RecordState.APPROVED,
    "rejected": RecordState.REJECTED,
    "withdrawn": RecordState.ENTERED,
}


def name_route(work: Work, design: FormDesign, kind: str) -> None:
    """Let the records of the person's department pass through a route, "" for none. What is on its way goes on.

    Raises Invalid for a route that lists do not take.
    """
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は設定できません。"))
    if kind and kind not in ROUTES:
        raise Invalid(_("承認の経路を選んでください。"))
    named = queries.route_named(work.session, design.id, work.actor.department_id)
    if named is not None and not kind:
        work.session.delete(named)
    elif named is not None:
        named.kind = kind
    elif kind:
        work.session.add(ListRoute(design_id=design.id, department_id=work.actor.department_id, kind=kind))
    work.record(ListRouteNamed(design.id, kind))


def submit(work: Work, record: Record, seen: int) -> Case:
    """Hand a record in: its case goes on its way, and nobody writes into the record meanwhile.

    Nothing that the record says stands in the case: it is about people, and a case is read in lists. Raises Overtaken,
    and Invalid where the list names no route, or one that is not in force.
    """
    service.must_be_as_seen(record, seen)
    named = queries.route_named(work.session, record.design_id, record.department_id)
    if named is None:
        raise Invalid(_("この台帳は承認の経路を使っていません。"))
    if record.state != RecordState.ENTERED:
        raise Overtaken(_("この記録は、もう提出されているか、取り消されています。"))
    if work.actor.staff_id is None:
        raise NotPermitted(_("提出できるのは職員だけです。"))
    kind = KINDS[named.kind]
    matter = Matter(
        f"{record.design.title} {record.number}",
        {"form": record.design.title, "number": record.number},
        kind.retention_years,
        kind.decision_level,
        subject=(SUBJECT, record.id),
    )
    case = opening.draft(work, kind, matter, Owner(work.actor.staff_id, record.department_id))
    record.case_id = case.id
    service.stand(work, record, RecordState.IN_REVIEW)
    return opening.begin(work, case, catalogue.definition(kind.form_code).version)


def follow(work: Work, event: TaskOpened | DecisionTakenBack) -> None:
    """Let a record stand where its case stands now: with those who decide, or back with who handed it in."""
    record = _record_of(work, event.case_id)
    if record is not None:
        service.stand(
            work, record, RecordState.SENT_BACK if _is_sent_back(work, event.case_id) else RecordState.IN_REVIEW
        )


def settle(work: Work, ended: CaseEnded) -> None:
    """Let the end of a case take effect on its record."""
    record = _record_of(work, ended.case_id) if ended.case_kind in ROUTES else None
    if record is not None:
        service.stand(work, record, _ENDS[ended.outcome])


def _record_of(work: Work, case_id: int) -> Record | None:
    statement = select(Record).where(Record.case_id == case_id).options(joinedload(Record.design))
    return work.session.scalars(statement).one_or_none()


def _is_sent_back(work: Work, case_id: int) -> bool:
    case = work.session.scalars(select(Case).where(Case.id == case_id).options(joinedload(Case.route_version))).one()
    steps = route_of(case).steps
    waiting = work.session.scalars(select(Task.step_id).where(Task.case_id == case_id, Task.state.in_(WAITING)))
    return any(steps[step_id].assignment.person == DRAFTER for step_id in waiting)
