"""The figures of a batch, on its page and as a page of their own."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Permission
from backoffice.intake import queries as paper
from backoffice.intake.batch_routes import BATCHES
from backoffice.intake.routes import SHEETS
from backoffice.verification.batch_figures import BatchFigures, figures_of
from backoffice.web import Crumb, Page, Reading, StaffRouter, render
from backoffice.web.translations import _

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class FiguresPage(Page):
    number: str
    figures: BatchFigures
    titles: dict[str, str]


@staff.page("/batches/{batch_id}/figures", Permission.SHEET_READ)
def figures(request: Request, work: Reading, batch_id: int) -> HTMLResponse:
    batch = paper.find_batch(work.session, work.actor, batch_id)
    found = figures_of(work.session, batch)
    definitions = newest_definitions(work.session, {each.code for each in found.forms})
    shown = FiguresPage(
        title=_("束の数字"),
        crumbs=(SHEETS, BATCHES, Crumb(batch.number, f"/batches/{batch.id}")),
        number=batch.number,
        figures=found,
        titles={code: definition.title for code, definition in definitions.items()},
    )
    block = "figures" if request.headers.get("HX-Request") else ""
    return render(request, "verification/batch_figures.html", shown, block=block)
