"""Where a step's form asks for a note, is it not the same as the reason of the decision? It is: people write it once.

The words stand in the case's story, and under the note's key among the answers, where a route's conditions find them.
"""

from collections.abc import Mapping

from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value

NOTE = "note"


def note_of(definition: FormDefinition) -> FormField | None:
    """Give the question of a step's form that the reason answers, where the form has one."""
    return next((field for field in definition.fields if field.key == NOTE and field.type is FieldType.LINES), None)


def with_note(definition: FormDefinition, answers: Mapping[str, Value], reason: str) -> dict[str, Value]:
    """Give the answers with what was written as the reason."""
    return {**answers, NOTE: reason} if reason and note_of(definition) is not None else dict(answers)
