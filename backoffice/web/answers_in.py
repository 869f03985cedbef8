"""How are a form's answers read as typed, shown back, and drawn? For paper that is checked and for cases alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.showing import day
from backoffice.web.translations import language_now
from forms.answers import Normal, normalise
from forms.asking import settle
from forms.definition import FormDefinition, FormField, FormOption
from forms.field_types import FieldType, Value
from forms.my_number import holds_my_number
from forms.problems import Problem, Severity
from forms.validation import validate
from forms.wareki import show_wareki

TICK = "--"
"""Between the name of a question and the code of one of its options, each of which has a box of its own."""


@dataclass(frozen=True)
class Checked:
    """What a person typed: values in normal form, what refuses them, what only asks to be looked at again."""

    values: Mapping[str, Value]
    refusing: Mapping[str, Problem]
    asking: tuple[Problem, ...]


def check_answers(definition: FormDefinition, typed: Mapping[str, str]) -> Checked:
    """Read all questions of a form as typed. An unticked box is not sent by a browser: it is false.

    What was typed into a question that is not asked after all is left out; what is computed is computed.
    """
    typed_values: dict[str, Value] = {}
    unread: dict[str, Problem] = {}
    for question in definition.questions:
        normal = understood(question, typed_text(question, typed))
        typed_values[question.key] = normal.value
        if normal.problem is not None:
            unread[question.key] = normal.problem
    settled = settle(definition, typed_values)
    refusing = {key: problem for key, problem in unread.items() if key in settled.shown}
    found = [problem for problem in validate(definition, typed_values) if problem.key not in refusing]
    refusing |= {problem.key: problem for problem in found if problem.severity is Severity.REFUSE}
    asking = tuple(problem for problem in found if problem.severity is Severity.ASK)
    return Checked(settled.values, refusing, asking)


def typed_text(question: FormField, typed: Mapping[str, str], prefix: str = "") -> str:
    """Give what was typed for one question: of several options, the codes of those that were ticked."""
    name = prefix + question.key
    if question.type is not FieldType.CHOICES or name in typed:
        return typed.get(name, "")
    return ",".join(option.code for option in question.options if f"{name}{TICK}{option.code}" in typed)


def echo(field: FormField, typed: str) -> tuple[str, Problem | None]:
    """Say how one answer is understood, for the note beside its input."""
    normal = understood(field, typed)
    return read_aloud(field.type, normal.value), normal.problem


def shown(kind: FieldType, value: Value) -> str:
    """Write a normal form as a clerk writes it: a date in the Japanese era, yen with commas."""
    if value is None:
        return ""
    if kind is FieldType.DATE:
        return show_wareki(date.fromisoformat(str(value)))
    if kind is FieldType.YEN and isinstance(value, int):
        return f"{value:,}"
    if kind is FieldType.CHECKBOX:
        return "on" if value else ""
    return str(value)


def read_aloud(kind: FieldType, value: Value) -> str:
    """Write a normal form for whoever only reads it: a date as the language being spoken has it."""
    if kind is FieldType.DATE and value is not None:
        return day(date.fromisoformat(str(value)))
    return shown(kind, value)


def sentence(problem: Problem) -> str:
    return (language_now() == "en" and problem.message_en) or problem.message_ja


def label_of(field: FormField) -> str:
    return field.name_en if language_now() == "en" else field.label


def option_label(option: FormOption) -> str:
    return option.name_en if language_now() == "en" else option.label


def understood(field: FormField, typed: str) -> Normal:
    """Give the normal form of what was typed into one field; a 個人番号 is a problem, not an answer."""
    if holds_my_number(typed):
        refused = Problem(field.key, "my_number", NO_MY_NUMBER, "My Numbers (12 digits) must not be entered here.")
        return Normal(None, "", refused)
    return normalise(field, typed)
