"""What was counted last at each counter, and through a day at one?"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.crowding.models import CrowdReading
from backoffice.crowding.workflow import KEPT, PACE, WARD_CODES, Counter
from backoffice.services import TOKYO


def newest(session: Session) -> Sequence[CrowdReading]:
    """Give the newest count of each counter: one step into an index for each, however many were counted."""
    last = [
        select(CrowdReading.id)
        .where(CrowdReading.ward == ward, CrowdReading.counter == counter)
        .order_by(CrowdReading.counted_at.desc())
        .limit(1)
        .scalar_subquery()
        for ward in WARD_CODES
        for counter in Counter
    ]
    return session.scalars(select(CrowdReading).where(CrowdReading.id.in_(last))).all()


def of_day(session: Session, ward: str, counter: Counter, day: date) -> Sequence[tuple[datetime, int]]:
    """Give when how many waited at a counter on a day in Tokyo."""
    begins = datetime.combine(day, time(), TOKYO)
    found = session.execute(
        select(CrowdReading.counted_at, CrowdReading.waiting)
        .where(
            CrowdReading.ward == ward,
            CrowdReading.counter == counter,
            CrowdReading.counted_at >= begins,
            CrowdReading.counted_at < begins + timedelta(days=1),
        )
        .order_by(CrowdReading.counted_at)
    ).all()
    return [(at, waiting) for at, waiting in found]


def too_near(session: Session, ward: str, counter: Counter, at: datetime) -> bool:
    """Say whether the same counter was counted just before or after, at another moment than this."""
    found = select(CrowdReading.id).where(
        CrowdReading.ward == ward,
        CrowdReading.counter == counter,
        CrowdReading.counted_at > at - PACE,
        CrowdReading.counted_at < at + PACE,
        CrowdReading.counted_at != at,
    )
    return session.scalars(found.limit(1)).first() is not None


def forget_before(session: Session, ward: str, counter: Counter, now: datetime) -> None:
    session.execute(
        delete(CrowdReading).where(
            CrowdReading.ward == ward, CrowdReading.counter == counter, CrowdReading.counted_at < now - KEPT
        )
    )
