"""Which versions are there of a route, which is in force, and which days does the city not work?"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from backoffice.db import tallies
from backoffice.db.lookup import one_or_not_there
from backoffice.drawing.models import CASES_ON_VERSION, CityClosure, RouteAuthor, RouteVersion
from backoffice.drawing.workflow import VersionState
from workflows.routes import Route, read_route


def version_in_force(session: Session, kind: str, day: date) -> RouteVersion | None:
    """Give the version that a case beginning on `day` takes: the newest of those whose day has come."""
    return session.scalars(
        select(RouteVersion)
        .where(
            RouteVersion.kind == kind,
            RouteVersion.state == VersionState.ACTIVE,
            RouteVersion.effective_from <= day,
        )
        .order_by(RouteVersion.effective_from.desc(), RouteVersion.number.desc())
        .limit(1)
    ).one_or_none()


@lru_cache(maxsize=64)
def route_drawn(bpmn: str) -> Route:
    """Give the route of a drawing; the same drawing is read once a process."""
    return read_route(bpmn.encode())


def closures(session: Session) -> frozenset[date]:
    """Give the days on which the city is closed beyond the calendar."""
    return frozenset(session.scalars(select(CityClosure.day)))


def closure_rows(session: Session) -> Sequence[CityClosure]:
    return session.scalars(select(CityClosure).order_by(CityClosure.day.desc())).all()


def find_closure(session: Session, closure_id: int) -> CityClosure:
    return one_or_not_there(session, select(CityClosure).where(CityClosure.id == closure_id))


def find_version(session: Session, version_id: int) -> RouteVersion:
    """Give a version with whoever drew it and put it into force. Raises NotThere."""
    return one_or_not_there(
        session,
        select(RouteVersion)
        .where(RouteVersion.id == version_id)
        .options(
            joinedload(RouteVersion.drafted_by),
            joinedload(RouteVersion.activated_by),
            selectinload(RouteVersion.authors).joinedload(RouteAuthor.staff),
        ),
    )


def list_versions(session: Session, kind: str = "") -> Sequence[RouteVersion]:
    """Give all versions, of one kind or of every kind, the newest first, without their drawings."""
    statement = select(RouteVersion).order_by(RouteVersion.kind, RouteVersion.number.desc())
    if kind:
        statement = statement.where(RouteVersion.kind == kind)
    return session.scalars(
        statement.options(
            defer(RouteVersion.bpmn, raiseload=True),
            joinedload(RouteVersion.drafted_by),
            joinedload(RouteVersion.activated_by),
        )
    ).all()


def newest_in_force(versions: Iterable[RouteVersion], day: date) -> RouteVersion | None:
    """Give of the versions of one kind the one in force on `day`: what `version_in_force` asks the database."""
    come = [
        each
        for each in versions
        if each.state == VersionState.ACTIVE and each.effective_from is not None and each.effective_from <= day
    ]
    return max(come, key=lambda each: (each.effective_from, each.number), default=None)


def cases_on_versions(session: Session) -> dict[int, int]:
    """Give how many cases are on their way on each version."""
    return {about_id: amount for (about_id, _), amount in tallies.amounts(session, CASES_ON_VERSION).items()}
