"""What do the pages of intake show?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from backoffice.intake.cover_models import CoverSheet
from backoffice.intake.cover_pages import FoundRow
from backoffice.intake.cover_rules import TOLD_OF_COVERS
from backoffice.intake.ledger import ALWAYS_ASKED, HANDWRITING
from backoffice.intake.models import PaperBatch, PaperFile, Sheet, SheetField
from backoffice.intake.models import SheetPage as PictureOfPage
from backoffice.intake.receiving import Refused
from backoffice.intake.workflow import NAMES, SheetState
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow, question_row
from backoffice.web.answers_in import Checked, sentence, shown, typed_text
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _
from forms.definition import FormDefinition, FormField
from forms.field_types import LISTING, FieldType
from ocr.advice import ADVICE
from ocr.refusal import REASONS

TONES = {
    SheetState.RECEIVED: ("plain", "…"),
    SheetState.REFUSED: ("bad", "✕"),
    SheetState.TO_VERIFY: ("doubt", "▲"),
    SheetState.SECOND_ENTRY: ("plain", "②"),
    SheetState.HELD: ("plain", "■"),
    SheetState.UNREADABLE: ("bad", "✕"),
    SheetState.INCOMPLETE: ("doubt", "▲"),
    SheetState.EXCLUDED: ("plain", "−"),
    SheetState.SETTLED: ("good", "●"),
}
LONG = 15
LOW = 0.6
"""Below this the machine's own confidence counts as low, above as doubtful: a colour and a sign, not a decision."""


def chip_of(state: str) -> Chip:
    return Chip(*TONES[SheetState(state)], NAMES[SheetState(state)])


@dataclass(frozen=True)
class SheetRow:
    sheet: Sheet
    chip: Chip
    reason: str

    @classmethod
    def of(cls, sheet: Sheet) -> "SheetRow":
        reason = TOLD_OF_COVERS.get(sheet.refusal) or REASONS.get(sheet.refusal, sheet.refusal)
        return cls(sheet, chip_of(sheet.state), reason)


@dataclass(frozen=True, kw_only=True)
class SheetsPage(Page):
    rows: Sequence[SheetRow]
    tabs: Sequence[Tab]
    state: str
    keyword: str
    paging: Paging
    may_upload: bool
    may_verify: bool
    may_open_archive: bool
    waiting: int
    reading: int
    files_waiting: int


@dataclass(frozen=True, kw_only=True)
class UploadPage(Page):
    limit_mb: int
    scan_limit_mb: int
    forms: Sequence[tuple[str, str]]
    form: str
    batch: PaperBatch | None = None
    accepted: int = 0
    refused: Sequence[Refused] = ()


@dataclass(frozen=True)
class BatchRow:
    batch: PaperBatch
    cover_title: str
    source: str
    states: Sequence[tuple[Chip, int]]
    """How many of its sheets are where."""
    why_empty: str
    """Why it has none, as far as that is known."""


@dataclass(frozen=True, kw_only=True)
class BatchesPage(Page):
    rows: Sequence[BatchRow]
    paging: Paging
    may_upload: bool


@dataclass(frozen=True)
class FileRow:
    """A file of a batch: its sheets in their order, covers and empty backs, what whoever scans could do better."""

    file: PaperFile
    sheets: Sequence[SheetRow]
    covers: Sequence[FoundRow]
    """None for a batch that one of them began."""
    blank_pages: Sequence[int]
    advice: Sequence[str]

    @property
    def erased(self) -> bool:
        return self.file.file.erased_at is not None

    @property
    def covered(self) -> bool:
        """Say whether a 個人番号 stood on a page of it: then it was erased as soon as it was read."""
        return any(
            page.covered for row in self.sheets for page in row.sheet.pages if page.paper_file_id == self.file.id
        )


@dataclass(frozen=True, kw_only=True)
class BatchPage(Page):
    title_text: str
    batch: PaperBatch
    cover: CoverSheet | None
    cut_from: PaperBatch | None
    """The batch whose file this one was begun in by its cover."""
    source: str
    form_title: str
    files: Sequence[FileRow]
    paging: Paging
    states: Sequence[tuple[Chip, int]]
    reading: bool
    readable_again: int
    """Sheets that fitted no form and can be read once more."""
    may_upload: bool


