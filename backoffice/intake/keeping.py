"""What becomes of a page that was read? It joins its sheet; one with all its pages goes to the desk, or is settled."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from backoffice.db.numbering import next_number
from backoffice.intake import covers, queries
from backoffice.intake.always_asked import ask_unless_proven
from backoffice.intake.cover_rules import A_COVER_ITSELF
from backoffice.intake.events import (
    PaperFileErased,
    SheetIncomplete,
    SheetRead,
    SheetReceived,
    SheetRefused,
    SheetSettled,
)
from backoffice.intake.handwriting import ask_unless_opened
from backoffice.intake.known_papers import UNSORTED, KnownPaper
from backoffice.intake.models import PaperFile, Sheet, SheetField, SheetPage
from backoffice.intake.service import move
from backoffice.intake.thresholds import hold_to
from backoffice.intake.workflow import FileState, SheetState
from backoffice.vault import StoredFile
from backoffice.work import Work
from forms.asking import settle
from forms.definition import FormDefinition
from forms.my_number import holds_my_number, without_my_number
from forms.problems import Severity
from forms.validation import validate
from ocr.geometry import page_size
from ocr.my_numbers import MY_NUMBER
from ocr.page import FieldReading, PageReading

RULE_BROKEN, TWICE = "rule", "twice"


@dataclass(frozen=True)
class FoundPage:
    """A page as read, its form where it fits one, its picture, an earlier sheet that is written on alike, its cover."""

    reading: PageReading
    paper: KnownPaper | None = None
    picture: StoredFile | None = None
    alike_id: int | None = None
    under: int | None = None
    """The `FoundCover` before it in its file."""


def keep_page(work: Work, file: PaperFile, found: FoundPage) -> None:
    """Keep one page of a file. Kept twice it changes nothing: a job's step may run again after a crash."""
    reading = found.reading
    if reading.status == "blank":
        file.blank_pages = sorted({*file.blank_pages, reading.page})
        return
    if queries.is_kept(work.session, file.id, reading.page, reading.sheet):
        return
    sheet = _sheet_of(work, file, found)
    page = SheetPage(
        number=found.paper.layout.page if found.paper else 1,
        paper_file_id=file.id,
        file_page=reading.page,
        place=reading.sheet,
    )
    sheet.pages.append(page)
    _write_page(work, sheet, page, found)


def keep_again(work: Work, sheet: Sheet, found: Mapping[int, FoundPage]) -> None:
    """Keep what was read on each page, by its id, of a sheet that was to be read once more."""
    if sheet.state != SheetState.RECEIVED:
        return
    papers = [page.paper for page in found.values() if page.paper is not None]
    forms, numbers = {(paper.code, paper.version) for paper in papers}, {paper.layout.page for paper in papers}
    if len(forms) > 1 or len(numbers) < len(papers):
        sheet.refusal = "two_forms"
        move(sheet, SheetState.REFUSED)
        return
    for page in sheet.pages:
        if sheet.state == SheetState.RECEIVED:
            _write_page(work, sheet, page, found[page.id])
            _erase_if_covered(work, page.paper_file)
    if sheet.state == SheetState.RECEIVED:
        move(sheet, SheetState.INCOMPLETE)
        work.record(SheetIncomplete(sheet.id))


def _write_page(work: Work, sheet: Sheet, page: SheetPage, found: FoundPage) -> None:
    """Write down what was read on a page of a sheet, in place of what was read on it before."""
    reading, paper = found.reading, found.paper
    if found.picture is not None:
        work.session.add(found.picture)
    page.picture = found.picture
    page.width, page.height = page_size(paper.layout) if paper else (0, 0)
    page.registered_by, page.residual_px = reading.registered_by or "", reading.residual_px
    page.likeness = asdict(reading.likeness) if reading.likeness else None
    page.advice, page.covered = list(reading.advice), MY_NUMBER in reading.codes
    sheet.alike_id = sheet.alike_id or found.alike_id
    if paper is None:
        sheet.refusal = reading.reason_code or (A_COVER_ITSELF if reading.cover else "")
        move(sheet, SheetState.REFUSED)
        work.record(SheetRefused(sheet.id, sheet.refusal))
        return
    page.number = paper.layout.page
    sheet.form_code, sheet.form_version, sheet.refusal = paper.code, paper.version, ""
    sheet.fields = [each for each in sheet.fields if each.page != page.number]
    sheet.fields.extend(_kept_field(field, page.number) for field in reading.fields)
    if len(sheet.pages) == paper.layout.pages:
        _complete(work, sheet, paper.definition)


