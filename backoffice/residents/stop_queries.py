"""To whom is nothing sent, and how old is what is known of that? Asked for many at once, by whoever sends."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.residents.models import RefusedFeed, ResidentStop, StopFeed
from backoffice.residents.stop_file import StopKind

SHOWN = 30
AT_A_TIME = 5_000
"""Marks a statement: databases take so many values and not many more."""


def holds_on(day: date) -> ColumnElement[bool]:
    """The condition on `ResidentStop` that it holds on a day: who reports a move is a resident until they move."""
    begun = or_(ResidentStop.kind != StopKind.MOVED_OUT, ResidentStop.on <= day)
    return and_(ResidentStop.ended_at.is_(None), begun)


def stops_of(session: Session, marks: Collection[str], day: date) -> Mapping[str, frozenset[StopKind]]:
    """Give why nothing is sent to whom of these; whoever may be written to is not among the answers.

    `marks` are those of `consents.service.mark_of`, by which registrants are known.
    """
    found: dict[str, frozenset[StopKind]] = {}
    for stop in in_force(session, marks, holds_on(day)):
        found[stop.mark] = found.get(stop.mark, frozenset()) | {StopKind(stop.kind)}
    return found


def stopped_among(session: Session, marks: Select[str], day: date) -> frozenset[str]:
    """Give those of the marks that a statement finds to whom nothing is sent."""
    return frozenset(session.scalars(select(ResidentStop.mark).where(ResidentStop.mark.in_(marks), holds_on(day))))


def in_force(session: Session, marks: Collection[str], *where: ColumnElement[bool]) -> Sequence[ResidentStop]:
    """Give the stops of these people that were not taken back."""
    wanted, every = select(ResidentStop).where(ResidentStop.ended_at.is_(None), *where), list(marks)
    parts = (every[at : at + AT_A_TIME] for at in range(0, len(every), AT_A_TIME))
    return [stop for part in parts for stop in session.scalars(wanted.where(ResidentStop.mark.in_(part)))]


def covered_until(session: Session) -> datetime | None:
    """Give until when all is known that happened to residents; None where no feed ever came."""
    return session.scalar(select(func.max(StopFeed.complete_until)))


def reaching_beyond(session: Session, moment: datetime) -> datetime | None:
    """Give until when a feed tells that begins no later than `moment` and reaches beyond it; None where none does."""
    joins = (StopFeed.covers_from <= moment, StopFeed.covers_until > moment)
    return session.scalar(select(func.max(StopFeed.covers_until)).where(*joins))


def is_one_missing(session: Session) -> bool:
    """Say whether a feed between two others never came."""
    ends = session.execute(select(func.max(StopFeed.covers_until), func.max(StopFeed.complete_until))).one()
    return ends[0] is not None and ends[0] > ends[1]


def feed_age(session: Session, now: datetime) -> timedelta | None:
    """Give how old the newest feed is; None where none ever came. Nothing is sent on one that is too old."""
    until = covered_until(session)
    return None if until is None else max(now - until, timedelta(0))


def is_taken(session: Session, sha256: str) -> bool:
    return session.scalars(select(StopFeed.id).where(StopFeed.sha256 == sha256)).one_or_none() is not None


def newest_feeds(session: Session) -> Sequence[StopFeed]:
    newest = select(StopFeed).options(joinedload(StopFeed.received_by)).order_by(StopFeed.id.desc()).limit(SHOWN)
    return session.scalars(newest).all()


def refused_feeds(session: Session) -> Sequence[RefusedFeed]:
    return session.scalars(select(RefusedFeed).order_by(RefusedFeed.id.desc()).limit(SHOWN)).all()
