"""Which requests are there, of whom, and what was decided on them?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.data_links.live import RELEASED, RELEASED_AGAIN, holds_on
from backoffice.data_links.models import Link, LinkConsent, LinkDeletion, LinkHolding, LinkRequest, LinkUse
from backoffice.db.lookup import one_or_not_there
from backoffice.digital_id.models import DigitalId
from backoffice.inbox.models import Case, Task, Vote
from backoffice.rights.models import RightsRequest
from backoffice.rights.workflow import RightsKind, RightsOutcome
from backoffice.web.lists import PAGE_SIZE

EXAMINATION = "examine"
"""The step of the shipped route in which the decision is proposed."""


def find_request(session: Session, request_id: int) -> RightsRequest:
    """Give a request, without the person. Raises NotThere."""
    return one_or_not_there(
        session,
        select(RightsRequest).where(RightsRequest.id == request_id).options(joinedload(RightsRequest.received_by)),
    )


def own_request(session: Session, registrant_id: int, request_id: int) -> RightsRequest:
    """Give a request of a person. Raises NotThere, also for another's."""
    return one_or_not_there(
        session,
        select(RightsRequest).where(RightsRequest.id == request_id, RightsRequest.registrant_id == registrant_id),
    )


def request_of_case(session: Session, case_id: int) -> RightsRequest | None:
    return session.scalars(
        select(RightsRequest).where(RightsRequest.case_id == case_id).options(joinedload(RightsRequest.registrant))
    ).one_or_none()


def requests_of(session: Session, registrant_id: int) -> Sequence[tuple[RightsRequest, Case]]:
    """Give what a person asked, the newest first, with the cases."""
    found = session.execute(
        select(RightsRequest, Case)
        .join(Case, Case.id == RightsRequest.case_id)
        .where(RightsRequest.registrant_id == registrant_id)
        .order_by(RightsRequest.id.desc())
    ).all()
    return [(request, case) for request, case in found]


def number_of_open(session: Session, registrant_id: int, kind: RightsKind) -> str | None:
    """Give the number of the case in which the same person asks the same already."""
    return session.scalars(
        select(Case.number)
        .join(RightsRequest, RightsRequest.case_id == Case.id)
        .where(
            RightsRequest.registrant_id == registrant_id,
            RightsRequest.kind == kind,
            RightsRequest.outcome == RightsOutcome.OPEN,
        )
        .limit(1)
    ).first()


def count_requests(session: Session) -> int:
    return session.scalar(select(func.count(RightsRequest.id))) or 0


def list_requests(session: Session, offset: int) -> Sequence[tuple[RightsRequest, Case]]:
    """Give a page of requests: those to be decided first, the most pressing on top; then the others, newest first."""
    is_over = RightsRequest.outcome != RightsOutcome.OPEN
    found = session.execute(
        select(RightsRequest, Case)
        .join(Case, Case.id == RightsRequest.case_id)
        .order_by(is_over, RightsRequest.decide_by, RightsRequest.id.desc())
        .offset(offset)
        .limit(PAGE_SIZE)
    ).all()
    return [(request, case) for request, case in found]


def proposed(session: Session, case_id: int) -> RightsOutcome:
    """Give what the examination proposed last, which the head has then approved."""
    answers = session.scalars(
        select(Vote.answers)
        .join(Vote.task)
        .where(Task.case_id == case_id, Task.step_id == EXAMINATION, Vote.undone_at.is_(None))
        .order_by(Vote.id.desc())
        .limit(1)
    ).first()
    said = (answers or {}).get("outcome")
    return RightsOutcome(said) if said in set(RightsOutcome) else RightsOutcome.REFUSED


def live_link_consents(session: Session, registrant_id: int, day: date) -> Sequence[str]:
    """Give the references of a person's consents to links that hold."""
    return session.scalars(
        select(LinkConsent.reference).where(LinkConsent.registrant_id == registrant_id, holds_on(day))
    ).all()


def every_link_consent(session: Session, registrant_id: int) -> Sequence[LinkConsent]:
    """Give all consents to links that a person ever gave: what is handed over leaves nothing out."""
    return session.scalars(
        select(LinkConsent)
        .where(LinkConsent.registrant_id == registrant_id)
        .options(selectinload(LinkConsent.events), joinedload(LinkConsent.link))
        .order_by(LinkConsent.id)
    ).all()


def every_use(session: Session, registrant_id: int) -> Sequence[LinkUse]:
    """Give all that ever left of a person, what was sent a second time too."""
    return session.scalars(
        select(LinkUse)
        .where(LinkUse.registrant_id == registrant_id, LinkUse.outcome.in_((RELEASED, RELEASED_AGAIN)))
        .options(joinedload(LinkUse.link))
        .order_by(LinkUse.id)
    ).all()


def every_digital_id(session: Session, registrant_id: int) -> Sequence[DigitalId]:
    return session.scalars(
        select(DigitalId).where(DigitalId.registrant_id == registrant_id).order_by(DigitalId.id)
    ).all()


def holding_of(session: Session, registrant_id: int) -> LinkHolding | None:
    """Give what the gateway may say of a person, sealed."""
    return session.scalars(select(LinkHolding).where(LinkHolding.registrant_id == registrant_id)).one_or_none()


def every_link_request(session: Session, registrant_id: int) -> Sequence[tuple[LinkRequest, str]]:
    """Give what a person ever asked of links, each with the name of the link."""
    found = session.execute(
        select(LinkRequest, Link.name)
        .join(Link, Link.id == LinkRequest.link_id)
        .where(LinkRequest.registrant_id == registrant_id)
        .order_by(LinkRequest.id)
    ).all()
    return [(request, name) for request, name in found]


def every_deletion(session: Session, registrant_id: int) -> Sequence[tuple[LinkDeletion, str]]:
    """Give what other systems were asked to delete of a person, each with the name of the link."""
    found = session.execute(
        select(LinkDeletion, Link.name)
        .join(Link, Link.id == LinkDeletion.link_id)
        .where(LinkDeletion.registrant_id == registrant_id)
        .order_by(LinkDeletion.id)
    ).all()
    return [(deletion, name) for deletion, name in found]
