"""What does a checked expression say about these answers? True, false, a value, or None where an answer is missing."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from forms.ages import age_by_birthday, fiscal_year, school_grade
from forms.field_types import RuleValue

MAX_NUMBER = 10**15


class ExpressionError(ValueError):
    """An expression is outside the language, or compares what cannot be compared; the Japanese is for its writer."""

    def __init__(self, message: str, message_ja: str) -> None:
        super().__init__(message)
        self.message_ja = message_ja


def _total(values: Sequence[RuleValue]) -> int | None:
    answered = [value for value in values if value is not None]
    numbers = [value for value in answered if isinstance(value, int) and not isinstance(value, bool)]
    if numbers != answered:
        raise ExpressionError("total counts numbers only", "合計できるのは数字の列だけです。")
    return sum(numbers) if numbers else None


def _filled(values: Sequence[RuleValue]) -> int:
    return sum(value is not None and value is not False for value in values)


def _has(chosen: str, code: str) -> bool:
    return code in chosen.split(",")


def _choose(condition: bool, one: RuleValue, other: RuleValue) -> RuleValue:  # noqa: FBT001  # a rule has no names for arguments
    return one if condition else other


def _years_between(birth: date, on: date) -> int | None:
    return age_by_birthday(birth, on) if birth <= on else None


def _grade(birth: date, on: date) -> int | None:
    return school_grade(birth, on) if birth <= on else None


# Name: the kinds of its values, and what is done with them.
FUNCTIONS: dict[str, tuple[tuple[type, ...], Callable[..., RuleValue]]] = {
    "len": ((str,), len),
    "date": ((str,), date.fromisoformat),
    "years_between": ((date, date), _years_between),
    "fiscal_year": ((date,), fiscal_year),
    "school_grade": ((date, date), _grade),
    "days_between": ((date, date), lambda first, last: (last - first).days),
    "year": ((date,), lambda day: day.year),
    "month": ((date,), lambda day: day.month),
    "has": ((str, str), _has),
    "choose": ((bool, object, object), _choose),
}

# They take one column of a table and look at all its rows.
COLUMN_FUNCTIONS: dict[str, Callable[[Sequence[RuleValue]], RuleValue]] = {"total": _total, "filled": _filled}

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


Columns = Mapping[str, Sequence[RuleValue]]
"""The answers of each column of a table, row by row."""


def evaluate(node: ast.expr, answers: Mapping[str, RuleValue], columns: Columns = MappingProxyType({})) -> RuleValue:
    """Return the value of a tree that forms.expressions.parse has allowed; a name without an answer is None.

    Raises ExpressionError when two answers cannot be compared or counted together.
    """
    match node:
        case ast.Constant(value=str() | bool() | int() | None as written):
            value: RuleValue = written
        case ast.Name(id=name):
            value = answers.get(name)
        case ast.BoolOp(op=sign, values=parts):
            value = _joined([evaluate(part, answers, columns) for part in parts], all_hold=isinstance(sign, ast.And))
        case ast.UnaryOp(op=sign, operand=operand):
            value = _unary(sign, evaluate(operand, answers, columns))
        case ast.BinOp(left=left, op=operation, right=right):
            value = _counted(operation, evaluate(left, answers, columns), evaluate(right, answers, columns))
        case ast.Compare():
            value = _compared(node, answers, columns)
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=column)]) if name in COLUMN_FUNCTIONS:
            value = COLUMN_FUNCTIONS[name](columns.get(column, ()))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            value = _called(name, [evaluate(argument, answers, columns) for argument in arguments])
        case _:
            raise ExpressionError(
                f"{type(node).__name__} is not part of the language", "式に使えない書き方があります。"
            )
    return value


def _joined(parts: Sequence[RuleValue], *, all_hold: bool) -> bool | None:
    """Three values, as SQL has them: one false makes `and` false, else one unknown makes it unknown."""
    if any(part is not None and bool(part) is not all_hold for part in parts):
        return not all_hold
    return None if None in parts else all_hold


def _unary(sign: ast.unaryop, value: RuleValue) -> RuleValue:
    if value is None:
        return None
    return not value if isinstance(sign, ast.Not) else _counted(ast.Sub(), 0, value)


def _counted(operation: ast.operator, left: RuleValue, right: RuleValue) -> int | None:
    if left is None or right is None:
        return None
    if type(left) is not int or type(right) is not int:
        raise ExpressionError("only whole numbers are counted with", "足し引きできるのは整数だけです。")
    result = _ARITHMETIC[type(operation)](left, right)
    if abs(result) > MAX_NUMBER:
        raise ExpressionError("the number is too large", "計算した数が大きすぎます。")
    return result


def _compared(node: ast.Compare, answers: Mapping[str, RuleValue], columns: Columns) -> bool | None:
    holds: list[RuleValue] = []
    left = evaluate(node.left, answers, columns)
    for sign, other in zip(node.ops, node.comparators, strict=True):
        if isinstance(other, ast.List | ast.Tuple):
            holds.append(_among(left, [evaluate(one, answers, columns) for one in other.elts], sign))
            continue
        right = evaluate(other, answers, columns)
        holds.append(_one_comparison(sign, left, right))
        left = right
    return _joined(holds, all_hold=True)


def _among(value: RuleValue, listed: Sequence[RuleValue], sign: ast.cmpop) -> bool | None:
    return None if value is None else (value in listed) is isinstance(sign, ast.In)


def _one_comparison(sign: ast.cmpop, left: RuleValue, right: RuleValue) -> bool | None:
    if isinstance(sign, ast.Is | ast.IsNot):
        return (left is None) is isinstance(sign, ast.Is)
    if left is None or right is None:
        return None
    if type(left) is not type(right):
        raise ExpressionError("two kinds of answer are compared", "種類の違う答えを比べています(日付と数字など)。")
    return _COMPARE[type(sign)](left, right)


def _called(name: str, arguments: Sequence[RuleValue]) -> RuleValue:
    if any(argument is None for argument in arguments):
        return None
    kinds, function = FUNCTIONS[name]
    if not all(kind is object or type(argument) is kind for argument, kind in zip(arguments, kinds, strict=True)):
        raise ExpressionError(f"{name} is given another kind of answer", f"{name} に、種類の違う答えを渡しています。")
    try:
        return function(*arguments)
    except ValueError as reason:
        raise ExpressionError(f"{name} cannot read this value", f"{name} に渡した値を読めません。") from reason
