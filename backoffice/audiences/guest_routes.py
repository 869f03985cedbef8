"""The pages of trials: who gets them, joining and leaving, and having one sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.audiences import guests
from backoffice.audiences.guest_models import TrialGuest
from backoffice.audiences.pages import RUNS
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.web import Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.translations import _

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class GuestsPage(Page):
    rows: Sequence[TrialGuest]
    is_guest: bool


@staff.page("/audiences/guests", Permission.AUDIENCE_VIEW)
def guest_list(request: Request, work: Reading) -> HTMLResponse:
    shown = GuestsPage(
        title=_("試し送りを受け取る職員"),
        crumbs=(RUNS,),
        rows=guests.guests(work.session),
        is_guest=guests.is_guest(work),
    )
    return render(request, "audiences/guests.html", shown)


@staff.action("/audiences/guests/join", Permission.HOME_VIEW)
def join(work: Writing) -> Response:
    try:
        guests.join(work)
    except Invalid as refusal:
        work.refused = True
        return go_to("/audiences/guests", refusal.message, tone="error")
    return go_to("/audiences/guests", _("試し送りを受け取ります。"))


@staff.action("/audiences/guests/leave", Permission.HOME_VIEW)
def leave(work: Writing) -> Response:
    guests.leave(work)
    return go_to("/audiences/guests", _("試し送りを受け取るのをやめました。"))


@staff.action("/audiences/{run_id}/trial", Permission.AUDIENCE_PREPARE)
def try_out(work: Writing, run_id: int) -> Response:
    try:
        guests.ask_trial(work, run_id)
    except Invalid as refusal:
        work.refused = True
        return go_to(f"/audiences/{run_id}", refusal.message, tone="error")
    return go_to(f"/audiences/{run_id}", _("試し送りを頼みました。まもなく届きます。"))
