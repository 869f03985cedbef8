"""The desk at which the fiscal year turns: every program in force, item by item, with who confirmed it."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.identity import Permission
from backoffice.programs import pages, queries, rolling_over
from backoffice.programs.version_page import PROGRAMS, crumbs_to, title_of
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Paging
from backoffice.web.translations import _
from forms.ages import fiscal_year

MENU = (MenuItem(_("年度の切替"), "/programs/rollover", Permission.PROGRAM_VIEW, in_menu=False),)

staff = StaffRouter()


@staff.page("/programs/rollover", Permission.PROGRAM_VIEW)
def rollover(request: Request, work: Reading, q: str = "", page: int = 1) -> HTMLResponse:
    paging = Paging("/programs/rollover", queries.count_in_force(work.session, work.today, q), page, {"q": q})
    shown = pages.RolloverPage(
        title=_("年度の切替"),
        crumbs=(PROGRAMS,),
        fiscal_year=fiscal_year(work.today),
        turns=rolling_over.turns(work, q, paging.offset),
        keyword=q,
        paging=paging,
    )
    return render(request, "programs/rollover.html", shown)


@staff.page("/programs/versions/{version_id}/rollover", Permission.PROGRAM_VIEW)
def rollover_of(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    version = queries.find_version(work.session, version_id)
    shown = pages.TurnPage(
        title=_("年度の切替"),
        title_text=title_of(version),
        crumbs=crumbs_to(version),
        fiscal_year=fiscal_year(work.today),
        turn=rolling_over.turn_of(work, version),
        may_confirm=rolling_over.may_confirm(work, version),
    )
    return render(request, "programs/turn.html", shown)


@staff.action("/programs/versions/{version_id}/rollover", Permission.PROGRAM_WORDING)
def confirm(work: Writing, version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, version_id)
    rolling_over.confirm_item(work, version, form.get("item", ""), form.get("fingerprint", ""))
    return go_to(f"/programs/versions/{version_id}/rollover", _("確かめました。"))
