"""The page of what notices come to, by month, and the same as CSV and PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.indicators.notice_figures import SERVICE_TARGETS, MonthFigures, figures_of, month_given
from backoffice.indicators.notice_report import csv_of, name_of, report_of
from backoffice.indicators.pages import Bar
from backoffice.web import Crumb, MenuItem, Page, Reading, SignedIn, StaffRouter, render
from backoffice.web.translations import _, translate
from backoffice.work import Office

MENU = (MenuItem(_("お知らせの実績"), "/indicators/notices", Permission.INDICATOR_VIEW, in_menu=False),)

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class NoticeFiguresPage(Page):
    month: str
    figures: MonthFigures
    bars: Sequence[Bar]
    wrong: Mapping[str, str] = field(default_factory=dict)


@staff.page("/indicators/notices", Permission.INDICATOR_VIEW)
def notices(request: Request, work: Reading, month: str = "") -> HTMLResponse:
    wrong: Mapping[str, str] = {}
    try:
        wanted = month_given(month, work.today)
    except Invalid as refusal:
        wanted, wrong = month_given("", work.today), {"month": refusal.message}
    figures = figures_of(work, wanted)
    bars = [Bar(translate(each.label), each.services, planned=True) for each in SERVICE_TARGETS]
    shown = NoticeFiguresPage(
        title=_("お知らせの実績"),
        crumbs=(Crumb(_("はじめの画面"), "/"),),
        month=month if wrong else f"{wanted:%Y-%m}",
        figures=figures,
        bars=[*bars, Bar(translate(_("今")), figures.services, planned=False)],
        wrong=wrong,
    )
    return render(request, "indicators/notices.html", shown, status=422 if wrong else 200)


@staff.page("/indicators/notices.csv", Permission.INDICATOR_VIEW)
def as_csv(work: Reading, month: str = "") -> Response:
    figures = figures_of(work, month_given(month, work.today))
    return _file(csv_of(figures), "text/csv; charset=utf-8", name_of(figures, "csv"))


@staff.page("/indicators/notices.pdf", Permission.INDICATOR_VIEW)
def as_pdf(request: Request, actor: SignedIn, month: str = "") -> Response:
    """Laid out once the unit is over: it takes a second."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        figures = figures_of(work, month_given(month, work.today))
    return _file(report_of(figures), "application/pdf", name_of(figures, "pdf"))


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
