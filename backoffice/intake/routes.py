"""The pages of paper: sheets, upload, one sheet, and the desk where doubtful fields are checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.intake import pages, queries, service
from backoffice.intake.events import SheetPictureSeen, SheetSeen, SheetsExported
from backoffice.intake.inputs import FILES_AT_ONCE, read_picture
from backoffice.intake.models import Sheet
from backoffice.intake.workflow import NAMES, SheetState
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import Checked, check_answers, echo, sentence
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms import catalogue

MENU = (
    MenuItem(_("用紙"), "/sheets", Permission.SHEET_READ),
    MenuItem(_("読取確認"), "/verify", Permission.SHEET_VERIFY),
)
SHEETS = Crumb(_("用紙"), "/sheets")
ONLY_FORM = "shugaku-enjo"
"""The one form of this version; the form builder brings more."""
SERIES = "就援"

staff = StaffRouter()


@staff.page("/sheets", Permission.SHEET_READ)
def sheets(request: Request, work: Reading, state: str = "", q: str = "", page: int = 1) -> HTMLResponse:
    counts = queries.count_by_state(work.session, work.actor)
    state = state if state in set(SheetState) else ""
    paging = Paging("/sheets", queries.count_sheets(work.session, work.actor, state, q), page, {"state": state, "q": q})
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
        waiting=queries.count_waiting(work.session, work.actor) if may_verify else 0,
        reading=counts.get(SheetState.RECEIVED, 0),
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


@staff.page("/sheets/upload", Permission.SHEET_UPLOAD)
def upload_page(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "intake/upload.html", _upload_page(work.office))


@staff.action("/sheets/upload", Permission.SHEET_UPLOAD)
def upload(request: Request, actor: SignedIn, files: Annotated[list[UploadFile], File()]) -> HTMLResponse:
    """Each file stands for itself: what can be taken is taken, what cannot is named with its reason."""
    office: Office = request.app.state.office
    form = catalogue.find(ONLY_FORM)
    accepted: list[Sheet] = []
    refused: list[tuple[str, str, Mapping[str, object]]] = []
    for file in files[:FILES_AT_ONCE]:
        try:
            picture = read_picture(file, office.settings.upload_limit_bytes)
            stored = office.files.put(picture.content, "image/*", office.services.now())
            with office.unit(actor) as work:
                arrived = service.Arrived(picture.name, stored)
                accepted.append(service.receive(work, arrived, form.definition.code, form.definition.version, SERIES))
        except Invalid as refusal:
            refused.append((file.filename or "", refusal.message, refusal.params))
    refused += [(file.filename or "", _("一度に送れるのは500枚までです。"), {}) for file in files[FILES_AT_ONCE:]]
    shown = _upload_page(office, accepted, refused)
    return render(request, "intake/upload.html", shown, status=422 if refused else 200)


@staff.page("/sheets/{sheet_id}", Permission.SHEET_READ)
def one_sheet(request: Request, work: Reading, sheet_id: int) -> HTMLResponse:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id)
    work.seen(SheetSeen(sheet.id))
    form = catalogue.find(sheet.form_code)
    shown = pages.SheetPage(
        title=_("用紙"),
        title_text=sheet.number,
        crumbs=(SHEETS,),
        sheet=sheet,
        chip=pages.StateChip.of(sheet.state),
        reason=pages.SheetRow.of(sheet).reason,
        rows=pages.rows_of(sheet, form),
        form_title=form.definition.title,
        may_verify=service.may_verify(work.actor),
        may_upload=work.actor.may(Permission.SHEET_UPLOAD),
    )
    return render(request, "intake/sheet.html", shown)


@staff.page("/sheets/{sheet_id}/page", Permission.SHEET_READ)
def page_picture(work: Reading, sheet_id: int) -> Response:
    """The registered page, or the picture as it came where it could not be registered."""
    sheet = queries.find_sheet(work.session, work.actor, sheet_id)
    work.seen(SheetPictureSeen(sheet.id))
    file = sheet.page_file or sheet.file
    content = work.office.files.read(file)
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


@staff.action("/sheets/{sheet_id}/unreadable", Permission.SHEET_VERIFY)
def call_unreadable(work: Writing, sheet_id: int, form: FormData) -> Response:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    service.call_unreadable(work, sheet, form.get("note", ""))
    return go_to(f"/sheets/{sheet_id}", _("読取不能としました。申請者に再提出を依頼してください。"))


@staff.page("/verify", Permission.SHEET_VERIFY)
def verify_desk(request: Request, work: Reading) -> HTMLResponse:
    waiting = queries.count_waiting(work.session, work.actor)
    done = queries.count_done_today(work.session, work.actor, work.now)
    return render(request, "intake/verify_desk.html", pages.DeskPage(title=_("読取確認"), waiting=waiting, done=done))


@staff.action("/verify/next", Permission.SHEET_VERIFY)
def verify_next(work: Writing) -> Response:
    sheet = service.claim_next(work)
    if sheet is None:
        return go_to("/verify", _("確認を待つ用紙はもうありません。"))
    return go_to(f"/verify/{sheet.id}")


@staff.action("/verify/{sheet_id}/claim", Permission.SHEET_VERIFY)
def claim(work: Writing, sheet_id: int) -> Response:
    service.claim(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return go_to(f"/verify/{sheet_id}")


@staff.page("/verify/{sheet_id}", Permission.SHEET_VERIFY)
def verify(request: Request, work: Reading, sheet_id: int) -> Response:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    if sheet.claimed_by_id != work.actor.staff_id or sheet.state != SheetState.TO_VERIFY:
        return go_to(f"/sheets/{sheet_id}", _("この用紙は今あなたの手元にありません。"), tone="warning")
    return render(request, "intake/verify.html", _verify_page(work, sheet))


@staff.action("/verify/{sheet_id}", Permission.SHEET_VERIFY)
def settle(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    checked = check_answers(catalogue.find(sheet.form_code).definition, form)
    accepted = form.get("accepted") == "yes"
    if checked.refusing or (checked.asking and not accepted):
        work.refused = True
        service.must_hold(work, sheet)
        return render(request, "intake/verify.html", _verify_page(work, sheet, form, checked), status=422)
    service.settle(work, sheet, checked.values)
    following = service.claim_next(work)
    if following is None:
        return go_to("/verify", _("%(number)s を確定しました。確認を待つ用紙はもうありません。"), number=sheet.number)
    return go_to(f"/verify/{following.id}", _("%(number)s を確定しました。"), number=sheet.number)


@staff.action("/verify/{sheet_id}/hold", Permission.SHEET_VERIFY)
def hold(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    return _put_aside(request, work, sheet_id, form, Aside("hold", service.hold, _("保留にしました。")))


@staff.action("/verify/{sheet_id}/unreadable", Permission.SHEET_VERIFY)
def unreadable(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    done = _("読取不能としました。申請者に再提出を依頼してください。")
    return _put_aside(request, work, sheet_id, form, Aside("unreadable", service.call_unreadable, done))


@staff.action("/verify/{sheet_id}/release", Permission.SHEET_VERIFY)
def release(work: Writing, sheet_id: int) -> Response:
    service.release(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return go_to("/verify", _("用紙を戻しました。"))


@staff.action("/verify/{sheet_id}/alive", Permission.SHEET_VERIFY)
def still_working(work: Writing, sheet_id: int) -> Response:
    """Sent by the page while the clerk types: the claim stays."""
    service.keep_claim(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return Response(status_code=204)


@staff.action("/verify/{sheet_id}/echo/{key}", Permission.SHEET_VERIFY)
def echo_answer(request: Request, work: Reading, sheet_id: int, key: str, form: FormData) -> HTMLResponse:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    field = catalogue.find(sheet.form_code).definition.field(key)
    text, problem = echo(field, form.get(key, ""))
    shown = pages.EchoPage(title="", key=key, text=text, problem=sentence(problem) if problem else "")
    return render(request, "intake/echo.html", shown)


@dataclass(frozen=True)
class Aside:
    """A way to put a sheet aside: its dialog, what is done, what is said."""

    dialog: str
    act: Callable[[Work, Sheet, str], None]
    done: str


def _put_aside(request: Request, work: Work, sheet_id: int, form: Mapping[str, str], aside: Aside) -> Response:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    note = form.get(f"{aside.dialog}_note", "")
    try:
        service.must_hold(work, sheet)
        service.keep_draft(sheet, check_answers(catalogue.find(sheet.form_code).definition, form).values)
        aside.act(work, sheet, note)
    except Invalid as refusal:
        work.refused = True
        page = _verify_page(work, sheet, form)
        refused = replace(page, dialog=aside.dialog, note=note, wrong_note=refusal.message)
        return render(request, "intake/verify.html", refused, status=422)
    following = service.claim_next(work)
    return go_to(f"/verify/{following.id}" if following else "/verify", aside.done)


def _verify_page(
    work: Work, sheet: Sheet, typed: Mapping[str, str] | None = None, checked: Checked | None = None
) -> pages.VerifyPage:
    form = catalogue.find(sheet.form_code)
    done = queries.count_done_today(work.session, work.actor, work.now)
    waiting = queries.count_waiting(work.session, work.actor)
    return pages.VerifyPage(
        title=_("読取確認"),
        title_text=sheet.number,
        sheet=sheet,
        form_title=form.definition.title,
        rows=pages.rows_of(sheet, form, typed, checked),
        done=done + 1,
        total=done + waiting,
        asking=tuple(dict.fromkeys(sentence(problem) for problem in checked.asking)) if checked else (),
    )


def _upload_page(
    office: Office,
    accepted: list[Sheet] | None = None,
    refused: list[tuple[str, str, Mapping[str, object]]] | None = None,
) -> pages.UploadPage:
    limit = office.settings.upload_limit_bytes // 1024 // 1024
    return pages.UploadPage(
        title=_("用紙を取り込む"), crumbs=(SHEETS,), limit_mb=limit, accepted=accepted or (), refused=refused or ()
    )


def _tabs(counts: Mapping[SheetState, int], state: str, keyword: str) -> list[Tab]:
    every = Tab(_("すべて"), address("/sheets", {"q": keyword}), not state, sum(counts.values()))
    return [every] + [
        Tab(NAMES[each], address("/sheets", {"state": each, "q": keyword}), state == each, counts.get(each, 0))
        for each in SheetState
    ]
