"""How does a settled sheet become an archived one? A row with the settling, a file by a job outside transactions.

A file lies on the disk before its row names it: what a crash leaves between the two is swept, the job makes another.
"""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import selectinload

from backoffice.archive import queries
from backoffice.archive.events import SheetArchived
from backoffice.archive.models import ArchivedSheet, RetentionRule
from backoffice.archive.workflow import DEFAULT_YEARS, ArchiveState
from backoffice.db.numbering import fiscal_year_of
from backoffice.errors import Invalid
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Actor, Origin
from backoffice.intake.events import SheetReopened, SheetSettled
from backoffice.intake.models import Sheet, SheetField, SheetPage
from backoffice.jobs import JobName
from backoffice.jobs.worker import Steps
from backoffice.services import TOKYO
from backoffice.vault import StoredFile
from backoffice.web.answers_in import shown
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.definition import FormDefinition
from forms.field_types import LISTING
from forms.my_number import without_my_number
from forms.paper.archiving import PicturePage, Words, archive_pdf

WORKER = Actor.house(Origin.WORKER)
PDF = "application/pdf"
OLDER_AT_ONCE = 100
"""Sheets a unit, where there are many: nobody waits long for one of them."""


def follow_settling(work: Work, event: SheetSettled) -> None:
    """File a settled sheet away and ask for its PDF/A; of a sheet without any picture there is nothing to keep."""
    sheet = work.session.scalars(
        select(Sheet).where(Sheet.id == event.sheet_id).options(selectinload(Sheet.pages))
    ).one()
    if any(page.picture_id for page in sheet.pages):
        file_away(work, sheet)


def file_away(work: Work, sheet: Sheet) -> None:
    """Keep a row for a sheet from the day on which it was settled. Settled once more, it is made anew.

    Raises ValueError for one that is not settled.
    """
    if sheet.settled_at is None:
        raise ValueError("a sheet that is not settled")
    archived = queries.archived_of(work.session, sheet.id)
    settled_on = sheet.settled_at.astimezone(TOKYO).date()
    if archived is None:
        rule = _rule(work, sheet.department_id, sheet.form_code)
        archived = ArchivedSheet(
            sheet_id=sheet.id,
            department_id=sheet.department_id,
            rule_id=rule.id,
            state=ArchiveState.WAITING,
            attempt=1,
            settled_on=settled_on,
            fiscal_year=fiscal_year_of(settled_on),
            pages=0,
            held_reason="",
            held_at=None,
            disposal_id=None,
        )
        work.session.add(archived)
    else:
        archived.state, archived.attempt = ArchiveState.WAITING, archived.attempt + 1
        archived.settled_on, archived.fiscal_year = settled_on, fiscal_year_of(settled_on)
    work.session.flush()
    work.ask(JobName.ARCHIVE_SHEET, archived.id, archived.attempt)


def take_in_older(office: Office) -> int:
    """File away what was settled before paper was kept like this, and give how many sheets that are."""
    taken = 0
    while True:
        with office.unit(WORKER) as work:
            found = queries.settled_and_not_kept(work.session, OLDER_AT_ONCE)
            for sheet in found:
                file_away(work, sheet)
        taken += len(found)
        if len(found) < OLDER_AT_ONCE:
            return taken


def follow_reopening(work: Work, event: SheetReopened) -> None:
    """Erase the file of a sheet whose settling is undone. Raises Invalid once it is thrown away or about to be."""
    archived = queries.archived_of(work.session, event.sheet_id)
    if archived is None:
        return
    if archived.state == ArchiveState.DISPOSED:
        raise Invalid(_("この用紙は廃棄したため、確定を取り消せません。"))
    if archived.disposal_id is not None:
        raise Invalid(_("この用紙は廃棄の承認を待っているため、確定を取り消せません。廃棄を取りやめてください。"))
    if archived.file is not None:
        work.office.files.erase(archived.file, work.now)
    archived.state, archived.file_id, archived.pages = ArchiveState.TAKEN_BACK, None, 0


def make_archive(office: Office, archived_id: int, steps: Steps) -> None:
    """Make the file of one sheet; run again after a crash it does no harm."""
    steps.run("make", lambda: _make(office, archived_id))


def _make(office: Office, archived_id: int) -> str:
    with office.look(WORKER) as work:
        archived = queries.to_be_made(work.session, archived_id)
        if archived is None:
            return "not waiting"
        sheet, attempt = archived.sheet, archived.attempt
        definition = definition_of(work.session, sheet.form_code, sheet.form_version)
    pages = pages_of(office, sheet, definition)
    content = archive_pdf(sheet.number, archived.settled_on, pages)
    file = office.files.put(content, PDF, office.services.now())
    with office.unit(WORKER) as work:
        return _keep(work, archived_id, attempt, file, len(pages))


def _keep(work: Work, archived_id: int, attempt: int, file: StoredFile, pages: int) -> str:
    """Let the row name the file, unless the sheet was taken back or settled anew meanwhile: then it is swept."""
    archived = queries.to_be_made(work.session, archived_id, lock=True)
    if archived is None or archived.attempt != attempt:
        return "taken back"
    work.session.add(file)
    work.session.flush()
    archived.state, archived.file_id, archived.pages = ArchiveState.KEPT, file.id, pages
    work.record(SheetArchived(archived.sheet_id, pages))
    return archived.state


def pages_of(office: Office, sheet: Sheet, definition: FormDefinition) -> list[PicturePage]:
    """Give what is drawn of a sheet: the pictures people checked, any 個人番号 covered, never the file as it came."""
    return [
        PicturePage(
            office.files.read(page.picture),
            page.width,
            page.height,
            _called(sheet, page),
            _words(sheet, page, definition),
        )
        for page in sheet.pages
        if page.picture is not None
    ]


def _called(sheet: Sheet, page: SheetPage) -> str:
    return f"{sheet.number} {page.number}ページ"


def _words(sheet: Sheet, page: SheetPage, definition: FormDefinition) -> list[Words]:
    """Give what was settled for each box of a page; ticks speak for themselves."""
    every = [(field, _written(field, definition)) for field in sheet.fields if field.page == page.number]
    return [Words(text, *(max(1, each) for each in field.box)) for field, text in every if text]


def _written(field: SheetField, definition: FormDefinition) -> str:
    question = next((each for each in definition.questions if each.key == field.key), None)
    if question is None or question.type in LISTING or isinstance(field.value, bool):
        return ""
    return without_my_number(shown(question.type, field.value)).replace("\n", " ")


def _rule(work: Work, department_id: int, form_code: str) -> RetentionRule:
    """Give how long a department keeps a form, with the usual years where it never said: two at once find one row."""
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    usual = {"department_id": department_id, "form_code": form_code, "years": DEFAULT_YEARS, "version": 1}
    work.session.execute(dialect.insert(RetentionRule).values(usual).on_conflict_do_nothing())
    return work.session.scalars(
        select(RetentionRule).where(RetentionRule.department_id == department_id, RetentionRule.form_code == form_code)
    ).one()
