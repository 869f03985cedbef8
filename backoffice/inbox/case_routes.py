"""The pages of one case: what it is about, what waits, what is decided, said and attached."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, quote

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.inbox import attaching, deciding, handling, opening, pages, presence, queries, talking, trays
from backoffice.inbox.case_page import ANSWER, CASES, Refused, case_page, definition_of, still_to_seal
from backoffice.inbox.events import CaseSeen, FileFetched
from backoffice.inbox.inputs import read_decision, read_said, read_wanted
from backoffice.inbox.kinds import KINDS, LEVELS, RETENTION
from backoffice.inbox.models import Attachment, Case, Task
from backoffice.inbox.moving import route_of
from backoffice.inbox.noting import NOTE, note_of
from backoffice.inbox.routes import chairs_for
from backoffice.inbox.taking_back import take_back
from backoffice.inbox.workflow import NEEDS_REASON
from backoffice.vault import StoredFile
from backoffice.web import Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import given_answers
from backoffice.web.answers_in import Checked, check_answers, sentence
from backoffice.web.forms_in import FormData
from backoffice.web.lists import address
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms import catalogue

staff = StaffRouter()


def the_case(work: Work, case_id: int) -> Case:
    """Give a case that the person may see. Raises NotThere."""
    return queries.find_case(work.session, work.actor, chairs_for(work), case_id)


def the_task(work: Work, task_id: int) -> Task:
    return deciding.task_before(work, chairs_for(work), task_id)


@staff.page("/cases/{case_id}", Permission.CASE_READ)
def one_case(request: Request, work: Reading, case_id: int) -> HTMLResponse:
    case = the_case(work, case_id)
    if KINDS[case.kind].personal:
        work.seen(CaseSeen(case.id))
    return render(request, "inbox/case.html", case_page(work, case, _list_in(request.query_params)))


@staff.page("/cases/{case_id}/print", Permission.CASE_READ)
def print_case(request: Request, work: Reading, case_id: int) -> HTMLResponse:
    case = the_case(work, case_id)
    if KINDS[case.kind].personal:
        work.seen(CaseSeen(case.id))
    votes = queries.votes_of(work.session, case.id)
    shown = pages.PrintPage(
        title=_("決裁用紙"),
        title_text=case.number,
        crumbs=(CASES,),
        case=case,
        kind=KINDS[case.kind],
        chip=pages.state_chip(case),
        rows=given_answers(definition_of(case), case.answers["values"]),
        seals=pages.seals_of(votes),
        still_to_seal=still_to_seal(case, {vote.task.step_id for vote in votes}),
        entries=[pages.EntryRow.of(entry) for entry in queries.entries_of(work.session, case.id)],
        level=LEVELS[case.decision_level],
        retention=RETENTION[case.retention_years],
    )
    return render(request, "inbox/print.html", shown)


@staff.page("/cases/{case_id}/route.bpmn", Permission.CASE_READ)
def drawing(work: Reading, case_id: int) -> Response:
    """Give the drawing that the case runs on, for the viewer on its page."""
    xml = route_of(the_case(work, case_id)).xml
    return Response(xml, media_type="application/xml", headers={"Cache-Control": "no-store"})


@staff.action("/tasks/{task_id}/decide", Permission.CASE_DECIDE)
def decide(request: Request, work: Writing, task_id: int, form: FormData) -> Response:
    task = the_task(work, task_id)
    case, from_list = task.case, form.get("from", "")
    checked: Checked | None = None
    deciding.must_wait(work, case, task)
    try:
        checked = _answers(work, task, form)
        vote = deciding.decide(work, task, read_said(form, checked.values if checked else {}))
    except Invalid as refusal:
        return _again(request, work, case.id, Refused(form, refusal.fields or _about(refusal), checked, task.id))
    if not vote.move:
        return go_to(f"/cases/{case.id}", _("意見を出しました。ほかの職員の決定を待ちます。"))
    following = _next(work, from_list)
    said = _("%(number)s を決定しました。1分以内なら取り消せます。")
    if following is not None:
        return go_to(_with_list(f"/cases/{following.case_id}", from_list), said, number=case.number)
    return go_to(f"/cases/{case.id}", said, number=case.number)


@staff.action("/tasks/{task_id}/claim", Permission.CASE_DECIDE)
def claim(work: Writing, task_id: int, form: FormData) -> Response:
    task = the_task(work, task_id)
    handling.claim(work, task, over=form.get("over") == "yes")
    return go_to(f"/cases/{task.case_id}", _("この件を引き受けました。"))


@staff.action("/tasks/{task_id}/release", Permission.CASE_DECIDE)
def release(work: Writing, task_id: int) -> Response:
    task = the_task(work, task_id)
    handling.release(work, task)
    return go_to(f"/cases/{task.case_id}", _("この件を手放しました。"))


@staff.action("/tasks/{task_id}/hold", Permission.CASE_DECIDE)
def hold(request: Request, work: Writing, task_id: int, form: FormData) -> Response:
    task = the_task(work, task_id)
    try:
        handling.hold(work, task, form.get("hold_reason", ""))
    except Invalid as refusal:
        return _again(request, work, task.case_id, Refused(form, refusal.fields, dialog=f"hold-{task.id}"))
    return go_to(f"/cases/{task.case_id}", _("保留にしました。期限は進みます。"))


@staff.action("/tasks/{task_id}/resume", Permission.CASE_DECIDE)
def resume(work: Writing, task_id: int) -> Response:
    task = the_task(work, task_id)
    handling.resume(work, task)
    return go_to(f"/cases/{task.case_id}", _("保留を解きました。"))


@staff.action("/cases/{case_id}/votes/{vote_id}/take-back", Permission.CASE_DECIDE)
def undo(work: Writing, case_id: int, vote_id: int) -> Response:
    the_case(work, case_id)
    take_back(work, queries.find_vote(work.session, case_id, vote_id))
    return go_to(f"/cases/{case_id}", _("決定を取り消しました。"))


@staff.action("/cases/{case_id}/votes/{vote_id}/review", Permission.CASE_DECIDE)
def review(work: Writing, case_id: int, vote_id: int) -> Response:
    case = the_case(work, case_id)
    deciding.review(work, queries.find_vote(work.session, case_id, vote_id), case)
    return go_to("/inbox/reviews", _("%(number)s を後閲しました。"), number=case.number)


@staff.action("/cases/{case_id}/withdraw", Permission.CASE_DRAFT)
def withdraw(request: Request, work: Writing, case_id: int, form: FormData) -> Response:
    the_case(work, case_id)
    try:
        case = opening.withdraw(work, case_id, form.get("withdraw_reason", ""))
    except Invalid as refusal:
        return _again(request, work, case_id, Refused(form, refusal.fields, dialog="withdraw"))
    return go_to(f"/cases/{case_id}", _("%(number)s を取り下げました。"), number=case.number)


@staff.action("/cases/{case_id}/comments", Permission.CASE_DECIDE)
def comment(request: Request, work: Writing, case_id: int, form: FormData) -> Response:
    case = the_case(work, case_id)
    try:
        unknown = talking.comment(work, case, form.get("comment", ""))
    except Invalid as refusal:
        return _again(request, work, case_id, Refused(form, refusal.fields))
    if unknown:
        said = _("コメントを書きました。職員ID %(accounts)s は見つかりません。")
        return go_to(f"/cases/{case_id}#story", said, tone="warning", accounts="、".join(unknown))
    return go_to(f"/cases/{case_id}#story", _("コメントを書きました。"))


@staff.action("/cases/{case_id}/read", Permission.CASE_DECIDE)
def read(work: Writing, case_id: int) -> Response:
    talking.mark_mentions_read(work, the_case(work, case_id))
    return go_to("/inbox/mentions", _("既読にしました。"))


@staff.action("/cases/{case_id}/opinions", Permission.CASE_DECIDE)
def ask_opinion(request: Request, work: Writing, case_id: int, form: FormData) -> Response:
    case = the_case(work, case_id)
    try:
        talking.ask_opinion(work, case, form.get("asked", ""), form.get("question", ""))
    except Invalid as refusal:
        return _again(request, work, case_id, Refused(form, refusal.fields, dialog="opinion"))
    return go_to(f"/cases/{case_id}", _("意見を求めました。"))


@staff.action("/cases/{case_id}/opinions/{opinion_id}", Permission.CASE_DECIDE)
def give_opinion(request: Request, work: Writing, case_id: int, opinion_id: int, form: FormData) -> Response:
    case = the_case(work, case_id)
    try:
        talking.give_opinion(
            work, case, queries.find_opinion(work.session, case_id, opinion_id), form.get("answer", "")
        )
    except Invalid as refusal:
        return _again(request, work, case_id, Refused(form, refusal.fields))
    return go_to(f"/cases/{case_id}", _("意見を伝えました。"))


@staff.action("/cases/{case_id}/attachments", Permission.CASE_DRAFT, files=1)
def attach(request: Request, actor: SignedIn, case_id: int, file: Annotated[UploadFile, File()]) -> Response:
    """The file is checked and stored before the unit opens: disks are slow."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        the_case(work, case_id)
    try:
        document = attaching.read_document(file, office.settings.upload_limit_bytes)
        stored = office.files.put(document.content, document.media_type, office.services.now())
        with office.unit(actor) as work:
            case = the_case(work, case_id)
            attaching.attach(work, case, document, stored, len(queries.attachments_of(work.session, case_id)))
    except Invalid as refusal:
        with office.look(actor) as work:
            return _again(request, work, case_id, Refused(wrong=_about(refusal, "file")))
    return go_to(f"/cases/{case_id}#attachments", _("%(name)s を添付しました。"), name=document.name)


