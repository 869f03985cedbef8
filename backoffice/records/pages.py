"""What do the pages of lists show?"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from backoffice.form_designs.models import FormDesign
from backoffice.identity import Actor
from backoffice.records.crosstab import Crosstab
from backoffice.records.import_models import QuarantinedRow, RecordImport
from backoffice.records.models import ChangeSet, Record, RecordChange, SavedView
from backoffice.records.queries import Sum
from backoffice.records.sender_models import FormSender
from backoffice.records.workflow import KIND_NAMES, ChangeKind, RecordState, chip_of
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow
from backoffice.web.answers_in import label_of, option_label, read_aloud
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _, translate
from forms.definition import FormDefinition, FormField
from forms.field_types import LISTING, NUMBERS, FieldType, Value

USUAL_COLUMNS = 6


@dataclass(frozen=True)
class FormRow:
    design: FormDesign
    entered: int
    done: int
    own: bool


@dataclass(frozen=True, kw_only=True)
class FormsPage(Page):
    rows: Sequence[FormRow]


@dataclass(frozen=True)
class RecordRow:
    record: Record
    chip: Chip
    cells: Sequence[tuple[str, str]]
    """What each column says, and whether it is an amount or text: a class of the table."""


@dataclass(frozen=True)
class Remark:
    """A condition that is in force, in words, and the address without it."""

    said: str
    without: str


@dataclass(frozen=True)
class ListAction:
    """What another feature does with the records that are chosen in a list; handed in (`app.state.list_actions`)."""

    label: str
    path: str
    """Below the list's own address."""
    is_offered: Callable[[Actor, int], ColumnElement[bool]]
    """Asked by the list's page in a statement of its own: by whoever looks, and the id of the form."""


@dataclass(frozen=True)
class ListLink:
    """A page of another feature about a whole list; handed in (`app.state.list_links`)."""

    label: str
    path: str
    """Below the list's own address."""
    is_offered: Callable[[Actor, FormDefinition], bool]


@dataclass(frozen=True)
class RecordLink:
    """A page of another feature about one record; handed in (`app.state.record_links`)."""

    label: str
    path: str
    """Below the record's own address."""
    is_offered: Callable[[Record], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    design: FormDesign
    title_text: str
    rows: Sequence[RecordRow]
    columns: Sequence[tuple[str, str, str, str]]
    """Heading, class, address that sorts by it, and which way it is sorted now (or nothing)."""
    paging: Paging
    tabs: Sequence[Tab]
    remarks: Sequence[Remark]
    troubles: Sequence[str]
    questions: Sequence[tuple[str, str]]
    comparisons: Sequence[tuple[str, str]]
    chosen_columns: Sequence[tuple[str, str, bool]]
    for_many: Sequence[tuple[str, str]]
    sums: Sequence[Sum]
    views: Sequence[SavedView]
    changes: Sequence["ChangeRow"]
    hidden: Sequence[tuple[str, str]]
    """What of the address a form has to send along."""
    address: str
    totals_address: str
    may_write: bool
    may_build: bool
    actions: Sequence[ListAction]
    links: Sequence[ListLink]
    moves: Sequence[tuple[str, str]]
    """States into which chosen records may be brought, with what the button says."""
    open: bool
    draft: bool


@dataclass(frozen=True)
class ChangeRow:
    change_set: ChangeSet
    kind: str

    @classmethod
    def of(cls, change_set: ChangeSet) -> "ChangeRow":
        return cls(change_set, KIND_NAMES[ChangeKind(change_set.kind)])


@dataclass(frozen=True, kw_only=True)
class EntryPage(Page):
    design: FormDesign
    title_text: str
    record: Record | None
    rows: Sequence[AnswerRow]
    wrong: bool
    asking: Sequence[str]
    changes: bool
    """Whether what is asked follows from what was answered."""
    takes_files: bool
    files: Mapping[str, str]
    """The name of each file that an answer names, by its number."""
    draft_at: object = None
    """When what stands here was typed; None for nothing kept."""
    overtaken: str = ""


@dataclass(frozen=True)
class Step:
    """One change of a record, with what it changed: label, before, after."""

    change: RecordChange
    kind: str
    lines: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class RecordPage(Page):
    title_text: str
    record: Record
    chip: Chip
    source: str
    rows: Sequence[AnswerRow]
    files: Mapping[str, str]
    """The name of each file that an answer names, by its number."""
    steps: Sequence[Step]
    links: Sequence[RecordLink]
    states: Sequence[tuple[str, str]]
    may_write: bool
    may_change: bool
    may_submit: bool


@dataclass(frozen=True, kw_only=True)
class PacketsPage(Page):
    title_text: str
    design: FormDesign
    count: int
    ids: Sequence[int]
    """The chosen records, nothing where all of the list are meant."""
    everything: bool
    back: str
    typed: Mapping[str, str]
    codes: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]
    names: Sequence[tuple[str, str]]
    honorifics: Sequence[tuple[str, str]]
    ways: Sequence[tuple[str, str]]
    """What to do with records that say not to whom they go."""
    files: Sequence[tuple[str, str]]
    unaddressed: Sequence[str]
    """Numbers of records whose address or name was not answered."""
    wrong: str
    errors: Mapping[str, str]


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    planned: bool = False


