"""What of a record would an old system not take? Told before any browser opens. Pure, on plain values.

Which letters a page carries and how long its fields are, a rehearsal has seen; what was never seen is not judged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backoffice.recordings.writing import written
from backoffice.web.translations import speaking
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from rpa_bots.charset import trouble
from rpa_bots.recording.rehearsing import Takes
from rpa_bots.recording.tape.binding import PLACE
from rpa_bots.recording.tape.steps import Change, Recording

UTF_8 = "UTF-8"
UTF_16_UNIT = 2
NOT_SENT = str.maketrans("", "", "\r\n\t")
"""What a page takes out, or sends as it is, in any character set."""


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
    """One thing that a recording puts into a field: an answer, the way it is written, what the field takes.

    `takes` None: nobody has seen the field.
    """

    question: FormField
    way: str
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
        key, dot, way = place[1].partition(".") if place else ("", "", "")
        if question := questions.get(key):
            found.append(Wanted(question, dot + way, seen.get(value, like_the_others)))
    return found


def faults_of(wanted: list[Wanted], values: Mapping[str, Value], *, judges_unseen: bool = False) -> list[Finding]:
    """Say what of a record does not fit. `judges_unseen`: a page that nobody saw is taken for one in Shift_JIS."""
    with speaking("ja"):
        found = [
            finding
            for one in wanted
            for finding in _faults(one, values.get(one.question.key), judges_unseen=judges_unseen)
        ]
    return list(dict.fromkeys(found))


def _faults(one: Wanted, value: Value, *, judges_unseen: bool) -> Iterator[Finding]:
    key = one.question.key
    if value is None or value == "":
        if one.question.required:
            yield Finding(key, Fault.MISSING)
        return
    if one.question.type is FieldType.CHOICE and value not in {option.code for option in one.question.options}:
        yield Finding(key, Fault.NO_OPTION)
        return
    text = written(one.question, one.way, value)
    carries_all = one.takes.charset == UTF_8 if one.takes else not judges_unseen
    if not carries_all and (lost := trouble(text.translate(NOT_SENT))):
        yield Finding(key, Fault.LETTERS, " ".join(lost))
    too_many = _units(text) - one.takes.letters if one.takes and one.takes.letters else 0
    if too_many > 0:
        yield Finding(key, Fault.TOO_LONG, str(too_many))


def _units(text: str) -> int:
    """Count as browsers do: 𠮷 is two."""
    return len(text.encode("utf-16-le")) // UTF_16_UNIT
