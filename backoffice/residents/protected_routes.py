"""The pages of the 支援措置 desk, for privacy officers alone; each look at it is on the trail."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.residents import pages, protecting, queries
from backoffice.residents.events import ProtectedDeskSeen
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Paging
from backoffice.web.translations import _
from backoffice.work import Work

MENU = (MenuItem(_("支援措置"), "/protected", Permission.PROTECTED_HANDLE),)
DESK = "/protected"
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/protected", Permission.PROTECTED_HANDLE)
def desk(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    work.seen(ProtectedDeskSeen())
    return _show(request, work, page=page)


@staff.action("/protected/find", Permission.PROTECTED_HANDLE)
def find(request: Request, work: Writing, form: FormData) -> HTMLResponse:
    """Posted, so that no address, and no log of addresses, holds whom somebody looked for."""
    work.record(ProtectedDeskSeen())
    return _show(request, work, sought=form.get("sought", "").strip())


@staff.action("/protected", Permission.PROTECTED_HANDLE)
def add(request: Request, work: Writing, form: FormData) -> Response:
    try:
        protecting.add(work, form.get("pseudonym", ""), form.get("reason", ""))
    except Invalid as refusal:
        return _once_more(request, work, form, refusal)
    return go_to(DESK, _("登録しました。今この時から、自動の判定とお知らせの対象から外れます。"))


@staff.action("/protected/{protection_id}/propose", Permission.PROTECTED_HANDLE)
def propose(request: Request, work: Writing, protection_id: int, form: FormData) -> Response:
    protection = queries.find_protection(work.session, protection_id)
    try:
        protecting.propose_lifting(work, protection, form.get("lifting_reason", ""))
    except Invalid as refusal:
        return _once_more(request, work, form, refusal, protection_id)
    return go_to(DESK, _("解除を提案しました。別の個人情報保護担当が確定するまで、措置は続きます。"))


@staff.action("/protected/{protection_id}/withdraw", Permission.PROTECTED_HANDLE)
def withdraw(work: Writing, protection_id: int) -> Response:
    protecting.withdraw_proposal(work, queries.find_protection(work.session, protection_id))
    return go_to(DESK, _("解除の提案を取り下げました。措置は続きます。"))


@staff.action("/protected/{protection_id}/lift", Permission.PROTECTED_HANDLE)
def lift(work: Writing, protection_id: int) -> Response:
    protecting.lift(work, queries.find_protection(work.session, protection_id))
    return go_to(DESK, _("解除しました。"))


def _once_more(
    request: Request, work: Work, form: Mapping[str, str], refusal: Invalid, asked_row: int = 0
) -> HTMLResponse:
    work.refused = True
    return _show(request, work, typed=form, wrong=refusal.fields, asked_row=asked_row)


def _show(
    request: Request,
    work: Work,
    *,
    page: int = 1,
    sought: str = "",
    typed: Mapping[str, str] = NOTHING,
    wrong: Mapping[str, str] = NOTHING,
    asked_row: int = 0,
) -> HTMLResponse:
    cipher = work.office.cipher
    mark = protecting.mark_of(cipher, sought) if sought else ""
    paging = Paging(DESK, queries.count_protections(work.session), page)
    found = queries.list_protections(work.session, 0 if mark else paging.offset, mark)
    shown = pages.ProtectedPage(
        title=_("支援措置の窓口"),
        rows=[pages.ProtectionRow.of(each, cipher, work.actor.staff_id) for each in found],
        paging=paging,
        sought=sought,
        asked_row=asked_row,
        typed=typed,
        wrong=wrong,
    )
    return render(request, "residents/protected.html", shown, status=422 if wrong else 200)
