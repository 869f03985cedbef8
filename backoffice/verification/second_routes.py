"""The pages of the second of two people: what waits for one, and one sheet's fields, blind."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Permission
from backoffice.intake import queries as sheets
from backoffice.intake.events import SheetSeen
from backoffice.intake.models import Sheet
from backoffice.intake.workflow import SheetState
from backoffice.verification import pages, queries, second_entry
from backoffice.verification.routes import DESK
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import question_row
from backoffice.web.answers_in import typed_text
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _
from backoffice.work import Work

SECOND = Crumb(_("2人目の入力"), "/second-entry")

staff = StaffRouter()


@staff.page("/second-entry", Permission.SHEET_VERIFY)
def waiting(request: Request, work: Reading) -> HTMLResponse:
    shown = pages.SecondDeskPage(
        title=_("2人目の入力"), crumbs=(DESK,), waiting=queries.count_for_second(work.session, work.actor)
    )
    return render(request, "verification/second_desk.html", shown)


@staff.action("/second-entry", Permission.SHEET_VERIFY)
def next_sheet(work: Writing) -> Response:
    sheet_id = queries.next_for_second(work.session, work.actor)
    if sheet_id is None:
        return go_to("/second-entry", _("あなたが2人目になれる用紙は、もうありません。"))
    return go_to(f"/second-entry/{sheet_id}")


@staff.page("/second-entry/{sheet_id}", Permission.SHEET_VERIFY)
def one_sheet(request: Request, work: Reading, sheet_id: int) -> Response:
    if queries.state_of(work.session, work.actor, sheet_id) != SheetState.SECOND_ENTRY:
        said = _("この用紙は、2人目の入力を待っていません。")
        return go_to(f"/sheets/{sheet_id}", said, tone="warning")
    sheet = sheets.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    second_entry.must_be_second(work, sheet)
    work.seen(SheetSeen(sheet.id))
    return render(request, "verification/second.html", _page(work, sheet, {}, {}))


@staff.action("/second-entry/{sheet_id}", Permission.SHEET_VERIFY)
def enter(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    sheet = sheets.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    done = second_entry.enter(work, sheet, form)
    if done.wrong:
        work.refused = True
        return render(request, "verification/second.html", _page(work, sheet, form, done.wrong), status=422)
    if done.agree:
        return go_to("/second-entry", _("%(number)s は2人の入力が一致し、確定しました。"), number=sheet.number)
    said = _("%(number)s は2人の入力が違うため、要確認に戻しました。")
    return go_to("/second-entry", said, tone="warning", number=sheet.number)


def _page(work: Work, sheet: Sheet, typed: Mapping[str, str], wrong: Mapping[str, str]) -> pages.SecondPage:
    definition = definition_of(work.session, sheet.form_code, sheet.form_version)
    asked = [(field, definition.field(field.key)) for field in second_entry.fields_of(sheet)]
    rows = [
        pages.BlindField(
            pages.Crop.of(sheet, field),
            replace(question_row(question, ""), text=typed_text(question, typed), problem=wrong.get(field.key, "")),
        )
        for field, question in asked
    ]
    return pages.SecondPage(
        title=_("2人目の入力"),
        title_text=sheet.number,
        crumbs=(DESK, SECOND),
        sheet=sheet,
        form_title=definition.title,
        rows=rows,
    )
