"""The pages of programs: all of them, one with its versions, one version and what may be done with it."""

from collections.abc import Mapping
from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.programs import pages, queries, service
from backoffice.programs.models import ProgramVersion
from backoffice.programs.sheets import definition, values_of
from backoffice.programs.version_page import PROGRAMS, compare_page, crumbs_to, title_of, version_page
from backoffice.programs.workflow import VersionState, standing_of
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import answer_rows
from backoffice.web.answers_in import Checked, check_answers, sentence
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _

MENU = (MenuItem(_("制度"), "/programs", Permission.PROGRAM_VIEW),)

staff = StaffRouter()


@staff.page("/programs", Permission.PROGRAM_VIEW)
def programs(request: Request, work: Reading, q: str = "", state: str = "", page: int = 1) -> HTMLResponse:
    state = state if state in _TABS else ""
    total = queries.count_programs(work.session, q, state)
    paging = Paging("/programs", total, page, {"q": q, "state": state})
    found = queries.list_programs(work.session, q, state, paging.offset)
    today = work.today
    tabs = [
        Tab(name, address("/programs", {"q": q, "state": code}), current=code == state) for code, name in _TABS.items()
    ]
    shown = pages.ProgramsPage(
        title=_("制度"),
        # Only the newest version of each is listed: once its day has come, it is the one in force.
        rows=[
            pages.VersionRow.of(
                each, standing_of(each.state, each.effective_from, today, is_in_force=_has_come(each, today))
            )
            for each in found
        ],
        tabs=tabs,
        keyword=q,
        state=state,
        paging=paging,
        may_begin=work.actor.may(Permission.PROGRAM_WORDING),
    )
    return render(request, "programs/programs.html", shown)


_TABS = {
    "": _("すべて"),
    str(VersionState.DRAFT): _("下書き"),
    str(VersionState.SUBMITTED): _("回議中"),
    str(VersionState.APPROVED): _("承認済"),
}


@staff.page("/programs/new", Permission.PROGRAM_WORDING)
def new_program(request: Request) -> HTMLResponse:
    return _new_page(request, "", {})


@staff.action("/programs/new", Permission.PROGRAM_WORDING)
def begin_program(request: Request, work: Writing, form: FormData) -> Response:
    try:
        version = service.begin_program(work, form.get("name_ja", ""))
    except Invalid as refusal:
        work.refused = True
        return _new_page(request, form.get("name_ja", ""), refusal.fields)
    return go_to(f"/programs/versions/{version.id}/edit", _("下書きを作りました。登録票を書いてください。"))


