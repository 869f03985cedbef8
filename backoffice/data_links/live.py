"""What holds of a link and of a person at this moment? Read anew for every request: a withdrawal counts at once."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.consents.models import Consent, Registrant
from backoffice.consents.queries import holds_on as fact_consent_holds_on
from backoffice.data_links.models import (
    CONSENTING,
    ENDS,
    Link,
    LinkConsent,
    LinkConsentEvent,
    LinkDeletion,
    LinkRequest,
    LinkUse,
    LinkVersion,
)
from backoffice.data_links.queries import COUNTS
from backoffice.data_links.workflow import RequestState
from backoffice.db.tallies import Tally
from workflows.rules.vocabulary import ConsentClass

RELEASED, RELEASED_AGAIN = "released", "released_again"
"""Of one call that came twice, the second is not counted; where it gives something else, it is a release like any."""
OTHER_CALL = "key_used_otherwise"
"""A key that had come with another call: nothing was decided, and what the first was given stays known by the key."""
MOST_LISTED = 200


def holds_on(day: date) -> ColumnElement[bool]:
    """The condition that a consent to a link holds on a day."""
    return and_(
        LinkConsent.expires_on >= day,
        ~exists().where(LinkConsentEvent.consent_id == LinkConsent.id, LinkConsentEvent.kind.in_(ENDS)),
    )


def count_people(session: Session, link_id: int, day: date) -> int:
    """Give how many consent to a link on a day."""
    theirs = (Tally.name == CONSENTING, Tally.about_id == link_id, Tally.department_id == 0)
    return int(session.scalar(select(func.sum(Tally.amount)).where(*theirs, Tally.mark >= day.isoformat())) or 0)


def links_in_force(session: Session) -> Sequence[LinkVersion]:
    """Give the version that counts of every link that is not shut."""
    return session.scalars(
        select(LinkVersion)
        .join(LinkVersion.link)
        .where(COUNTS, Link.shut_at.is_(None))
        .options(joinedload(LinkVersion.link))
        .order_by(Link.code)
    ).all()


def offered_links(session: Session, keyword: str, most: int) -> Sequence[LinkVersion]:
    """Give by name the version that counts of links that are not shut, no more than `most`, named like `keyword`."""
    return session.scalars(
        select(LinkVersion)
        .join(LinkVersion.link)
        .where(COUNTS, Link.shut_at.is_(None), Link.name.contains(keyword, autoescape=True))
        .options(joinedload(LinkVersion.link))
        .order_by(Link.name, Link.id)
        .limit(most)
    ).all()


def version_of_link(session: Session, code: str) -> LinkVersion | None:
    """Give the version that counts of the link of this code, with its link as it is now; also of one that is shut."""
    return session.scalars(
        select(LinkVersion)
        .join(LinkVersion.link)
        .where(COUNTS, Link.code == code)
        .options(joinedload(LinkVersion.link))
        .execution_options(populate_existing=True)
    ).one_or_none()


def latest_consent(session: Session, registrant_id: int, link_id: int) -> LinkConsent | None:
    """Give the newest consent of a person to a link, whatever became of it."""
    return session.scalars(
        select(LinkConsent)
        .where(LinkConsent.registrant_id == registrant_id, LinkConsent.link_id == link_id)
        .options(selectinload(LinkConsent.events))
        .order_by(LinkConsent.id.desc())
        .limit(1)
    ).one_or_none()


def last_event(session: Session, registrant_id: int) -> int:
    """Give a mark of the last thing that happened to a person's consents to links; 0 where nothing has."""
    own = select(func.max(LinkConsentEvent.id)).join(LinkConsentEvent.consent)
    return session.scalar(own.where(LinkConsent.registrant_id == registrant_id)) or 0


def consents_of(session: Session, registrant_id: int) -> Sequence[LinkConsent]:
    """Give every consent that a person ever gave to a link, the newest first."""
    return session.scalars(
        select(LinkConsent)
        .where(LinkConsent.registrant_id == registrant_id)
        .options(selectinload(LinkConsent.events), joinedload(LinkConsent.link))
        .order_by(LinkConsent.id.desc())
        .limit(MOST_LISTED)
    ).all()


def consent_called(session: Session, registrant_id: int, reference: str) -> LinkConsent | None:
    return session.scalars(
        select(LinkConsent)
        .where(LinkConsent.reference == reference, LinkConsent.registrant_id == registrant_id)
        .options(selectinload(LinkConsent.events), joinedload(LinkConsent.link))
    ).one_or_none()


