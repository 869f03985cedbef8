"""What does an answered form look like? Invented answers, one a question, for whoever connects another system."""

from forms.asking import settle
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value

_OF_TYPE: dict[FieldType, Value] = {
    FieldType.DATE: "2026-04-01",
    FieldType.KATAKANA: "フクオカ ハナコ",
    FieldType.PERSON_NAME: "福岡 花子",
    FieldType.POSTAL_CODE: "810-8620",
    FieldType.ADDRESS: "福岡県福岡市中央区天神1-8-1",
    FieldType.PHONE: "092-711-4111",
    FieldType.DIGITS: "12345678",
    FieldType.TEXT: "例",
    FieldType.LINES: "例",
    FieldType.INTEGER: 1,
    FieldType.YEN: 1000,
    FieldType.CHECKBOX: True,
    FieldType.BANK: "福岡",
    FieldType.BRANCH: "本店",
    FieldType.ACCOUNT: "1234567",
    FieldType.FILE: "1",
}


def example(definition: FormDefinition) -> dict[str, Value]:
    """Return answers in normal form to what is asked where everything is answered so; of tables the first row."""
    values = {
        question.key: _answer(question)
        for question in definition.questions
        if question.key not in definition.row_of or definition.row_of[question.key][1] == 1
    }
    settled = settle(definition, values)
    asked = {question.key for question in definition.questions if question.computed is None}
    return {key: value for key, value in settled.values.items() if key in asked and value is not None}


def _answer(question: FormField) -> Value:
    if question.options:
        return question.options[0].code
    if question.type is FieldType.DIGITS and question.comb is not None:
        return "0" * question.comb
    value = _OF_TYPE[question.type]
    if isinstance(value, str) and question.max_length is not None:
        return value[: question.max_length]
    if type(value) is int and question.minimum is not None and value < question.minimum:
        return question.minimum
    if type(value) is int and question.maximum is not None and value > question.maximum:
        return question.maximum
    return value
