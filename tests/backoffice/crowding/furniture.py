"""Counts of waiting people for tests that look at pages: one counter through the morning."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backoffice.clients.models import MachineClient
from backoffice.crowding import service
from backoffice.crowding.service import Counted
from backoffice.crowding.workflow import Counter
from backoffice.work import Work

MOST_COUNTS = 1_000
"""Of a day that is counted every minute: what is older is not taken."""


def add_counts(work: Work, rows: int) -> dict[str, object]:
    client_id = work.session.scalars(select(MachineClient.id).order_by(MachineClient.id).limit(1)).first()
    if client_id is not None:
        counts = [
            Counted("chuo", Counter.TAX, number % 30, "picture-1", work.now - timedelta(minutes=number))
            for number in range(min(rows, MOST_COUNTS))
        ]
        service.keep(work, client_id, counts)
    return {"ward": "chuo", "counter": "tax"}
