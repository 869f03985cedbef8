"""What would taking a file in do? Each row is checked once, outside of any transaction, and what was found is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from backoffice.records.matching import typed_of
from backoffice.web.answers_in import Checked, check_answers
from forms.definition import FormDefinition
from forms.field_types import FieldType, Value

Row = tuple[int, Sequence[str]]
"""The line of a spreadsheet, and its cells."""
Finding = tuple[str, str, str]
"""The key of a question, and what is wrong with its answer in Japanese and in English."""


class WaitingRow(NamedTuple):
    """A row that would wait to be mended: what stands in it by question, and why it waits."""

    line: int
    typed: Mapping[str, str]
    findings: Sequence[Finding]


class Outlook(NamedTuple):
    """The answers of the rows that are fine, and the rows that would wait."""

    fine: Sequence[Mapping[str, Value]]
    waiting: Sequence[WaitingRow]


def outlook(definition: FormDefinition, mapping: Sequence[str], rows: Sequence[Row]) -> Outlook:
    """Check each row as if somebody had typed it. What only asks for a second look is no reason to wait."""
    fine: list[Mapping[str, Value]] = []
    waiting: list[WaitingRow] = []
    for line, cells in rows:
        typed = typed_of(definition, mapping, cells)
        checked = check_row(definition, typed)
        if checked.refusing:
            waiting.append(WaitingRow(line, typed, findings_of(checked)))
        else:
            fine.append(checked.values)
    return Outlook(fine, waiting)


def check_row(definition: FormDefinition, typed: Mapping[str, str]) -> Checked:
    """Check what a row says. A row brings no files: whoever opens its record adds them."""
    checked = check_answers(definition, typed)
    files = {question.key for question in definition.questions if question.type is FieldType.FILE}
    return replace(checked, refusing={key: one for key, one in checked.refusing.items() if key not in files})


def findings_of(checked: Checked) -> list[Finding]:
    return [
        (key, problem.message_ja, problem.message_en or problem.message_ja) for key, problem in checked.refusing.items()
    ]
