"""The pages of covers: a list, one to be made, one to be printed, and what was scanned under it."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.intake import cover_pages as pages
from backoffice.intake import cover_queries as queries
from backoffice.intake import covers
from backoffice.intake.batch_routes import BATCHES
from backoffice.intake.cover_models import CoverSheet
from backoffice.intake.known_papers import forms_on_paper, titles_of
from backoffice.intake.routes import SHEETS
from backoffice.services import TOKYO
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, number_typed
from backoffice.web.lists import Paging
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.paper.cover_sheet import Cover, cover_sheet
from forms.paper.printing import pdf_of

COVERS = Crumb(_("束の表紙"), "/covers")

staff = StaffRouter()


@staff.page("/covers", Permission.SHEET_READ)
def list_of_covers(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    paging = Paging("/covers", queries.count_covers(work.session, work.actor), page)
    found = queries.list_covers(work.session, work.actor, paging.offset)
    titles = _titles(work, found)
    shown = pages.CoversPage(
        title=_("束の表紙"),
        crumbs=(SHEETS, BATCHES),
        rows=[pages.CoverRow(cover, titles[cover.form_code]) for cover in found],
        paging=paging,
        may_make=work.actor.may(Permission.SHEET_UPLOAD),
    )
    return render(request, "intake/covers.html", shown)


@staff.page("/covers/new", Permission.SHEET_UPLOAD)
def new_cover(request: Request, work: Reading) -> HTMLResponse:
    return _new_cover(request, work, {}, Invalid(""))


@staff.action("/covers", Permission.SHEET_UPLOAD)
def make_cover(request: Request, work: Writing, form: FormData) -> Response:
    try:
        wanted = covers.read_wanted(work, form)
        cover = covers.make(work, wanted)
    except Invalid as refusal:
        work.refused = True
        return _new_cover(request, work, form, refusal)
    said = _("表紙 %(number)s を作りました。印刷して、束のいちばん上に置いてください。")
    return go_to(f"/covers/{cover.id}?copies={wanted.copies}", said, number=cover.number)


@staff.page("/covers/{cover_id}", Permission.SHEET_READ)
def one_cover(request: Request, work: Reading, cover_id: int, copies: str = "1") -> HTMLResponse:
    cover = queries.find_cover(work.session, work.actor, cover_id)
    shown = pages.CoverPage(
        title=_("束の表紙"),
        title_text=cover.number,
        crumbs=(SHEETS, BATCHES, COVERS),
        cover=cover,
        form=_titles(work, [cover])[cover.form_code],
        copies=_within_limits(copies),
        most_copies=covers.MOST_COPIES,
        batches=queries.batches_under(work.session, cover),
    )
    return render(request, "intake/cover.html", shown)


@staff.page("/covers/{cover_id}/paper.pdf", Permission.SHEET_READ)
def paper(office: TheOffice, actor: SignedIn, cover_id: int, copies: str = "1") -> Response:
    """Give the page to print: the same as often as copies are wanted, as all of them are one cover."""
    with office.look(actor) as work:
        cover = queries.find_cover(work.session, actor, cover_id)
        form = titles_of(work.session, [cover.form_code]).get(cover.form_code, "")
    made_on = cover.made_at.astimezone(TOKYO).date()
    leaf = cover_sheet(Cover(cover.number, cover.title, form, cover.department.name, made_on))
    return Response(
        pdf_of(cover.number, made_on, [leaf] * _within_limits(copies)),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(cover.number)}.pdf",
            "Cache-Control": "no-store",
        },
    )


def _new_cover(request: Request, work: Work, typed: Mapping[str, str], refusal: Invalid) -> HTMLResponse:
    place = work.actor.department_id
    known = forms_on_paper(work.session, place) if place is not None else []
    shown = pages.NewCoverPage(
        title=_("表紙を作る"),
        crumbs=(SHEETS, BATCHES, COVERS),
        forms=[("", translate(pages.MIXED)), *known],
        typed={"form": "", "title": "", "copies": "1", **typed},
        title_limit=covers.TITLE_LIMIT,
        most_copies=covers.MOST_COPIES,
        wrong=refusal.fields,
    )
    return render(request, "intake/new_cover.html", shown, status=422 if refusal.message else 200)


def _titles(work: Work, found: Sequence[CoverSheet]) -> Mapping[str, str]:
    """Give what the forms of a few covers are called, and what stands for none in particular."""
    return {"": translate(pages.MIXED), **titles_of(work.session, {cover.form_code for cover in found})}


def _within_limits(typed: str) -> int:
    return min(max(number_typed(typed) or 1, 1), covers.MOST_COPIES)