@staff.page("/programs/versions/{version_id}", Permission.PROGRAM_VIEW)
def one_version(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    shown = version_page(work, queries.find_version(work.session, version_id))
    return render(request, "programs/version.html", shown)


@staff.page("/programs/versions/{version_id}/edit", Permission.PROGRAM_WORDING)
def edit_sheet(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    version = queries.find_version(work.session, version_id)
    service.must_be_writable(work, version, Permission.PROGRAM_WORDING, version.version)
    return _sheet_page(request, version, None, None, {})


@staff.action("/programs/versions/{version_id}/edit", Permission.PROGRAM_WORDING)
def keep_sheet(request: Request, work: Writing, version_id: int, form: FormData) -> Response:
    """Keep the sheet though it be half written; what cannot be understood comes back as typed (422)."""
    checked = check_answers(definition(), form)
    wrong = {key: sentence(problem) for key, problem in checked.refusing.items() if problem.code not in _later()}
    version = queries.find_version(work.session, version_id)
    try:
        _must_be_understood(wrong)
        service.write_sheet(work, version, seen_of(form), checked.values)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        again = queries.find_version(work.session, version_id)
        return _sheet_page(request, again, form, checked, refusal.fields)
    return go_to(f"/programs/versions/{version_id}", _("登録票を保存しました。"))


def _must_be_understood(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)


def _later() -> set[str]:
    """Give what a draft may lack still: it is asked for when the version is submitted."""
    return {"required", *(rule.code for rule in definition().rules)}


@staff.page("/programs/versions/{version_id}/compare", Permission.PROGRAM_VIEW)
def compare(request: Request, work: Reading, version_id: int, with_id: int = 0) -> HTMLResponse:
    """Show a version beside another one of its program, or beside the one in force."""
    after = queries.find_version(work.session, version_id)
    current = queries.in_force(work.session, after.program_id, work.today)
    wanted = with_id or (current.id if current is not None else after.id)
    before = queries.find_version(work.session, wanted)
    return render(request, "programs/compare.html", compare_page(work, before, after))


@staff.action("/programs/versions/{version_id}/copy", Permission.PROGRAM_WORDING)
def copy(work: Writing, version_id: int) -> Response:
    draft = service.draft_from(work, queries.find_version(work.session, version_id))
    return go_to(f"/programs/versions/{draft.id}", _("第%(n)s版の下書きを作りました。"), n=draft.number)


@staff.action("/programs/versions/{version_id}/carry-on", Permission.PROGRAM_WORDING)
def carry_on(work: Writing, version_id: int) -> Response:
    draft = service.carry_on(work, queries.find_version(work.session, version_id))
    return go_to(f"/programs/versions/{draft.id}", _("次の年度の制度を起こしました。日付と基準額を確かめてください。"))


@staff.action("/programs/versions/{version_id}/discard", Permission.PROGRAM_WORDING)
def discard(work: Writing, version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, version_id)
    service.discard(work, version, seen_of(form))
    return go_to(f"/programs/{version.program_id}", _("下書きを破棄しました。"))


@staff.action("/programs/versions/{version_id}/submit", Permission.PROGRAM_WORDING)
def submit(work: Writing, version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, version_id)
    case = service.submit(work, version, seen_of(form))
    return go_to(f"/cases/{case.id}", _("%(number)s を回議に付しました。"), number=case.number)


@staff.page("/programs/{program_id}", Permission.PROGRAM_VIEW)
def one_program(request: Request, work: Reading, program_id: int) -> HTMLResponse:
    program = queries.find_program(work.session, program_id)
    versions = queries.versions_of(work.session, program_id)
    today = work.today
    current = queries.in_force(work.session, program_id, today)
    shown = pages.ProgramPage(
        title=_("制度"),
        title_text=versions[0].name,
        crumbs=(PROGRAMS,),
        program=program,
        rows=[
            pages.VersionRow.of(each, standing_of(each.state, each.effective_from, today, is_in_force=each is current))
            for each in versions
        ],
        may_write=work.actor.may(Permission.PROGRAM_WORDING)
        and work.actor.reaches(Permission.PROGRAM_WORDING, program.department.path),
        has_open=any(each.state in queries.ROUTED for each in versions),
    )
    return render(request, "programs/program.html", shown)


def _has_come(version: ProgramVersion, today: date) -> bool:
    return version.effective_from is not None and version.effective_from <= today


def _new_page(request: Request, name: str, wrong: Mapping[str, str]) -> HTMLResponse:
    shown = pages.NewProgramPage(title=_("制度を起こす"), crumbs=(PROGRAMS,), name=name, wrong=wrong)
    return render(request, "programs/new.html", shown, status=422 if wrong else 200)


def _sheet_page(
    request: Request,
    version: ProgramVersion,
    typed: Mapping[str, str] | None,
    checked: Checked | None,
    wrong: Mapping[str, str],
) -> HTMLResponse:
    shown = pages.SheetPage(
        title=_("登録票を書く"),
        title_text=title_of(version),
        crumbs=crumbs_to(version),
        version=version,
        rows=answer_rows(definition(), values_of(version), typed, checked),
        wrong=wrong,
    )
    return render(request, "programs/sheet.html", shown, status=422 if wrong else 200)
