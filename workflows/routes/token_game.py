"""How may tokens move, whatever is answered? The rules of BPMN once more, without the engine: to look at every way.

Kept apart from workflows.routes.engine on purpose: what one of them gets wrong the tests find by the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from forms.evaluation import ExpressionError
from forms.field_types import RuleValue
from workflows.routes.domains import Uses, exact
from workflows.routes.parts import Arrow, Gateway, GatewayKind, Route
from workflows.tables import DecisionTable, TableError, evaluate

Arrival = tuple[str, str]
"""A join, and the element whose token has come to it."""


class NoWayOnError(Exception):
    """A token stands before a gateway, and no arrow is open."""

    def __init__(self, gateway_id: str) -> None:
        super().__init__(gateway_id)
        self.gateway_id = gateway_id


class TwiceError(Exception):
    """A second token comes to where one is waiting already."""

    def __init__(self, element_id: str) -> None:
        super().__init__(element_id)
        self.element_id = element_id


@dataclass(frozen=True)
class Moving:
    """A move that is under way: `tokens` still run; the rest is what has come of it so far."""

    tokens: tuple[str, ...]
    values: Mapping[str, RuleValue]
    waiting: frozenset[Arrival]
    opened: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    arrows: frozenset[str] = frozenset()


class TokenGame:
    """The moves of one route."""

    def __init__(self, route: Route, uses: Mapping[str, Uses]) -> None:
        self._route = route
        self._inexact = {gateway.id for gateway in route.gateways.values() if not exact(self._names(gateway), uses)}
        self._inexact |= {
            table.id
            for table in route.tables.values()
            if not exact((name for column in table.inputs for name in column.expression.names), uses)
        }

    def moves(self, start: str, values: Mapping[str, RuleValue], waiting: frozenset[Arrival]) -> Iterator[Moving]:
        """Give every way the token that leaves `start` may go. Raises NoWayOnError or TwiceError."""
        line = [self._passed(Moving((), values, waiting), self._route.leaving.get(start, ()))]
        while line:
            moving = line.pop()
            if not moving.tokens:
                yield moving
            else:
                line.extend(self._one_on(replace(moving, tokens=moving.tokens[1:]), moving.tokens[0]))

    def _names(self, gateway: Gateway) -> Iterator[str]:
        for arrow in self._route.leaving.get(gateway.id, ()):
            if arrow.expression is not None:
                yield from arrow.expression.names

    def _passed(self, moving: Moving, arrows: tuple[Arrow, ...]) -> Moving:
        """Send a token along each of `arrows`; at a step it opens, at an end it is gone, at a join it may wait."""
        for arrow in arrows:
            moving = replace(moving, arrows=moving.arrows | {arrow.id})
            target = arrow.target
            if target in self._route.steps:
                if target in moving.opened:
                    raise TwiceError(target)
                moving = replace(moving, opened=(*moving.opened, target))
            elif target in self._route.ends:
                moving = replace(moving, ends=(*moving.ends, target))
            elif self._joins(target):
                moving = self._arrived(moving, arrow)
            else:
                moving = replace(moving, tokens=(*moving.tokens, target))
        return moving

    def _joins(self, node: str) -> bool:
        gateway = self._route.gateways.get(node)
        return gateway is not None and gateway.kind is GatewayKind.PARALLEL and len(self._route.entering[node]) > 1

    def _arrived(self, moving: Moving, arrow: Arrow) -> Moving:
        arrival = (arrow.target, arrow.source)
        if arrival in moving.waiting:
            raise TwiceError(arrow.target)
        waiting = moving.waiting | {arrival}
        wanted = {(arrow.target, each.source) for each in self._route.entering[arrow.target]}
        if wanted <= waiting:
            return replace(moving, waiting=waiting - wanted, tokens=(*moving.tokens, arrow.target))
        return replace(moving, waiting=waiting)

    def _one_on(self, moving: Moving, node: str) -> Iterator[Moving]:
        leaving = self._route.leaving.get(node, ())
        if node in self._route.tables:
            for values in self._answers(self._route.tables[node], moving.values):
                yield self._passed(replace(moving, values=values), leaving)
            return
        gateway = self._route.gateways.get(node)
        if gateway is None or gateway.kind is GatewayKind.PARALLEL:
            yield self._passed(moving, leaving)
            return
        for arrow in self._open(gateway, leaving, moving.values):
            yield self._passed(moving, (arrow,))

    def _answers(self, table: DecisionTable, values: Mapping[str, RuleValue]) -> Iterator[dict[str, RuleValue]]:
        if table.id in self._inexact:
            rows = [*(rule.then for rule in table.rules), (None,) * len(table.outputs)]
            for row in rows:
                said = {f"{table.id}.{column.name}": answer for column, answer in zip(table.outputs, row, strict=True)}
                yield {**values, **said}
            return
        try:
            outputs = evaluate(table, values).outputs
        except TableError as reason:
            raise NoWayOnError(table.id) from reason
        yield {**values, **{f"{table.id}.{name}": answer for name, answer in outputs.items()}}

    def _open(self, gateway: Gateway, leaving: tuple[Arrow, ...], values: Mapping[str, RuleValue]) -> tuple[Arrow, ...]:
        if gateway.id in self._inexact:
            return leaving
        for arrow in leaving:
            if arrow.expression is not None and _holds(gateway, arrow, values):
                return (arrow,)
        otherwise = [arrow for arrow in leaving if arrow.expression is None]
        if not otherwise:
            raise NoWayOnError(gateway.id)
        return (otherwise[-1],)


def _holds(gateway: Gateway, arrow: Arrow, values: Mapping[str, RuleValue]) -> bool:
    try:
        return arrow.expression is not None and arrow.expression.value(values) is True
    except ExpressionError as reason:
        raise NoWayOnError(gateway.id) from reason
