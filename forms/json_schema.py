"""What does another system have to send for a form? Its answers as JSON Schema (2020-12), flat, by key."""

from collections.abc import Mapping
from typing import Any

from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SHAPES: Mapping[FieldType, dict[str, Any]] = {
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.KATAKANA: {"type": "string", "pattern": "^[ァ-ヶー・ ]+$"},
    FieldType.POSTAL_CODE: {"type": "string", "pattern": "^[0-9]{3}-[0-9]{4}$"},
    FieldType.PHONE: {"type": "string", "pattern": "^0[0-9-]{9,12}$"},
    FieldType.DIGITS: {"type": "string", "pattern": "^[0-9]+$"},
    FieldType.ACCOUNT: {"type": "string", "pattern": "^[0-9]{7}$"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.YEN: {"type": "integer"},
    FieldType.CHECKBOX: {"type": "boolean"},
}


def json_schema(definition: FormDefinition) -> dict[str, Any]:
    """Return the schema of the answers in normal form. What only conditions require is not required here."""
    asked = [question for question in definition.questions if question.computed is None]
    conditional = {field.key for field in definition.fields if field.shown_if}
    required = [
        question.key
        for question in asked
        if question.required and question.key not in conditional and question.key not in definition.row_of
    ]
    return {
        "$schema": DIALECT,
        "title": definition.title,
        "description": definition.title_en,
        "type": "object",
        "additionalProperties": False,
        "properties": {question.key: _property(question) for question in asked},
        **({"required": required} if required else {}),
    }


def _property(question: FormField) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": question.label, **_SHAPES.get(question.type, {"type": "string"})}
    if question.help:
        shape["description"] = question.help
    if question.type is FieldType.CHOICE:
        shape["enum"] = [option.code for option in question.options]
    if question.type is FieldType.CHOICES:
        codes = "|".join(option.code for option in question.options)
        shape["pattern"] = f"^({codes})(,({codes}))*$"
    if question.type is FieldType.DIGITS and question.comb is not None:
        shape["pattern"] = f"^[0-9]{{{question.comb}}}$"
    limits = {"maxLength": question.max_length, "minimum": question.minimum, "maximum": question.maximum}
    return shape | {name: limit for name, limit in limits.items() if limit is not None}
