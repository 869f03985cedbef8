"""Which answers need trying, so that every way a route can go is tried? A few for each name that it reads.

Where a name is only compared with written values, finitely many samples stand for all answers: each written value,
its neighbours, any other word, and no answer. A name used in any other way (counted with, compared with another name)
is *inexact*: then the walk takes every arrow that may be open, and the gateway must have a default.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from forms.definition import FormField
from forms.field_types import FieldType, RuleValue
from workflows.routes.known import Known
from workflows.routes.parts import CASE, Route
from workflows.routes.running import DECISION
from workflows.tables import CellType, DecisionTable

OTHER_WORD = "(その他)"
NUMBERS = (FieldType.INTEGER, FieldType.YEN)


@dataclass
class Uses:
    """How one name is used in all conditions and tables."""

    constants: set[RuleValue] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    as_truth: bool = False
    exact: bool = True


def uses_of(route: Route) -> dict[str, Uses]:
    """Look through every condition and table of the route."""
    uses: dict[str, Uses] = {name: Uses() for name in route.reads}
    for arrow in route.arrows.values():
        if arrow.expression is not None:
            _look_at(arrow.expression.tree, uses)
    for table in route.tables.values():
        _look_at_table(table, uses)
    for name, use in uses.items():
        # Every decision is tried, and a table's answers come from its rows: no samples stand for them.
        place, _, key = name.partition(".")
        use.exact = use.exact or key == DECISION or place in route.tables
    return uses


def samples(route: Route, uses: Mapping[str, Uses], known: Known | None) -> dict[str, tuple[RuleValue, ...]]:
    """Give the answers to try for each name that is asked of people or is a fact of the case."""
    return {
        name: _samples(use, _question(route, name, known))
        for name, use in uses.items()
        if name.rpartition(".")[2] != DECISION and name.partition(".")[0] not in route.tables
    }


def _question(route: Route, name: str, known: Known | None) -> FormField | None:
    """Find what is asked under this name, where the office's forms are known."""
    place, _, key = name.partition(".")
    if known is None:
        return None
    if place == CASE:
        return known.facts.get(key)
    step = route.steps.get(place)
    form = known.forms.get(step.form) if step is not None and step.form is not None else None
    return None if form is None else next((each for each in form.fields if each.key == key), None)


def _samples(use: Uses, question: FormField | None) -> tuple[RuleValue, ...]:
    found: set[RuleValue] = set()
    if question is not None and question.type is FieldType.CHOICE:
        found = {option.code for option in question.options}
    elif question is not None and question.type is FieldType.CHECKBOX:
        found = {True, False}
    else:
        found = set(_around(use)) if use.exact else {*_around(use), 0, 1}
        found = {value for value in found if question is None or _fits(question, value)}
    if question is None or not question.required:
        found.add(None)
    return tuple(sorted(found, key=lambda value: (str(type(value)), str(value))))


def _around(use: Uses) -> Iterator[RuleValue]:
    if use.as_truth:
        yield from (True, False)
    for day in use.dates:
        yield from ((day + timedelta(days=by)).isoformat() for by in (-1, 0, 1))
    for constant in use.constants:
        if isinstance(constant, bool):
            yield from (True, False)
        elif isinstance(constant, int):
            yield from (constant - 1, constant, constant + 1)
        elif isinstance(constant, str):
            yield from (constant, OTHER_WORD)


def _fits(question: FormField, value: RuleValue) -> bool:
    if question.type in NUMBERS:
        low, high = question.minimum, question.maximum
        return type(value) is int and (low is None or low <= value) and (high is None or value <= high)
    if question.type is FieldType.DATE:
        return isinstance(value, str) and value != OTHER_WORD
    return isinstance(value, str)


def _look_at(node: ast.expr, uses: Mapping[str, Uses]) -> None:
    """Look at a node whose own value is asked for as true or false."""
    match node:
        case ast.Name(id=name):
            uses[name].as_truth = True
        case ast.BoolOp(values=parts):
            for part in parts:
                _look_at(part, uses)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _look_at(operand, uses)
        case ast.Compare(left=left, comparators=others):
            for one, other in pairwise([left, *others]):
                _compared(one, other, uses)
        case _:
            _inexact(node, uses)


def _compared(left: ast.expr, right: ast.expr, uses: Mapping[str, Uses]) -> None:
    for named, written in ((left, right), (right, left)):
        constants = _constants(written)
        if constants is None:
            continue
        if isinstance(named, ast.Name):
            uses[named.id].constants |= set(constants)
            return
        if isinstance(named, ast.Call) and _date_of_name(named) and all(isinstance(one, date) for one in constants):
            uses[_date_of_name(named)].dates |= {one for one in constants if isinstance(one, date)}
            return
    _inexact(left, uses)
    _inexact(right, uses)


def _constants(node: ast.expr) -> list[RuleValue] | None:
    match node:
        case ast.Constant(value=str() | bool() | int() | None as value):
            return [value]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            return [-number]
        case ast.Call(func=ast.Name(id="date"), args=[ast.Constant(value=str() as written)]):
            try:
                return [date.fromisoformat(written)]
            except ValueError:
                return None
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            found = [_constants(part) for part in parts]
            return [one for each in found if each is not None for one in each] if None not in found else None
    return None


def _date_of_name(node: ast.Call) -> str:
    match node:
        case ast.Call(func=ast.Name(id="date"), args=[ast.Name(id=name)]):
            return name
    return ""


def _inexact(node: ast.expr, uses: Mapping[str, Uses]) -> None:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in uses:
            uses[each.id].exact = False


def _look_at_table(table: DecisionTable, uses: Mapping[str, Uses]) -> None:
    for at, column in enumerate(table.inputs):
        if not isinstance(column.expression.tree, ast.Name):
            _inexact(column.expression.tree, uses)
            continue
        use = uses[column.expression.tree.id]
        for rule in table.rules:
            cell = rule.when[at]
            ends = [end for each in cell.intervals for end in (each.low, each.high) if end is not None]
            if column.type is CellType.DATE:
                use.dates |= {date.fromordinal(end) for end in ends}
            else:
                use.constants |= {*cell.listed, *ends}
        use.as_truth = use.as_truth or column.type is CellType.BOOLEAN


def exact(names: Iterable[str], uses: Mapping[str, Uses]) -> bool:
    """Tell whether the samples of these names stand for every answer."""
    return all(uses[name].exact for name in names)
