"""What does a rule ask with the thresholds of one day written into it? The same question, whatever changes later."""

from collections.abc import Sequence
from datetime import date

from workflows.rules.parameters import Parameters
from workflows.rules.tree import All, AnyOf, Compare, Lookup, Node, Not, Op, ParameterRef


def bound(node: Node, parameters: Parameters, on: date) -> Node:
    """Put what thresholds and tables come to on a day in their place. Raises ParameterTroubleError.

    A table becomes one condition a row; who lacks the number that chooses the row is left open where the table could
    have told.
    """
    if isinstance(node, All | AnyOf):
        return type(node)(tuple(bound(part, parameters, on) for part in node.parts))
    if isinstance(node, Not):
        return Not(bound(node.part, parameters, on))
    if isinstance(node, Lookup):
        rows = parameters.rows(node.table, on).rows
        if len(rows) == 1:
            return Compare(node.fact, node.op, rows[0][1])
        return AnyOf(tuple(_row(node, row) for row in _keyed(rows)))
    if isinstance(node, Compare) and isinstance(node.value, ParameterRef):
        return Compare(node.fact, node.op, parameters.value(node.value.code, on).value)
    return node


def _keyed(rows: Sequence[tuple[int, int]]) -> list[tuple[Op, int, int]]:
    """Give for each row how its number is compared: the first holds for all smaller ones, the last for all larger."""
    ops = {0: Op.AT_MOST, len(rows) - 1: Op.AT_LEAST}
    return [(ops.get(place, Op.EQUAL), key, bound) for place, (key, bound) in enumerate(rows)]


def _row(lookup: Lookup, row: tuple[Op, int, int]) -> Node:
    op, key, limit = row
    return All((Compare(lookup.by, op, key), Compare(lookup.fact, lookup.op, limit)))
