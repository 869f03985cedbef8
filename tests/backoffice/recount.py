"""What the tallies ought to say: every counted row is read and counted anew, and every recipient of a notice."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from backoffice.audiences.models import Recipient
from backoffice.audiences.moving import CAME_BACK, REASONS, key_of, minute_key
from backoffice.audiences.workflow import RecipientState
from backoffice.db import Base, Counted
from backoffice.db.tallies import Tally, TallyKey

COUNTED = tuple(mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Counted))


def recounted(session: Session) -> dict[TallyKey, int]:
    amounts: Counter[TallyKey] = Counter()
    for model in COUNTED:
        for row in session.scalars(select(model).options(lazyload("*"))):
            amounts.update(row.shares())
    for row in session.scalars(select(Recipient)):
        amounts[key_of(row.run_id, RecipientState(row.state))] += 1
        amounts[TallyKey(REASONS, row.run_id, 0, row.reason)] += bool(row.reason)
        amounts[TallyKey(REASONS, row.run_id, 0, CAME_BACK)] += bool(row.came_back)
        if row.state == RecipientState.ACCEPTED and row.settled_at is not None:
            amounts[minute_key(row.run_id, row.settled_at)] += 1
    return {key: amount for key, amount in amounts.items() if amount}


def kept(session: Session) -> dict[TallyKey, int]:
    rows = session.scalars(select(Tally).where(Tally.amount != 0))
    return {TallyKey(row.name, row.about_id, row.department_id, row.mark): row.amount for row in rows}
