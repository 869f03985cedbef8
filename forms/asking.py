"""Which questions does a form ask, given the answers so far? What is hidden, required or computed follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forms.answers import is_normal
from forms.definition import FormDefinition, FormField
from forms.evaluation import ExpressionError
from forms.expressions import Expression, parse
from forms.field_types import FieldType, RuleValue, Value


@dataclass(frozen=True)
class Settled:
    """Answers to every question of a form: those to hidden ones dropped, computed ones filled in.

    `shown` and `required` are the keys of the questions that stand on the page and of those that must be answered.
    """

    values: Mapping[str, Value]
    shown: frozenset[str]
    required: frozenset[str]


def settle(definition: FormDefinition, values: Mapping[str, Value]) -> Settled:
    """Settle what depends on answers: this function will hide, compute and require, field by field in their order.

    A condition on an unanswered question does not hold. In a table a required column is asked for in each row that
    was begun, and in the first row of a table that is required itself.
    """
    answers: dict[str, Value] = {question.key: None for question in definition.questions}
    seen: dict[str, RuleValue] = dict.fromkeys(answers)
    shown: list[FormField] = []
    for question in definition.questions:
        table = definition.row_of[question.key][0] if question.key in definition.row_of else question
        if table.shown_if is not None and not _holds(table.shown_if, definition, seen, question.key):
            continue
        value = values.get(question.key)
        if question.computed is not None:
            value = _stored(_value(parse(question.computed), definition, seen, question.key))
        answers[question.key] = value
        seen[question.key] = as_rule_value(question, value)
        shown.append(question)
    required = (question.key for question in shown if _must_be_answered(definition, question, answers, seen))
    return Settled(answers, frozenset(question.key for question in shown), frozenset(required))


def holds(definition: FormDefinition, condition: str, values: Mapping[str, Value]) -> bool | None:
    """Say whether a condition holds of settled answers; None where an answer that it looks at is missing."""
    seen = {question.key: as_rule_value(question, values.get(question.key)) for question in definition.questions}
    held = _value(parse(condition), definition, seen, "")
    return None if held is None else bool(held)


def as_rule_value(field: FormField, value: Value) -> RuleValue:
    """Return `value` as rules see it: a date is a date, and what has not the form of its type is not there."""
    if value is None or not is_normal(field, value):
        return None
    return date.fromisoformat(value) if field.type is FieldType.DATE and isinstance(value, str) else value


def columns_for_rules(definition: FormDefinition, answers: Mapping[str, RuleValue]) -> dict[str, list[RuleValue]]:
    """Return the answers of each column, row by row."""
    return {
        key: [answers.get(f"{key}_{row}") for row in range(1, (table.rows or 0) + 1)]
        for key, table in definition.table_of.items()
    }


def with_row(definition: FormDefinition, answers: Mapping[str, RuleValue], cell: str) -> Mapping[str, RuleValue]:
    """Return the answers with those of the row of `cell` under the names of their columns; unchanged for no cell."""
    if cell not in definition.row_of:
        return answers
    table, row = definition.row_of[cell]
    return {**answers, **{column.key: answers.get(f"{column.key}_{row}") for column in table.columns}}


def _must_be_answered(
    definition: FormDefinition, question: FormField, answers: Mapping[str, Value], seen: Mapping[str, RuleValue]
) -> bool:
    if question.key in definition.row_of and not _row_is_asked(definition, question.key, answers):
        return False
    condition = question.required_if
    return question.required or (condition is not None and _holds(condition, definition, seen, question.key))


def _row_is_asked(definition: FormDefinition, cell: str, answers: Mapping[str, Value]) -> bool:
    table, row = definition.row_of[cell]
    given = (answers[f"{column.key}_{row}"] for column in table.columns if column.computed is None)
    return any(value not in (None, False) for value in given) or (table.required and row == 1)


def _holds(source: str, definition: FormDefinition, seen: Mapping[str, RuleValue], cell: str) -> bool:
    return _value(parse(source), definition, seen, cell) is True


def _value(said: Expression, definition: FormDefinition, seen: Mapping[str, RuleValue], cell: str) -> RuleValue:
    columns = columns_for_rules(definition, seen) if said.columns else {}
    try:
        return said.value(with_row(definition, seen, cell), columns)
    except ExpressionError:
        # Two kinds of answer that cannot be compared: neither true nor false, as where one is missing.
        return None


def _stored(value: RuleValue) -> Value:
    return value.isoformat() if isinstance(value, date) else value
