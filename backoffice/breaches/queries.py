"""Which leaks are there, and what has been counted of each?"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.breaches.models import Breach, BreachCount
from backoffice.data_links.models import Link
from backoffice.db.lookup import one_or_not_there
from backoffice.inbox.models import Case
from backoffice.web.lists import PAGE_SIZE

MOST_LISTED = 50


def find_breach(session: Session, breach_id: int) -> Breach:
    """Give a leak with its link. Raises NotThere."""
    return one_or_not_there(session, select(Breach).where(Breach.id == breach_id).options(joinedload(Breach.link)))


def count_breaches(session: Session) -> int:
    return session.scalar(select(func.count(Breach.id))) or 0


def list_breaches(session: Session, offset: int) -> Sequence[tuple[Breach, Case]]:
    """Give a page of leaks, the newest first, each with its case."""
    return session.execute(
        select(Breach, Case)
        .join(Case, Case.id == Breach.case_id)
        .options(joinedload(Breach.link))
        .order_by(Breach.id.desc())
        .offset(offset)
        .limit(PAGE_SIZE)
    ).all()


def counts_of(session: Session, breach_id: int) -> Sequence[BreachCount]:
    """Give what was counted, the newest first."""
    return session.scalars(
        select(BreachCount)
        .where(BreachCount.breach_id == breach_id)
        .options(joinedload(BreachCount.staff))
        .order_by(BreachCount.id.desc())
        .limit(MOST_LISTED)
    ).all()


def links_to_choose(session: Session) -> Sequence[tuple[int, str]]:
    """Give the links through which it may have left, for a form."""
    found = session.execute(select(Link.id, Link.name, Link.code).order_by(Link.name)).all()
    return [(row.id, f"{row.name} {row.code}") for row in found]


def begun_lately(
    session: Session, link_id: int | None, days: tuple[date | None, date | None], known_on: date, since: datetime
) -> bool:
    """Say whether a leak of the same link, days and day of knowing was begun after a moment."""
    same = select(Breach.id).where(
        Breach.link_id == link_id,
        Breach.first_day == days[0],
        Breach.last_day == days[1],
        Breach.known_on == known_on,
        Breach.begun_at > since,
    )
    return session.scalars(same.limit(1)).first() is not None
