"""What do the papers of a record say, and where does it differ? Each question beside its reading and its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backoffice.collation import queries
from backoffice.collation.models import CollationRuling, PaperRule
from backoffice.collation.queries import Reading
from backoffice.collation.workflow import PaperState
from backoffice.form_designs.shelf import newest_definitions
from backoffice.intake.models import Sheet, SheetField
from backoffice.intake.workflow import FileState, SheetState
from backoffice.records.models import Record, RecordFile
from forms.collating import Finding, compare, put_to
from forms.definition import FormDefinition, FormField
from forms.field_types import Value

READABLE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/tiff"})


@dataclass(frozen=True)
class Pair:
    """One question of the record and what a paper says to it. `field`: its reading, None where there is none."""

    file_key: str
    question: FormField
    paper_label: str
    said: Value
    read: Value
    finding: Finding
    field: SheetField | None
    ruling: CollationRuling | None

    @property
    def is_open(self) -> bool:
        return self.finding is not Finding.AGREES and self.ruling is None

    @property
    def is_confirmed(self) -> bool:
        """Say whether the reading was sure, or a person has looked at it."""
        return self.field is not None and (self.field.passes or self.field.confirmed_at is not None)


@dataclass(frozen=True)
class ComparedPaper:
    question: FormField
    title: str
    """Of the paper that it should be."""
    state: PaperState
    file: RecordFile | None
    sheet: Sheet | None
    pairs: Sequence[Pair]


@dataclass(frozen=True)
class Compared:
    """A record's papers, and all that was ever decided of them, the last first."""

    papers: Sequence[ComparedPaper]
    rulings: Sequence[CollationRuling]

    @property
    def pairs(self) -> list[Pair]:
        return [pair for paper in self.papers for pair in paper.pairs]

    @property
    def open(self) -> int:
        """How many pairs nobody has decided."""
        return sum(pair.is_open for pair in self.pairs)


@dataclass(frozen=True)
class _Known:
    """All that is known of a record and its papers, before they are laid side by side."""

    record: Record
    asked: Mapping[str, FormField]
    files: Mapping[str, RecordFile]
    readings: Mapping[int, Reading]
    rulings: Sequence[CollationRuling]

    def ruling(self, file: RecordFile, file_key: str, key: str, read: Value) -> CollationRuling | None:
        """Give what was last decided of these two answers; nobody decided of a file that came later."""
        wanted = (file_key, key, self.record.values.get(key), read)
        since = (each for each in self.rulings if each.decided_at >= file.added_at)
        return next((each for each in since if (each.file_key, each.key, each.said, each.read) == wanted), None)


def compared(session: Session, record: Record, definition: FormDefinition, rules: Sequence[PaperRule]) -> Compared:
    """Lay a record beside its papers. A paper that was not attached has nothing to say."""
    files = queries.files_of(session, record, [rule.key for rule in rules])
    papers = newest_definitions(session, {rule.paper_code for rule in rules})
    known = _Known(
        record,
        {question.key: question for question in definition.questions},
        files,
        queries.readings_of(session, [file.id for file in files.values()]),
        queries.rulings_of(session, record.id),
    )
    laid = [
        _paper(known, rule, papers[rule.paper_code])
        for rule in rules
        if rule.key in known.asked and rule.paper_code in papers
    ]
    return Compared(laid, known.rulings)


def _paper(known: _Known, rule: PaperRule, paper: FormDefinition) -> ComparedPaper:
    file = known.files.get(rule.key)
    reading = known.readings.get(file.id) if file else None
    sheet = reading.sheet(rule.paper_code) if reading else None
    state = _state(file, reading, sheet)
    printed = {question.key: question for question in paper.questions}
    pairs = [
        _pair(known, (rule.key, file), known.asked[key], printed[on_paper], sheet)
        for key, on_paper in rule.pairs
        if file is not None and key in known.asked and on_paper in printed
    ]
    return ComparedPaper(known.asked[rule.key], paper.title, state, file, sheet, pairs)


def _state(file: RecordFile | None, reading: Reading | None, sheet: Sheet | None) -> PaperState:
    if file is None:
        return PaperState.NONE
    if reading is None:
        return PaperState.NOT_READ if file.file.media_type in READABLE else PaperState.UNREADABLE
    if sheet is not None:
        return PaperState.READ
    return PaperState.ANOTHER if reading.file.state == FileState.READ else PaperState.READING


def _pair(
    known: _Known, of: tuple[str, RecordFile], question: FormField, on_paper: FormField, sheet: Sheet | None
) -> Pair:
    file_key, file = of
    field = next((each for each in sheet.fields if each.key == on_paper.key), None) if sheet else None
    said = known.record.values.get(question.key)
    read = put_to(question, on_paper, read_value(sheet, field)) if sheet and field else None
    ruling = known.ruling(file, file_key, question.key, read)
    return Pair(file_key, question, on_paper.label, said, read, compare(question, said, read), field, ruling)


def read_value(sheet: Sheet, field: SheetField) -> Value:
    """Give what was confirmed of a field or, until then, read."""
    settled = sheet.state == SheetState.SETTLED or field.corrected or field.value is not None
    value: Value = field.value if settled else field.read_value
    return value
