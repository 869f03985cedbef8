"""How does a sheet get read? Outside every transaction, in a process of its own; the result is kept in one unit."""

from collections.abc import Callable

from backoffice.identity import Actor, Origin
from backoffice.intake import queries, service
from backoffice.intake.workflow import SheetState
from backoffice.jobs.worker import Steps
from backoffice.work import Office
from ocr.page import PageReading

ReadPaper = Callable[[str, bytes, str], PageReading]
"""Code of the form, the picture, its name: what the worker's reading processes do with them."""

WORKER = Actor.house(Origin.WORKER)


def read_sheet(office: Office, read_paper: ReadPaper, sheet_id: int, steps: Steps) -> None:
    """Read one sheet and keep what was read; run again after a crash it does no harm."""
    steps.run("read", lambda: _read_and_keep(office, read_paper, sheet_id))


def _read_and_keep(office: Office, read_paper: ReadPaper, sheet_id: int) -> str:
    with office.look(WORKER) as work:
        sheet = queries.find_sheet(work.session, WORKER, sheet_id)
        if sheet.state != SheetState.RECEIVED:
            return sheet.state
        content = office.files.read(sheet.file)
    reading = read_paper(sheet.form_code, content, sheet.number)
    page = office.files.put(reading.page_jpeg, "image/jpeg", office.services.now()) if reading.page_jpeg else None
    with office.unit(WORKER) as work:
        sheet = queries.find_sheet(work.session, WORKER, sheet_id)
        service.keep_reading(work, sheet, reading, page)
        return sheet.state
