"""Which approval routes does the office ship? One drawing a kind, and the facts it asks of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from forms.field_types import FieldType
from workflows.routes import Route, RouteKind, read_route


class UnknownRouteError(LookupError):
    """The catalogue has no route of this kind."""


FACTS: Mapping[RouteKind, Mapping[str, FieldType]] = {
    RouteKind.PROGRAM_REGISTRATION: {},
    RouteKind.DATA_LINK: {"widening": FieldType.CHECKBOX},
    RouteKind.BOT_RELEASE: {},
    RouteKind.AUDIENCE_RELEASE: {"recipients": FieldType.INTEGER, "sensitive": FieldType.CHECKBOX},
    RouteKind.SMALL_CHANGE: {"widening": FieldType.CHECKBOX},
    RouteKind.PROPOSAL: {},
    RouteKind.GRANT_REVIEW: {"amount": FieldType.YEN},
    RouteKind.PETITION: {},
}
"""What a route of each kind may read as `case.…`; whoever starts a case hands them in."""


@dataclass(frozen=True)
class CataloguedRoute:
    """A kind of case and the route shipped for it."""

    kind: RouteKind
    route: Route


@lru_cache(maxsize=1)
def every_route() -> tuple[CataloguedRoute, ...]:
    """Return the shipped routes, in the order of the kinds. They are read once."""
    folder = files(__name__)
    drawn = ((kind, folder.joinpath(f"{kind}.bpmn")) for kind in RouteKind)
    return tuple(CataloguedRoute(kind, read_route(file.read_bytes())) for kind, file in drawn if file.is_file())


def find(kind: RouteKind) -> CataloguedRoute:
    """Return the route shipped for `kind`. Raises UnknownRouteError."""
    for each in every_route():
        if each.kind is kind:
            return each
    raise UnknownRouteError(f"{kind} の経路は登録されていません。")
