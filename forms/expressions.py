"""How does a form state a rule across its fields, so that nothing but the rule can ever be run?

The language is a small part of Python's expressions: literals, names of fields, comparison, `and`/`or`/`not`,
`+ - *`, `in` a literal list, and the functions in `FUNCTIONS`. No attributes, no subscripts, no other calls, no
division (which could fail). An answer not given is None and is carried: a comparison with it is neither true nor false.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.ages import age_by_birthday, fiscal_year, school_grade
from forms.field_types import RuleValue

MAX_LENGTH = 1000
MAX_DEPTH = 20
MAX_NODES = 200
MAX_NUMBER = 10**15


class ExpressionError(ValueError):
    """An expression is outside the language, or compares what cannot be compared."""


def _years_between(birth: date, on: date) -> int | None:
    return age_by_birthday(birth, on) if birth <= on else None


def _grade(birth: date, on: date) -> int | None:
    return school_grade(birth, on) if birth <= on else None


FUNCTIONS: dict[str, tuple[tuple[type, ...], Callable[..., Any]]] = {
    "len": ((str,), len),
    "date": ((str,), date.fromisoformat),
    "years_between": ((date, date), _years_between),
    "fiscal_year": ((date,), fiscal_year),
    "school_grade": ((date, date), _grade),
}

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_NODES = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Compare, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not),
    *(ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Call, ast.List, ast.Tuple, ast.In, ast.NotIn, ast.Is, ast.IsNot),
    *_COMPARE,
)


@dataclass(frozen=True)
class Expression:
    """A checked expression: `names` are the fields it looks at."""

    source: str
    names: frozenset[str]
    tree: ast.expr

    def value(self, answers: Mapping[str, RuleValue]) -> RuleValue:
        """This function will evaluate the expression; a name without an answer is None.

        Raises ExpressionError when two answers cannot be compared or counted together.
        """
        return _value(self.tree, answers)


def parse(source: str) -> Expression:
    """This function will check `source` against the language. Raises ExpressionError, saying what is not allowed."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters")
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as reason:
        raise ExpressionError("this is not an expression") from reason
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES or _depth(tree) > MAX_DEPTH:
        raise ExpressionError("the expression is too large")
    for node in nodes:
        _allow(node)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)
    return Expression(source, names, tree.body)


def _depth(node: ast.AST) -> int:
    return 1 + max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)


def _allow(node: ast.AST) -> None:
    if not isinstance(node, _NODES):
        raise ExpressionError(f"{type(node).__name__} is not part of the language")
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | bool | int | None):
        raise ExpressionError("only text, whole numbers, True, False and None may be written")
    if isinstance(node, ast.Call):
        _allow_call(node)
    if isinstance(node, ast.Compare):
        _allow_comparison(node)


def _allow_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
        raise ExpressionError(f"only these functions may be called: {', '.join(FUNCTIONS)}")
    kinds, _ = FUNCTIONS[node.func.id]
    if len(node.args) != len(kinds):
        raise ExpressionError(f"{node.func.id} takes {len(kinds)} values")


def _allow_comparison(node: ast.Compare) -> None:
    for sign, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(sign, ast.In | ast.NotIn) and not isinstance(right, ast.List | ast.Tuple):
            raise ExpressionError("`in` takes a written list")
        if isinstance(sign, ast.Is | ast.IsNot) and not (isinstance(right, ast.Constant) and right.value is None):
            raise ExpressionError("`is` compares with None only")


def _value(node: ast.expr, answers: Mapping[str, RuleValue]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return answers.get(name)
        case ast.BoolOp(op=sign, values=parts):
            return _joined(isinstance(sign, ast.And), [_value(part, answers) for part in parts])
        case ast.UnaryOp(op=sign, operand=operand):
            return _unary(isinstance(sign, ast.Not), _value(operand, answers))
        case ast.BinOp(left=left, op=operation, right=right):
            return _counted(operation, _value(left, answers), _value(right, answers))
        case ast.Compare():
            return _compared(node, answers)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, [_value(argument, answers) for argument in arguments])
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_value(part, answers) for part in parts]
    raise ExpressionError(f"{type(node).__name__} is not part of the language")


def _joined(every: bool, parts: list[Any]) -> bool | None:  # noqa: FBT001  # and / or
    """Three values, as SQL has them: one false makes `and` false, else one unknown makes it unknown."""
    if any(part is not None and bool(part) is not every for part in parts):
        return not every
    return None if None in parts else every


def _unary(negates: bool, value: Any) -> Any:  # noqa: FBT001  # not / minus
    if value is None:
        return None
    if negates:
        return not value
    return _counted(ast.Sub(), 0, value)


def _counted(operation: ast.operator, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if type(left) is not int or type(right) is not int:
        raise ExpressionError("only whole numbers are counted with")
    result = _ARITHMETIC[type(operation)](left, right)
    if abs(result) > MAX_NUMBER:
        raise ExpressionError("the number is too large")
    return result


def _compared(node: ast.Compare, answers: Mapping[str, RuleValue]) -> bool | None:
    values = [_value(part, answers) for part in (node.left, *node.comparators)]
    pairs = zip(node.ops, values, values[1:], strict=False)
    return _joined(True, [_one_comparison(sign, left, right) for sign, left, right in pairs])


def _one_comparison(sign: ast.cmpop, left: Any, right: Any) -> bool | None:
    if isinstance(sign, ast.Is | ast.IsNot):
        return (left is None) is isinstance(sign, ast.Is)
    if left is None or right is None:
        return None
    if isinstance(sign, ast.In | ast.NotIn):
        return (left in right) is isinstance(sign, ast.In)
    if type(left) is not type(right):
        raise ExpressionError("two kinds of answer are compared")
    return _COMPARE[type(sign)](left, right)


def _called(name: str, arguments: list[Any]) -> Any:
    if any(argument is None for argument in arguments):
        return None
    kinds, function = FUNCTIONS[name]
    if not all(type(argument) is kind for argument, kind in zip(arguments, kinds, strict=True)):
        raise ExpressionError(f"{name} is given another kind of answer")
    try:
        return function(*arguments)
    except ValueError as reason:
        raise ExpressionError(f"{name} cannot read this value") from reason
