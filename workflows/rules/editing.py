"""How is a rule changed, one act at a time? Pure: the old tree and a place go in, the new tree comes out.

A place is a path as findings name it: the place in the outermost group, then in the group there; a negation counts as a
group of one. The outermost node is always a group while a rule is being built.
"""

from collections.abc import Callable

from workflows.rules.findings import Path
from workflows.rules.tree import All, AnyOf, Node, Not

Group = All | AnyOf
EMPTY: Node = All(())
"""What a new rule begins with."""


class NoSuchPlaceError(LookupError):
    """The rule has no such place (any more)."""


def at(rule: Node, path: Path) -> Node:
    """Give the node at a place. Raises NoSuchPlaceError."""
    for place in path:
        parts = _parts(rule)
        if not 0 <= place < len(parts):
            raise NoSuchPlaceError(path)
        rule = parts[place]
    return rule


def add(rule: Node, path: Path, new: Node) -> Node:
    """Put `new` at the end of the group at a place. Raises NoSuchPlaceError where no group is."""
    return _changed(rule, path, lambda node: _with_parts(_group(node, path), (*_parts(node), new)))


def put(rule: Node, path: Path, new: Node) -> Node:
    """Put `new` in the place of what stands there. Raises NoSuchPlaceError."""
    return _changed(rule, path, lambda _node: new)


def remove(rule: Node, path: Path) -> Node:
    """Take away what stands at a place; a negation that loses its part goes with it. Raises NoSuchPlaceError."""
    if not path:
        return EMPTY
    above = path[:-1]
    node = at(rule, above)
    at(rule, path)
    if isinstance(node, Not):
        return remove(rule, above)
    kept = tuple(part for place, part in enumerate(_parts(node)) if place != path[-1])
    return put(rule, above, _with_parts(_group(node, path), kept))


def move(rule: Node, path: Path, by: int) -> Node:
    """Move what stands at a place up (-1) or down (+1) in its group; at the end it stays. Raises NoSuchPlaceError."""
    if not path:
        return rule
    at(rule, path)
    group = at(rule, path[:-1])
    parts = list(_parts(group))
    other = path[-1] + by
    if isinstance(group, Not) or not 0 <= other < len(parts):
        return rule
    parts[path[-1]], parts[other] = parts[other], parts[path[-1]]
    return put(rule, path[:-1], _with_parts(_group(group, path), tuple(parts)))


def regroup(rule: Node, path: Path, kind: type[Group]) -> Node:
    """Make the group at a place one of `kind`. Raises NoSuchPlaceError where no group is."""
    return _changed(rule, path, lambda node: kind(_parts(_group(node, path))))


def wrap(rule: Node, path: Path, kind: type[Group]) -> Node:
    """Put what stands at a place into a group of its own, so that more can join it there. Raises NoSuchPlaceError."""
    return _changed(rule, path, lambda node: kind((node,)))


def unwrap(rule: Node, path: Path) -> Node:
    """Let the parts of a group stand in the group around it. Raises NoSuchPlaceError."""
    group, above = at(rule, path), at(rule, path[:-1])
    if not path or not isinstance(group, All | AnyOf) or isinstance(above, Not):
        raise NoSuchPlaceError(path)
    parts = _parts(above)
    flat = (*parts[: path[-1]], *group.parts, *parts[path[-1] + 1 :])
    return put(rule, path[:-1], _with_parts(_group(above, path), flat))


def negate(rule: Node, path: Path) -> Node:
    """Say the opposite of what stands at a place. Raises NoSuchPlaceError."""
    return _changed(rule, path, lambda node: node.part if isinstance(node, Not) else Not(node))


def levels(rule: Node) -> int:
    """Give how many groups lie in one another: 1 for a group of conditions. A negation is no level."""
    if isinstance(rule, Not):
        return levels(rule.part)
    if not isinstance(rule, All | AnyOf):
        return 0
    return 1 + max((levels(part) for part in rule.parts), default=0)


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, All | AnyOf):
        return node.parts
    return (node.part,) if isinstance(node, Not) else ()


def _group(node: Node, path: Path) -> Group:
    if not isinstance(node, All | AnyOf):
        raise NoSuchPlaceError(path)
    return node


def _with_parts(group: Group, parts: tuple[Node, ...]) -> Node:
    return type(group)(parts)


def _changed(rule: Node, path: Path, change: Callable[[Node], Node]) -> Node:
    if not path:
        return change(rule)
    at(rule, path)
    first, rest = path[0], path[1:]
    if isinstance(rule, Not):
        return Not(_changed(rule.part, rest, change))
    parts = tuple(_changed(part, rest, change) if place == first else part for place, part in enumerate(_parts(rule)))
    return _with_parts(_group(rule, path), parts)
