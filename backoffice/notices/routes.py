"""The pages of notices: all wordings of a program, one of them, writing it, deciding on it."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.notices import pages, queries, service
from backoffice.notices.composing import speaking_version
from backoffice.notices.models import NoticeVersion
from backoffice.notices.notice_page import PROGRAMS, compare_page, crumbs_of_program, edit_page, notice_page
from backoffice.notices.workflow import OPEN, NoticeState, standing_of
from backoffice.programs import queries as programs
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.notices.languages import NoticeLanguage
from workflows.notices.template import FIELDS, Content, Wording

staff = StaffRouter()


_TABS = {
    NoticeState.SUBMITTED: _("承認待ち"),
    NoticeState.DRAFT: _("下書き"),
    NoticeState.APPROVED: _("使う文面"),
}


@staff.page("/notices", Permission.PROGRAM_VIEW)
def all_notices(request: Request, work: Reading, state: str = "", page: int = 1) -> HTMLResponse:
    """Show what waits for a head, of all departments: who may decide sees it on the wording's own page."""
    shown_state = NoticeState(state) if state in _TABS else NoticeState.SUBMITTED
    paging = Paging("/notices", queries.count_listed(work.session, shown_state), page, {"state": shown_state.value})
    found = queries.list_notices(work.session, shown_state, paging.offset)
    names = programs.program_names(work.session, {each.template.program.number for each in found})
    shown = pages.AllNoticesPage(
        title=_("お知らせの文面の一覧"),
        crumbs=(PROGRAMS,),
        rows=[
            pages.ListedNotice(each, names.get(each.template.program.number, ""), _awaits(work, each)) for each in found
        ],
        tabs=[
            Tab(name, address("/notices", {"state": each.value}), current=each is shown_state)
            for each, name in _TABS.items()
        ],
        paging=paging,
    )
    return render(request, "notices/all.html", shown)


def _awaits(work: Work, version: NoticeVersion) -> bool:
    """Say whether a wording waits for heads of the person's own department."""
    return (
        version.state == NoticeState.SUBMITTED
        and work.actor.may(Permission.NOTICE_APPROVE)
        and work.actor.reaches(Permission.NOTICE_APPROVE, version.template.program.department.path)
    )


@staff.page("/programs/{program_id}/notices", Permission.PROGRAM_VIEW)
def notices(request: Request, work: Reading, program_id: int) -> HTMLResponse:
    program = programs.find_program(work.session, program_id)
    versions = queries.versions_of(work.session, program_id)
    newest = next((each.id for each in versions if each.state == NoticeState.APPROVED), None)
    reaches = work.actor.may(Permission.PROGRAM_WORDING) and work.actor.reaches(
        Permission.PROGRAM_WORDING, program.department.path
    )
    shown = pages.NoticesPage(
        title=_("お知らせの文面"),
        title_text=speaking_version(work, program_id).name,
        crumbs=crumbs_of_program(program),
        program=program,
        rows=[pages.NoticeRow.of(each, standing_of(each.state, is_newest=each.id == newest)) for each in versions],
        may_begin=reaches and not versions,
        may_copy=reaches and bool(versions) and not any(each.state in OPEN for each in versions),
    )
    return render(request, "notices/notices.html", shown)


@staff.action("/programs/{program_id}/notices", Permission.PROGRAM_WORDING)
def begin(work: Writing, program_id: int) -> Response:
    version = service.begin(work, programs.find_program(work.session, program_id))
    return go_to(f"/notices/{version.id}/edit", _("備え付けの文面から下書きを作りました。確かめて直してください。"))


@staff.page("/notices/{notice_id}", Permission.PROGRAM_VIEW)
def one_notice(request: Request, work: Reading, notice_id: int) -> HTMLResponse:
    return render(request, "notices/notice.html", notice_page(work, queries.find_version(work.session, notice_id)))


