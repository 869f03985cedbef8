"""Which version of a route is in force, and which days does the city not work?"""

from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.drawing.models import CityClosure, RouteVersion
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
