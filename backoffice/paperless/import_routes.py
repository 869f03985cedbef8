"""The page that takes in a CSV file of papers: all of it, or nothing with a sentence for every row that is wrong."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.data_links.pages import LINKS
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.paperless import importing, pages
from backoffice.paperless.importing import MOST_BYTES, Trouble
from backoffice.web import StaffRouter, Writing, go_to, render
from backoffice.web.translations import _

TROUBLES_SHOWN = 50

staff = StaffRouter()


@staff.page("/paperless/import", Permission.PAPER_EDIT)
def import_page(request: Request) -> HTMLResponse:
    return _page(request)


@staff.action("/paperless/import", Permission.PAPER_EDIT, files=1)
def bring(request: Request, work: Writing, file: Annotated[UploadFile, File()]) -> Response:
    try:
        taken = importing.take_in(work, file.file.read(MOST_BYTES + 1))
    except Invalid as refusal:
        work.refused = True
        return _page(request, wrong=refusal.fields or {"file": refusal.message}, params=refusal.params)
    if isinstance(taken, list):
        work.refused = True
        return _page(request, troubles=taken)
    said = _("取り込みました。入れた %(entered)s件、直した %(changed)s件。")
    return go_to("/paperless", said, entered=taken.entered, changed=taken.changed)


def _page(
    request: Request,
    troubles: Sequence[Trouble] = (),
    wrong: Mapping[str, str] | None = None,
    params: Mapping[str, object] | None = None,
) -> HTMLResponse:
    shown = pages.ImportPage(
        title=_("添付書類の台帳にCSVを取り込む"),
        crumbs=(LINKS, pages.PAPERS),
        troubles=troubles[:TROUBLES_SHOWN],
        more=max(0, len(troubles) - TROUBLES_SHOWN),
        wrong=wrong or {},
        params=params or {},
    )
    return render(request, "paperless/import.html", shown, status=422 if troubles or wrong else 200)
