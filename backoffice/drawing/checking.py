"""May this drawing be put into force in this office? What stands in the way, in the words of whoever draws it."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.drawing.kinds import COORDINATED
from backoffice.drawing.queries import route_drawn
from backoffice.identity import Role, Staff
from forms.catalogue import every_definition
from workflows.catalogue import facts_of
from workflows.routes import (
    ANYWHERE,
    COORDINATING,
    DRAFTER,
    OWNER,
    Known,
    Problem,
    ProblemSeverity,
    Route,
    RouteKind,
    RouteRefused,
    check_route,
    parts_not_drawn,
)


def problems_of(session: Session, kind: RouteKind, bpmn: str) -> tuple[Problem, ...]:
    """Find everything to mend in a drawing, and what to look at besides."""
    try:
        route = route_drawn(bpmn)
    except RouteRefused as refused:
        return refused.problems
    return _checked(bpmn, kind, frozenset(names_of(session, route)))


def keeps_from_force(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is ProblemSeverity.ERROR for problem in problems)


def names_of(session: Session, route: Route) -> dict[str, str]:
    """Give the names of the people whom a route asks by their account, as far as they work here."""
    asked = [each for step in route.steps.values() for each in (step.assignment, step.escalate_to) if each is not None]
    accounts = {each.person for each in asked if each.person} - {DRAFTER}
    if not accounts:
        return {}
    found = session.execute(select(Staff.account, Staff.name).where(Staff.account.in_(accounts), Staff.active))
    return {row.account: row.name for row in found}


@lru_cache(maxsize=64)
def _checked(bpmn: str, kind: RouteKind, accounts: frozenset[str]) -> tuple[Problem, ...]:
    """Every way of a route is walked; the same drawing is checked once a process."""
    places = {OWNER, ANYWHERE} | ({COORDINATING} if kind in COORDINATED else set())
    known = Known(set(Role), places, every_definition(), facts_of(kind), accounts)
    route = route_drawn(bpmn)
    return (*parts_not_drawn(route), *check_route(route, kind, known))
