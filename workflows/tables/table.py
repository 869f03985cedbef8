"""Which rows of a decision table does a case hit, and what do they answer?

A table stands in the drawing of a route, at a business rule task. Its answers are read as `<task>.<output>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from forms.evaluation import ExpressionError
from forms.expressions import Expression, parse
from forms.field_types import RuleValue
from workflows.tables.cells import Cell, CellError, CellType, CellValue, parse_answer, parse_cell

MAX_RULES = 100
MAX_COLUMNS = 8


class TableError(ValueError):
    """A table cannot be read, or cannot answer: the sentence says which row and column."""


class Hit(StrEnum):
    UNIQUE = "unique"
    """At most one row applies; two that could apply at once are refused when the table is checked."""
    FIRST = "first"
    """The first row that applies answers."""


@dataclass(frozen=True)
class TableInput:
    """A column that is asked: an expression over answers. `values`, where given, are the only words it may have."""

    label: str
    expression: Expression
    type: CellType
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableOutput:
    """A column that answers."""

    name: str
    label: str
    type: CellType


@dataclass(frozen=True)
class TableRule:
    """One row: `when` as written and as read, `then` the answers."""

    id: str
    written: tuple[str, ...]
    when: tuple[Cell, ...]
    then: tuple[CellValue, ...]


@dataclass(frozen=True)
class DecisionTable:
    """A table as drawn; `id` is the task it stands at."""

    id: str
    name: str
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rules: tuple[TableRule, ...]
    hit: Hit


@dataclass(frozen=True)
class TableResult:
    """What a table answered: `rows` counts from 1, empty where no row applied (then every output is None)."""

    table_id: str
    rows: tuple[int, ...]
    outputs: Mapping[str, CellValue]


def read_input(label: str, expression: str, kind: str, values: str) -> TableInput:
    """Read the head of a column that is asked. Raises TableError."""
    try:
        words = tuple(word.strip() for word in values.split(";") if word.strip())
        return TableInput(label, parse(expression, dotted=True), CellType(kind), words)
    except ExpressionError as reason:
        raise TableError(f"列「{label}」の式が読めません: {reason}") from reason
    except ValueError as reason:
        raise TableError(f"列「{label}」の種類「{kind}」はありません。") from reason


def read_rule(
    number: int,
    rule_id: str,
    written: tuple[tuple[str, ...], tuple[str, ...]],
    inputs: tuple[TableInput, ...],
    outputs: tuple[TableOutput, ...],
) -> TableRule:
    """Read one row, `written` as its asking and its answering cells. Raises TableError naming row and column."""
    when, then = written
    if len(when) != len(inputs) or len(then) != len(outputs):
        raise TableError(f"{number}行目のマスの数が、列の数と合いません。")
    cells = tuple(_cell(number, column.label, text, column.type) for column, text in zip(inputs, when, strict=True))
    answers = tuple(
        _answer(number, column.label, text, column.type) for column, text in zip(outputs, then, strict=True)
    )
    return TableRule(rule_id, when, cells, answers)


def _cell(number: int, label: str, text: str, kind: CellType) -> Cell:
    try:
        return parse_cell(text, kind)
    except CellError as reason:
        raise TableError(f"{number}行目の「{label}」: {reason}") from reason


def _answer(number: int, label: str, text: str, kind: CellType) -> CellValue:
    try:
        return parse_answer(text, kind)
    except CellError as reason:
        raise TableError(f"{number}行目の「{label}」: {reason}") from reason


def evaluate(table: DecisionTable, values: Mapping[str, RuleValue]) -> TableResult:
    """Answer for these values (by dotted name). Raises TableError where a value has another kind than its column."""
    asked = [_asked(column, values) for column in table.inputs]
    for number, rule in enumerate(table.rules, start=1):
        if _applies(rule, asked, table.inputs):
            outputs = {column.name: answer for column, answer in zip(table.outputs, rule.then, strict=True)}
            return TableResult(table.id, (number,), outputs)
    return TableResult(table.id, (), {column.name: None for column in table.outputs})


def _asked(column: TableInput, values: Mapping[str, RuleValue]) -> CellValue:
    try:
        value = column.expression.value(values)
    except ExpressionError as reason:
        raise TableError(f"列「{column.label}」が計算できません: {reason}") from reason
    return value.isoformat() if isinstance(value, date) else value


def _applies(rule: TableRule, asked: list[CellValue], inputs: tuple[TableInput, ...]) -> bool:
    try:
        return all(cell.holds(value, column.type) for cell, value, column in zip(rule.when, asked, inputs, strict=True))
    except CellError as reason:
        raise TableError(str(reason)) from reason
