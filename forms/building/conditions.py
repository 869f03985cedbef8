"""How is "shown where … is …" said by picking, and written in the language of expressions? And read back again."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.definition import FormField
from forms.evaluation import ExpressionError
from forms.expressions import parse
from forms.field_types import NUMBERS, FieldType, Value


class Sign(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE = "more"
    LESS = "less"
    HAS = "has"
    HAS_NOT = "has_not"
    TICKED = "ticked"
    NOT_TICKED = "not_ticked"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"


NEEDS_VALUE = frozenset(
    {Sign.IS, Sign.IS_NOT, Sign.AT_LEAST, Sign.AT_MOST, Sign.MORE, Sign.LESS, Sign.HAS, Sign.HAS_NOT}
)
COMPARES = {
    Sign.IS: "==",
    Sign.IS_NOT: "!=",
    Sign.AT_LEAST: ">=",
    Sign.AT_MOST: "<=",
    Sign.MORE: ">",
    Sign.LESS: "<",
}
SIGN_OF: dict[type[ast.cmpop], Sign] = {
    ast.Eq: Sign.IS,
    ast.NotEq: Sign.IS_NOT,
    ast.GtE: Sign.AT_LEAST,
    ast.LtE: Sign.AT_MOST,
    ast.Gt: Sign.MORE,
    ast.Lt: Sign.LESS,
}
_WRITTEN = {
    Sign.HAS: "has({key}, {value})",
    Sign.HAS_NOT: "not has({key}, {value})",
    Sign.TICKED: "{key}",
    Sign.NOT_TICKED: "not {key}",
    Sign.ANSWERED: "{key} is not None",
    Sign.NOT_ANSWERED: "{key} is None",
}
_WHETHER = (Sign.ANSWERED, Sign.NOT_ANSWERED)
_IN_ORDER = (Sign.IS, Sign.AT_LEAST, Sign.AT_MOST, Sign.MORE, Sign.LESS, Sign.IS_NOT)


@dataclass(frozen=True)
class Clause:
    """One picked condition. A day stands in `value` as ISO 8601, an option as its code."""

    key: str
    sign: Sign
    value: Value = None


@dataclass(frozen=True)
class Condition:
    """Clauses that hold all together, or of which one is enough."""

    clauses: tuple[Clause, ...]
    all_hold: bool = True


def signs_for(kind: FieldType) -> tuple[Sign, ...]:
    """Return what can be said of an answer of this type."""
    if kind is FieldType.CHECKBOX:
        return (Sign.TICKED, Sign.NOT_TICKED)
    if kind is FieldType.CHOICES:
        return (Sign.HAS, Sign.HAS_NOT, *_WHETHER)
    if kind is FieldType.FILE:
        return _WHETHER
    return (*(_IN_ORDER if kind in NUMBERS or kind is FieldType.DATE else (Sign.IS, Sign.IS_NOT)), *_WHETHER)


def write(condition: Condition, fields: Sequence[FormField]) -> str:
    """Return the expression of a picked condition."""
    kinds = {field.key: field.type for field in fields}
    written = [_clause(clause, kinds.get(clause.key, FieldType.TEXT)) for clause in condition.clauses]
    return (" and " if condition.all_hold else " or ").join(written)


def read(source: str) -> Condition | None:
    """Return what was picked for this expression, None where it says more than can be picked."""
    try:
        tree = parse(source).tree
    except ExpressionError:
        return None
    parts = tree.values if isinstance(tree, ast.BoolOp) else [tree]
    clauses = [_read(part) for part in parts]
    all_hold = not (isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.Or))
    known = tuple(clause for clause in clauses if clause is not None)
    return Condition(known, all_hold) if len(known) == len(clauses) else None


def literal(value: Value, kind: FieldType) -> str:
    """Write a value as the language has it."""
    return f"date({value!r})" if kind is FieldType.DATE else repr(value)


def value_in(node: ast.expr) -> tuple[Value] | None:
    """Return the value that stands written there, None where something else does."""
    match node:
        case ast.Constant(value=str() | int() as written):
            return (written,)
        case ast.Call(func=ast.Name(id="date"), args=[ast.Constant(value=str() as written)]):
            return (written,)
        case _:
            return None


def _clause(clause: Clause, kind: FieldType) -> str:
    if clause.sign in COMPARES:
        return f"{clause.key} {COMPARES[clause.sign]} {literal(clause.value, kind)}"
    return _WRITTEN[clause.sign].format(key=clause.key, value=repr(clause.value))


def _read(node: ast.expr) -> Clause | None:
    match node:
        case ast.Name(id=key):
            return Clause(key, Sign.TICKED)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=key)):
            return Clause(key, Sign.NOT_TICKED)
        case ast.Call(func=ast.Name(id="has"), args=[ast.Name(id=key), ast.Constant(value=str() as code)]):
            return Clause(key, Sign.HAS, code)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="has")) as called):
            inside = _read(called)
            return Clause(inside.key, Sign.HAS_NOT, inside.value) if inside else None
        case ast.Compare(left=ast.Name(id=key), ops=[sign], comparators=[right]):
            return _compared(key, sign, right)
        case _:
            return None


def _compared(key: str, sign: ast.cmpop, right: ast.expr) -> Clause | None:
    if isinstance(sign, ast.Is | ast.IsNot):
        return Clause(key, Sign.NOT_ANSWERED if isinstance(sign, ast.Is) else Sign.ANSWERED)
    value = value_in(right)
    return Clause(key, SIGN_OF[type(sign)], value[0]) if value and type(sign) in SIGN_OF else None
