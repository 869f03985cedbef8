"""The pages on which the 支援措置 desk asks what a program comes to for one resident; each look is on the trail."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotThere, Refusal
from backoffice.identity import Permission
from backoffice.programs import protected_asking, protected_queries, queries
from backoffice.programs.answer_page import AnswerShown
from backoffice.programs.events import ProtectedQuestionsSeen
from backoffice.programs.protected_question_page import ProtectedAnswerPage, ProtectedQuestionsPage, QuestionRow
from backoffice.programs.protected_workflow import OPEN_FOR
from backoffice.programs.version_page import title_of
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.lists import Paging
from backoffice.web.translations import _
from backoffice.work import Office, Work

QUESTIONS = "/protected/questions"
MENU = (MenuItem(_("支援措置の判定"), QUESTIONS, Permission.PROTECTED_HANDLE, in_menu=False),)
DESK = Crumb(_("支援措置の窓口"), "/protected")
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/protected/questions", Permission.PROTECTED_HANDLE)
def questions(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    work.seen(ProtectedQuestionsSeen())
    return _list(request, work, page=page)


@staff.action("/protected/questions", Permission.PROTECTED_HANDLE)
def ask(request: Request, work: Writing, form: FormData) -> Response:
    try:
        program_id = whole_number(form.get("program_id", ""))
        protected_asking.ask(work, program_id, form.get("pseudonym", ""), form.get("reason", ""))
    except Invalid as refusal:
        return _once_more(request, work, form, refusal)
    return go_to(QUESTIONS, _("申し出ました。別の個人情報保護担当が同意すると、答えを開けます。"))


@staff.action("/protected/questions/{question_id}/agree", Permission.PROTECTED_HANDLE)
def agree(work: Writing, question_id: int) -> Response:
    protected_asking.agree(work, protected_queries.find_question(work.session, question_id))
    return go_to(QUESTIONS, _("同意しました。申し出た人だけが、%(days)s日後まで答えを開けます。"), days=OPEN_FOR.days)


@staff.action("/protected/questions/{question_id}/decline", Permission.PROTECTED_HANDLE)
def decline(request: Request, work: Writing, question_id: int, form: FormData) -> Response:
    question = protected_queries.find_question(work.session, question_id)
    try:
        protected_asking.decline(work, question, form.get("declining_reason", ""))
    except Invalid as refusal:
        return _once_more(request, work, form, refusal, question_id)
    return go_to(QUESTIONS, _("断りました。答えは開けません。"))


@staff.action("/protected/questions/{question_id}/withdraw", Permission.PROTECTED_HANDLE)
def withdraw(work: Writing, question_id: int) -> Response:
    protected_asking.withdraw(work, protected_queries.find_question(work.session, question_id))
    return go_to(QUESTIONS, _("申し出を取り下げました。"))


@staff.action("/protected/questions/{question_id}/answer", Permission.PROTECTED_HANDLE)
def answer(request: Request, actor: SignedIn, question_id: int) -> HTMLResponse:
    """Answer on this page only: an answer about a resident has no address that could be kept or sent."""
    office: Office = request.app.state.office
    try:
        opened = protected_asking.open_answer(office, actor, question_id)
    except (Invalid, NotThere) as refusal:
        return _without_answer(request, refusal)
    pseudonym = office.cipher.open(opened.question.sealed_pseudonym, protected_asking.PSEUDONYM).decode()
    shown = ProtectedAnswerPage(
        title=_("支援措置の判定の答え"),
        crumbs=(DESK, Crumb(_("支援措置の判定"), QUESTIONS)),
        program=title_of(opened.version),
        pseudonym=pseudonym,
        answer=AnswerShown.of(opened.answer),
        trouble="",
    )
    return render(request, "programs/protected_answer.html", shown)


def _without_answer(request: Request, refusal: Refusal) -> HTMLResponse:
    shown = ProtectedAnswerPage(
        title=_("支援措置の判定の答え"),
        crumbs=(DESK, Crumb(_("支援措置の判定"), QUESTIONS)),
        program="",
        pseudonym="",
        answer=None,
        trouble=refusal.message,
    )
    return render(request, "programs/protected_answer.html", shown, status=refusal.status)


def _once_more(
    request: Request, work: Work, form: Mapping[str, str], refusal: Invalid, asked_row: int = 0
) -> HTMLResponse:
    work.refused = True
    return _list(request, work, typed=form, wrong=refusal.fields, asked_row=asked_row)


def _list(
    request: Request,
    work: Work,
    *,
    page: int = 1,
    typed: Mapping[str, str] = NOTHING,
    wrong: Mapping[str, str] = NOTHING,
    asked_row: int = 0,
) -> HTMLResponse:
    found = protected_queries.count_questions(work.session)
    paging = Paging(QUESTIONS, found, page, size=protected_queries.QUESTIONS_ON_PAGE)
    in_force = queries.names_in_force(work.session, work.today)
    shown = ProtectedQuestionsPage(
        title=_("支援措置の判定"),
        crumbs=(DESK,),
        rows=[QuestionRow.of(each, work) for each in protected_queries.list_questions(work.session, paging.offset)],
        paging=paging,
        programs=[(program_id, f"{number} {name}") for program_id, number, name in in_force],
        days=OPEN_FOR.days,
        asked_row=asked_row,
        typed=typed,
        wrong=wrong,
    )
    return render(request, "programs/protected_questions.html", shown, status=422 if wrong else 200)
