"""Whose consents are over? Noted once, on the day after the last, so that what follows from an end follows then."""

from datetime import timedelta

from sqlalchemy import Select, exists, select

from backoffice.consents.events import ConsentExpired
from backoffice.consents.models import Consent, ConsentEvent
from backoffice.consents.queries import lock_registrants
from backoffice.consents.workflow import Happened
from backoffice.identity import Actor, Origin
from backoffice.work import Office, Work

WORKER = Actor.house(Origin.WORKER)
AT_A_TIME = 500
"""Consents a unit: others write in between."""
LOOKS_BACK = timedelta(days=400)
"""So long the worker may have stood still; what ended earlier is not gone through every day."""


def note(office: Office) -> int:
    """Note whose consents to facts are over, and give how many."""
    noted = 0
    while some := _note_some(office):
        noted += some
    return noted


def _note_some(office: Office) -> int:
    with office.look(WORKER) as work:
        over = work.session.execute(_over(work)).all()
    if not over:
        return 0
    with office.unit(WORKER) as work:
        lock_registrants(work.session, {row.registrant_id for row in over})
        # Asked anew: somebody may have withdrawn one of them since.
        still = work.session.execute(_over(work).where(Consent.id.in_([row.id for row in over]))).all()
        for row in still:
            work.session.add(ConsentEvent(consent_id=row.id, kind=Happened.EXPIRED, at=work.now))
            work.session.flush()
            work.record(ConsentExpired(row.registrant_id, row.id))
    return len(over)


def _over(work: Work) -> Select[int, int]:
    """Give consents that are over and of which nobody has said so."""
    said = exists().where(ConsentEvent.consent_id == Consent.id, ConsentEvent.kind != Happened.GIVEN)
    days = (Consent.expires_on < work.today, Consent.expires_on >= work.today - LOOKS_BACK)
    return select(Consent.id, Consent.registrant_id).where(*days, ~said).order_by(Consent.id).limit(AT_A_TIME)
