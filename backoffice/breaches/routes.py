"""The pages of leaks: all of them, beginning one, one with its clocks and what was counted."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.breaches import pages, queries, service
from backoffice.breaches.clocks import clocks
from backoffice.breaches.models import Breach, BreachCount
from backoffice.breaches.service import Told
from backoffice.data_links.affected import Days, days_typed, known_typed
from backoffice.data_links.models import Link
from backoffice.data_links.pages import LINKS
from backoffice.data_links.queries import find_link
from backoffice.data_links.words import attribute_name
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.inbox.models import Case
from backoffice.inbox.pages import DueMark, state_chip
from backoffice.inbox.queries import tasks_of
from backoffice.inbox.workflow import CaseState, TaskState
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of, whole_number
from backoffice.web.free_text import words_given
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.calendar import closing

MENU = (MenuItem(_("漏えい等への対応"), "/breaches", Permission.LINK_SHUT, in_menu=False),)
MOST_OF_A_TEXT = 1000
STEPS = {"first_report_by": "first_report", "notice_by": "notice", "full_report_by": "full_report"}
"""In which step of the shipped route each day is kept."""
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/breaches", Permission.LINK_SHUT)
def breaches(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    paging = Paging("/breaches", queries.count_breaches(work.session), page)
    found = queries.list_breaches(work.session, paging.offset)
    rows = [pages.BreachRow(breach, case, state_chip(case)) for breach, case in found]
    return render(
        request,
        "breaches/breaches.html",
        pages.BreachesPage(title=_("漏えい等への対応"), crumbs=(LINKS,), rows=rows, paging=paging),
    )


@staff.page("/breaches/new", Permission.LINK_SHUT)
def new_breach(
    request: Request, work: Reading, link: str = "", first: str = "", last: str = "", known: str = ""
) -> HTMLResponse:
    return _begin_page(request, work, {"link": link, "first": first, "last": last, "known": known}, NOTHING)


@staff.action("/breaches/new", Permission.LINK_SHUT)
def begin(request: Request, work: Writing, form: FormData) -> Response:
    try:
        breach = service.begin(work, _told(work, form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _begin_page(request, work, form, refusal.fields or {"what": refusal.message})
    return go_to(f"/breaches/{breach.id}", _("案件を起こしました。速報の期限を確かめてください。"))


@staff.page("/breaches/{breach_id}", Permission.LINK_SHUT)
def one_breach(request: Request, work: Reading, breach_id: int) -> HTMLResponse:
    return render(request, "breaches/breach.html", _page(work, queries.find_breach(work.session, breach_id)))


@staff.action("/breaches/{breach_id}/recount", Permission.LINK_SHUT)
def recount(work: Writing, breach_id: int) -> Response:
    service.recount(work, queries.find_breach(work.session, breach_id))
    return go_to(f"/breaches/{breach_id}", _("数え直しました。前に数えた人数も残っています。"))


@staff.action("/breaches/{breach_id}/harm", Permission.LINK_SHUT)
def judge_harm(request: Request, work: Writing, breach_id: int, form: FormData) -> Response:
    try:
        service.judge_harm(work, queries.find_breach(work.session, breach_id), seen_of(form), form.get("reason", ""))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        shown = _page(work, queries.find_breach(work.session, breach_id), form, refusal.fields)
        return render(request, "breaches/breach.html", shown, status=422)
    return go_to(f"/breaches/{breach_id}", _("見方を変えました。確報の期限も変わりました。"))


def _told(work: Work, form: Mapping[str, str]) -> Told:
    """Read what was typed. Raises Invalid naming everything that is wrong, not only the first."""
    wrong: dict[str, str] = {}
    what = measures = ""
    known_on, link, days = work.today, None, None
    try:
        what = words_given(form.get("what", ""), "what", MOST_OF_A_TEXT)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        measures = words_given(form["measures"], "measures", MOST_OF_A_TEXT) if form.get("measures", "").strip() else ""
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        known_on = known_typed(form, work.today)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        link, days = _through(work, form)
    except Invalid as refusal:
        wrong |= refusal.fields
    people = whole_number(form.get("people", "").strip())
    if link is None and form.get("people", "").strip() and people is None:
        wrong["people"] = _("人数を数字で入れてください。")
    if wrong:
        raise Invalid(service.WRONG, wrong)
    return Told(what, measures, known_on, form.get("harm") == "yes", link, days, people)


def _through(work: Work, form: Mapping[str, str]) -> tuple[Link | None, Days | None]:
    chosen = whole_number(form.get("link", ""))
    if chosen is None:
        return None, None
    return find_link(work.session, chosen), days_typed(
        {"first": form.get("first", ""), "last": form.get("last", "")}, work.today
    )


def _clock_lines(work: Work, breach: Breach, done: AbstractSet[str], *, runs: bool) -> Sequence[pages.ClockLine]:
    return [
        pages.ClockLine(
            each.what,
            each.article,
            each.due_on,
            DueMark.of(closing(each.due_on), work.now),
            runs and STEPS[each.key] not in done,
        )
        for each in clocks(breach.known_on, harm_suspected=breach.harm_suspected)
    ]


def _count_lines(counts: Sequence[BreachCount]) -> Sequence[pages.CountLine]:
    """Put each count beside the one before it; `counts` come with the newest first."""
    before = [*(each.people for each in counts), None][1:]
    return [
        pages.CountLine(
            count,
            [f"{attribute_name(code)} {times}" for code, times in count.attributes.items()],
            None if earlier is None else count.people - earlier,
        )
        for count, earlier in zip(counts, before, strict=True)
    ]


def _begin_page(request: Request, work: Work, typed: Mapping[str, str], wrong: Mapping[str, str]) -> HTMLResponse:
    chosen = [(str(number), name) for number, name in queries.links_to_choose(work.session)]
    shown = pages.BeginPage(
        title=_("漏えい等への対応を起こす"),
        crumbs=(LINKS, pages.BREACHES),
        links=[("", translate(_("連携を通さないもの"))), *chosen],
        typed=typed,
        wrong=wrong,
    )
    return render(request, "breaches/begin.html", shown, status=422 if wrong else 200)


def _page(
    work: Work, breach: Breach, typed: Mapping[str, str] = NOTHING, wrong: Mapping[str, str] = NOTHING
) -> pages.BreachPage:
    case = work.session.get_one(Case, breach.case_id)
    runs = case.state == CaseState.RUNNING
    done = {task.step_id for task in tasks_of(work.session, case.id) if task.state == TaskState.DONE}
    counts = queries.counts_of(work.session, breach.id)
    export = ""
    if counts and counts[0].people and breach.link_id is not None and work.actor.may(Permission.CONSENT_TAKE):
        days = f"first={breach.first_day}&last={breach.last_day}"
        export = f"/links/{breach.link_id}/affected/export.csv?{days}"
    return pages.BreachPage(
        title=_("漏えい等への対応"),
        title_text=case.title,
        crumbs=(LINKS, pages.BREACHES),
        breach=breach,
        case=case,
        chip=state_chip(case),
        clocks=_clock_lines(work, breach, done, runs=runs),
        counts=_count_lines(counts),
        runs=runs,
        export=export,
        typed=typed,
        wrong=wrong,
    )
