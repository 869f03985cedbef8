"""Where does each element stand in the drawing? Read for the order of the list beside it and for comparing versions."""

from collections.abc import Iterator

from workflows.routes import messages
from workflows.routes.parts import Problem, Route, Shape, Step
from workflows.routes.vocabulary import BPMNDI, DC
from workflows.routes.xml_tree import Node, read_tree

_SIDES = ("x", "y", "width", "height")
_FARTHEST = 1_000_000.0


def shapes_of(definitions: Node) -> dict[str, Shape]:
    """Read the bounds of every drawn element. A route without a drawing has none; what is no number is left out."""
    return dict(_bounds(definitions))


def parts_not_drawn(route: Route) -> Iterator[Problem]:
    """Name what runs and is not to be seen: a second person would put into force what the picture does not show.

    Of several diagrams the first is shown.
    """
    seen: set[str] = set()
    for diagram in read_tree(route.xml).all(BPMNDI, "BPMNDiagram")[:1]:
        seen = {node.get("bpmnElement") for node in diagram.walk() if node.tag in ("BPMNShape", "BPMNEdge")}
    for part in (*route.nodes(), *route.arrows):
        if part not in seen:
            yield messages.problem(messages.NOT_DRAWN, part, name=route.name_of(part))


def _bounds(definitions: Node) -> Iterator[tuple[str, Shape]]:
    for diagram in definitions.all(BPMNDI, "BPMNDiagram"):
        for shape in (node for node in diagram.walk() if node.tag == "BPMNShape"):
            bounds = shape.first(DC, "Bounds")
            sides = None if bounds is None else [_number(bounds.get(side)) for side in _SIDES]
            if sides is not None and None not in sides:
                yield shape.get("bpmnElement"), Shape(*[side for side in sides if side is not None])


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) <= _FARTHEST else None


def ordered_steps(route: Route) -> tuple[Step, ...]:
    """Give the steps in reading order: each behind all that lead to it, but for arrows back; side by side from the top.

    This is the reverse of the order in which a walk into the depth leaves the elements.
    """
    left: list[str] = []
    seen: set[str] = set()
    line = [(node, False) for node in route.starts]
    while line:
        node, done = line.pop()
        if done:
            left.append(node)
        elif node not in seen:
            seen.add(node)
            following = [arrow.target for arrow in route.leaving.get(node, ())]
            following += [timer.id for timer in route.timers_of(node)]
            line.append((node, True))
            line.extend((each, False) for each in sorted(following, key=lambda each: _place(route, each)))
    return tuple(route.steps[node] for node in reversed(left) if node in route.steps)


def _place(route: Route, node: str) -> tuple[float, float, str]:
    shape = route.shapes.get(node)
    return (0.0, 0.0, node) if shape is None else (shape.y, shape.x, node)
