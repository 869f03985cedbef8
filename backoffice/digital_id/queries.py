"""Which digital IDs are there? Found by number or by place in the list; counted by tallies, never listed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backoffice.consents.models import Registrant
from backoffice.db import tallies
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.digital_id.models import (
    LIVE,
    REVOKED,
    SAID_NO,
    SAID_YES,
    DigitalId,
    IssuingKey,
    SpentNonce,
    WalletNonce,
)
from backoffice.digital_id.workflow import State

MOST_LISTED = 20
MOST_A_DAY = 20_000


def find_registrant(session: Session, registrant_id: int) -> Registrant:
    return one_or_not_there(session, select(Registrant).where(Registrant.id == registrant_id))


def find_by_number(session: Session, number: str) -> DigitalId:
    """Give a digital ID, for whoever changes it: others who would wait. Raises NotThere."""
    return one_or_not_there(session, select(DigitalId).where(DigitalId.number == number).with_for_update())


def by_place(session: Session, place: int) -> DigitalId | None:
    return session.scalars(select(DigitalId).where(DigitalId.place == place)).one_or_none()


def live_of(session: Session, *registrant_ids: int) -> Sequence[DigitalId]:
    """Give registrants' digital IDs that were not revoked, for whoever revokes them: a withdrawal waits its turn."""
    return session.scalars(
        select(DigitalId)
        .where(DigitalId.registrant_id.in_(registrant_ids), DigitalId.state == State.LIVE)
        .order_by(DigitalId.id)
        .with_for_update()
    ).all()


def living_on(session: Session, thumbprint: str) -> DigitalId | None:
    """Give the digital ID that lives on a wallet's key, for whoever replaces it."""
    return session.scalars(
        select(DigitalId)
        .where(DigitalId.holder_thumbprint == thumbprint, DigitalId.state == State.LIVE)
        .with_for_update()
    ).one_or_none()


def long_over(session: Session, before: date) -> Sequence[DigitalId]:
    """Give those that ended before a day and of which it is still known whose they were; the rest another day."""
    return session.scalars(
        select(DigitalId)
        .where(DigitalId.expires_on < before, DigitalId.registrant_id.is_not(None))
        .order_by(DigitalId.id)
        .limit(MOST_A_DAY)
    ).all()


def own(session: Session, registrant_id: int) -> Sequence[DigitalId]:
    """Give a registrant's digital IDs, the newest first."""
    return session.scalars(
        select(DigitalId)
        .where(DigitalId.registrant_id == registrant_id)
        .order_by(DigitalId.id.desc())
        .limit(MOST_LISTED)
    ).all()


def in_force(today: date) -> Select[int | None]:
    """The statement that gives the registrants who have a digital ID that holds today."""
    return select(DigitalId.registrant_id).where(DigitalId.state == State.LIVE, DigitalId.expires_on >= today)


def waited_for(now: datetime) -> Select[int]:
    """The statement that gives the registrants who wait for a digital ID."""
    return select(WalletNonce.registrant_id).where(WalletNonce.until > now)


def revoked_places(session: Session, today: date) -> Sequence[int]:
    """Give the places of those that were revoked and would hold today; an expired one is refused for its date."""
    return session.scalars(
        select(DigitalId.place).where(DigitalId.state == State.REVOKED, DigitalId.expires_on >= today)
    ).all()


def stopped_at(session: Session) -> datetime | None:
    """Give when keys were last believed no more; None where they never were."""
    return session.scalar(select(func.max(IssuingKey.distrusted_at)))


def is_spent(session: Session, mark: str) -> bool:
    return session.scalar(select(SpentNonce.id).where(SpentNonce.mark == mark)) is not None


def standing(session: Session, today: date) -> tuple[int, int, int]:
    """Say how many digital IDs are live, have expired, and were revoked."""
    day = today.isoformat()
    live = _total(session, LIVE, after=day)
    return live, _total(session, LIVE) - live, _total(session, REVOKED)


def checks_by_rule(session: Session) -> dict[str, tuple[int, int]]:
    """Say how often each rule was answered yes and no."""
    yes, no = (
        {rule: amount for (_about, rule), amount in tallies.amounts(session, name).items()}
        for name in (SAID_YES, SAID_NO)
    )
    return {rule: (yes.get(rule, 0), no.get(rule, 0)) for rule in yes.keys() | no.keys()}


def _total(session: Session, name: str, after: str = "") -> int:
    total = select(func.coalesce(func.sum(Tally.amount), 0)).where(Tally.name == name, Tally.mark >= after)
    return int(session.scalar(total) or 0)
