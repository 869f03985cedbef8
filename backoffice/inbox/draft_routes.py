"""The list of cases, and the pages on which one is drafted and sent on its way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Permission
from backoffice.inbox import opening, pages, queries
from backoffice.inbox.case_page import CASES
from backoffice.inbox.case_routes import the_case
from backoffice.inbox.draft_pages import DraftPage
from backoffice.inbox.events import CasesExported
from backoffice.inbox.inputs import read_matter
from backoffice.inbox.kinds import KINDS, CaseKind
from backoffice.inbox.models import Case
from backoffice.inbox.routes import chairs_for
from backoffice.inbox.workflow import CASE_STATE_NAMES, OUTCOME_NAMES, CaseState
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import answer_rows
from backoffice.web.answers_in import Checked, check_answers, sentence
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.lists import Paging
from backoffice.web.showing import clock
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms import catalogue
from forms.definition import FormDefinition

MENU = (MenuItem(_("案件"), "/cases", Permission.CASE_READ),)

staff = StaffRouter()


@staff.page("/cases", Permission.CASE_READ)
def cases(request: Request, work: Reading, kind: str = "", state: str = "", q: str = "", page: int = 1) -> HTMLResponse:
    kind, state = kind if kind in KINDS else "", state if state in set(CaseState) else ""
    chairs = chairs_for(work)
    total = queries.count_cases(work.session, work.actor, chairs, kind, state, q)
    paging = Paging("/cases", total, page, {"kind": kind, "state": state, "q": q})
    found = queries.list_cases(work.session, work.actor, chairs, kind, state, q, paging.offset)
    shown = pages.CasesPage(
        title=_("案件"),
        rows=[pages.CaseRow.of(case) for case in found],
        keyword=q,
        kind=kind,
        state=state,
        paging=paging,
        may_draft=work.actor.may(Permission.CASE_DRAFT),
    )
    return render(request, "inbox/cases.html", shown)


@staff.action("/cases/export", Permission.CASE_READ)
def export(work: Writing, form: FormData) -> Response:
    kind, state, keyword = form.get("kind", ""), form.get("state", ""), form.get("q", "")
    found = queries.all_cases(work.session, work.actor, chairs_for(work), kind, state, keyword)
    work.record(CasesExported(len(found)))
    headings = [
        translate(text)
        for text in (_("文書番号"), _("件名"), _("種別"), _("起案者"), _("部署"), _("状態"), _("結果"), _("起案日時"))
    ]
    rows = [
        (
            case.number,
            case.title,
            translate(KINDS[case.kind].title),
            case.drafter.name,
            case.department.name,
            translate(CASE_STATE_NAMES[CaseState(case.state)]),
            translate(OUTCOME_NAMES[case.outcome]) if case.outcome else "",
            case.begun_at,
        )
        for case in found
    ]
    return csv_response("案件一覧.csv", headings, rows)


@staff.page("/cases/new", Permission.CASE_DRAFT)
def choose_kind(request: Request) -> HTMLResponse:
    shown = pages.KindsPage(
        title=_("起案する"), crumbs=(CASES,), kinds=[each for each in KINDS.values() if not each.begun_elsewhere]
    )
    return render(request, "inbox/kinds.html", shown)


@staff.page("/cases/new/{kind}", Permission.CASE_DRAFT)
def new_case(request: Request, work: Reading, kind: str) -> HTMLResponse:
    return render(request, "inbox/draft.html", _draft_page(work, _kind(kind), None))


@staff.action("/cases/new/{kind}", Permission.CASE_DRAFT)
def draft_case(request: Request, work: Writing, kind: str, form: FormData) -> Response:
    return _keep(request, work, _kind(kind), None, form)


@staff.page("/cases/{case_id}/edit", Permission.CASE_DRAFT)
def edit_case(request: Request, work: Reading, case_id: int) -> HTMLResponse:
    case = _own_draft(work, case_id)
    return render(request, "inbox/draft.html", _draft_page(work, KINDS[case.kind], case))


@staff.action("/cases/{case_id}/edit", Permission.CASE_DRAFT)
def keep_case(request: Request, work: Writing, case_id: int, form: FormData) -> Response:
    case = _own_draft(work, case_id)
    kind = KINDS[case.kind]
    try:
        opening.must_be_as_seen(work, case, seen_of(form))
    except Overtaken as overtaken:
        return _show_both(request, work, case_id, form, translate(overtaken.message, **overtaken.params))
    return _keep(request, work, kind, case, form)


@staff.action("/cases/{case_id}/discard", Permission.CASE_DRAFT)
def discard(work: Writing, case_id: int) -> Response:
    case = the_case(work, case_id)
    opening.discard(work, case)
    return go_to("/cases", _("下書き %(number)s を破棄しました。"), number=case.number)


@dataclass(frozen=True)
class Typed:
    """What a refused draft leaves on its page."""

    form: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    checked: Checked | None = None
    overtaken: str = ""


def _keep(request: Request, work: Work, kind: CaseKind, case: Case | None, form: Mapping[str, str]) -> Response:
    """Keep a draft; with the button "begin" also send it on its way. What is refused comes back as typed (422)."""
    definition = _definition(kind)
    checked = check_answers(definition, form)
    mends = case is not None and case.state != CaseState.DRAFT
    begins = form.get("do") == "begin" and not mends
    try:
        _must_be_fit(checked, form, whole=begins or mends)
        matter = read_matter(form, kind, checked.values)
        if case is None:
            case = opening.draft(work, kind, matter)
        elif mends:
            opening.mend(work, case, matter)
        else:
            opening.keep(work, case, matter)
        if begins:
            opening.begin(work, case, definition.version)
    except Invalid as refusal:
        work.refused = True
        kept_id = case.id if case is not None and form.get("kept") else None
        work.session.rollback()
        again = _own_draft(work, kept_id) if kept_id else None
        shown = _draft_page(work, kind, again, Typed(form, refusal.fields or {"title": refusal.message}, checked))
        return render(request, "inbox/draft.html", shown, status=422)
    if begins:
        return go_to(f"/cases/{case.id}", _("%(number)s を回議に付しました。"), number=case.number)
    if mends:
        return go_to(f"/cases/{case.id}", _("内容を直しました。続けて手続を済ませてください。"))
    return go_to(f"/cases/{case.id}/edit", _("保存済 %(at)s"), at=clock(work.now)[:5])


def _show_both(request: Request, work: Work, case_id: int, form: Mapping[str, str], overtaken: str) -> HTMLResponse:
    """Keep nothing, and leave what was typed on the page beside the way to what was written meanwhile (409)."""
    work.refused = True
    work.session.rollback()
    case = _own_draft(work, case_id)
    kind = KINDS[case.kind]
    typed = Typed(form, overtaken=overtaken)
    return render(request, "inbox/draft.html", _draft_page(work, kind, case, typed), status=HTTPStatus.CONFLICT)


def _must_be_fit(checked: Checked, form: Mapping[str, str], *, whole: bool) -> None:
    """A draft may be half written, but holds no 個人番号; what goes on its way is whole and its doubts accepted."""
    refusing = {
        key: sentence(problem) for key, problem in checked.refusing.items() if whole or problem.code != "required"
    }
    if refusing:
        raise Invalid(_("入力を確認してください"), refusing)
    if whole and checked.asking and form.get("accepted") != "yes":
        raise Invalid(_("入力を確認してください"), {"accepted": _("確かめてほしい点があります。")})


def _draft_page(work: Work, kind: CaseKind, case: Case | None, typed: Typed | None = None) -> DraftPage:
    form = typed.form if typed else {}
    values = case.answers["values"] if case else {}
    asking = typed.checked.asking if typed and typed.checked and "accepted" in typed.wrong else ()
    return DraftPage(
        title=_("起案"),
        crumbs=(CASES,),
        kind=kind,
        case=case,
        rows=answer_rows(_definition(kind), values, form if typed else None, typed.checked if typed else None),
        case_title=form.get("title", case.title if case else ""),
        retention=form.get("retention", str(case.retention_years if case else kind.retention_years)),
        level=form.get("level", case.decision_level if case else kind.decision_level),
        coordinating=form.get("coordinating", str(case.coordinating_department_id or "") if case else ""),
        departments=pages.department_choices(queries.departments(work.session)) if kind.coordinated else (),
        wrong=typed.wrong if typed else {},
        overtaken=typed.overtaken if typed else "",
        asking=tuple(dict.fromkeys(sentence(problem) for problem in asking)),
    )


def _definition(kind: CaseKind) -> FormDefinition:
    return catalogue.definition(kind.form_code)


def _kind(kind: str) -> CaseKind:
    if kind not in KINDS or KINDS[kind].begun_elsewhere:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return KINDS[kind]


def _own_draft(work: Work, case_id: int) -> Case:
    """Give a case that is the person's to write: a draft, or one that was sent back to them and stands for itself."""
    case = the_case(work, case_id)
    if case.state != CaseState.DRAFT and not opening.may_mend(work, case):
        raise NotThere("お探しの記録は見つかりませんでした。")
    if case.subject_kind:
        raise NotPermitted(opening.SAID_ELSEWHERE)
    return case
