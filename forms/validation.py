"""Which answers of a form are missing, out of bounds, or against its rules? Fields first, then rules."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from forms.answers import normalise
from forms.definition import FormDefinition, FormField, FormRule
from forms.evaluation import ExpressionError
from forms.expressions import parse
from forms.field_types import FieldType, RuleValue, Value
from forms.problems import Problem, Severity


def validate(definition: FormDefinition, values: Mapping[str, Value]) -> tuple[Problem, ...]:
    """Return every problem of the answers in normal form, fields first, then rules.

    A rule that touches an unanswered field is neither kept nor broken, so it says nothing. A problem of severity
    `ask` lets the form in; a person looks at it.
    """
    of_fields = [problem for field in definition.fields for problem in _of_field(field, values.get(field.key))]
    bad = {problem.key for problem in of_fields}
    answers = {
        field.key: _for_rules(field, values.get(field.key)) for field in definition.fields if field.key not in bad
    }
    of_rules = [problem for rule in definition.rules for problem in _of_rule(rule, answers)]
    return (*of_fields, *of_rules)


def _of_field(field: FormField, value: Value) -> Iterator[Problem]:
    if value is None:
        if field.required:
            yield Problem(field.key, "required", f"{field.label}を書いてください。", f"{field.label_en} is required.")
        return
    if not _has_its_type(field, value):
        yield Problem(field.key, "type", f"{field.label}の形が違います。", f"{field.label_en} has another form.")
        return
    yield from _out_of_bounds(field, value)


def _has_its_type(field: FormField, value: Value) -> bool:
    if field.type is FieldType.CHECKBOX:
        return isinstance(value, bool)
    if field.type in (FieldType.INTEGER, FieldType.YEN):
        return type(value) is int
    return isinstance(value, str) and normalise(field, value).value == value


def _out_of_bounds(field: FormField, value: Value) -> Iterator[Problem]:
    if isinstance(value, str) and field.max_length is not None and len(value) > field.max_length:
        yield Problem(
            field.key,
            "too_long",
            f"{field.label}は{field.max_length}文字までです。",
            f"{field.label_en} has at most {field.max_length} letters.",
        )
    if field.type is FieldType.CHOICE and value not in {option.code for option in field.options}:
        yield Problem(
            field.key, "option", f"{field.label}を選び直してください。", f"Please choose {field.label_en} again."
        )
    if isinstance(value, str) and field.pattern is not None and not re.fullmatch(field.pattern, value):
        yield Problem(
            field.key, "pattern", f"{field.label}の書き方が違います。", f"{field.label_en} is written another way."
        )
    if type(value) is int and not _within(field, value):
        yield Problem(
            field.key, "out_of_range", f"{field.label}の範囲を超えています。", f"{field.label_en} is out of range."
        )


def _within(field: FormField, value: int) -> bool:
    low = field.minimum is None or field.minimum <= value
    return low and (field.maximum is None or value <= field.maximum)


def _for_rules(field: FormField, value: Value) -> RuleValue:
    if field.type is FieldType.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _of_rule(rule: FormRule, answers: Mapping[str, RuleValue]) -> Iterator[Problem]:
    try:
        holds = parse(rule.holds).value(answers)
    except ExpressionError:
        # Answers of two kinds that the rule cannot compare: nobody but a person can say which is wrong.
        holds = False
    if holds is not None and not holds:
        for key in rule.keys:
            yield Problem(key, rule.code, rule.message_ja, rule.message_en, Severity(rule.severity))
