"""How are sums, differences, days and ages said by picking, and rules that compare them? Written, and read back."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.building.conditions import COMPARES, SIGN_OF, Sign, literal, value_in
from forms.definition import FormField
from forms.evaluation import ExpressionError
from forms.expressions import parse
from forms.field_types import FieldType, Value

MOST_OPERANDS = 6


class FormulaKind(StrEnum):
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    TOTAL = "total"
    """Of a column of a table, over all rows."""
    ROWS = "rows"
    """How many rows of a column are answered."""
    DAYS = "days"
    AGE = "age"


@dataclass(frozen=True)
class Formula:
    """What is reckoned, of which fields, in their order."""

    kind: FormulaKind
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A rule that is picked: what stands left is so to what stands right, which is a field or a written value."""

    left: Formula
    sign: Sign
    key: str = ""
    value: Value = None


@dataclass(frozen=True)
class OneOf:
    """A rule that is picked: one of these fields at least is answered."""

    keys: tuple[str, ...]


_JOINED = {FormulaKind.ADD: " + ", FormulaKind.SUBTRACT: " - ", FormulaKind.MULTIPLY: " * "}
_CALLED = {
    FormulaKind.TOTAL: "total",
    FormulaKind.ROWS: "filled",
    FormulaKind.DAYS: "days_between",
    FormulaKind.AGE: "years_between",
}
_KIND_OF_CALL = {name: kind for kind, name in _CALLED.items()}
_KIND_OF_SIGN: dict[type[ast.operator], FormulaKind] = {
    ast.Add: FormulaKind.ADD,
    ast.Sub: FormulaKind.SUBTRACT,
    ast.Mult: FormulaKind.MULTIPLY,
}


def write(formula: Formula) -> str:
    """Return the expression of a picked formula."""
    if formula.kind in _JOINED:
        return _JOINED[formula.kind].join(formula.keys)
    if formula.kind is FormulaKind.TOTAL:
        return " + ".join(f"total({key})" for key in formula.keys)
    return f"{_CALLED[formula.kind]}({', '.join(formula.keys)})"


def read(source: str) -> Formula | None:
    """Return what was picked for this expression, None where it says more than can be picked."""
    try:
        return _formula(parse(source).tree)
    except ExpressionError:
        return None


def write_rule(rule: Comparison | OneOf, fields: Sequence[FormField]) -> str:
    """Return the expression of a picked rule."""
    if isinstance(rule, OneOf):
        return " or ".join(f"{key} is not None" for key in rule.keys)
    first = next((field for field in fields if field.key == rule.left.keys[0]), None)
    kind = first.type if first and rule.left.kind is FormulaKind.ADD else FieldType.INTEGER
    right = rule.key or literal(rule.value, kind)
    return f"{write(rule.left)} {COMPARES[rule.sign]} {right}"


def read_rule(source: str) -> Comparison | OneOf | None:
    """Return what was picked for a rule, None where it says more than can be picked."""
    try:
        tree = parse(source).tree
    except ExpressionError:
        return None
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.Or):
        keys = [_answered(part) for part in tree.values]
        return OneOf(tuple(keys)) if all(keys) else None
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in SIGN_OF:
        return None
    left, sign, right = _formula(tree.left), SIGN_OF[type(tree.ops[0])], tree.comparators[0]
    if left is None:
        return None
    if isinstance(right, ast.Name):
        return Comparison(left, sign, key=right.id)
    value = value_in(right)
    return Comparison(left, sign, value=value[0]) if value else None


def _formula(node: ast.expr) -> Formula | None:
    match node:
        case ast.Name(id=key):
            return Formula(FormulaKind.ADD, (key,))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in _KIND_OF_CALL:
            keys = tuple(each.id for each in arguments if isinstance(each, ast.Name))
            return Formula(_KIND_OF_CALL[name], keys) if len(keys) == len(arguments) else None
        case ast.BinOp(left=left, op=sign, right=right):
            return _joined(_formula(left), _KIND_OF_SIGN[type(sign)], _formula(right))
        case _:
            return None


def _joined(left: Formula | None, kind: FormulaKind, right: Formula | None) -> Formula | None:
    """Put two sides together where both are names joined the same way: `a + b` and `c`, `total(a)` and `total(b)`."""
    if left is None or right is None:
        return None
    both = (*left.keys, *right.keys)
    if kind is FormulaKind.ADD and left.kind is right.kind is FormulaKind.TOTAL:
        return Formula(FormulaKind.TOTAL, both)
    plain_right = right.kind is FormulaKind.ADD and len(right.keys) == 1
    plain_left = left.kind is kind or (left.kind is FormulaKind.ADD and len(left.keys) == 1)
    return Formula(kind, both) if plain_left and plain_right else None


def _answered(node: ast.expr) -> str:
    match node:
        case ast.Compare(left=ast.Name(id=key), ops=[ast.IsNot()]):
            return key
        case _:
            return ""
