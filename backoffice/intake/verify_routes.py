"""The desk where doubtful fields are checked: the next sheet, its fields beside its picture, all by keyboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotThere
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Permission
from backoffice.intake import pages, queries, service
from backoffice.intake.keeping import twice_in
from backoffice.intake.models import Sheet
from backoffice.intake.workflow import SheetState
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import Checked, check_answers, echo, sentence
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _
from backoffice.work import Work
from forms.definition import FormDefinition

staff = StaffRouter()


@staff.page("/verify", Permission.SHEET_VERIFY)
def verify_desk(request: Request, work: Reading) -> HTMLResponse:
    waiting = queries.count_waiting(work.session, work.actor)
    done = queries.count_done_today(work.session, work.actor, work.now)
    return render(request, "intake/verify_desk.html", pages.DeskPage(title=_("読取確認"), waiting=waiting, done=done))


@staff.action("/verify/next", Permission.SHEET_VERIFY)
def verify_next(work: Writing) -> Response:
    sheet = service.claim_next(work)
    if sheet is None:
        return go_to("/verify", _("確認を待つ用紙はもうありません。"))
    return go_to(f"/verify/{sheet.id}")


@staff.action("/verify/{sheet_id}/claim", Permission.SHEET_VERIFY)
def claim(work: Writing, sheet_id: int) -> Response:
    service.claim(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return go_to(f"/verify/{sheet_id}")


@staff.page("/verify/{sheet_id}", Permission.SHEET_VERIFY)
def verify(request: Request, work: Reading, sheet_id: int) -> Response:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    if sheet.claimed_by_id != work.actor.staff_id or sheet.state != SheetState.TO_VERIFY:
        return go_to(f"/sheets/{sheet_id}", _("この用紙は今あなたの手元にありません。"), tone="warning")
    return render(request, "intake/verify.html", _verify_page(work, sheet))


@staff.action("/verify/{sheet_id}", Permission.SHEET_VERIFY)
def settle(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    checked = _checked(sheet, _definition(work, sheet), form)
    accepted = form.get("accepted") == "yes"
    if checked.refusing or (checked.asking and not accepted):
        work.refused = True
        service.must_hold(work, sheet)
        return render(request, "intake/verify.html", _verify_page(work, sheet, form, checked), status=422)
    service.settle(work, sheet, checked.values, twice_in(_definition(work, sheet)))
    following = service.claim_next(work)
    if sheet.state == SheetState.SECOND_ENTRY:
        said = _("%(number)s の1人目の入力を終えました。2人目の入力を待ちます。")
        return go_to(f"/verify/{following.id}" if following else "/verify", said, number=sheet.number)
    if following is None:
        return go_to("/verify", _("%(number)s を確定しました。確認を待つ用紙はもうありません。"), number=sheet.number)
    return go_to(f"/verify/{following.id}", _("%(number)s を確定しました。"), number=sheet.number)


@staff.action("/verify/{sheet_id}/hold", Permission.SHEET_VERIFY)
def hold(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    return _put_aside(request, work, sheet_id, form, Aside("hold", service.hold, _("保留にしました。")))


@staff.action("/verify/{sheet_id}/unreadable", Permission.SHEET_VERIFY)
def unreadable(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    done = _("読取不能としました。申請者に再提出を依頼してください。")
    return _put_aside(request, work, sheet_id, form, Aside("unreadable", service.call_unreadable, done))


@staff.action("/verify/{sheet_id}/exclude", Permission.SHEET_VERIFY)
def exclude(request: Request, work: Writing, sheet_id: int, form: FormData) -> Response:
    done = _("除外しました。この用紙からは何も作られません。")
    return _put_aside(request, work, sheet_id, form, Aside("exclude", service.exclude, done))


@staff.action("/verify/{sheet_id}/release", Permission.SHEET_VERIFY)
def release(work: Writing, sheet_id: int) -> Response:
    service.release(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return go_to("/verify", _("用紙を戻しました。"))


@staff.action("/verify/{sheet_id}/alive", Permission.SHEET_VERIFY)
def still_working(work: Writing, sheet_id: int) -> Response:
    """Sent by the page while the clerk types: the claim stays."""
    service.keep_claim(work, queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY))
    return Response(status_code=204)


@staff.action("/verify/{sheet_id}/echo/{key}", Permission.SHEET_VERIFY)
def echo_answer(request: Request, work: Reading, sheet_id: int, key: str, form: FormData) -> HTMLResponse:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    question = next((each for each in _definition(work, sheet).questions if each.key == key), None)
    if question is None:
        raise NotThere(_("この様式にない項目です。"))
    text, problem = echo(question, form.get(key, ""))
    shown = pages.EchoPage(title="", key=key, text=text, problem=sentence(problem) if problem else "")
    return render(request, "intake/echo.html", shown)


@dataclass(frozen=True)
class Aside:
    """A way to put a sheet aside: its dialog, what is done, what is said."""

    dialog: str
    act: Callable[[Work, Sheet, str], None]
    done: str


def _put_aside(request: Request, work: Work, sheet_id: int, form: Mapping[str, str], aside: Aside) -> Response:
    sheet = queries.find_sheet(work.session, work.actor, sheet_id, Permission.SHEET_VERIFY)
    note = form.get(f"{aside.dialog}_note", "")
    try:
        service.must_hold(work, sheet)
        service.keep_draft(sheet, check_answers(_definition(work, sheet), form).values)
        aside.act(work, sheet, note)
    except Invalid as refusal:
        work.refused = True
        page = _verify_page(work, sheet, form)
        refused = replace(page, dialog=aside.dialog, note=note, wrong_note=refusal.message)
        return render(request, "intake/verify.html", refused, status=422)
    following = service.claim_next(work)
    return go_to(f"/verify/{following.id}" if following else "/verify", aside.done)


def _verify_page(
    work: Work, sheet: Sheet, typed: Mapping[str, str] | None = None, checked: Checked | None = None
) -> pages.VerifyPage:
    definition = _definition(work, sheet)
    done = queries.count_done_today(work.session, work.actor, work.now)
    waiting = queries.count_waiting(work.session, work.actor)
    return pages.VerifyPage(
        title=_("読取確認"),
        title_text=sheet.number,
        sheet=sheet,
        form_title=definition.title,
        rows=pages.rows_of(sheet, definition, typed, checked),
        done=done + 1,
        total=done + waiting,
        asking=tuple(dict.fromkeys(sentence(problem) for problem in checked.asking)) if checked else (),
    )


def _definition(work: Work, sheet: Sheet) -> FormDefinition:
    return definition_of(work.session, sheet.form_code, sheet.form_version)


def _checked(sheet: Sheet, definition: FormDefinition, typed: Mapping[str, str]) -> Checked:
    """Read the answers as typed. What the paper does not ask cannot stand in the way: a file, a computed sum."""
    checked = check_answers(definition, typed)
    on_paper = {field.key for field in sheet.fields}
    refusing = {key: problem for key, problem in checked.refusing.items() if key in on_paper}
    return replace(checked, refusing=refusing)