@dataclass(frozen=True, kw_only=True)
class TotalsPage(Page):
    design: FormDesign
    title_text: str
    remarks: Sequence[Remark]
    count: int
    sums: Sequence[Sum]
    bars: Sequence[Bar]
    bars_title: str
    table: Crosstab | None
    """Where two questions are asked, in place of the bars."""
    unit: str
    groups: Sequence[tuple[str, str]]
    amounts: Sequence[tuple[str, str]]
    by: str
    across: str
    adding: str
    hidden: Sequence[tuple[str, str]]
    address: str
    """Of the list that is added up."""


@dataclass(frozen=True, kw_only=True)
class ManyPage(Page):
    design: FormDesign
    title_text: str
    count: int
    ids: Sequence[int]
    row: AnswerRow
    key: str
    back: str
    wrong: str = ""
    everything: bool = False
    """All that the list's conditions find, instead of ticked ones."""
    examples: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ApprovalPage(Page):
    design: FormDesign
    title_text: str
    choices: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class SendersPage(Page):
    design: FormDesign
    title_text: str
    senders: Sequence[FormSender]
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ImportsPage(Page):
    design: FormDesign
    title_text: str
    rows: Sequence[tuple[RecordImport, str]]
    """With what each is called."""
    labels: Sequence[str]
    """What a file may have as headings."""
    most_files: int
    """Of reports, at once."""
    wrong: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportPage(Page):
    title_text: str
    brought: RecordImport
    looked_at: bool
    columns: Sequence[tuple[int, str, str, Sequence[str]]]
    """Place, heading, the question it answers, and what stands in the first rows."""
    questions: Sequence[tuple[str, str]]
    missing: Sequence[str]
    """Questions that must be answered and that no column answers."""
    fine: int
    waiting: int
    troubles: Sequence[tuple[int, str]]
    """The line of a row, and why it would wait."""
    reports: Sequence[tuple[str, str]]
    """Where each row was a file: its name, and why it would wait, "" where it would not."""
    rows: Sequence[tuple[QuarantinedRow, str, str]]
    """What a row that waits is called, and why it does."""
    wrong: str = ""


@dataclass(frozen=True, kw_only=True)
class RowPage(Page):
    title_text: str
    action: str
    rows: Sequence[AnswerRow]
    back: str


def name_of(brought: RecordImport) -> str:
    """Call an import by its file; of many files, by the first and how many more there were."""
    more = len(brought.sources) - 1
    return translate(_("%(name)s ほか%(n)s件"), name=brought.file_name, n=more) if more > 0 else brought.file_name


def row_name(brought: RecordImport, line: int) -> str:
    """Call a row by the file that it was, or by its line."""
    return str(brought.sources[line - 1][0]) if brought.sources else translate(_("%(line)s行目"), line=line)


def said(question: FormField, value: Value) -> str:
    """Give an answer as it is read in a list: an option by its label, a box by its sign."""
    if question.type is FieldType.CHECKBOX:
        return "☑" if value else ""
    if question.type is FieldType.FILE:
        return translate(_("添付あり")) if value else ""
    if question.type in LISTING and isinstance(value, str):
        labels = {option.code: option_label(option) for option in question.options}
        return "、".join(labels.get(code, code) for code in value.split(","))
    return read_aloud(question.type, value)


def row_of(record: Record, columns: Sequence[FormField], routed: Container[int] = ()) -> RecordRow:
    values: Mapping[str, Value] = record.values
    cells = [(said(question, values.get(question.key)), kind_of(question)) for question in columns]
    chip = chip_of(RecordState(record.state), routed=record.department_id in routed)
    return RecordRow(record, chip, cells)


def kind_of(question: FormField) -> str:
    return "amount" if question.type in NUMBERS else ""


def columns_of(definition: FormDefinition, chosen: Sequence[str]) -> list[FormField]:
    """Give the questions that stand in the list: those chosen, else the first few of the form."""
    if chosen:
        return [definition.field(key) for key in chosen]
    return [question for question in definition.questions if question.type is not FieldType.LINES][:USUAL_COLUMNS]


def fields_for_many(definition: FormDefinition) -> list[FormField]:
    """Give the questions that many records may be given one answer to: no cell of a table, nothing computed."""
    return [
        field
        for field in definition.fields
        if not field.columns and field.computed is None and field.type is not FieldType.FILE
    ]


def lines_of(definition: FormDefinition, change: RecordChange) -> list[tuple[str, str, str]]:
    """Say what a change changed, question by question; what the form no longer asks goes by its key."""
    before, after = change.before or {}, change.after or {}
    known = {question.key: question for question in definition.questions}
    keys = [*known, *(key for key in (*before, *after) if key not in known)]
    lines = []
    for key in dict.fromkeys(keys):
        if before.get(key) == after.get(key):
            continue
        question = known.get(key)
        if question is None:
            lines.append((key, str(before.get(key, "")), str(after.get(key, ""))))
        else:
            lines.append((label_of(question), said(question, before.get(key)), said(question, after.get(key))))
    return lines
