"""How is a rule put into JSON? The other way round than reading: what is written reads as the same tree."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Flag,
    Grade,
    Leaf,
    Lookup,
    Members,
    Node,
    Not,
    NotGranted,
    OneOf,
    ParameterRef,
    Since,
    normalised,
)

SCHEMA = 1

Json = dict[str, Any]


def written(node: Node) -> Json:
    """Write a rule as JSON values, with its `schema`."""
    return {"schema": SCHEMA, "rule": written_part(node)}


def fingerprint(*nodes: Node) -> str:
    """Give a hash of rules in their canonical form: rules that say the same in the same words have the same."""
    canonical = [written(normalised(node)) for node in nodes]
    return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()


def written_part(node: Node) -> Json:
    """Write a part of a rule as JSON values."""
    if isinstance(node, All):
        return {"all": [written_part(part) for part in node.parts]}
    if isinstance(node, AnyOf):
        return {"any": [written_part(part) for part in node.parts]}
    if isinstance(node, Not):
        return {"not": written_part(node.part)}
    kind, content = _WRITERS[type(node)]
    return {kind: content(node)}


def _compare(leaf: Compare) -> Json:
    start = {"fact": leaf.fact, "op": leaf.op.value}
    if isinstance(leaf.value, ParameterRef):
        return {**start, "parameter": leaf.value.code}
    return {**start, "value": leaf.value.isoformat() if isinstance(leaf.value, date) else leaf.value}


def _members(leaf: Members) -> Json:
    return {
        "children": leaf.children,
        "being": None if leaf.being is None else written_part(leaf.being),
        "rank": None if leaf.rank is None else {"from": leaf.rank.low, "among": written_part(leaf.rank.among)},
        "op": leaf.op.value,
        "count": leaf.count,
    }


def _age(leaf: Age) -> Json:
    return {"fact": leaf.fact, "counted": leaf.counted.value, "from": leaf.low, "to": leaf.high}


def _lookup(leaf: Lookup) -> Json:
    return {"fact": leaf.fact, "op": leaf.op.value, "table": leaf.table, "by": leaf.by}


def _since(leaf: Since) -> Json:
    return {"fact": leaf.fact, "op": leaf.op.value, "count": leaf.count, "unit": leaf.unit.value}


_WRITERS: Mapping[type[Leaf], tuple[str, Callable[[Any], Json]]] = {
    Compare: ("compare", _compare),
    OneOf: ("one_of", lambda leaf: {"fact": leaf.fact, "values": list(leaf.values)}),
    Flag: ("flag", lambda leaf: {"fact": leaf.fact}),
    Age: ("age", _age),
    Grade: ("grade", lambda leaf: {"fact": leaf.fact, "from": leaf.low, "to": leaf.high}),
    Lookup: ("lookup", _lookup),
    Members: ("members", _members),
    Since: ("since", _since),
    NotGranted: ("not_granted", lambda leaf: {"program": leaf.program, "within": leaf.within.value}),
}
