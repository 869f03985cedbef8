"""The page of a morning's report, the newest unless a day is named."""

from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.automation.routes import NIGHTS
from backoffice.identity import Permission
from backoffice.night_reports import pages, queries
from backoffice.web import Reading, StaffRouter, render
from backoffice.web.translations import _

staff = StaffRouter()


@staff.page("/nights/reports", Permission.NIGHT_VIEW)
def report(request: Request, work: Reading, day: str = "") -> HTMLResponse:
    found = queries.find_report(work.session, _day(day))
    before, after = queries.beside(work.session, found.day) if found else (None, None)
    parts = queries.parts_of(work.session, work.actor, found.id) if found else ()
    shown = pages.ReportPage(
        title=_("夜間の入力の報告"),
        crumbs=(NIGHTS,),
        report=found,
        rows=[pages.PartRow.of(part) for part in parts],
        before=before,
        after=after,
        may_read=work.actor.may(Permission.ITEM_READ),
    )
    return render(request, "night_reports/report.html", shown)


def _day(text: str) -> date | None:
    """Read the day of an address; for nonsense the newest report is shown."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
