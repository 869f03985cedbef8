"""Do the parts of a route hang together, so that a case can start, move and end? The drawing only, before any run."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar

from workflows.routes import messages
from workflows.routes.parts import GatewayKind, Problem, Route

Node = TypeVar("Node", bound=Hashable)


def structural_problems(route: Route) -> list[Problem]:
    """Find what keeps the drawing from being run. A question is asked only where the earlier ones found nothing."""
    for question in (_ends_of_arrows, _ways_in_and_out, _reaching, _cycles):
        problems = list(question(route))
        if problems:
            return problems
    return []


def following(route: Route) -> dict[str, tuple[str, ...]]:
    """Give, for every element, what a token may reach next; a step also leads to the clocks on its edge."""
    return {
        node: (
            *(arrow.target for arrow in route.leaving.get(node, ())),
            *(timer.id for timer in route.timers_of(node)),
        )
        for node in route.nodes()
    }


def reachable(starts: Iterable[Node], edges: Mapping[Node, Iterable[Node]]) -> set[Node]:
    """Give everything that can be reached from `starts`, these included."""
    seen: set[Node] = set()
    line = list(starts)
    while line:
        node = line.pop()
        if node not in seen:
            seen.add(node)
            line.extend(edges.get(node, ()))
    return seen


def turned(edges: Mapping[Node, Iterable[Node]]) -> dict[Node, list[Node]]:
    """Give the same edges, the other way round."""
    back: dict[Node, list[Node]] = {}
    for source, targets in edges.items():
        for target in targets:
            back.setdefault(target, []).append(source)
    return back


def _say(sentence: messages.Sentence, route: Route, element_id: str) -> Problem:
    return messages.problem(sentence, element_id, name=route.name_of(element_id))


def _ends_of_arrows(route: Route) -> Iterator[Problem]:
    if len(route.starts) != 1:
        yield messages.problem(messages.ONE_START, count=len(route.starts))
    if not route.ends:
        yield messages.problem(messages.NO_END)
    nodes = set(route.nodes())
    joined: set[tuple[str, str]] = set()
    for arrow in route.arrows.values():
        if arrow.source not in nodes or arrow.target not in nodes:
            yield _say(messages.ARROW_LOOSE, route, arrow.id)
        elif (arrow.source, arrow.target) in joined:
            source, target = route.name_of(arrow.source), route.name_of(arrow.target)
            yield messages.problem(messages.ARROW_TWICE, arrow.id, source=source, target=target)
        joined.add((arrow.source, arrow.target))
    for timer in route.timers.values():
        if timer.attached_to not in route.steps:
            yield _say(messages.TIMER_ONLY_ON_STEP, route, timer.id)


def _ways_in_and_out(route: Route) -> Iterator[Problem]:
    for node in route.nodes():
        ways_in, ways_out = len(route.entering.get(node, ())), len(route.leaving.get(node, ()))
        if ways_in and node in route.starts:
            yield _say(messages.ARROW_INTO_START, route, node)
        if ways_in and node in route.timers:
            yield _say(messages.ARROW_INTO_TIMER, route, node)
        if ways_out and node in route.ends:
            yield _say(messages.ARROW_OUT_OF_END, route, node)
        if not ways_in and node not in route.starts and node not in route.timers:
            yield _say(messages.NO_WAY_IN, route, node)
        if not ways_out and node not in route.ends:
            yield _say(messages.NO_WAY_OUT, route, node)
        if ways_out > 1 and node not in route.gateways and node not in route.ends:
            yield _say(messages.MANY_WAYS_OUT, route, node)


def _reaching(route: Route) -> Iterator[Problem]:
    edges = following(route)
    from_start = reachable(route.starts, edges)
    to_an_end = reachable(route.ends, turned(edges))
    for node in route.nodes():
        if node not in from_start:
            yield _say(messages.UNREACHED, route, node)
        elif node not in to_an_end:
            yield _say(messages.ENDLESS, route, node)


def _cycles(route: Route) -> Iterator[Problem]:
    """Without people a cycle turns for ever; without a choice it never ends, and tokens pile up.

    A clock is a choice too: a step may be decided before it rings.
    """
    edges = {node: tuple(arrow.target for arrow in route.leaving.get(node, ())) for node in route.nodes()}
    choices = {gateway.id for gateway in route.gateways.values() if gateway.kind is GatewayKind.EXCLUSIVE}
    for without, sentence in (
        (set(route.steps), messages.CYCLE_WITHOUT_STEP),
        (choices, messages.CYCLE_WITHOUT_CHOICE),
    ):
        cycle = _on_a_cycle(edges, without)
        if cycle is not None:
            yield _say(sentence, route, cycle)


def _on_a_cycle(edges: Mapping[str, Iterable[str]], without: AbstractSet[str]) -> str | None:
    """Find an element on a cycle that avoids `without`: what is left when all that lead nowhere are taken away."""
    left = {
        node: {target for target in targets if target not in without}
        for node, targets in edges.items()
        if node not in without
    }
    back = turned(left)
    bare = [node for node, targets in left.items() if not targets]
    while bare:
        node = bare.pop()
        for source in back.get(node, ()):
            left[source].discard(node)
            if not left[source]:
                bare.append(source)
        left.pop(node, None)
    # Going forwards along what is left must come back to a node already passed.
    passed: set[str] = set()
    at = min(left, default=None)
    while at is not None and at not in passed:
        passed.add(at)
        at = min(left[at])
    return at
