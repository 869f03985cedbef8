"""Which key signs, and which are believed? The newest that two officers made; older ones while what they signed holds.

To stop believing takes one officer: whoever holds a leaked key makes digital IDs until then. To make a key takes two:
whoever could put in a key of their own, alone, would be the issuer.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from backoffice.digital_id.events import IssuingKeyConfirmed, IssuingKeyDistrusted, IssuingKeyMade
from backoffice.digital_id.models import DigitalId, IssuingKey
from backoffice.errors import NotPermitted, Overtaken
from backoffice.work import Work
from workflows.credentials.signing import (
    Key,
    from_private_bytes,
    key_of,
    new_key,
    private_bytes,
    public_part,
    thumbprint,
)

PURPOSE = "issuing_key.private"


def make_key(work: Work) -> IssuingKey:
    """Make a key that signs once somebody else has confirmed it."""
    key = new_key()
    row = IssuingKey(
        name=thumbprint(key),
        public=public_part(key),
        sealed_private=work.office.cipher.seal(private_bytes(key), PURPOSE),
        made_at=work.now,
        made_by_id=work.actor.staff_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record(IssuingKeyMade(row.id))
    return row


def confirm(work: Work, row: IssuingKey) -> None:
    """Let a key sign from now on; what others signed stays believed. Raises NotPermitted for whoever made it."""
    if row.confirmed_at is not None or row.distrusted_at is not None:
        raise Overtaken("この鍵は、もう確かめられたか、やめられています。最新の内容を確認してください。")
    if row.made_by_id is not None and row.made_by_id == work.actor.staff_id:
        raise NotPermitted("鍵は、作った人とは別の職員が確かめます。")
    row.confirmed_at, row.confirmed_by_id = work.now, work.actor.staff_id
    work.record(IssuingKeyConfirmed(row.id))


def distrust_all(work: Work) -> int:
    """Believe from now on nothing that any key signed until this moment, and give how many keys that were."""
    rows = work.session.scalars(select(IssuingKey).where(IssuingKey.distrusted_at.is_(None)).with_for_update()).all()
    for row in rows:
        row.distrusted_at = work.now
        work.record(IssuingKeyDistrusted(row.id))
    return len(rows)


def first_key(work: Work) -> IssuingKey | None:
    """Make the key of a house that never had one; None where it had, and two officers are to make another."""
    if work.session.scalars(select(IssuingKey.id).limit(1)).one_or_none() is not None:
        return None
    row = make_key(work)
    row.made_by_id = None  # nobody chose it
    confirm(work, row)
    return row


def newest_key(work: Work) -> IssuingKey | None:
    """Give the key that signs; None where there is none yet, or nothing is signed until two officers make one."""
    return work.session.scalars(
        select(IssuingKey).where(_signs()).order_by(IssuingKey.id.desc()).limit(1)
    ).one_or_none()


def waiting_key(work: Work) -> IssuingKey | None:
    """Give the key that waits to be confirmed, the newest if there are several."""
    waits = and_(IssuingKey.confirmed_at.is_(None), IssuingKey.distrusted_at.is_(None))
    return work.session.scalars(select(IssuingKey).where(waits).order_by(IssuingKey.id.desc()).limit(1)).one_or_none()


def signing_key(work: Work, row: IssuingKey) -> Key:
    return from_private_bytes(work.office.cipher.open(row.sealed_private, PURPOSE))


def believed_keys(work: Work, today: date) -> list[IssuingKey]:
    """Give the newest key and every other that signed something which may still be in force."""
    newest = select(func.max(IssuingKey.id)).where(_signs()).scalar_subquery()
    in_force = exists().where(DigitalId.key_id == IssuingKey.id, DigitalId.expires_on >= today)
    return list(
        work.session.scalars(
            select(IssuingKey).where(_signs(), or_(IssuingKey.id == newest, in_force)).order_by(IssuingKey.id)
        )
    )


def believed(rows: list[IssuingKey]) -> dict[str, Key]:
    return {row.name: key_of(row.public) for row in rows}


def _signs() -> ColumnElement[bool]:
    return and_(IssuingKey.confirmed_at.is_not(None), IssuingKey.distrusted_at.is_(None))
