"""Pages on which open work goes to a colleague: a head gives a department's, whoever moved gives what stayed theirs."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from backoffice.errors import Invalid
from backoffice.identity import Permission, Staff, within
from backoffice.inbox import desk_pages, handling, queries
from backoffice.inbox.desk_routes import own_id
from backoffice.inbox.models import Case, Task
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _
from backoffice.work import Work

NOT_OF_THE_DEPARTMENT = _("部署の職員IDを確かめてください。")
SHOWN = 100
"""So many of each are listed before all are handed over."""

staff = StaffRouter()


@staff.page("/hand-over", Permission.WORK_HAND_OVER)
def hand_over_page(request: Request, work: Reading, person: str = "") -> HTMLResponse:
    return render(request, "inbox/hand_over.html", _hand_over_page(work, person))


@staff.action("/hand-over", Permission.WORK_HAND_OVER)
def hand_over(request: Request, work: Writing, form: FormData) -> Response:
    try:
        giver, heir = _giver(work, form.get("from", "")), _heir(work, form.get("to", ""))
        count = handling.hand_over(work, giver.id, heir.id, queries.to_hand_over(work.actor, giver))
    except Invalid as refusal:
        work.refused = True
        shown = _hand_over_page(work, form.get("from", ""), refusal.fields, form.get("to", ""))
        return render(request, "inbox/hand_over.html", shown, status=422)
    return go_to("/hand-over", _("%(count)s件を %(name)s さんに引き継ぎました。"), count=count, name=heir.name)


@staff.page("/hand-over/own", Permission.CASE_DECIDE)
def own_hand_over_page(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "inbox/hand_over_own.html", _own_hand_over_page(work))


@staff.action("/hand-over/own", Permission.CASE_DECIDE)
def hand_own_work_over(request: Request, work: Writing, form: FormData) -> Response:
    """Give what stayed with whoever moved to a colleague of the department whose matter it is."""
    try:
        heir = _heir_of_what_stayed(work, form.get("to", ""))
        count = handling.hand_over(work, own_id(work), heir.id, Case.department_id == heir.department_id)
    except Invalid as refusal:
        work.refused = True
        shown = _own_hand_over_page(work, refusal.fields, form.get("to", ""))
        return render(request, "inbox/hand_over_own.html", shown, status=422)
    return go_to("/hand-over/own", _("%(count)s件を %(name)s さんに引き継ぎました。"), count=count, name=heir.name)


def _giver(work: Work, account: str) -> Staff:
    person = queries.find_giver(work.session, work.actor, account)
    if person is None:
        raise Invalid(_("入力を確認してください"), {"from": NOT_OF_THE_DEPARTMENT})
    return person


def _heir(work: Work, account: str) -> Staff:
    """Give someone active of the departments whose work the person may hand over."""
    reach = within(work.actor, Permission.WORK_HAND_OVER, Staff.department_id)
    active = select(Staff).where(Staff.active, Staff.account == account.strip(), reach)
    person = work.session.scalars(active).one_or_none()
    if person is None:
        raise Invalid(_("入力を確認してください"), {"to": NOT_OF_THE_DEPARTMENT})
    return person


def _heir_of_what_stayed(work: Work, account: str) -> Staff:
    heir = queries.heir_of_what_stayed(work.session, work.actor, account)
    if heir is None:
        raise Invalid(_("入力を確認してください"), {"to": _("案件の部署の職員IDを入れてください。")})
    return heir


def _hand_over_page(
    work: Work, account: str, wrong: Mapping[str, str] | None = None, to: str = ""
) -> desk_pages.HandOverPage:
    giver = queries.find_giver(work.session, work.actor, account) if account else None
    if account and giver is None and wrong is None:
        wrong = {"from": NOT_OF_THE_DEPARTMENT}
    tasks: Sequence[Task] = ()
    cases: Sequence[Case] = ()
    if giver is not None:
        tasks, cases = handling.work_of(work, giver.id, SHOWN, queries.to_hand_over(work.actor, giver))
    return desk_pages.HandOverPage(
        title=_("仕事の引継ぎ"),
        account=account,
        from_person=giver,
        tasks=tasks,
        cases=cases,
        shown=SHOWN,
        to=to,
        unattended=queries.unattended(work.session, work.actor),
        wrong=wrong or {},
    )


def _own_hand_over_page(work: Work, wrong: Mapping[str, str] | None = None, to: str = "") -> desk_pages.OwnHandOverPage:
    _tasks, cases = handling.work_of(work, own_id(work), SHOWN, queries.of_other_departments(work.actor))
    return desk_pages.OwnHandOverPage(
        title=_("前の部署の案件の引継ぎ"), cases=cases, shown=SHOWN, to=to, wrong=wrong or {}
    )
