"""Which answers of a form are missing, out of bounds, or against its rules? Fields first, then rules."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from forms.answers import is_normal
from forms.asking import as_rule_value, columns_for_rules, settle, with_row
from forms.banks import banks_named, branches_named
from forms.check_digits import fits
from forms.definition import FormDefinition, FormField, FormRule
from forms.evaluation import Columns, ExpressionError
from forms.expressions import Expression, parse
from forms.field_types import LISTING, FieldType, RuleValue, Value
from forms.numbers import NUMBER_LIMIT
from forms.problems import Problem, Severity


def validate(definition: FormDefinition, values: Mapping[str, Value]) -> tuple[Problem, ...]:
    """Return every problem of the answers in normal form, fields first, then rules.

    A hidden question has no problem, whatever is there. A rule that touches an unanswered field is neither kept nor
    broken, so it says nothing. A problem of severity `ask` lets the form in; a person looks at it.
    """
    settled = settle(definition, values)
    of_fields = [
        problem
        for field in definition.questions
        if field.key in settled.shown
        for problem in _of_field(field, settled.values[field.key], required=field.key in settled.required)
    ]
    bad = {problem.key for problem in of_fields}
    answers = {
        field.key: as_rule_value(field, settled.values[field.key])
        for field in definition.questions
        if field.key not in bad
    }
    of_rules = [problem for rule in definition.rules for problem in _of_rule(rule, definition, answers)]
    return (*of_fields, *of_rules, *_of_branches(definition, settled.values, bad))


def _of_field(field: FormField, value: Value, *, required: bool) -> Iterator[Problem]:
    if value is None:
        if required:
            yield Problem(field.key, "required", f"{field.label}を書いてください。", f"{field.name_en} is required.")
        return
    if not is_normal(field, value):
        yield Problem(field.key, "type", f"{field.label}の形が違います。", f"{field.name_en} has another form.")
        return
    yield from _out_of_bounds(field, value)


def _out_of_bounds(field: FormField, value: Value) -> Iterator[Problem]:
    if isinstance(value, str) and field.max_length is not None and len(value) > field.max_length:
        yield Problem(
            field.key,
            "too_long",
            f"{field.label}は{field.max_length}文字までです。",
            f"{field.name_en} has at most {field.max_length} letters.",
        )
    if field.type in LISTING and not set(str(value).split(",")) <= {option.code for option in field.options}:
        yield Problem(
            field.key, "option", f"{field.label}を選び直してください。", f"Please choose {field.name_en} again."
        )
    if isinstance(value, str) and field.pattern is not None and not re.fullmatch(field.pattern, value):
        yield Problem(
            field.key, "pattern", f"{field.label}の書き方が違います。", f"{field.name_en} is written another way."
        )
    if field.check_digit is not None and isinstance(value, str) and not fits(field.check_digit, value):
        yield Problem(
            field.key,
            "check_digit",
            f"{field.label}の検査数字が合いません。1桁ずつ確かめてください。",
            f"The check digit of {field.name_en} does not fit.",
        )
    if type(value) is int and not _within(field, value):
        yield Problem(
            field.key, "out_of_range", f"{field.label}の範囲を超えています。", f"{field.name_en} is out of range."
        )


def _within(field: FormField, value: int) -> bool:
    low = value > -NUMBER_LIMIT and (field.minimum is None or field.minimum <= value)
    return low and value < NUMBER_LIMIT and (field.maximum is None or value <= field.maximum)


def _of_rule(rule: FormRule, definition: FormDefinition, answers: Mapping[str, RuleValue]) -> Iterator[Problem]:
    holds = parse(rule.holds)
    columns = columns_for_rules(definition, answers)
    for row in _rows_of(definition, holds):
        said = _said(holds, with_row(definition, answers, row), columns)
        if said is not None and not said:
            for key in rule.keys:
                yield Problem(
                    _in_row(definition, key, row), rule.code, rule.message_ja, rule.message_en, Severity(rule.severity)
                )


def _rows_of(definition: FormDefinition, holds: Expression) -> Sequence[str]:
    """Where a rule names columns it holds in every row: return a cell of each. Elsewhere it holds once, of no cell."""
    column = next((name for name in sorted(holds.names) if name in definition.table_of), None)
    if column is None:
        return ("",)
    return [f"{column}_{row}" for row in range(1, (definition.table_of[column].rows or 0) + 1)]


def _in_row(definition: FormDefinition, key: str, cell: str) -> str:
    if key not in definition.table_of:
        return key
    return f"{key}_{definition.row_of[cell][1] if cell else 1}"


def _said(holds: Expression, answers: Mapping[str, RuleValue], columns: Columns) -> RuleValue:
    try:
        return holds.value(answers, columns)
    except ExpressionError:
        # Answers of two kinds that the rule cannot compare: nobody but a person can say which is wrong.
        return False


def _of_branches(definition: FormDefinition, values: Mapping[str, Value], bad: Collection[str]) -> Iterator[Problem]:
    """Ask where the list of banks knows no such bank or branch: the list may be older than the bank."""
    for field in definition.questions:
        value = values[field.key]
        if not isinstance(value, str) or field.key in bad:
            continue
        if field.type is FieldType.BANK and not banks_named(value):
            yield Problem(
                field.key,
                "bank_unknown",
                f"{field.label}「{value}」は金融機関の一覧にありません。",
                f"{field.name_en} is not in the list of banks.",
                Severity.ASK,
            )
        bank = values.get(field.bank) if field.bank else None
        if field.type is FieldType.BRANCH and isinstance(bank, str) and not branches_named(bank, value):
            yield Problem(
                field.key,
                "branch_unknown",
                f"{field.label}「{value}」は{bank}の支店の一覧にありません。",
                f"{field.name_en} is not in the list of this bank's branches.",
                Severity.ASK,
            )