@staff.page("/cases/{case_id}/attachments/{attachment_id}", Permission.CASE_READ)
def fetch(work: Reading, case_id: int, attachment_id: int) -> Response:
    """Give a file to keep; a browser never runs or shows it within the house's own pages."""
    the_case(work, case_id)
    attachment, stored = _attachment(work, case_id, attachment_id)
    content = work.office.files.read(stored)
    work.seen(FileFetched(case_id, attachment.id))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=stored.media_type, headers=headers)


@staff.action("/cases/{case_id}/attachments/{attachment_id}/remove", Permission.CASE_DRAFT)
def detach(work: Writing, case_id: int, attachment_id: int) -> Response:
    case = the_case(work, case_id)
    attachment, stored = _attachment(work, case_id, attachment_id)
    attaching.remove(work, case, attachment, stored)
    return go_to(f"/cases/{case_id}#attachments", _("%(name)s を外しました。"), name=attachment.name)


@staff.action("/cases/{case_id}/here", Permission.CASE_DECIDE)
def still_here(request: Request, work: Writing, case_id: int) -> HTMLResponse:
    """Sent by the page while it is looked at: colleagues see it, and it is told who else is there."""
    the_case(work, case_id)
    presence.is_here(work, case_id)
    names = queries.present(work.session, case_id, work.actor, work.now)
    return render(request, "inbox/presence.html", pages.PresencePage(title="", case_id=case_id, names=names))


