"""A consent went, or covers less than before: who is to delete what of it? Whatever machine got data is asked to.

Asked in the unit in which the consent ends, with a day by which it is to be done. Nobody is asked twice for the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backoffice.consents.events import ConsentExpired, ConsentWithdrawn
from backoffice.consents.workflow import Standing, standing_of
from backoffice.data_links import live
from backoffice.data_links.events import LinkDeletionAsked
from backoffice.data_links.held import Held, opened_by_all
from backoffice.data_links.models import LinkConsent, LinkDeletion, LinkHolding, LinkRequest, LinkUse
from backoffice.data_links.workflow import DeletionCause, RequestState
from backoffice.services import TOKYO
from backoffice.work import Work
from workflows.links import LinkConsent as Agreed
from workflows.links import covered
from workflows.rules.vocabulary import ConsentClass

DELETION_DAYS = 30
"""So long the other system has to delete. To be confirmed by the office for personal data."""


@dataclass
class HandedOver:
    """What one machine got of one person and was not yet asked to delete, for which of the person's requests."""

    attributes: set[str] = field(default_factory=set)
    request_ids: set[int] = field(default_factory=set)


def settle(work: Work, registrant_id: int, link_id: int, cause: DeletionCause) -> None:
    """Have what a person's consent covers no longer deleted wherever it went through a link.

    Where no consent to the link holds any more, what was asked for with it is closed and its answers are erased. The
    registrant must be locked.
    """
    requests = live.lock_requests_of(work.session, registrant_id, link_id)
    agreed = _agreed_now(work, registrant_id, link_id)
    if agreed is None:
        _close(requests)
    named = {each.id: each.reference for each in requests}
    for client_id, got in sorted(_handed_over(work.session, registrant_id, link_id).items()):
        gone = got.attributes if agreed is None else got.attributes - covered(got.attributes, agreed)
        if gone:
            deletion = LinkDeletion(
                reference=work.office.services.random_bytes(16).hex(),
                link_id=link_id,
                registrant_id=registrant_id,
                client_id=client_id,
                cause=cause,
                requests=sorted(named[each] for each in got.request_ids),
                attributes=sorted(gone),
                asked_at=work.now,
                due_on=work.today + timedelta(days=DELETION_DAYS),
            )
            work.session.add(deletion)
            work.session.flush()
            work.record(LinkDeletionAsked(link_id, deletion.id))


def settle_all(work: Work, registrant_id: int, cause: DeletionCause) -> None:
    """Do the same for every link through which anything of a person ever left. The registrant must be locked."""
    left = select(LinkUse.link_id).where(LinkUse.registrant_id == registrant_id, LinkUse.outcome == live.RELEASED)
    for link_id in work.session.scalars(left.distinct().order_by(LinkUse.link_id)).all():
        settle(work, registrant_id, link_id, cause)


def follow_closing(work: Work, happened: ConsentWithdrawn | ConsentExpired) -> None:
    """Let the end of a consent to facts reach whoever got those facts."""
    settle_all(work, happened.registrant_id, DeletionCause.FACTS_CLOSED)


def _close(requests: Sequence[LinkRequest]) -> None:
    """Let nothing be asked or shown any more with these requests."""
    for request in requests:
        if request.state == RequestState.OPEN:
            request.state = RequestState.CLOSED
        request.sealed_values = request.sealed_answer = None


def _agreed_now(work: Work, registrant_id: int, link_id: int) -> Agreed | None:
    """Give what a person agrees to of a link at this moment; None where no consent to it holds."""
    consent = live.latest_consent(work.session, registrant_id, link_id)
    if consent is None or not is_live(work, consent):
        return None
    own = live.facts_opened(work.session, [registrant_id], work.today)[registrant_id]
    return Agreed(
        scope=consent.scope,
        purposes=frozenset(),
        attributes=frozenset(consent.attributes),
        given_on=consent.given_at.astimezone(TOKYO).date(),
        until=consent.expires_on,
        classes=own,
        household_classes=_household_now(work, registrant_id, own),
    )


def is_live(work: Work, consent: LinkConsent) -> bool:
    return standing_of((each.kind for each in consent.events), consent.expires_on, work.today) is Standing.LIVE


def _household_now(work: Work, registrant_id: int, own: frozenset[ConsentClass]) -> frozenset[ConsentClass]:
    """Give what the household has opened. Where nothing is known of it, nothing is known to have closed.

    Of somebody under protection nothing is held: were it taken for closed, the other system would hear of it.
    """
    sealed = work.session.scalar(select(LinkHolding.sealed).where(LinkHolding.registrant_id == registrant_id))
    if sealed is None:
        return own
    return opened_by_all(work, Held.opened(work.office.cipher, registrant_id, sealed), own)


def _handed_over(session: Session, registrant_id: int, link_id: int) -> dict[int, HandedOver]:
    """Give by machine what it got of a person and was not asked to delete since."""
    asked = _asked(session, registrant_id, link_id)
    got: defaultdict[int, HandedOver] = defaultdict(HandedOver)
    for row in session.execute(_left(registrant_id, link_id)).all():
        still = {each for each in row.released if asked.get((row.client_id, each), row.at) <= row.at}
        if still:
            got[row.client_id].attributes |= still
            got[row.client_id].request_ids.add(row.request_id)
    return got


def _left(registrant_id: int, link_id: int) -> Select[int, list[str], int | None, datetime]:
    """What left, when for the last time. Sent a second time it is the same, or stands in the log as a release."""
    at = func.max(LinkUse.at).label("at")
    theirs = (LinkUse.registrant_id == registrant_id, LinkUse.link_id == link_id, LinkUse.outcome == live.RELEASED)
    return (
        select(LinkUse.client_id, LinkUse.released, LinkUse.request_id, at)
        .where(*theirs, LinkUse.request_id.is_not(None))
        .group_by(LinkUse.client_id, LinkUse.released, LinkUse.request_id)
    )


def _asked(session: Session, registrant_id: int, link_id: int) -> Mapping[tuple[int, str], datetime]:
    """Give when each machine was last asked to delete each attribute."""
    deletions = session.scalars(
        select(LinkDeletion)
        .where(LinkDeletion.registrant_id == registrant_id, LinkDeletion.link_id == link_id)
        .order_by(LinkDeletion.id)
    ).all()
    return {(each.client_id, code): each.asked_at for each in deletions for code in each.attributes}
