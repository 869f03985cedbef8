"""The page of personnel files: bring one, look at what it would change, plan it, take it back."""

from datetime import date
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from backoffice.accounts.hr_import import pages, queries, service
from backoffice.accounts.hr_import.roster import MOST_BYTES, Trouble, read_roster
from backoffice.accounts.hr_import.storing import from_json
from backoffice.accounts.routes import STAFF_CRUMB
from backoffice.errors import Invalid
from backoffice.identity import Department, Permission
from backoffice.web import Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.showing import day
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.problems import NotNormalError
from forms.wareki import parse_date

WRONG = 422
TROUBLES_SHOWN = 50
BAD_DAY = _("日付を「令和8年4月1日」や「2026/4/1」の形で入れてください。")

staff = StaffRouter()


@staff.page("/staff/import", Permission.STAFF_EDIT)
def import_page(request: Request, work: Reading) -> HTMLResponse:
    return _page(request, work)


@staff.action("/staff/import", Permission.STAFF_EDIT, files=1)
def bring(
    request: Request,
    actor: SignedIn,
    file: Annotated[UploadFile, File()],
    effective: Annotated[str, Form()] = "",
) -> Response:
    office: Office = request.app.state.office
    try:
        roster, troubles = read_roster(file.file.read(MOST_BYTES + 1))
        if not troubles:
            effective_on = _day_of(effective)
            with office.unit(actor) as work:
                service.bring(work, roster, effective_on)
            return go_to(
                "/staff/import", _("ファイルを読みました。何が変わるかを確かめてください。まだ何も変わっていません。")
            )
    except Invalid as refusal:
        fields = refusal.fields or {"file": refusal.message}
        with office.look(actor) as work:
            return _page(request, work, {"effective": effective}, fields, refusal.params)
    with office.look(actor) as work:
        return _page(request, work, {"effective": effective}, troubles=troubles)


@staff.action("/staff/import/{plan_id}/plan", Permission.STAFF_EDIT)
def plan(work: Writing, plan_id: int) -> Response:
    try:
        planned = service.plan_for_its_day(work, plan_id)
    except Invalid as refusal:
        work.refused = True
        return go_to("/staff/import", refusal.message, tone="error")
    return go_to(
        "/staff/import", _("%(day)s に取り込みます。それまでは取りやめられます。"), day=day(planned.effective_on)
    )


@staff.action("/staff/import/{plan_id}/cancel", Permission.STAFF_EDIT)
def cancel(work: Writing, plan_id: int) -> Response:
    service.cancel(work, plan_id)
    return go_to("/staff/import", _("取りやめました。何も変わっていません。"))


def _day_of(typed: str) -> date:
    try:
        return parse_date(typed)
    except NotNormalError as trouble:
        raise Invalid(_("入力を確認してください"), {"effective": BAD_DAY}) from trouble


def _page(
    request: Request,
    work: Work,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    wrong_params: dict[str, object] | None = None,
    troubles: list[Trouble] | None = None,
) -> HTMLResponse:
    may_bring = queries.reaches_everyone(work.session, work.actor)
    shown = pages.ImportPage(
        title=_("人事ファイルの取込"),
        crumbs=(STAFF_CRUMB,),
        may_bring=may_bring,
        preview=_preview(work) if may_bring else None,
        past=[
            (each, pages.STATE_NAMES[each.state], pages.named(each.counts)) for each in queries.past_plans(work.session)
        ]
        if may_bring
        else [],
        effective=day(service.next_first_of_april(work.office.services.today())),
        typed=typed or {},
        wrong=wrong or {},
        wrong_params=wrong_params or {},
        troubles=(troubles or [])[:TROUBLES_SHOWN],
        troubles_in_all=len(troubles or []),
    )
    return render(request, "accounts/hr_import.html", shown, status=WRONG if wrong or troubles else 200)


def _preview(work: Work) -> pages.Preview | None:
    found = queries.open_plan(work.session)
    if found is None or found.rows is None:
        return None
    names = {row.id: row.name for row in work.session.execute(select(Department.id, Department.name))}
    differences = service.differences_of(work, found)
    return pages.Preview.of(found, differences, from_json(found.rows), names, work.actor.staff_id)
