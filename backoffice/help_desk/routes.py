"""The help desk: a resident on the telephone reads out a reference code, and is told what is held of them and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.help_desk import finding
from backoffice.help_desk.pages import caller_page, run_page
from backoffice.identity import Permission
from backoffice.web import MenuItem, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _

MENU = (MenuItem(_("問い合わせの窓口"), "/help-desk", Permission.HELP_DESK),)
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@staff.page("/help-desk", Permission.HELP_DESK)
def desk(request: Request) -> HTMLResponse:
    return _desk(request, NOTHING, NOTHING)


@staff.action("/help-desk/find", Permission.HELP_DESK)
def find(request: Request, work: Writing, form: FormData) -> Response:
    """Posted, so that no address, and no log of addresses, holds a code."""
    try:
        look = finding.open_by_code(work, form.get("code", ""), form.get("reason", ""))
    except Invalid as refusal:
        work.refused = True
        return _desk(request, form, refusal.fields)
    if look is None:
        nobody = _(
            "この窓口では答えられない番号です。控えを見て読み直してもらい、それでも同じなら、個人情報保護担当に引き継いでください。"
        )
        return _desk(request, form, {"code": nobody})
    return go_to(f"/help-desk/looks/{look.id}")


@staff.page("/help-desk/notices", Permission.HELP_DESK)
def notice_of_run(request: Request, work: Reading, number: str = "") -> HTMLResponse:
    return render(request, "help_desk/notice.html", run_page(work, number))


@staff.page("/help-desk/looks/{look_id}", Permission.HELP_DESK)
def caller(request: Request, work: Reading, look_id: int) -> HTMLResponse:
    return render(request, "help_desk/caller.html", caller_page(work, finding.look_of(work, look_id)))


def _desk(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str]) -> HTMLResponse:
    shown = DeskPage(title=_("問い合わせの窓口"), typed=typed, wrong=wrong)
    return render(request, "help_desk/desk.html", shown, status=422 if wrong else 200)
