"""Which key signs receipts today, and which may be met on one?"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from backoffice.receipts.events import ReceiptKeyMade
from backoffice.receipts.models import ReceiptKey
from backoffice.work import Work
from workflows.credentials.signing import Key, from_private_bytes, new_key, private_bytes, public_part, thumbprint

PRIVATE = "receipt_key.private"
SIGNS_FOR = timedelta(days=365)


def key_that_signs(work: Work) -> ReceiptKey:
    """Give the key of this year, made when it is first needed.

    Two at once may make two: both are known, and the newer signs from then on.
    """
    newest = work.session.scalars(select(ReceiptKey).order_by(ReceiptKey.id.desc()).limit(1)).one_or_none()
    return newest if newest is not None and newest.made_at > work.now - SIGNS_FOR else _make(work)


def private_half(work: Work, key: ReceiptKey) -> Key:
    return from_private_bytes(work.office.cipher.open(key.sealed_private, PRIVATE))


def every_key(work: Work) -> Sequence[ReceiptKey]:
    """Give all that ever signed: a receipt is shown years later."""
    return work.session.scalars(select(ReceiptKey).order_by(ReceiptKey.id)).all()


def _make(work: Work) -> ReceiptKey:
    key = new_key()
    row = ReceiptKey(
        name=thumbprint(key),
        public=public_part(key),
        sealed_private=work.office.cipher.seal(private_bytes(key), PRIVATE),
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.record(ReceiptKeyMade(row.id))
    return row
