"""Which browsers let a person in before? They are not slowed down by what strangers try elsewhere."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.accounts.models import KnownDevice
from backoffice.identity.sessions import hash_of
from backoffice.work import Work

KEPT = timedelta(days=180)


def known_as(session: Session, token: str, staff_id: int | None, now: datetime) -> str:
    """Give the browser's lasting name where it let this person in before, or nothing."""
    if not token or staff_id is None:
        return ""
    found = session.scalars(
        select(KnownDevice.token_hash).where(
            KnownDevice.token_hash == hash_of(token), KnownDevice.staff_id == staff_id, KnownDevice.used_at > now - KEPT
        )
    ).one_or_none()
    return found or ""


def remember(work: Work, token: str, staff_id: int) -> str:
    """Note that this browser let the person in, and give the token it should hold: its own if we made it, or a new one.

    Call it only when the person is inside: a right password alone makes no browser known.
    """
    ours = (
        token
        and work.session.scalars(
            select(KnownDevice.id).where(KnownDevice.token_hash == hash_of(token)).limit(1)
        ).first()
    )
    held = token if ours else work.office.services.token()
    values = {"token_hash": hash_of(held), "staff_id": staff_id, "used_at": work.now}
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    # Two sign-ins at once in one browser: the second finds the row of the first.
    work.session.execute(
        dialect.insert(KnownDevice)
        .values(values)
        .on_conflict_do_update(index_elements=["token_hash", "staff_id"], set_={"used_at": work.now})
    )
    return held


def forget(session: Session, staff_id: int) -> None:
    """Let no browser count as known to this person any more."""
    session.execute(delete(KnownDevice).where(KnownDevice.staff_id == staff_id))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(KnownDevice).where(KnownDevice.used_at <= now - KEPT))
