"""The page on which the zones of foreign paper are tried: filled-in sheets are read, shown once, and not kept."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs import foreign_pages, foreign_paper, queries, trial_reading
from backoffice.form_designs.events import FormTriedOnSheets
from backoffice.form_designs.foreign_routes import NO_PAPER, crumbs_of
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Permission
from backoffice.web import Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.file_names import safe_name
from backoffice.web.translations import _, translate
from backoffice.work import Office

staff = StaffRouter()


@staff.page("/forms/{design_id}/foreign/trial", Permission.FORM_BUILD)
def trial(request: Request, work: Reading, design_id: int) -> Response:
    design = queries.find_own(work.session, work.actor, design_id)
    if queries.draft_of(work.session, design).paper is None:
        return go_to(f"/forms/{design_id}/foreign", NO_PAPER, tone="warning")
    return _trial_page(request, design)


@staff.action("/forms/{design_id}/foreign/trial", Permission.FORM_BUILD, files=trial_reading.MOST_SHEETS)
def try_reading(
    request: Request, actor: SignedIn, design_id: int, files: Annotated[list[UploadFile], File()]
) -> HTMLResponse:
    """The sheets are opened in a reading process and are gone with the answer: nothing of them is kept."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design = queries.find_own(work.session, work.actor, design_id)
        forms = foreign_paper.forms_of(work.session, design, queries.draft_of(work.session, design))
    try:
        brought = _brought(files, office.settings.upload_limit_bytes)
        sheets = trial_reading.read(forms, brought)
    except Invalid as refusal:
        return _trial_page(request, design, wrong=translate(refusal.message, **refusal.params))
    with office.unit(actor) as work:
        work.record(FormTriedOnSheets(design_id, sum(not sheet.refusal for sheet in sheets)))
    return _trial_page(request, design, sheets)


def _brought(files: Sequence[UploadFile], limit: int) -> list[tuple[str, bytes]]:
    brought = [(safe_name(file.filename or ""), file.file.read(limit + 1)) for file in files if file.filename]
    if not brought:
        raise Invalid(_("記入済みの用紙を選んでください。"))
    if any(len(content) > limit for _name, content in brought):
        raise Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=limit // (1024 * 1024))
    return brought


def _trial_page(
    request: Request, design: FormDesign, sheets: list[foreign_pages.SheetRow] | None = None, wrong: str = ""
) -> HTMLResponse:
    shown = foreign_pages.TrialPage(
        title=_("試し読み"),
        title_text=translate(_("試し読み: %(title)s"), title=design.title),
        crumbs=(*crumbs_of(design), foreign_pages.crumb_of(design)),
        design=design,
        sheets=sheets or (),
        wrong={"files": wrong} if wrong else {},
    )
    refused = wrong or any(sheet.refusal for sheet in shown.sheets)
    return render(request, "form_designs/trial.html", shown, status=422 if refused else 200)
