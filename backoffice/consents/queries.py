"""Who is registered, and which consents hold? By exact pseudonym or by a look that was opened, never by browsing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.audit import AuditEvent
from backoffice.consents.events import RegistrantSoughtInVain
from backoffice.consents.models import Consent, ConsentEvent, Registrant, RegistrantChannel, RegistrantLook
from backoffice.consents.workflow import ChannelKind, Happened
from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Staff
from workflows.rules.vocabulary import ConsentClass

MOST_LOOKS = 50
"""The latest that a page shows."""


def holds_on(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition that a consent holds on a day."""
    ended = (Happened.WITHDRAWN, Happened.REPLACED)
    return and_(
        Consent.expires_on >= day,
        ~exists().where(ConsentEvent.consent_id == Consent.id, ConsentEvent.kind.in_(ended)),
    )


def registrant_by_mark(session: Session, mark: str, *, locked: bool = False) -> Registrant | None:
    """Give whom a mark stands for; `locked` lets whoever else changes their consents wait until the unit is over."""
    found = select(Registrant).where(Registrant.mark == mark)
    return session.scalars(found.with_for_update() if locked else found).one_or_none()


def registrant_with_consent(session: Session, reference: str) -> Registrant | None:
    """Give who gave the consent of this reference, whatever became of it."""
    return session.scalars(
        select(Registrant).join(Consent, Consent.registrant_id == Registrant.id).where(Consent.reference == reference)
    ).one_or_none()


def count_vain(session: Session, staff_id: int | None, since: datetime) -> int:
    """Count how often a member of staff has sought somebody in vain."""
    theirs = (AuditEvent.staff_id == staff_id, AuditEvent.kind == RegistrantSoughtInVain.kind, AuditEvent.at > since)
    return session.scalar(select(func.count()).select_from(AuditEvent).where(*theirs)) or 0


def consents_of(session: Session, registrant_id: int) -> Sequence[Consent]:
    """Give every consent that a registrant ever gave, the newest first, with what became of it and who took it."""
    found = (
        select(Consent)
        .where(Consent.registrant_id == registrant_id)
        .options(joinedload(Consent.events).joinedload(ConsentEvent.staff))
        .order_by(Consent.id.desc())
    )
    return session.scalars(found).unique().all()


def live_consent(session: Session, registrant_id: int, kind: ConsentClass, day: date) -> Consent | None:
    return session.scalars(
        select(Consent)
        .where(Consent.registrant_id == registrant_id, Consent.kind == kind, holds_on(day))
        .options(joinedload(Consent.registrant))
    ).one_or_none()


def last_event(session: Session, registrant_id: int) -> int:
    """Give a mark of the last thing that happened to a registrant's consents; 0 where nothing has."""
    own = select(func.max(ConsentEvent.id)).join(ConsentEvent.consent).where(Consent.registrant_id == registrant_id)
    return session.scalar(own) or 0


def find_consent(session: Session, registrant_id: int, consent_id: int) -> Consent:
    """Give a consent of a registrant with what became of it. Raises NotThere, also for another registrant's."""
    return one_or_not_there(
        session,
        select(Consent)
        .where(Consent.id == consent_id, Consent.registrant_id == registrant_id)
        .options(selectinload(Consent.events), joinedload(Consent.registrant)),
    )


def find_look(session: Session, look_id: int, staff_id: int | None, since: datetime) -> RegistrantLook:
    """Give a look that this member of staff opened, not before `since`. Raises NotThere."""
    return one_or_not_there(
        session,
        select(RegistrantLook)
        .where(RegistrantLook.id == look_id, RegistrantLook.staff_id == staff_id, RegistrantLook.opened_at >= since)
        .options(joinedload(RegistrantLook.registrant)),
    )


def looks_at(session: Session, registrant_id: int, most: int | None = MOST_LOOKS) -> Sequence[RegistrantLook]:
    """Give who looked at a registrant last; None: all of them."""
    return session.scalars(
        select(RegistrantLook)
        .where(RegistrantLook.registrant_id == registrant_id)
        .options(joinedload(RegistrantLook.staff).joinedload(Staff.department))
        .order_by(RegistrantLook.id.desc())
        .limit(most)
    ).all()


def lock_registrant(session: Session, registrant_id: int) -> None:
    """Let whoever else changes this registrant's consents wait until the unit is over."""
    session.scalars(select(Registrant.id).where(Registrant.id == registrant_id).with_for_update()).one()


def lock_registrants(session: Session, registrant_ids: Collection[int]) -> None:
    """Do the same for several, in one order: two who lock the same never wait for each other."""
    wanted = select(Registrant.id).where(Registrant.id.in_(registrant_ids)).order_by(Registrant.id)
    session.scalars(wanted.with_for_update()).all()


def consent_called(session: Session, registrant_id: int, reference: str) -> Consent | None:
    """Give a consent of a registrant by its reference, with what became of it; None also for another's."""
    return session.scalars(
        select(Consent)
        .where(Consent.reference == reference, Consent.registrant_id == registrant_id)
        .options(selectinload(Consent.events))
    ).one_or_none()


def channel_of(session: Session, registrant_id: int, kind: ChannelKind) -> RegistrantChannel | None:
    return session.scalars(
        select(RegistrantChannel).where(
            RegistrantChannel.registrant_id == registrant_id, RegistrantChannel.kind == kind
        )
    ).one_or_none()


def channels_of(session: Session, registrant_id: int) -> Sequence[RegistrantChannel]:
    return session.scalars(
        select(RegistrantChannel)
        .where(RegistrantChannel.registrant_id == registrant_id)
        .order_by(RegistrantChannel.kind)
    ).all()


def consent_with_evidence(session: Session, registrant_id: int, kind: ConsentClass, mark: str) -> bool:
    """Say whether a registrant's consent with this evidence is kept, whatever became of it."""
    found = select(Consent.id).where(
        Consent.registrant_id == registrant_id, Consent.kind == kind, Consent.evidence_sha256 == mark
    )
    return session.scalars(found.limit(1)).first() is not None