def registrant_with_consent(session: Session, reference: str) -> Registrant | None:
    """Give who gave the consent to a link of this reference, whatever became of it."""
    return session.scalars(
        select(Registrant)
        .join(LinkConsent, LinkConsent.registrant_id == Registrant.id)
        .where(LinkConsent.reference == reference)
    ).one_or_none()


def facts_opened(session: Session, registrant_ids: Sequence[int], day: date) -> dict[int, frozenset[ConsentClass]]:
    """Give by person which facts they have opened: the classes to which they consent on a day."""
    rows = session.execute(
        select(Consent.registrant_id, Consent.kind).where(
            Consent.registrant_id.in_(registrant_ids), fact_consent_holds_on(day)
        )
    ).all()
    return {
        each: frozenset(ConsentClass(row.kind) for row in rows if row.registrant_id == each) for each in registrant_ids
    }


def request_called(session: Session, link_id: int, reference: str) -> LinkRequest | None:
    return session.scalars(
        select(LinkRequest).where(LinkRequest.reference == reference, LinkRequest.link_id == link_id)
    ).one_or_none()


def lock_request(session: Session, link_id: int, reference: str) -> LinkRequest | None:
    """Give a request for whoever answers it; a withdrawal, or another answer, waits until the unit is over."""
    return session.scalars(
        select(LinkRequest)
        .where(LinkRequest.reference == reference, LinkRequest.link_id == link_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def open_requests(session: Session, link_id: int, now: datetime, after_id: int) -> Sequence[LinkRequest]:
    """Give the oldest requests that wait for an answer, of those that came after one."""
    return session.scalars(
        select(LinkRequest)
        .where(
            LinkRequest.link_id == link_id,
            LinkRequest.state == RequestState.OPEN,
            LinkRequest.closes_at > now,
            LinkRequest.id > after_id,
        )
        .order_by(LinkRequest.id)
        .limit(MOST_LISTED)
    ).all()


def lock_requests_of(session: Session, registrant_id: int, link_id: int) -> Sequence[LinkRequest]:
    """Give all that a person asked of a link, for whoever ends it: an answer comes before it or finds them closed."""
    return session.scalars(
        select(LinkRequest)
        .where(LinkRequest.registrant_id == registrant_id, LinkRequest.link_id == link_id)
        .order_by(LinkRequest.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def count_waiting(session: Session, registrant_id: int, link_id: int, now: datetime) -> int:
    """Count what a person asked of a link and nobody has answered."""
    return (
        session.scalar(
            select(func.count())
            .select_from(LinkRequest)
            .where(
                LinkRequest.registrant_id == registrant_id,
                LinkRequest.link_id == link_id,
                LinkRequest.state == RequestState.OPEN,
                LinkRequest.closes_at > now,
            )
        )
        or 0
    )


def uses_of(session: Session, registrant_id: int, most: int = MOST_LISTED) -> Sequence[LinkUse]:
    """Give what left of a person through which link, the newest first, no more than `most`.

    Neither what was refused nor what was sent a second time: whoever asks often would push out of sight what left.
    """
    return session.scalars(
        select(LinkUse)
        .where(LinkUse.registrant_id == registrant_id, LinkUse.outcome == RELEASED)
        .options(joinedload(LinkUse.link))
        .order_by(LinkUse.id.desc())
        .limit(most)
    ).all()


def deletions_due(session: Session, link_id: int, client_id: int | None) -> Sequence[LinkDeletion]:
    """Give what a machine is still to delete, the most pressing first."""
    theirs = (LinkDeletion.link_id == link_id, LinkDeletion.client_id == client_id)
    return session.scalars(
        select(LinkDeletion)
        .where(*theirs, LinkDeletion.done_at.is_(None))
        .order_by(LinkDeletion.due_on, LinkDeletion.id)
        .limit(MOST_LISTED)
    ).all()


def deletion_called(session: Session, link_id: int, client_id: int | None, reference: str) -> LinkDeletion | None:
    theirs = (LinkDeletion.link_id == link_id, LinkDeletion.client_id == client_id)
    return session.scalars(select(LinkDeletion).where(LinkDeletion.reference == reference, *theirs)).one_or_none()


def own_request(session: Session, registrant_id: int, reference: str) -> LinkRequest | None:
    return session.scalars(
        select(LinkRequest).where(LinkRequest.reference == reference, LinkRequest.registrant_id == registrant_id)
    ).one_or_none()


def was_released_for(session: Session, request_id: int) -> bool:
    """Say whether anything left for a request."""
    found = select(LinkUse.id).where(LinkUse.request_id == request_id, LinkUse.outcome == RELEASED)
    return session.scalars(found.limit(1)).one_or_none() is not None
