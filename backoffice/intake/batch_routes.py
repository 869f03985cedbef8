"""The pages of batches: files handed in at once, what became of each of their pages, what can be read once more."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.intake import cover_queries, pages, queries, receiving, service
from backoffice.intake.cover_models import FoundCover
from backoffice.intake.cover_pages import WHY_EMPTY, found_rows
from backoffice.intake.cover_rules import over
from backoffice.intake.inputs import FILES_AT_ONCE, read_scan
from backoffice.intake.known_papers import forms_on_paper
from backoffice.intake.models import PaperBatch, PaperFile, Sheet
from backoffice.intake.receiving import Arrived, Refused
from backoffice.intake.routes import SHEETS
from backoffice.intake.workflow import SOURCE_NAMES, BatchSource, FileState, SheetState
from backoffice.settings import MEBIBYTE
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work

BATCHES = Crumb(_("用紙の束"), "/batches")

staff = StaffRouter()


@staff.page("/sheets/upload", Permission.SHEET_UPLOAD)
def upload_page(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "intake/upload.html", _upload_page(work, "", None, []))


@staff.action("/sheets/upload", Permission.SHEET_UPLOAD, files=FILES_AT_ONCE)
def upload(
    request: Request, actor: SignedIn, files: Annotated[list[UploadFile], File()], form: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """Each file stands for itself: what can be taken is taken, what cannot is named with its reason."""
    office: Office = request.app.state.office
    arrived, refused = _arrived(office, files[:FILES_AT_ONCE])
    refused += [
        Refused(file.filename or "", _("一度に送れるのは500件までです。"), {}) for file in files[FILES_AT_ONCE:]
    ]
    with office.unit(actor) as work:
        code = receiving.only_form(work, form)
        batch, there = receiving.receive(work, arrived, code, actor.department_id, BatchSource.UPLOAD)
    with office.look(actor) as work:
        shown = _upload_page(work, form, batch, [*refused, *there])
    return render(request, "intake/upload.html", shown, status=422 if shown.refused else 200)


def _arrived(office: Office, files: list[UploadFile]) -> tuple[list[Arrived], list[Refused]]:
    """Put each file that can be taken into the vault, before any unit opens."""
    arrived: list[Arrived] = []
    refused: list[Refused] = []
    for file in files:
        try:
            scan = read_scan(file, office.settings)
        except Invalid as refusal:
            refused.append(Refused(file.filename or "", refusal.message, refusal.params))
        else:
            stored = office.files.put(scan.content, "application/octet-stream", office.services.now())
            arrived.append(Arrived(scan.name, stored))
    return arrived, refused


@staff.page("/batches", Permission.SHEET_READ)
def batches(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    paging = Paging("/batches", queries.count_batches(work.session, work.actor), page, {})
    found = queries.list_batches(work.session, work.actor, paging.offset)
    ids = [batch.id for batch in found]
    states, covers = queries.sheets_of_batches(work.session, ids), cover_queries.covers_of_batches(work.session, ids)
    waiting = cover_queries.still_waiting(work.session, [each for each in ids if each not in states])
    shown = pages.BatchesPage(
        title=_("用紙の束"),
        crumbs=(SHEETS,),
        rows=[
            pages.BatchRow(
                batch,
                covers[batch.id].title if batch.id in covers else "",
                SOURCE_NAMES[BatchSource(batch.source)],
                pages.chips_of(states.get(batch.id, {})),
                WHY_EMPTY[waiting[batch.id]] if batch.id in waiting else "",
            )
            for batch in found
        ],
        paging=paging,
        may_upload=work.actor.may(Permission.SHEET_UPLOAD),
    )
    return render(request, "intake/batches.html", shown)


@staff.page("/batches/{batch_id}", Permission.SHEET_READ)
def one_batch(request: Request, work: Reading, batch_id: int, page: int = 1) -> HTMLResponse:
    batch = queries.find_batch(work.session, work.actor, batch_id)
    every, waiting = queries.count_files(work.session, batch.id)
    paging = Paging(f"/batches/{batch.id}", every, page)
    cut_from = None if every else cover_queries.cut_from(work.session, batch)
    files = [cut_from] if cut_from else queries.files_in_batch(work.session, batch.id, paging.offset)
    sheets = queries.sheets_in_files(work.session, batch.id, files)
    covers = cover_queries.found_in_files(work.session, [file.id for file in files])
    cover = next((found.cover for found in covers if found.batch_id == batch.id), None)
    unread = bool(waiting) or (cut_from is not None and cut_from.state == FileState.WAITING)
    counted = queries.sheets_of_batches(work.session, [batch.id]).get(batch.id, {})
    titles = dict(forms_on_paper(work.session, batch.department_id)) if batch.form_code else {}
    shown = pages.BatchPage(
        title=_("用紙の束"),
        title_text=f"{batch.number} {cover.title}" if cover else batch.number,
        crumbs=(SHEETS, BATCHES),
        batch=batch,
        cover=cover,
        cut_from=cut_from.batch if cut_from else None,
        source=SOURCE_NAMES[BatchSource(batch.source)],
        form_title=titles.get(batch.form_code, batch.form_code),
        files=[
            _file_row(batch, file, sheets, [each for each in covers if each.paper_file_id == file.id]) for file in files
        ],
        paging=paging,
        states=pages.chips_of(counted),
        reading=unread or SheetState.RECEIVED in counted,
        readable_again=counted.get(SheetState.REFUSED, 0),
        may_upload=work.actor.may(Permission.SHEET_UPLOAD),
    )
    return render(request, "intake/batch.html", shown, block="live" if request.headers.get("HX-Request") else "")


@staff.action("/batches/{batch_id}/read-again", Permission.SHEET_UPLOAD)
def read_batch_again(work: Writing, batch_id: int) -> Response:
    batch = queries.find_batch(work.session, work.actor, batch_id, Permission.SHEET_UPLOAD)
    again = service.read_batch_again(work, batch, queries.refused_sheets_in(work.session, batch.id))
    return go_to(f"/batches/{batch.id}", _("%(n)s枚を、すべての様式から読み直します。"), n=again)


def _file_row(
    batch: PaperBatch, file: PaperFile, sheets: Sequence[Sheet], covers: Sequence[FoundCover]
) -> pages.FileRow:
    own = [sheet for sheet in sheets if any(page.paper_file_id == file.id for page in sheet.pages)]
    found = [page for sheet in own for page in sheet.pages if page.paper_file_id == file.id]
    return pages.FileRow(
        file,
        [pages.SheetRow.of(sheet) for sheet in own],
        found_rows(covers, read=file.state == FileState.READ) if file.batch_id == batch.id else [],
        [page for page in file.blank_pages if _batch_at(file, covers, page) == batch.id],
        pages.advice_of(found),
    )


def _batch_at(file: PaperFile, covers: Sequence[FoundCover], file_page: int) -> int:
    """Give the batch in which a page of a file lies: that of its cover, where one holds and began one."""
    cover = over(covers, file_page)
    return cover.batch_id if cover is not None and cover.batch_id is not None else file.batch_id


def _upload_page(work: Work, form: str, batch: PaperBatch | None, refused: list[Refused]) -> pages.UploadPage:
    place = work.actor.department_id
    known = forms_on_paper(work.session, place) if place is not None else []
    return pages.UploadPage(
        title=_("用紙を取り込む"),
        crumbs=(SHEETS,),
        limit_mb=work.office.settings.upload_limit_bytes // MEBIBYTE,
        scan_limit_mb=work.office.settings.scan_limit_bytes // MEBIBYTE,
        forms=[("", translate(_("用紙ごとに見分ける"))), *known],
        form=form,
        batch=batch,
        accepted=len(batch.files) if batch else 0,
        refused=refused,
    )
