"""Is this BPMN file a route, and which one? Reading refuses everything that could not be run or should not be."""

import hashlib
import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar

from forms.evaluation import ExpressionError
from forms.expressions import Expression, parse
from workflows.routes import messages
from workflows.routes.drawing import shapes_of
from workflows.routes.parts import CASE, Arrow, Gateway, GatewayKind, Problem, Route, RouteRefused, Shape, Start
from workflows.routes.settings import STEP_KINDS, Settings, read_end, read_step, read_table, read_timer
from workflows.routes.structure import structural_problems
from workflows.routes.vocabulary import BPMN, NODES
from workflows.routes.whitelist import foreign_parts
from workflows.routes.xml_tree import Node, read_tree
from workflows.tables import DecisionTable

MAX_PARTS = 500
KEPT_ROUTES = 64

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")

Part = TypeVar("Part")


@lru_cache(maxsize=KEPT_ROUTES)
def read_route(xml: bytes) -> Route:
    """Read a route from its file. Raises RouteRefused with every problem found up to the first kind that stops.

    The last few routes stay read, so that a decision does not read its route anew.
    """
    definitions = read_tree(xml)
    process, parts = parts_of(definitions)
    problems: list[Problem] = []
    route = _Parts(parts, problems).route(xml, process, shapes_of(definitions))
    _refuse(problems)
    _refuse(structural_problems(route))
    return route


def parts_of(definitions: Node) -> tuple[Node, list[Node]]:
    """Give the process and what it is made of. Raises RouteRefused for what no route could hold, finished or not."""
    process = _process(definitions)
    parts = [child for child in process.children if child.space == BPMN and child.tag in NODES | {"sequenceFlow"}]
    if len(parts) > MAX_PARTS:
        raise RouteRefused([messages.problem(messages.TOO_MANY_PARTS, limit=MAX_PARTS)])
    _refuse(_id_problems(parts))
    return process, parts


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise RouteRefused(problems)


def _process(definitions: Node) -> Node:
    if (definitions.space, definitions.tag) != (BPMN, "definitions"):
        raise RouteRefused([messages.problem(messages.NOT_BPMN)])
    _refuse(list(foreign_parts(definitions)))
    processes = definitions.all(BPMN, "process")
    if len(processes) != 1:
        raise RouteRefused([messages.problem(messages.ONE_PROCESS, count=len(processes))])
    return processes[0]


def _id_problems(parts: list[Node]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for part in parts:
        name = part.get("id")
        if not _ID.fullmatch(name) or keyword.iskeyword(name) or name == CASE:
            problems.append(messages.problem(messages.ID_REFUSED, name or None, id=name))
        elif name in seen:
            problems.append(messages.problem(messages.ID_TWICE, name, id=name))
        seen.add(name)
    return problems


class _Parts:
    """The elements of a process, read kind by kind."""

    def __init__(self, parts: list[Node], problems: list[Problem]) -> None:
        self._parts = parts
        self._problems = problems

    def route(self, xml: bytes, process: Node, shapes: Mapping[str, Shape]) -> Route:
        """Put the route together."""
        gateways = self._each(("exclusiveGateway", "parallelGateway"), self._gateway)
        arrows = self._each(("sequenceFlow",), lambda node: self._arrow(node, gateways))
        tables = self._each(("businessRuleTask",), lambda node: read_table(node, self._problems))
        self._look_at_choices(gateways, arrows)
        return Route(
            id=process.get("id"),
            name=process.get("name"),
            steps=self._each(tuple(STEP_KINDS), lambda node: read_step(node, self._problems)),
            gateways=gateways,
            arrows=arrows,
            tables=tables,
            timers=self._each(("boundaryEvent",), lambda node: read_timer(node, self._problems)),
            starts=self._each(("startEvent",), lambda node: Start(node.get("id"), node.get("name"))),
            ends=self._each(("endEvent",), lambda node: read_end(node, self._problems)),
            shapes=shapes,
            leaving=_grouped(arrows.values(), attrgetter("source")),
            entering=_grouped(arrows.values(), attrgetter("target")),
            reads=frozenset(_names(arrows.values(), tables.values())),
            digest=hashlib.sha256(xml).hexdigest(),
            xml=xml,
        )

    def _each(self, tags: tuple[str, ...], read: Callable[[Node], Part | None]) -> dict[str, Part]:
        found = ((node.get("id"), read(node)) for node in self._parts if node.tag in tags)
        return {name: part for name, part in found if part is not None}

    def _gateway(self, node: Node) -> Gateway:
        kind = GatewayKind.EXCLUSIVE if node.tag == "exclusiveGateway" else GatewayKind.PARALLEL
        return Gateway(node.get("id"), node.get("name"), kind, node.get("default") or None)

    def _arrow(self, node: Node, gateways: Mapping[str, Gateway]) -> Arrow:
        settings = Settings(node, self._problems)
        written = node.first(BPMN, "conditionExpression")
        condition = None if written is None else written.text.strip() or None
        source = gateways.get(node.get("sourceRef"))
        if condition is not None and (source is None or source.kind is not GatewayKind.EXCLUSIVE):
            settings.say(messages.CONDITION_MISPLACED)
        expression = None if condition is None else _expression(settings, condition)
        ends = node.get("sourceRef"), node.get("targetRef")
        return Arrow(settings.id, node.get("name"), *ends, condition, expression)

    def _look_at_choices(self, gateways: Mapping[str, Gateway], arrows: Mapping[str, Arrow]) -> None:
        for gateway in gateways.values():
            leaving = [arrow for arrow in arrows.values() if arrow.source == gateway.id]
            say = Settings(next(node for node in self._parts if node.get("id") == gateway.id), self._problems).say
            if gateway.default is not None and gateway.default not in {arrow.id for arrow in leaving}:
                say(messages.DEFAULT_WRONG)
            if gateway.kind is GatewayKind.PARALLEL or len(leaving) == 1:
                continue
            for arrow in leaving:
                if arrow.id == gateway.default and arrow.condition is not None:
                    say(messages.DEFAULT_HAS_CONDITION)
                if arrow.id != gateway.default and arrow.condition is None:
                    say(messages.CONDITION_MISSING, arrow=arrow.name or arrow.id)


def _expression(settings: Settings, condition: str) -> Expression | None:
    try:
        return parse(condition, dotted=True)
    except ExpressionError as reason:
        settings.say(messages.CONDITION_WRONG, condition=condition[:100], reason=str(reason))
        return None


def _grouped(arrows: Iterable[Arrow], end: Callable[[Arrow], str]) -> dict[str, tuple[Arrow, ...]]:
    groups: dict[str, list[Arrow]] = {}
    for arrow in arrows:
        groups.setdefault(end(arrow), []).append(arrow)
    return {name: tuple(group) for name, group in groups.items()}


def _names(arrows: Iterable[Arrow], tables: Iterable[DecisionTable]) -> Iterator[str]:
    for arrow in arrows:
        if arrow.expression is not None:
            yield from arrow.expression.names
    for table in tables:
        for column in table.inputs:
            yield from column.expression.names