def finish_file(work: Work, file: PaperFile) -> None:
    """Note that all of a file was read. Sheets that still miss pages say so; a file with a 個人番号 on it is erased."""
    if file.state == FileState.READ:
        return
    file.state, file.read_at = FileState.READ, work.now
    for sheet in queries.sheets_with_pages_in(work.session, file.id, SheetState.RECEIVED):
        move(sheet, SheetState.INCOMPLETE)
        work.record(SheetIncomplete(sheet.id))
    _erase_if_covered(work, file)


def _erase_if_covered(work: Work, file: PaperFile) -> None:
    """Erase a file as it came where something on one of its pages had to be covered: the pages stay."""
    if file.file.erased_at is None and queries.has_covered_page(work.session, file.id):
        work.office.files.erase(file.file, work.now)
        work.record(PaperFileErased(file.id))


def _complete(work: Work, sheet: Sheet, definition: FormDefinition) -> None:
    """Bring a sheet that is read to the desk, or settle it where nothing on it is doubtful."""
    hold_to(work.session, sheet, definition)
    _ask_where_rules_break(sheet.fields, definition)
    _leave_to_two(sheet.fields, definition)
    ask_unless_proven(work.session, sheet.form_code, sheet.fields, definition)
    ask_unless_opened(work.session, sheet.form_code, sheet.fields, definition)
    asked = sum(not field.passes for field in sheet.fields)
    work.record(SheetRead(sheet.id, len(sheet.fields) - asked, asked))
    if asked or sheet.alike_id or not sheet.fields:
        move(sheet, SheetState.TO_VERIFY)
        return
    move(sheet, SheetState.SETTLED)
    sheet.settled_at = work.now
    work.record(SheetSettled(sheet.id, 0))


def _sheet_of(work: Work, file: PaperFile, found: FoundPage) -> Sheet:
    """Give the sheet that waits for this page, or a new one."""
    reading, paper = found.reading, found.paper
    if paper is not None and paper.layout.pages > 1:
        waiting = queries.sheets_without_page(work.session, file, paper, reading.serial or "")
        before = queries.last_kept_page(work.session, file.id)
        beside = [sheet for sheet in waiting if before is not None and sheet.id == before.sheet_id]
        if before is not None and beside and covers.no_cover_between(work.session, before, found.under):
            return beside[0]
        if reading.serial and len(waiting) == 1:
            return waiting[0]
    sheet = Sheet(
        number=next_number(work.session, paper.series if paper else UNSORTED, work.today),
        department_id=file.department_id,
        batch_id=covers.batch_under(work, file, found.under),
        form_code=paper.code if paper else "",
        form_version=paper.version if paper else 0,
        serial=reading.serial or "",
        state=SheetState.RECEIVED,
        original_name=file.name,
        alike_id=None,
        settled_at=None,
        readings=1,
        uploaded_by_id=file.batch.received_by_id,
        uploaded_at=file.batch.received_at,
        pages=[],
        fields=[],
    )
    work.session.add(sheet)
    work.session.flush()
    work.record(SheetReceived(sheet.id))
    return sheet


def _ask_where_rules_break(fields: Iterable[SheetField], definition: FormDefinition) -> None:
    """Ask about each field that breaks a rule of the whole form, or that must not be empty.

    The reader knows one page at a time; what people are asked about anyway does not draw others into a rule.
    """
    passing = {field.key: field for field in fields if field.passes}
    values = settle(definition, {key: field.value for key, field in passing.items()}).values
    for problem in validate(definition, values):
        field = passing.get(problem.key)
        if field is not None and problem.severity in (Severity.REFUSE, Severity.ASK):
            field.passes, field.why_not = False, [RULE_BROKEN]


def _leave_to_two(fields: Iterable[SheetField], definition: FormDefinition) -> None:
    """Let nothing pass that two people are to enter, and nobody check it in a row of many."""
    twice = twice_in(definition)
    for field in fields:
        if field.key in twice:
            field.passes, field.why_not, field.desk_only = False, [*field.why_not, TWICE], True


def twice_in(definition: FormDefinition) -> frozenset[str]:
    """Return the keys of the questions that two people answer."""
    return frozenset(question.key for question in definition.questions if question.twice)


def _kept_field(field: FieldReading, page: int) -> SheetField:
    forbidden = holds_my_number(field.text)
    return SheetField(
        key=field.key,
        page=page,
        read_text=without_my_number(field.text),
        read_value=None if forbidden else field.value,
        confidence=field.confidence,
        passes=field.passes and not forbidden,
        why_not=[*field.why_not, MY_NUMBER] if forbidden else list(field.why_not),
        candidates=[each for each in field.candidates if not holds_my_number(each)],
        box=list(field.box_px),
        value=field.value if field.passes and not forbidden else None,
    )