@dataclass(frozen=True)
class FieldRow:
    """One field as a clerk checks it. `tone` is good, doubt or bad; the sign says the same without colour."""

    answer: AnswerRow
    """As it is filled in or shown."""
    page: int
    tone: str
    sign: str
    verdict: str
    percent: int
    candidates: tuple[str, ...]
    box: tuple[int, int, int, int]
    corrected: bool

    @property
    def is_long(self) -> bool:
        """Say whether its box is too long to be shown beside the answer."""
        return self.box[2] > LONG * self.box[3]

    @property
    def asks(self) -> bool:
        return self.tone != "good" or bool(self.answer.problem)


@dataclass(frozen=True, kw_only=True)
class SheetPage(Page):
    title_text: str
    sheet: Sheet
    chip: Chip
    reason: str
    missing: Sequence[int]
    """Pages of its form that have not come."""
    advice: Sequence[str]
    rows: Sequence[FieldRow]
    form_title: str
    may_verify: bool
    may_upload: bool
    may_open_archive: bool


@dataclass(frozen=True, kw_only=True)
class VerifyPage(Page):
    title_text: str
    sheet: Sheet
    form_title: str
    rows: Sequence[FieldRow]
    done: int
    total: int
    asking: Sequence[str] = ()
    dialog: str = ""
    """`hold`, `unreadable` or `exclude` where its reason was refused."""
    note: str = ""
    wrong_note: str = ""

    def place(self, number: int) -> tuple[int, int, int]:
        """Give which picture of the sheet shows page `number` of its form, and its width and height."""
        nth, page = next((nth, page) for nth, page in enumerate(self.sheet.pages, 1) if page.number == number)
        return nth, page.width, page.height


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    waiting: int
    done: int


@dataclass(frozen=True, kw_only=True)
class EchoPage(Page):
    """The note under one input: how the answer is understood."""

    key: str
    text: str
    problem: str


def chips_of(counted: Mapping[SheetState, int]) -> list[tuple[Chip, int]]:
    return [(chip_of(state), counted[state]) for state in SheetState if counted.get(state)]


def advice_of(pages: Iterable[PictureOfPage]) -> list[str]:
    """Give what whoever scans could do better, each sentence once, as msgids."""
    return [ADVICE[code] for code in dict.fromkeys(code for page in pages for code in page.advice)]


def rows_of(
    sheet: Sheet, definition: FormDefinition, typed: Mapping[str, str] | None = None, checked: Checked | None = None
) -> list[FieldRow]:
    """Give the fields in the form's order; `typed` wins over what was read."""
    read = {field.key: field for field in sheet.fields}
    return [_row(asked, read[asked.key], typed, checked) for asked in definition.questions if asked.key in read]


def _row(asked: FormField, read: SheetField, typed: Mapping[str, str] | None, checked: Checked | None) -> FieldRow:
    problem = checked.refusing.get(asked.key) if checked else None
    text = as_kept(asked, read) if typed is None else typed_text(asked, typed)
    tone, sign, verdict = _verdict(read)
    return FieldRow(
        answer=replace(question_row(asked, ""), text=text, problem=sentence(problem) if problem else ""),
        page=read.page,
        tone=tone,
        sign=sign,
        verdict=verdict,
        percent=round(read.confidence * 100),
        candidates=tuple(read.candidates),
        box=(read.box[0], read.box[1], read.box[2], read.box[3]),
        corrected=read.corrected,
    )


def as_kept(asked: FormField, read: SheetField) -> str:
    """Write what was confirmed or, until then, read: where that means nothing, the letters themselves."""
    value = read.value if read.value is not None or read.corrected else read.read_value
    if asked.type is FieldType.CHECKBOX or asked.type in LISTING:
        return shown(asked.type, value)
    return shown(asked.type, value) or read.read_text


def _verdict(read: SheetField) -> tuple[str, str, str]:
    if read.passes:
        return "good", "●", _("確度 高")
    if read.why_not == [ALWAYS_ASKED]:
        return "doubt", "▲", _("必ず確認")
    if read.why_not == [HANDWRITING]:
        return "doubt", "▲", _("手書き")
    if read.confidence >= LOW:
        return "doubt", "▲", _("要確認")
    return "bad", "■", _("確度 低")
