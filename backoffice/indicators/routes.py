"""The start page: what awaits the person, and the hours saved."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.identity import Permission
from backoffice.web import Page, Reading, StaffRouter, render
from backoffice.web.translations import _

staff = StaffRouter()


@staff.page("/", Permission.HOME_VIEW)
def home(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "indicators/home.html", Page(title=_("はじめの画面")))
