"""The pages of runs: all, beginning one, one as it is decided on and as it is watched; and what is done with it."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.audiences import pages, planning, queries, service
from backoffice.audiences.basis_page import basis_page
from backoffice.audiences.watch_page import watch_page
from backoffice.audiences.workflow import RunState
from backoffice.drawing.queries import closures
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.identity.scope import within
from backoffice.programs import queries as programs
from backoffice.programs.models import Program
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.lists import Paging
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.rules.facts import WARDS

MENU = (MenuItem(_("配信"), "/audiences", Permission.AUDIENCE_VIEW),)
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/audiences", Permission.AUDIENCE_VIEW)
def runs(request: Request, work: Reading, q: str = "", state: str = "", page: int = 1) -> HTMLResponse:
    keyword, wanted = q.strip(), state if state in set(RunState) else ""
    total = queries.count_runs(work.session, keyword, wanted)
    paging = Paging("/audiences", total, page, {"q": keyword, "state": wanted})
    shown = pages.RunsPage(
        title=_("配信"),
        rows=[pages.RunRow.of(run) for run in queries.list_runs(work.session, keyword, wanted, paging.offset)],
        keyword=keyword,
        state=wanted,
        paging=paging,
        may_begin=work.actor.may(Permission.AUDIENCE_PREPARE),
    )
    return render(request, "audiences/runs.html", shown)


@staff.page("/audiences/new", Permission.AUDIENCE_PREPARE)
def candidates(request: Request, work: Reading, q: str = "", page: int = 1) -> HTMLResponse:
    """Show the programs of the person's departments, and what keeps those back that cannot be told of."""
    own = within(work.actor, Permission.AUDIENCE_PREPARE, Program.department_id)
    keyword = q.strip()
    total = programs.count_in_force(work.session, work.today, keyword, own)
    paging = Paging("/audiences/new", total, page, {"q": keyword})
    found = programs.in_force_on_page(work.session, work.today, keyword, paging.offset, own)
    shown = pages.CandidatesPage(
        title=_("配信を起こす制度を選ぶ"),
        crumbs=(pages.RUNS,),
        rows=planning.candidates(work, found),
        no_wording=planning.NO_WORDING,
        keyword=keyword,
        paging=paging,
    )
    return render(request, "audiences/candidates.html", shown)


@staff.page("/audiences/new/{program_id}", Permission.AUDIENCE_PREPARE)
def plan(request: Request, work: Reading, program_id: int) -> HTMLResponse:
    return render(request, "audiences/plan.html", _plan_page(work, program_id))


@staff.action("/audiences/new/{program_id}", Permission.AUDIENCE_PREPARE)
def begin(request: Request, work: Writing, program_id: int, form: FormData) -> Response:
    """Begin a run; what cannot be comes back as typed (422)."""
    version = service.version_to_run(work, program_id)
    try:
        run = service.begin_run(work, version, planning.read_plan(form, closures(work.session)))
    except Invalid as refusal:
        if not refusal.fields:
            raise
        work.refused = True
        work.session.rollback()
        shown = _plan_page(work, program_id, form, refusal.fields)
        return render(request, "audiences/plan.html", shown, status=422)
    return go_to(f"/audiences/{run.id}", _("配信を起こしました。対象を確定しています。"))


@staff.page("/audiences/{run_id}", Permission.AUDIENCE_VIEW)
def one_run(request: Request, work: Reading, run_id: int) -> HTMLResponse:
    shown = basis_page(work, queries.find_run(work.session, run_id))
    if _is_fragment(request):
        return _once_more(render(request, "audiences/run.html", shown, block="live"), goes_on=shown.is_counting)
    return render(request, "audiences/run.html", shown)


@staff.page("/audiences/{run_id}/watch", Permission.AUDIENCE_VIEW)
def watch(request: Request, work: Reading, run_id: int) -> HTMLResponse:
    shown = watch_page(work, queries.find_run(work.session, run_id))
    if _is_fragment(request):
        return _once_more(render(request, "audiences/watch.html", shown, block="live"), goes_on=shown.is_moving)
    return render(request, "audiences/watch.html", shown)


@staff.action("/audiences/{run_id}/submit", Permission.AUDIENCE_PREPARE)
def submit(work: Writing, run_id: int, form: FormData) -> Response:
    case = service.submit(work, queries.find_run(work.session, run_id), seen_of(form))
    return go_to(f"/cases/{case.id}", _("回議に付しました。"))


@staff.action("/audiences/{run_id}/pause", Permission.AUDIENCE_STOP)
def pause(work: Writing, run_id: int, form: FormData) -> Response:
    service.pause(work, run_id, seen_of(form))
    return go_to(f"/audiences/{run_id}/watch", _("一時停止しました。"))


@staff.action("/audiences/{run_id}/resume", Permission.AUDIENCE_STOP)
def resume(work: Writing, run_id: int, form: FormData) -> Response:
    service.resume(work, run_id, seen_of(form))
    return go_to(f"/audiences/{run_id}/watch", _("再開しました。"))


@staff.action("/audiences/{run_id}/cancel", Permission.AUDIENCE_STOP)
def cancel(work: Writing, run_id: int, form: FormData) -> Response:
    service.cancel(work, run_id, seen_of(form))
    return go_to(f"/audiences/{run_id}/watch", _("配信を取りやめました。これから先、だれにも送りません。"))


def _is_fragment(request: Request) -> bool:
    """Say whether a page asks that stands there already, for what has changed on it."""
    return bool(request.headers.get("HX-Request"))


def _once_more(answer: HTMLResponse, *, goes_on: bool) -> HTMLResponse:
    """Let the browser fetch the whole page once nothing moves any more: its buttons are others by then."""
    if not goes_on:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _plan_page(
    work: Work, program_id: int, typed: Mapping[str, str] = NOTHING, wrong: Mapping[str, str] = NOTHING
) -> pages.PlanPage:
    program = programs.find_program(work.session, program_id)
    version = programs.in_force(work.session, program_id, work.today)
    service.must_prepare(work, program)
    why_not = planning.NOT_IN_FORCE if version is None else planning.candidates(work, [version])[0].why_not
    return pages.PlanPage(
        title=_("配信を起こす"),
        title_text=program.number if version is None else version.name,
        crumbs=(pages.RUNS,),
        program_id=program.id,
        version=version,
        why_not=why_not,
        hours=[(hour, hour) for hour in planning.HOURS],
        periods=queries.periods_of(work.session, program.id),
        wards=[pages.WardField(f"ward-{ward.code}", pages.in_language(ward)) for ward in WARDS],
        typed=typed or planning.usual(work.today, closures(work.session)),
        wrong=wrong,
    )
