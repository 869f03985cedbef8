"""Who hears that an agreement ends soon, or is to be looked at again? Once for each day that comes near, and distance.

What was told stands in a row of its own, unique: a worker that dies, sleeps a month or has another beside it tells
nothing twice, and of distances that passed meanwhile only the nearest. People read it in their morning mail and in the
list of links.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.data_links import live, queries
from backoffice.data_links.events import LinkReminded
from backoffice.data_links.models import Link, LinkReminder, LinkVersion
from backoffice.data_links.review_days import review_days
from backoffice.data_links.weighing import terms_of
from backoffice.identity import Actor, Department, Grant, Origin, Permission, Role
from backoffice.identity.permissions import ROLE_PERMISSIONS
from backoffice.inbox.desks import grants_today
from backoffice.web.translations import _
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
DAYS_BEFORE = (60, 30, 7)
MOST_LISTED = 10


class Matter(StrEnum):
    """Which day of an agreement comes near."""

    ENDS = "ends"
    REVIEW = "review"


COMES_NEAR = {Matter.ENDS: _("あと%(n)s日で終わる"), Matter.REVIEW: _("見直しまで%(n)s日")}
IS_TODAY = {Matter.ENDS: _("今日で終わる"), Matter.REVIEW: _("今日が見直しの日")}


@dataclass(frozen=True)
class Near:
    """A day of a link that comes near, and which of the distances was passed last."""

    link_id: int
    matter: Matter
    day: date
    days_before: int


def days_near(session: Session, versions: Collection[LinkVersion], today: date) -> Iterator[Near]:
    """Give the days of these versions in force that are as near as somebody is to hear of; none that is over."""
    reviews = review_days(session, versions)
    for version in versions:
        ends, review = terms_of(version).valid_until, reviews[version.link_id]
        for matter, day in ((Matter.ENDS, ends), (Matter.REVIEW, review)):
            passed = [days for days in DAYS_BEFORE if day - timedelta(days=days) <= today <= min(day, ends)]
            if passed:
                yield Near(version.link_id, matter, day, min(passed))


def tick(office: Office) -> int:
    """Note whatever has come near since, and give how much that was."""
    with office.look(HOUSE) as work:
        versions = live.links_in_force(work.session)
        told = _told(work.session, work.today)
        new = [each for each in days_near(work.session, versions, work.today) if each not in told]
    return sum(_tell(office, each) for each in new)


def _tell(office: Office, near: Near) -> bool:
    with office.unit(HOUSE) as work:
        queries.lock_link(work.session, near.link_id)
        # Asked again behind the lock: a second worker, or a new version, may have been quicker.
        if near not in _still_near(work, near.link_id) or near in _told(work.session, work.today):
            return False
        work.session.add(
            LinkReminder(
                link_id=near.link_id, matter=near.matter, day=near.day, days_before=near.days_before, at=work.now
            )
        )
        work.record(LinkReminded(near.link_id, str(near.matter), near.days_before))
    return True


def _still_near(work: Work, link_id: int) -> list[Near]:
    version = queries.version_in_force(work.session, link_id)
    return [] if version is None else list(days_near(work.session, [version], work.today))


def _told(session: Session, today: date) -> set[Near]:
    """Give what was told of days that are not over."""
    rows = session.scalars(select(LinkReminder).where(LinkReminder.day >= today)).all()
    return {Near(row.link_id, Matter(row.matter), row.day, row.days_before) for row in rows}


def count_told(session: Session, today: date, since: datetime) -> Mapping[int, int]:
    """Give for each person of how many links they were told since: who writes agreements there, and the DX office."""
    paths = session.scalars(
        select(Department.path)
        .join(Link, Link.department_id == Department.id)
        .where(exists().where(LinkReminder.link_id == Link.id, LinkReminder.at > since))
    ).all()
    if not paths:
        return {}
    counted = {
        staff_id: sum(any(_answers_for(grant, path) for grant in grants) for path in paths)
        for staff_id, grants in grants_today(session, today).items()
    }
    return {staff_id: count for staff_id, count in counted.items() if count}


def _answers_for(grant: Grant, path: str) -> bool:
    if grant.role is Role.DX_OFFICE:
        return True
    return Permission.LINK_WRITE in ROLE_PERMISSIONS[grant.role] and path.startswith(grant.department_path)


def told_lately(session: Session, today: date) -> Sequence[tuple[Link, Near]]:
    """Give the links whose days come near, the nearest first; not those that a newer version has moved."""
    rows = session.scalars(
        select(LinkReminder)
        .join(LinkReminder.link)
        .where(LinkReminder.day >= today, Link.shut_at.is_(None))
        .options(joinedload(LinkReminder.link))
        .order_by(LinkReminder.day, LinkReminder.days_before)
        .limit(MOST_LISTED * len(DAYS_BEFORE) * len(Matter))
    ).all()
    links = {row.link_id: row.link for row in rows}
    current = session.scalars(select(LinkVersion).where(LinkVersion.link_id.in_(links), queries.COUNTS)).all()
    near = days_near(session, current, today)
    return [(links[each.link_id], each) for each in sorted(near, key=lambda one: (one.day, one.link_id))][:MOST_LISTED]
