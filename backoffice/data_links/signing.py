"""Who signed the impact assessment of a version? The privacy officer who approved it on its route, as it stood then.

No button of its own: the assessment stands on the page of the case, and whoever approves there has it before them.
"""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.data_links import queries
from backoffice.data_links.events import LinkSigned
from backoffice.data_links.models import LinkSignature, LinkVersion
from backoffice.data_links.weighing import sha256_of, terms_of
from backoffice.drawing.queries import route_drawn, version_in_force
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.inbox.events import TaskDecided
from backoffice.inbox.models import Task, Vote
from backoffice.inbox.moving import lock_case, route_of
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.links import risk_of
from workflows.routes import Decision, RouteKind


@dataclass(frozen=True)
class Signed:
    """The newest signature under a version; `holds`: the version says what it said then."""

    signature: LinkSignature
    holds: bool


def sign(work: Work, decided: TaskDecided) -> None:
    """Keep the signature of a privacy officer who approved a version. No author's approval is one."""
    staff_id = work.actor.staff_id
    if decided.decision != Decision.APPROVE or staff_id is None:
        return
    version = queries.version_of_case(work.session, decided.case_id)
    if version is None or not _asks_a_privacy_officer(work, decided):
        return
    if staff_id in queries.authors_of(work.session, version.id):
        return
    work.session.add(
        LinkSignature(
            version_id=version.id,
            staff_id=staff_id,
            task_id=decided.task_id,
            content_sha256=sha256_of(version),
            risk=risk_of(terms_of(version)),
            at=work.now,
        )
    )
    work.record(LinkSigned(version.id, decided.case_id))


def must_be_asked(work: Work) -> None:
    """Raise Invalid where the route of today asks no privacy officer: what is sent on it could never be signed."""
    route = version_in_force(work.session, RouteKind.DATA_LINK, work.today)
    if route is None:
        return  # whoever sends it hears so
    asked = {step.assignment.role for step in route_drawn(route.bpmn).steps.values()}
    if Role.PRIVACY_OFFICER not in asked:
        raise Invalid(
            _("今の決裁ルートに個人情報保護担当の手続がないので、署名を受けられません。DX戦略部に連絡してください。")
        )


def signed(session: Session, version: LinkVersion) -> Signed | None:
    """Give the newest signature under a version, whether it still holds or not; None for none."""
    stands = exists().where(
        Vote.task_id == LinkSignature.task_id,
        Vote.staff_id == LinkSignature.staff_id,
        Vote.decision == Decision.APPROVE,
        Vote.undone_at.is_(None),
    )
    found = session.scalars(
        select(LinkSignature)
        .where(LinkSignature.version_id == version.id, stands)
        .options(joinedload(LinkSignature.staff))
        .order_by(LinkSignature.id.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else Signed(found, holds=found.content_sha256 == sha256_of(version))


def is_signed(session: Session, version: LinkVersion) -> bool:
    """Say whether a signature holds under what a version says now."""
    found = signed(session, version)
    return found is not None and found.holds


def _asks_a_privacy_officer(work: Work, decided: TaskDecided) -> bool:
    case = lock_case(work, decided.case_id)
    step_id = work.session.scalars(select(Task.step_id).where(Task.id == decided.task_id)).one()
    return case.kind == RouteKind.DATA_LINK and route_of(case).steps[step_id].assignment.role == Role.PRIVACY_OFFICER
