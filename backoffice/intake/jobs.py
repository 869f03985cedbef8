"""How does paper get read? Outside every transaction, in a process of its own; each page is kept in its own unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from backoffice.identity import Actor, Origin
from backoffice.intake import covers, keeping, queries
from backoffice.intake.alike import find_alike
from backoffice.intake.cover_models import FoundCover
from backoffice.intake.cover_rules import CoverVerdict, may_be_of, over, refused_under
from backoffice.intake.keeping import FoundPage
from backoffice.intake.known_papers import KnownPaper, papers_of
from backoffice.intake.models import PaperFile
from backoffice.intake.workflow import FileState, SheetState
from backoffice.jobs.worker import Steps
from backoffice.work import Office
from ocr.known_form import Form
from ocr.page import PageReading

WORKER = Actor.house(Origin.WORKER)


@dataclass(frozen=True)
class _Pile:
    """A file that is being read: what is in it, and which forms may lie in it."""

    file: PaperFile
    content: bytes
    papers: Sequence[KnownPaper]


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
        found = covers.found_in(work.session, file_id)
    content = office.files.read(file.file)
    for reading in read_paper([paper.form for paper in papers], content, file.name):
        if reading.cover is not None:
            found = _keep_cover(office, file_id, reading)
            continue
        cover = over(found, reading.page, reading.sheet)
        page = _as_its_cover_says(office, read_paper, _Pile(file, content, papers), cover, reading)
        with office.unit(WORKER) as work:
            keeping.keep_page(work, queries.find_file(work.session, file_id, lock=True), page)
    with office.unit(WORKER) as work:
        file = queries.find_file(work.session, file_id, lock=True)
        keeping.finish_file(work, file)
        return file.state


def _keep_cover(office: Office, file_id: int, reading: PageReading) -> Sequence[FoundCover]:
    """Keep a cover that was found, and give all of its file: what stands there counts, not what this reading saw."""
    with office.unit(WORKER) as work:
        covers.keep_cover(work, queries.find_file(work.session, file_id, lock=True), reading)
    with office.look(WORKER) as work:
        return covers.found_in(work.session, file_id)


def _as_its_cover_says(
    office: Office, read_paper: ReadPaper, pile: _Pile, cover: FoundCover | None, reading: PageReading
) -> FoundPage:
    """Give a page as it counts under its cover: unread under one that does not hold, else only as the form it names."""
    papers = pile.papers
    if cover is None or reading.status == "blank":
        return _found(office, pile.file, papers, reading)
    if cover.verdict != CoverVerdict.HOLDS:
        reading = refused_under(CoverVerdict(cover.verdict), reading)
    code = cover.cover.form_code if cover.cover else ""
    sorted_to = None if reading.form_number is None else papers[reading.form_number].code
    if code and may_be_of(code, sorted_to, reading):
        with office.look(WORKER) as work:
            papers = papers_of(work.session, pile.file.department_id, code)
        forms = [paper.form for paper in papers]
        reading = _at(reading.sheet, read_paper(forms, pile.content, pile.file.name, reading.page))
    return replace(_found(office, pile.file, papers, reading), under=cover.id)


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
