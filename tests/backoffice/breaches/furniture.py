"""Leaks for tests that look at pages: each through the first link, begun and counted as the services do it."""

from __future__ import annotations

from datetime import timedelta

from backoffice.breaches import service
from backoffice.breaches.service import Told
from backoffice.data_links.affected import Days
from backoffice.data_links.models import Link
from backoffice.work import Work

NOBODY = 2_000_000_000


def add_breaches(work: Work, link_id: object, count: int) -> dict[str, object]:
    """Begin so many leaks; the first was counted once more."""
    link = work.session.get(Link, link_id)
    if link is None or not count:
        return {"breach_id": NOBODY}
    told = [
        Told("受信箱を取り違えた", "止めた", work.today, number % 2 == 0, link, days_before(work, number))
        for number in range(count)
    ]
    begun = [service.begin(work, each) for each in told]
    service.recount(work, begun[0])
    return {"breach_id": begun[0].id}


def days_before(work: Work, number: int) -> Days:
    return Days(work.today - timedelta(days=9 + number), work.today)
