"""What of a record would an old system not take? Told before any browser opens. Pure, on plain values.

Which letters a page carries and how long its fields are, a rehearsal has seen; what was never seen is not judged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backoffice.recordings.writing import row_of
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from rpa_bots.charset import trouble
from rpa_bots.recording.binding import PLACE
from rpa_bots.recording.rehearsing import Takes
from rpa_bots.recording.steps import Change, Recording

UTF_8 = "UTF-8"
UTF_16_UNIT = 2


class Fault(StrEnum):
    LETTERS = "letters"
    TOO_LONG = "too_long"
    MISSING = "missing"
    NO_OPTION = "no_option"


@dataclass(frozen=True)
class Finding:
    """Of one record: which answer does not fit, and why. `detail`: the letters, or how many too many."""

    key: str
    fault: Fault
    detail: str = ""


@dataclass(frozen=True)
class Wanted:
    """One thing that a recording puts into a field: a column of the form, and what the field takes (None: unknown)."""

    column: str
    question: FormField
    takes: Takes | None


def wanted_by(recording: Recording, definition: FormDefinition, seen: Mapping[str, Takes]) -> list[Wanted]:
    """Give what a recording puts in, each column once; `seen` by what goes in, `{{a1}}`.

    A field that was never reached is taken to be on a page like the others, of any length: one system has one charset.
    """
    carried = sorted({takes.charset for takes in seen.values()}, key=lambda charset: charset == UTF_8)
    like_the_others = Takes(carried[0], None) if carried else None
    questions = {question.key: question for question in definition.questions}
    put = dict.fromkeys(step.value for step in recording.steps if isinstance(step, Change))
    found: list[Wanted] = []
    for value in put:
        place = PLACE.fullmatch(value)
        question = questions.get(place[1].split(".")[0]) if place else None
        if place and question:
            found.append(Wanted(place[1], question, seen.get(value, like_the_others)))
    return found


def faults_of(
    definition: FormDefinition, wanted: list[Wanted], values: Mapping[str, Value], *, judges_unseen: bool = False
) -> list[Finding]:
    """Say what of a record does not fit. `judges_unseen`: a page that nobody saw is taken for one in Shift_JIS."""
    row = row_of(definition, values)
    found = [
        finding
        for one in wanted
        for finding in _faults(one, values.get(one.question.key), row[one.column], judges_unseen=judges_unseen)
    ]
    return list(dict.fromkeys(found))


def _faults(one: Wanted, value: Value, written: str, *, judges_unseen: bool) -> Iterator[Finding]:
    key = one.question.key
    if value is None or value == "":
        if one.question.required:
            yield Finding(key, Fault.MISSING)
        return
    if one.question.type is FieldType.CHOICE and value not in {option.code for option in one.question.options}:
        yield Finding(key, Fault.NO_OPTION)
        return
    carries_all = one.takes.charset == UTF_8 if one.takes else not judges_unseen
    if not carries_all and (lost := trouble(written.translate(NOT_SENT))):
        yield Finding(key, Fault.LETTERS, " ".join(lost))
    too_many = _units(written) - one.takes.letters if one.takes and one.takes.letters else 0
    if too_many > 0:
        yield Finding(key, Fault.TOO_LONG, str(too_many))


NOT_SENT = str.maketrans("", "", "\r\n\t")
"""What a page takes out, or sends as it is, in any character set."""


def _units(text: str) -> int:
    """Count as browsers do: 𠮷 is two."""
    return len(text.encode("utf-16-le")) // UTF_16_UNIT
