"""Which question does a column of a file answer? By what was said last time, else by its heading; never by guessing.

A heading means a question where both are the same once spaces, brackets and units are left out.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

from forms.definition import FormDefinition, FormField
from forms.field_types import LISTING, FieldType
from forms.importing.headings import bare
from forms.widths import plain

_TICKS = frozenset({"○", "〇", "◯", "有", "あり", "済", "はい", "yes", "y", "x"})
_NO_TICKS = frozenset({"×", "無", "なし", "未", "いいえ", "no", "n", "-", "―"})


def hash_of(header: Sequence[str]) -> str:
    """Return what all files with this header have in common."""
    return hashlib.sha256("\n".join(bare(heading) for heading in header).encode()).hexdigest()


def matched(definition: FormDefinition, header: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """Return the key of a question for each heading, "" where none is meant. No question is meant twice."""
    by_label: dict[str, str] = {}
    for question in askable(definition):
        for name in (question.label, question.key):
            by_label.setdefault(bare(name), question.key)
    known = {question.key for question in askable(definition)}
    found: list[str] = []
    for heading in header:
        key = remembered.get(heading, by_label.get(bare(heading), ""))
        found.append(key if key in known and key not in found else "")
    return found


def askable(definition: FormDefinition) -> list[FormField]:
    """Return the questions that a file can answer."""
    return [
        question
        for question in definition.questions
        if question.computed is None and question.type is not FieldType.FILE
    ]


def typed_of(definition: FormDefinition, mapping: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return what a row says, by question, as if somebody had typed it: options by their labels, ticks by ○."""
    questions = {question.key: question for question in definition.questions}
    return {key: _as_typed(questions[key], cell) for key, cell in zip(mapping, cells, strict=True) if key in questions}


def _as_typed(question: FormField, cell: str) -> str:
    text = plain(cell)
    if question.type is FieldType.CHECKBOX:
        word = text.lower()
        return "on" if word in _TICKS else "" if word in _NO_TICKS else text
    if question.type not in LISTING:
        return cell
    codes = {bare(option.label): option.code for option in question.options}
    several = question.type is FieldType.CHOICES
    parts = re.split(r"[、,，/・\n]", cell) if several else [cell]
    return ",".join(codes.get(bare(part), plain(part)) for part in parts if part.strip())
