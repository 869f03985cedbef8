"""The pages of sheets: the list, one sheet, and what can be done with it apart from checking it."""

from collections.abc import Callable, Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import NotThere
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Permission
from backoffice.intake import pages, queries, service
from backoffice.intake.events import SheetPictureSeen, SheetSeen, SheetsExported
from backoffice.intake.models import Sheet
from backoffice.intake.workflow import NAMES, SheetState
from backoffice.web import Crumb, MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition

MENU = (
    MenuItem(_("用紙"), "/sheets", Permission.SHEET_READ),
    MenuItem(_("読取確認"), "/verify", Permission.SHEET_VERIFY),
)
SHEETS = Crumb(_("用紙"), "/sheets")

staff = StaffRouter()


@staff.page("/sheets", Permission.SHEET_READ)
def sheets(request: Request, work: Reading, state: str = "", q: str = "", page: int = 1) -> HTMLResponse:
    counts = queries.count_by_state(work.session, work.actor)
    state = state if state in set(SheetState) else ""
    total = _count_of_list(work, counts, state, q)
    paging = Paging("/sheets", total, page, {"state": state, "q": q})
    found = queries.list_sheets(work.session, work.actor, state, q, paging.offset)
    may_verify = service.may_verify(work.actor)
    shown = pages.SheetsPage(
        title=_("用紙"),
        rows=[pages.SheetRow.of(sheet) for sheet in found],
        tabs=_tabs(counts, state, q),
        state=state,
        keyword=q,
        paging=paging,
        may_upload=work.actor.may(Permission.SHEET_UPLOAD),
        may_verify=may_verify,
        may_open_archive=work.actor.may(Permission.ARCHIVE_READ),
        waiting=queries.count_waiting(work.session, work.actor) if may_verify else 0,
        reading=counts.get(SheetState.RECEIVED, 0),
        files_waiting=queries.count_unread_files(work.session, work.actor),
    )
    return render(request, "intake/sheets.html", shown, block="live" if request.headers.get("HX-Request") else "")


@staff.action("/sheets/export", Permission.SHEET_READ)
def export(work: Writing, form: FormData) -> Response:
    state, keyword = form.get("state", ""), form.get("q", "")
    found = queries.list_all_sheets(work.session, work.actor, state, keyword)
    work.record(SheetsExported(len(found)))
    headings = [
        translate(text) for text in (_("受付番号"), _("状態"), _("部署"), _("ファイル"), _("受付日時"), _("確定日時"))
    ]
    rows = [
        (
            sheet.number,
            NAMES[SheetState(sheet.state)],
            sheet.department.name,
            sheet.original_name,
            sheet.uploaded_at,
            sheet.settled_at,
        )
        for sheet in found
    ]
    return csv_response("用紙一覧.csv", headings, rows)


@staff.page("/sheets/{sheet_id}", Permission.SHEET_READ)
def one_sheet(request: Request, work: Reading, sheet_id: int) -> HTMLResponse:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id)
    work.seen(SheetSeen(sheet.id))
    definition = definition_of_sheet(work, sheet)
    shown = pages.SheetPage(
        title=_("用紙"),
        title_text=sheet.number,
        crumbs=(SHEETS, Crumb(sheet.batch.number, f"/batches/{sheet.batch_id}")),
        sheet=sheet,
        chip=pages.chip_of(sheet.state),
        reason=pages.SheetRow.of(sheet).reason,
        missing=queries.missing_pages(work.session, sheet),
        advice=pages.advice_of(sheet.pages),
        rows=pages.rows_of(sheet, definition) if definition else [],
        form_title=definition.title if definition else "",
        may_verify=service.may_verify(work.actor),
        may_upload=work.actor.may(Permission.SHEET_UPLOAD),
        may_open_archive=work.actor.may(Permission.ARCHIVE_READ),
    )
    return render(request, "intake/sheet.html", shown)


@staff.page("/sheets/{sheet_id}/page", Permission.SHEET_READ)
def page_picture(work: Reading, sheet_id: int, nth: int = 1) -> Response:
    """Give the `nth` page of a sheet: registered where it was read, as it came where it was not."""
    sheet = queries.find_sheet(work.session, work.actor, sheet_id)
    page = sheet.pages[nth - 1] if 0 < nth <= len(sheet.pages) else None
    if page is None or page.picture is None:
        raise NotThere(_("このページの画像はありません。"))
    work.seen(SheetPictureSeen(sheet.id))
    content = work.office.files.read(page.picture)
    media = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return Response(content, media_type=media, headers={"Cache-Control": "private, no-store"})


@staff.action("/sheets/{sheet_id}/read-again", Permission.SHEET_UPLOAD)
def read_again(work: Writing, sheet_id: int) -> Response:
    service.read_again(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_UPLOAD))
    return go_to(f"/sheets/{sheet_id}", _("読取をやり直します。"))


@staff.action("/sheets/{sheet_id}/take-up", Permission.SHEET_VERIFY)
def take_up(work: Writing, sheet_id: int) -> Response:
    service.take_up(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return go_to(f"/sheets/{sheet_id}", _("要確認に戻しました。"))


@staff.action("/sheets/{sheet_id}/reopen", Permission.SHEET_VERIFY)
def reopen(work: Writing, sheet_id: int) -> Response:
    service.reopen(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return go_to(f"/sheets/{sheet_id}", _("確定を取り消し、要確認に戻しました。"))


@staff.action("/sheets/{sheet_id}/go-on", Permission.SHEET_VERIFY)
def go_on(work: Writing, sheet_id: int) -> Response:
    service.go_on(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return go_to(f"/sheets/{sheet_id}", _("ページが足りないまま、要確認に進めました。"))


@staff.action("/sheets/{sheet_id}/unreadable", Permission.SHEET_VERIFY)
def call_unreadable(work: Writing, sheet_id: int, form: FormData) -> Response:
    done = _("読取不能としました。申請者に再提出を依頼してください。")
    return _put_aside(work, sheet_id, form.get("unreadable_note", ""), service.call_unreadable, done)


@staff.action("/sheets/{sheet_id}/exclude", Permission.SHEET_VERIFY)
def exclude(work: Writing, sheet_id: int, form: FormData) -> Response:
    done = _("除外しました。この用紙からは何も作られません。")
    return _put_aside(work, sheet_id, form.get("exclude_note", ""), service.exclude, done)


def _put_aside(work: Work, sheet_id: int, note: str, act: Callable[[Work, Sheet, str], None], done: str) -> Response:
    act(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY), note)
    return go_to(f"/sheets/{sheet_id}", done)


def definition_of_sheet(work: Work, sheet: Sheet) -> FormDefinition | None:
    """Give what the form of a sheet asks; None for a sheet that fits no form."""
    return definition_of(work.session, sheet.form_code, sheet.form_version) if sheet.form_code else None


def _count_of_list(work: Work, counts: Mapping[SheetState, int], state: str, keyword: str) -> int:
    if keyword:
        return queries.count_found(work.session, work.actor, state, keyword)
    return counts.get(SheetState(state), 0) if state else sum(counts.values())


def _tabs(counts: Mapping[SheetState, int], state: str, keyword: str) -> list[Tab]:
    every = Tab(_("すべて"), address("/sheets", {"q": keyword}), not state, sum(counts.values()))
    return [every] + [
        Tab(NAMES[each], address("/sheets", {"state": each, "q": keyword}), state == each, counts.get(each, 0))
        for each in SheetState
    ]