@staff.page("/notices/{notice_id}/compare", Permission.PROGRAM_VIEW)
def compare(request: Request, work: Reading, notice_id: int, with_id: int = 0) -> HTMLResponse:
    """Show a wording beside another one of its program, or beside the one that is sent."""
    after = queries.find_version(work.session, notice_id)
    wanted = with_id or queries.current_id(work.session, after.template_id) or after.id
    before = queries.find_version_of(work.session, after.template_id, wanted)
    return render(request, "notices/compare.html", compare_page(work, before, after))


@staff.page("/notices/{notice_id}/edit", Permission.PROGRAM_WORDING)
def edit(request: Request, work: Reading, notice_id: int) -> HTMLResponse:
    version = queries.find_version(work.session, notice_id)
    service.must_be_writable(work, version)
    return render(request, "notices/edit.html", edit_page(work, version))


@staff.action("/notices/{notice_id}/edit", Permission.PROGRAM_WORDING)
def keep(request: Request, work: Writing, notice_id: int, form: FormData) -> Response:
    """Keep what was typed though it be unfinished; what cannot be kept comes back as typed (422)."""
    version = queries.find_version(work.session, notice_id)
    typed = _typed(form)
    try:
        service.write(work, version, seen_of(form), typed)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        again = queries.find_version(work.session, notice_id)
        return render(request, "notices/edit.html", edit_page(work, again, typed, refusal.fields), status=422)
    return go_to(f"/notices/{notice_id}/edit", _("文面を保存しました。"))


@staff.action("/notices/{notice_id}/copy", Permission.PROGRAM_WORDING)
def copy(work: Writing, notice_id: int) -> Response:
    draft = service.copy(work, queries.find_version(work.session, notice_id))
    return go_to(f"/notices/{draft.id}/edit", _("第%(n)s版の下書きを作りました。"), n=draft.number)


@staff.action("/notices/{notice_id}/discard", Permission.PROGRAM_WORDING)
def discard(work: Writing, notice_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, notice_id)
    service.discard(work, version, seen_of(form))
    return go_to(f"/programs/{version.template.program_id}/notices", _("下書きを破棄しました。"))


@staff.action("/notices/{notice_id}/submit", Permission.PROGRAM_WORDING)
def submit(work: Writing, notice_id: int, form: FormData) -> Response:
    service.submit(work, queries.find_version(work.session, notice_id), seen_of(form))
    return go_to(f"/notices/{notice_id}", _("承認を求めました。書いていない所属長が確かめます。"))


@staff.action("/notices/{notice_id}/take-back", Permission.PROGRAM_WORDING)
def take_back(work: Writing, notice_id: int, form: FormData) -> Response:
    service.take_back(work, queries.find_version(work.session, notice_id), seen_of(form))
    return go_to(f"/notices/{notice_id}", _("下書きに引き戻しました。"))


@staff.action("/notices/{notice_id}/approve", Permission.NOTICE_APPROVE)
def approve(work: Writing, notice_id: int, form: FormData) -> Response:
    service.approve(work, queries.find_version(work.session, notice_id), seen_of(form))
    return go_to(f"/notices/{notice_id}", _("文面を承認しました。これからのお知らせは、この文面で届きます。"))


@staff.action("/notices/{notice_id}/send-back", Permission.NOTICE_APPROVE)
def send_back(request: Request, work: Writing, notice_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, notice_id)
    try:
        service.send_back(work, version, seen_of(form), form.get("reason", ""))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        again = queries.find_version(work.session, notice_id)
        wrong = refusal.fields or {"reason": translate(refusal.message)}
        shown = notice_page(work, again, form.get("reason", ""), wrong)
        return render(request, "notices/notice.html", shown, status=422)
    return go_to(f"/notices/{notice_id}", _("差し戻しました。"))


def _typed(form: Mapping[str, str]) -> Content:
    """Give what stands in the fields; line ends come as browsers send them."""
    content = Content()
    for language in NoticeLanguage:
        texts = {name: form.get(f"{language}-{name}", "").replace("\r\n", "\n").strip() for name in FIELDS}
        content = content.with_wording(language, Wording(**texts))
    return content
