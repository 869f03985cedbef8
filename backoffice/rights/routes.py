"""The pages of persons' requests in the office: all of them, one with its day; whose it is opens only for a reason."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.consents import service as counter
from backoffice.consents.pages import DESK
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.inbox.models import Case
from backoffice.inbox.pages import DueMark
from backoffice.rights import pages, queries, service
from backoffice.rights.models import RightsRequest
from backoffice.rights.workflow import ARTICLES, IDENTITY_NAMES, Identity, RightsKind, RightsOutcome
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.calendar import closing

MENU = (MenuItem(_("開示等の請求"), "/rights", Permission.CONSENT_TAKE, in_menu=False),)
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/rights", Permission.CONSENT_TAKE)
def requests(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    paging = Paging("/rights", queries.count_requests(work.session), page)
    rows = [row_of(work, asked, case) for asked, case in queries.list_requests(work.session, paging.offset)]
    shown = pages.RequestsPage(title=_("開示等の請求"), crumbs=(DESK,), rows=rows, paging=paging)
    return render(request, "rights/requests.html", shown)


@staff.page("/rights/{request_id}", Permission.CONSENT_TAKE)
def one_request(request: Request, work: Reading, request_id: int) -> HTMLResponse:
    return render(request, "rights/request.html", _page(work, queries.find_request(work.session, request_id)))


@staff.action("/rights/{request_id}/extend", Permission.CONSENT_TAKE)
def extend(request: Request, work: Writing, request_id: int, form: FormData) -> Response:
    try:
        service.extend(work, queries.find_request(work.session, request_id), seen_of(form), form.get("reason", ""))
    except Invalid as refusal:
        return _again(request, work, request_id, form, refusal)
    return go_to(f"/rights/{request_id}", _("期限を30日延ばしました。本人に、延ばしたことと理由を知らせてください。"))


@staff.action("/rights/{request_id}/open", Permission.CONSENT_TAKE)
def open_person(request: Request, work: Writing, request_id: int, form: FormData) -> Response:
    """Open whose request it is, for a reason that stays on their page."""
    asked = queries.find_request(work.session, request_id)
    try:
        look = counter.look_at(work, asked.registrant_id, form.get("why", ""))
    except Invalid as refusal:
        return _again(request, work, request_id, form, Invalid(refusal.message, {"why": refusal.message}))
    return go_to(f"/consents/looks/{look.id}/rights")


def row_of(work: Work, asked: RightsRequest, case: Case) -> pages.RequestRow:
    """Give one request as a line of a list."""
    is_open = asked.outcome == RightsOutcome.OPEN
    return pages.RequestRow.of(asked, case, DueMark.of(closing(asked.decide_by), work.now) if is_open else None)


def _again(request: Request, work: Work, request_id: int, form: Mapping[str, str], refusal: Invalid) -> HTMLResponse:
    work.refused = True
    work.session.rollback()
    shown = _page(work, queries.find_request(work.session, request_id), form, refusal.fields)
    return render(request, "rights/request.html", shown, status=422)


def _page(
    work: Work, asked: RightsRequest, typed: Mapping[str, str] = NOTHING, wrong: Mapping[str, str] = NOTHING
) -> pages.RequestPage:
    row = row_of(work, asked, work.session.get_one(Case, asked.case_id))
    return pages.RequestPage(
        title=_("開示等の請求"),
        title_text=f"{translate(row.kind)} · {row.case.number}",
        crumbs=(DESK, pages.REQUESTS),
        row=row,
        article=ARTICLES[RightsKind(asked.kind)],
        identity=IDENTITY_NAMES[Identity(asked.identity)],
        may_extend=service.may_extend(work, asked),
        typed=typed,
        wrong=wrong,
    )
