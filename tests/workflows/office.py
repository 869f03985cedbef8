"""The office as the tests of routes know it: its roles, places, forms and facts."""

from collections.abc import Mapping

from forms.catalogue import every_definition
from forms.definition import FormField
from forms.field_types import FieldType
from workflows.catalogue import facts_of
from workflows.routes import Known, Route, RouteKind, check_route

ROLES = frozenset(
    {"clerk", "head", "privacy_officer", "dx_office", "verifier", "bot_operator", "auditor", "administrator"}
)
COORDINATED = {RouteKind.DATA_LINK, RouteKind.PROPOSAL, RouteKind.GRANT_REVIEW, RouteKind.PETITION}
PLACES = frozenset({"owner", "coordinating", "anywhere"})


def office(facts: Mapping[str, FieldType] | None = None, accounts: frozenset[str] | None = None) -> Known:
    asked = [
        FormField(key=key, label=key, label_en=key, type=kind, required=True) for key, kind in (facts or {}).items()
    ]
    return Known(ROLES, PLACES, every_definition(), {field.key: field for field in asked}, accounts)


def known_for(kind: RouteKind) -> Known:
    """Only cases of coordinated kinds name a second department."""
    places = PLACES if kind in COORDINATED else PLACES - {"coordinating"}
    return Known(ROLES, places, every_definition(), facts_of(kind))


def found(route: Route, kind: RouteKind, known: Known) -> list[tuple[str | None, str]]:
    """The element and the code of each problem."""
    return [(problem.element_id, problem.code) for problem in check_route(route, kind, known)]
