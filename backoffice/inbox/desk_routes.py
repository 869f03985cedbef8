"""Pages around one's own desk: being away, handing work over, where work waits, and the palette (Ctrl+K)."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission, Staff, within
from backoffice.inbox import absences, handling, pages, queries
from backoffice.inbox.inputs import read_away
from backoffice.inbox.models import Case
from backoffice.inbox.routes import chairs_for
from backoffice.inbox.statistics import step_figures
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
        absences.enter(work, _self(work), read_away(form))
    except Invalid as refusal:
        work.refused = True
        return render(request, "inbox/absences.html", _absences_page(work, form, refusal.fields), status=422)
    return go_to("/absences", _("不在を登録しました。"))


@staff.action("/absences/{absence_id}/cancel", Permission.CASE_DECIDE)
def cancel_absence(work: Writing, absence_id: int) -> Response:
    absences.cancel(work, queries.find_absence(work.session, _self(work), absence_id))
    return go_to("/absences", _("不在を取り消しました。"))


@staff.page("/hand-over", Permission.WORK_HAND_OVER)
def hand_over_page(request: Request, work: Reading, person: str = "") -> HTMLResponse:
    return render(request, "inbox/hand_over.html", _hand_over_page(work, person))


@staff.action("/hand-over", Permission.WORK_HAND_OVER)
def hand_over(request: Request, work: Writing, form: FormData) -> Response:
    people = _people(work)
    try:
        giver, heir = _chosen(people, form, "from"), _chosen(people, form, "to")
        count = handling.hand_over(work, giver.id, heir.id)
    except Invalid as refusal:
        work.refused = True
        shown = _hand_over_page(work, form.get("from", ""), refusal.fields)
        return render(request, "inbox/hand_over.html", shown, status=422)
    return go_to("/hand-over", _("%(count)s件を %(name)s さんに引き継ぎました。"), count=count, name=heir.name)


@staff.page("/cases/statistics", Permission.CASE_READ)
def statistics(request: Request, work: Reading) -> HTMLResponse:
    rows = step_figures(work.session, work.actor, work.now)
    return render(request, "inbox/statistics.html", pages.StatisticsPage(title=_("どこで待っているか"), rows=rows))


@staff.page("/palette", Permission.HOME_VIEW)
def palette(request: Request, work: Reading, q: str = "") -> HTMLResponse:
    """Give pages whose name holds what was typed, and the cases that the person may see."""
    keyword = q.strip()[:80]
    places = places_for(request.app.state.menu, work.actor, keyword)
    cases: Sequence[Case] = ()
    if keyword and work.actor.may(Permission.CASE_READ):
        cases = queries.list_cases(work.session, work.actor, chairs_for(work), "", "", keyword, 0)[:CASES_IN_PALETTE]
    shown = pages.PalettePage(title=_("さがす"), keyword=keyword, places=places, cases=cases)
    block = "found" if request.headers.get("HX-Request") else ""
    return render(request, "inbox/palette.html", shown, block=block)


def _self(work: Work) -> int:
    if work.actor.staff_id is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return work.actor.staff_id


def _absences_page(
    work: Work, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> pages.AbsencesPage:
    rows = queries.absences_of(work.session, _self(work))
    return pages.AbsencesPage(title=_("不在と代理"), rows=rows, typed=typed or {}, wrong=wrong or {})


def _people(work: Work) -> Sequence[Staff]:
    """Give the active staff of the departments whose work the person may hand over."""
    reach = within(work.actor, Permission.WORK_HAND_OVER, Staff.department_id)
    return work.session.scalars(select(Staff).where(Staff.active, reach).order_by(Staff.account)).all()


def _one_of(people: Sequence[Staff], staff_id: str) -> Staff | None:
    return next((person for person in people if str(person.id) == staff_id), None)


def _chosen(people: Sequence[Staff], form: Mapping[str, str], name: str) -> Staff:
    person = _one_of(people, form.get(name, ""))
    if person is None:
        raise Invalid(_("入力を確認してください"), {name: _("職員を選んでください。")})
    return person


def _hand_over_page(work: Work, person: str, wrong: Mapping[str, str] | None = None) -> pages.HandOverPage:
    people = _people(work)
    giver = _one_of(people, person)
    tasks, cases = handling.work_of(work, giver.id) if giver else ([], [])
    return pages.HandOverPage(
        title=_("仕事の引継ぎ"), people=people, from_person=giver, tasks=tasks, cases=cases, wrong=wrong or {}
    )