def _answers(work: Work, task: Task, form: Mapping[str, str]) -> Checked | None:
    """Read the step's own questions, where it has some. Raises Invalid naming those that are wrong."""
    case = the_case(work, task.case_id)
    step = route_of(case).steps[task.step_id]
    if step.form is None or read_decision(form) in NEEDS_REASON:
        return None
    prefix = f"{ANSWER}{task.id}_"
    own = {name.removeprefix(prefix): value for name, value in form.items() if name.startswith(prefix)}
    definition = catalogue.definition(step.form)
    if note_of(definition) is not None:
        own[NOTE] = form.get("reason", "")
    checked = check_answers(definition, own)
    if checked.refusing:
        wrong = {
            "reason" if key == NOTE else prefix + key: sentence(problem) for key, problem in checked.refusing.items()
        }
        raise Invalid(_("入力を確認してください"), wrong)
    return checked


def _again(request: Request, work: Work, case_id: int, refused: Refused) -> HTMLResponse:
    """Answer a refused form with its page: what was typed stands, nothing was kept (422)."""
    work.refused = True
    work.session.rollback()
    case = the_case(work, case_id)
    shown = case_page(work, case, refused.typed.get("from", ""), refused)
    return render(request, "inbox/case.html", shown, status=422)


def _about(refusal: Invalid, name: str = "reason") -> Mapping[str, str]:
    return {name: refusal.message % refusal.params if refusal.params else refusal.message}


def _attachment(work: Work, case_id: int, attachment_id: int) -> tuple[Attachment, StoredFile]:
    attachment = one_or_not_there(
        work.session,
        select(Attachment).where(
            Attachment.id == attachment_id, Attachment.case_id == case_id, Attachment.removed_at.is_(None)
        ),
    )
    return attachment, work.session.scalars(select(StoredFile).where(StoredFile.id == attachment.file_id)).one()


def _list_in(params: Mapping[str, str]) -> str:
    """Carry the list that a person came from as its own query, so that deciding can go on in it."""
    return params.get("from", "")[:200]


def _with_list(path: str, from_list: str) -> str:
    return address(path, {"from": from_list})


def _next(work: Work, from_list: str) -> Task | None:
    if not from_list:
        return None
    wanted = read_wanted(dict(parse_qsl(from_list)))
    return trays.next_task(work.session, work.actor, chairs_for(work), wanted, work.now)
