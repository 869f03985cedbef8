"""What could the conditions of a rule come to for somebody whom it reaches? Examples of reasons, before any run."""

from collections.abc import Iterator, Mapping
from itertools import islice

from workflows.notices.why import decisive
from workflows.rules.tree import All, AnyOf, Leaf, Node, Not, leaves
from workflows.rules.why import LeafState

MOST_TRIED = 24


def sample_patterns(rule: Node, most: int = 3) -> list[Mapping[Leaf, LeafState]]:
    """Give up to so many patterns with different reasons, each of which makes the rule true."""
    found: dict[tuple[tuple[Leaf, bool], ...], Mapping[Leaf, LeafState]] = {}
    for states in _tried(rule):
        reasons = tuple(decisive(rule, states))
        if reasons:
            found.setdefault(reasons, states)
    return list(islice(found.values(), most))


def _tried(rule: Node) -> Iterator[Mapping[Leaf, LeafState]]:
    for choice in range(MOST_TRIED):
        states: dict[Leaf, LeafState] = {}
        _settle(rule, states, choice, wanted=True)
        yield {leaf: states.get(leaf, LeafState.FALSE) for leaf in leaves(rule)}


def _settle(node: Node, states: dict[Leaf, LeafState], choice: int, *, wanted: bool) -> None:
    """Let a part come to what is wanted; where one branch suffices, `choice` says which."""
    match node:
        case Not(part):
            _settle(part, states, choice, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            every = isinstance(node, All) is wanted
            for at, part in enumerate(parts):
                if every or at == choice % len(parts):
                    _settle(part, states, choice, wanted=wanted)
        case _:
            states.setdefault(node, LeafState.TRUE if wanted else LeafState.FALSE)
