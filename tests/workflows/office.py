"""The office as the tests of routes know it: its roles, places, forms and facts."""

from forms.catalogue import every_definition
from forms.field_types import FieldType
from workflows.catalogue import FACTS
from workflows.routes import Known, Route, RouteKind, check_route

ROLES = frozenset(
    {"clerk", "head", "privacy_officer", "dx_office", "verifier", "bot_operator", "auditor", "administrator"}
)
PLACES = frozenset({"owner", "coordinating", "anywhere"})


def office(facts: dict[str, FieldType] | None = None, accounts: frozenset[str] | None = None) -> Known:
    return Known(ROLES, PLACES, every_definition(), facts or {}, accounts)


def known_for(kind: RouteKind) -> Known:
    return office(dict(FACTS[kind]))


def found(route: Route, kind: RouteKind, known: Known) -> list[tuple[str | None, str]]:
    """The element and the code of each problem."""
    return [(problem.element_id, problem.code) for problem in check_route(route, kind, known)]
