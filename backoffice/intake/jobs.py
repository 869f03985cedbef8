"""How does paper get read? Outside every transaction, in a process of its own; each page is kept in its own unit."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from backoffice.identity import Actor, Origin
from backoffice.intake import keeping, queries
from backoffice.intake.alike import find_alike
from backoffice.intake.keeping import FoundPage
from backoffice.intake.known_papers import KnownPaper, papers_of
from backoffice.intake.models import PaperFile
from backoffice.intake.workflow import FileState, SheetState
from backoffice.jobs.worker import Steps
from backoffice.work import Office
from ocr.known_form import Form
from ocr.page import PageReading

WORKER = Actor.house(Origin.WORKER)


class ReadPaper(Protocol):
    """What the worker's reading processes do: read every page of a file, or one of them, sorted to its form."""

    def __call__(
        self, forms: Sequence[Form], content: bytes, name: str, page: int | None = None, /
    ) -> Iterable[PageReading]: ...


def read_file(office: Office, read_paper: ReadPaper, file_id: int, steps: Steps) -> None:
    """Read one file and keep its pages; run again after a crash it does no harm."""
    steps.run("read", lambda: _read_file(office, read_paper, file_id))


def read_sheet(office: Office, read_paper: ReadPaper, sheet_id: int, steps: Steps) -> None:
    """Read the pages of one sheet once more, by every form of its batch: it may have been sorted wrongly."""
    steps.run("read", lambda: _read_sheet(office, read_paper, sheet_id))


def _read_file(office: Office, read_paper: ReadPaper, file_id: int) -> str:
    with office.look(WORKER) as work:
        file = queries.find_file(work.session, file_id)
        if file.state == FileState.READ:
            return file.state
        papers = papers_of(work.session, file.department_id, file.batch.form_code)
    content = office.files.read(file.file)
    for reading in read_paper([paper.form for paper in papers], content, file.name):
        found = _found(office, file, papers, reading)
        with office.unit(WORKER) as work:
            keeping.keep_page(work, queries.find_file(work.session, file_id, lock=True), found)
    with office.unit(WORKER) as work:
        file = queries.find_file(work.session, file_id, lock=True)
        keeping.finish_file(work, file)
        return file.state


def _read_sheet(office: Office, read_paper: ReadPaper, sheet_id: int) -> str:
    with office.look(WORKER) as work:
        sheet = queries.find_sheet(work.session, WORKER, sheet_id)
        if sheet.state != SheetState.RECEIVED:
            return sheet.state
        papers = papers_of(work.session, sheet.department_id, sheet.batch.form_code)
    contents = {page.id: office.files.read(page.paper_file.file) for page in sheet.pages}
    forms = [paper.form for paper in papers]
    found: dict[int, FoundPage] = {}
    for page in sheet.pages:
        readings = read_paper(forms, contents[page.id], page.paper_file.name, page.file_page)
        found[page.id] = _found(office, page.paper_file, papers, _at(page.place, readings))
    with office.unit(WORKER) as work:
        sheet = queries.find_sheet(work.session, WORKER, sheet_id)
        keeping.keep_again(work, sheet, found)
        return sheet.state


def _at(place: int, readings: Iterable[PageReading]) -> PageReading:
    """Give the sheet that lies at a place of a picture; where the picture shows fewer now, the last."""
    told = list(readings)
    return next((each for each in told if each.sheet == place), told[-1])


def _found(office: Office, file: PaperFile, papers: Sequence[KnownPaper], reading: PageReading) -> FoundPage:
    """Put the picture of a page away and look whether the same sheet has come before: both take their time."""
    paper = None if reading.form_number is None else papers[reading.form_number]
    picture = office.files.put(reading.page_jpeg, "image/jpeg", office.services.now()) if reading.page_jpeg else None
    if paper is None:
        return FoundPage(reading, None, picture)
    with office.look(WORKER) as work:
        return FoundPage(reading, paper, picture, find_alike(work, file, paper, reading))
