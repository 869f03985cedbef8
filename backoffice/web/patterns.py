"""Which components are there to build pages from? All of them on one page, in a demonstration only."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.identity import Permission
from backoffice.web.lists import Paging, Tab
from backoffice.web.menu import MenuItem
from backoffice.web.qr import Qr
from backoffice.web.rendering import Page, render
from backoffice.web.routing import StaffRouter
from backoffice.web.translations import _

MENU = (MenuItem(_("画面の部品"), "/patterns", Permission.PATTERNS_VIEW),)

TABS = (
    Tab("すべて", "/patterns", current=True, count=12),
    Tab("要確認", "/patterns?state=doubt", current=False, count=3),
)
DRAWN = Qr.of("技助")
PAGING = Paging("/patterns", total=120, wanted=2)

staff = StaffRouter()


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    planned: bool


@dataclass(frozen=True, kw_only=True)
class PatternsPage(Page):
    tabs: Sequence[Tab] = TABS
    paging: Paging = PAGING
    drawn: Qr = DRAWN
    bars: Sequence[Bar] = (Bar("実績", 13_270, planned=False), Bar("目標", 38_000, planned=True))


@staff.page("/patterns", Permission.PATTERNS_VIEW)
def patterns(request: Request) -> HTMLResponse:
    return render(request, "web/patterns.html", PatternsPage(title=_("画面の部品")))
