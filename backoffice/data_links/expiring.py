"""Whose consents to links are over? Noted once, on the day after the last, and whoever got data is to delete it."""

from sqlalchemy import Select, exists, select

from backoffice.consents.expiring import AT_A_TIME, LOOKS_BACK, WORKER
from backoffice.consents.queries import lock_registrants
from backoffice.consents.workflow import Happened
from backoffice.data_links.endings import settle
from backoffice.data_links.events import LinkConsentExpired
from backoffice.data_links.models import LinkConsent, LinkConsentEvent
from backoffice.data_links.workflow import DeletionCause
from backoffice.work import Office, Work


def note(office: Office) -> int:
    """Note whose consents to links are over, and give how many."""
    noted = 0
    while some := _note_some(office):
        noted += some
    return noted


def _note_some(office: Office) -> int:
    with office.look(WORKER) as work:
        over = work.session.scalars(_over(work)).all()
    if not over:
        return 0
    with office.unit(WORKER) as work:
        lock_registrants(work.session, {each.registrant_id for each in over})
        # Asked anew: somebody may have withdrawn one of them since.
        for consent in work.session.scalars(_over(work).where(LinkConsent.id.in_([each.id for each in over]))).all():
            work.session.add(LinkConsentEvent(consent=consent, kind=Happened.EXPIRED, at=work.now))
            work.session.flush()
            work.record(LinkConsentExpired(consent.link_id, consent.id))
            settle(work, consent.registrant_id, consent.link_id, DeletionCause.EXPIRED)
    return len(over)


def _over(work: Work) -> Select[LinkConsent]:
    """Give consents that are over and of which nobody has said so."""
    said = exists().where(LinkConsentEvent.consent_id == LinkConsent.id, LinkConsentEvent.kind != Happened.GIVEN)
    days = (LinkConsent.expires_on < work.today, LinkConsent.expires_on >= work.today - LOOKS_BACK)
    return select(LinkConsent).where(*days, ~said).order_by(LinkConsent.id).limit(AT_A_TIME)
