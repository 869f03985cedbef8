"""The page of what tonight will bring: what waits for each system, when it will be done, what does not fit."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.automation import pages, queries
from backoffice.automation.plan.tonight import plans
from backoffice.automation.routes import NIGHTS
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter, render
from backoffice.web.translations import _

staff = StaffRouter()


@staff.page("/nights/plan", Permission.NIGHT_VIEW)
def plan(request: Request, work: Reading) -> HTMLResponse:
    targets = queries.list_targets(work.session, work.actor)
    shown = pages.PlanPage(title=_("今夜の予定"), crumbs=(NIGHTS,), rows=plans(work, targets))
    return render(request, "automation/plan.html", shown)
