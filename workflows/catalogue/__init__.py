"""Which approval routes does the office ship? One drawing a kind; it may read the form that a case begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from forms.catalogue import definition
from forms.definition import FormField
from workflows.routes import Route, RouteKind, read_route


class UnknownRouteError(LookupError):
    """The catalogue has no route of this kind."""


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


def facts_of(kind: RouteKind) -> Mapping[str, FormField]:
    """Return the questions of the form that a case of this kind begins with: what a condition may read as `case.…`."""
    return {field.key: field for field in definition(kind.value.replace("_", "-")).fields}
