"""Pages around one's own desk: being away, where work waits, and the palette (Ctrl+K)."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.inbox import absences, desk_pages, queries
from backoffice.inbox.inputs import read_away
from backoffice.inbox.models import Case
from backoffice.inbox.routes import chairs_for
from backoffice.inbox.statistics import AT_MOST, IN_THE_CITY, step_figures
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.menu import places_for
from backoffice.web.translations import _
from backoffice.work import Work

MENU = (
    MenuItem(_("起案する"), "/cases/new", Permission.CASE_DRAFT, in_menu=False),
    MenuItem(_("不在と代理"), "/absences", Permission.CASE_DECIDE, in_menu=False),
    MenuItem(_("仕事の引継ぎ"), "/hand-over", Permission.WORK_HAND_OVER, in_menu=False),
    MenuItem(_("どこで待っているか"), "/cases/statistics", Permission.CASE_READ, in_menu=False),
    MenuItem(_("自分の設定"), "/me", Permission.HOME_VIEW, in_menu=False),
)
CASES_IN_PALETTE = 8

staff = StaffRouter()


@staff.page("/absences", Permission.CASE_DECIDE)
def absence_list(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "inbox/absences.html", _absences_page(work))


@staff.action("/absences", Permission.CASE_DECIDE)
def enter_absence(request: Request, work: Writing, form: FormData) -> Response:
    try:
        absences.enter(work, own_id(work), read_away(form))
    except Invalid as refusal:
        work.refused = True
        return render(request, "inbox/absences.html", _absences_page(work, form, refusal.fields), status=422)
    return go_to("/absences", _("不在を登録しました。"))


@staff.action("/absences/{absence_id}/cancel", Permission.CASE_DECIDE)
def cancel_absence(work: Writing, absence_id: int) -> Response:
    absences.cancel(work, queries.find_absence(work.session, own_id(work), absence_id))
    return go_to("/absences", _("不在を取り消しました。"))


@staff.page("/cases/statistics", Permission.CASE_READ)
def statistics(request: Request, work: Reading) -> HTMLResponse:
    rows = step_figures(work.session, work.actor, work.now)
    shown = desk_pages.StatisticsPage(
        title=_("どこで待っているか"), rows=rows, at_most=AT_MOST, in_the_city=IN_THE_CITY
    )
    return render(request, "inbox/statistics.html", shown)


@staff.page("/palette", Permission.HOME_VIEW)
def palette(request: Request, work: Reading, q: str = "") -> HTMLResponse:
    """Give pages whose name holds what was typed, and the cases that the person may see."""
    keyword = q.strip()[:80]
    places = places_for(request.app.state.menu, work.actor, keyword)
    cases: Sequence[Case] = ()
    if keyword and work.actor.may(Permission.CASE_READ):
        cases = queries.list_cases(work.session, work.actor, chairs_for(work), "", "", keyword, 0)[:CASES_IN_PALETTE]
    shown = desk_pages.PalettePage(title=_("さがす"), keyword=keyword, places=places, cases=cases)
    block = "found" if request.headers.get("HX-Request") else ""
    return render(request, "inbox/palette.html", shown, block=block)


def own_id(work: Work) -> int:
    """Give who acts. Raises NotThere for the house itself, which has no desk."""
    if work.actor.staff_id is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return work.actor.staff_id


def _absences_page(
    work: Work, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> desk_pages.AbsencesPage:
    rows = queries.absences_of(work.session, own_id(work))
    return desk_pages.AbsencesPage(title=_("不在と代理"), rows=rows, typed=typed or {}, wrong=wrong or {})
