"""Which thresholds does a rule name?"""

from collections.abc import Sequence

from workflows.rules.tree import Compare, Leaf, Lookup, Node, ParameterRef, leaves


def thresholds_in(rule: Node) -> Sequence[str]:
    """Give the codes of the thresholds that a rule names, each once, in the order of the rule."""
    return tuple(dict.fromkeys(code for leaf in leaves(rule) for code in _named(leaf)))


def _named(leaf: Leaf) -> Sequence[str]:
    if isinstance(leaf, Lookup):
        return (leaf.table,)
    return (leaf.value.code,) if isinstance(leaf, Compare) and isinstance(leaf.value, ParameterRef) else ()
