"""Which key signs, and which are believed? The newest signs; older ones are believed while what they signed holds."""

from datetime import date

from sqlalchemy import exists, func, or_, select

from backoffice.digital_id.events import IssuingKeyDistrusted, IssuingKeyMade
from backoffice.digital_id.models import DigitalId, IssuingKey
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
    """Make a key that signs from now on; what others signed stays believed."""
    key = new_key()
    row = IssuingKey(
        name=thumbprint(key),
        public=public_part(key),
        sealed_private=work.office.cipher.seal(private_bytes(key), PURPOSE),
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.record(IssuingKeyMade(row.id))
    return row


def distrust_older(work: Work, kept: IssuingKey) -> None:
    """Believe from now on nothing that any key but `kept` signed."""
    others = select(IssuingKey).where(IssuingKey.id != kept.id, IssuingKey.distrusted_at.is_(None))
    for row in work.session.scalars(others):
        row.distrusted_at = work.now
        work.record(IssuingKeyDistrusted(row.id))


def newest_key(work: Work) -> IssuingKey | None:
    return work.session.scalars(select(IssuingKey).order_by(IssuingKey.id.desc()).limit(1)).one_or_none()


def signing_key(work: Work, row: IssuingKey) -> Key:
    return from_private_bytes(work.office.cipher.open(row.sealed_private, PURPOSE))


def believed_keys(work: Work, today: date) -> list[IssuingKey]:
    """Give the newest key and every other that signed something which may still be in force."""
    newest = select(func.max(IssuingKey.id)).scalar_subquery()
    in_force = exists().where(DigitalId.key_id == IssuingKey.id, DigitalId.expires_on >= today)
    return list(
        work.session.scalars(
            select(IssuingKey)
            .where(IssuingKey.distrusted_at.is_(None), or_(IssuingKey.id == newest, in_force))
            .order_by(IssuingKey.id)
        )
    )


def believed(rows: list[IssuingKey]) -> dict[str, Key]:
    return {row.name: key_of(row.public) for row in rows}
