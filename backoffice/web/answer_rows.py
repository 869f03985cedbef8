"""How do a form's questions stand on a page: to be filled in, come back as typed, or read as given?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backoffice.web.answers_in import Checked, label_of, option_label, read_aloud, sentence, shown
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value


@dataclass(frozen=True)
class AnswerRow:
    """One question of a form, as it is filled in or shown."""

    name: str
    label: str
    type: str
    text: str
    required: bool
    max_length: int
    problem: str
    options: Sequence[tuple[str, str]] = ()

    @property
    def ticked(self) -> bool:
        return self.text == "on"

    @property
    def chosen(self) -> str:
        """The label of the option that was chosen."""
        return next((label for code, label in self.options if code and code == self.text), "")


def answer_rows(
    definition: FormDefinition,
    values: Mapping[str, Value],
    typed: Mapping[str, str] | None = None,
    checked: Checked | None = None,
    prefix: str = "",
) -> list[AnswerRow]:
    """Give a form's questions with what was typed, else with what is kept."""
    return [_answer_row(field, values.get(field.key), typed, checked, prefix) for field in definition.fields]


def given_answers(definition: FormDefinition, values: Mapping[str, Value]) -> list[AnswerRow]:
    """Give a form's questions with what is kept, to be read."""
    return [
        replace(_answer_row(field, value, None, None, ""), text=read_aloud(field.type, value))
        for field in definition.fields
        for value in [values.get(field.key)]
    ]


def _answer_row(
    field: FormField, value: Value, typed: Mapping[str, str] | None, checked: Checked | None, prefix: str
) -> AnswerRow:
    problem = checked.refusing.get(field.key) if checked else None
    text = shown(field.type, value) if typed is None else typed.get(prefix + field.key, "")
    return AnswerRow(
        name=prefix + field.key,
        label=label_of(field),
        type=str(field.type),
        text=text,
        required=field.required and field.type is not FieldType.CHECKBOX,
        max_length=field.max_length or 0,
        problem=sentence(problem) if problem else "",
        options=[("", "—"), *((option.code, option_label(option)) for option in field.options)]
        if field.options
        else (),
    )
