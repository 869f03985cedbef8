"""The page of the city's own closed days."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.drawing import closing, pages, queries
from backoffice.drawing.routes import ROUTES
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.showing import day
from backoffice.web.translations import _
from backoffice.work import Work

CLOSURES = "/routes/closures"

staff = StaffRouter()


@staff.page("/routes/closures", Permission.ROUTE_VIEW)
def closures(request: Request, work: Reading) -> HTMLResponse:
    return _show(request, work)


@staff.action("/routes/closures", Permission.ROUTE_DRAW)
def add(request: Request, work: Writing, form: FormData) -> Response:
    try:
        closure = closing.add_closure(work, form.get("day", ""), form.get("name", ""))
    except Invalid as refusal:
        work.refused = True
        return _show(request, work, form, refusal.fields)
    return go_to(CLOSURES, _("%(day)sを休業日に加えました。"), day=day(closure.day))


@staff.action("/routes/closures/{closure_id}/remove", Permission.ROUTE_DRAW)
def remove(work: Writing, closure_id: int) -> Response:
    closure = queries.find_closure(work.session, closure_id)
    closing.remove_closure(work, closure)
    return go_to(CLOSURES, _("%(day)sを休業日から外しました。"), day=day(closure.day))


def _show(
    request: Request, work: Work, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> HTMLResponse:
    shown = pages.ClosuresPage(
        title=_("市の休業日"),
        crumbs=(ROUTES,),
        rows=queries.closure_rows(work.session),
        may_draw=work.actor.may(Permission.ROUTE_DRAW),
        typed=typed or {},
        wrong=wrong or {},
    )
    return render(request, "drawing/closures.html", shown, status=422 if wrong else 200)
