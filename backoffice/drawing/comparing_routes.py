"""The page on which two versions stand side by side: what came, went and changed, in the drawings and in words."""

from collections.abc import Iterable, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.drawing import pages, queries
from backoffice.drawing.kinds import TITLES
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.routes import ROUTES, crumbs_to
from backoffice.drawing.words import differences_in_words
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter, render
from backoffice.web.translations import _, translate
from workflows.routes import Change, Difference, RouteKind, RouteRefused, differences

MARKS = {Change.ADDED: "marked-added", Change.REMOVED: "marked-removed", Change.CHANGED: "marked-changed"}

staff = StaffRouter()


@staff.page("/routes/compare", Permission.ROUTE_VIEW)
def compare(request: Request, work: Reading, a: int = 0, b: int = 0) -> HTMLResponse:
    title, choices = _("2つの版を比べる"), _choices(queries.list_versions(work.session))
    if not a or not b:
        return render(
            request, "drawing/route_compare.html", pages.ComparePage(title=title, crumbs=(ROUTES,), choices=choices)
        )
    old, new = queries.find_version(work.session, a), queries.find_version(work.session, b)
    found, unreadable = _differences(old, new)
    shown = pages.ComparePage(
        title=title,
        crumbs=crumbs_to(new),
        choices=choices,
        old=old,
        new=new,
        rows=differences_in_words(found),
        marked_old=_marks(each for each in found if each.change is not Change.ADDED),
        marked_new=_marks(each for each in found if each.change is not Change.REMOVED),
        unreadable=unreadable,
    )
    return render(request, "drawing/route_compare.html", shown)


def _differences(old: RouteVersion, new: RouteVersion) -> tuple[Sequence[Difference], bool]:
    try:
        return differences(queries.route_drawn(old.bpmn), queries.route_drawn(new.bpmn)), False
    except RouteRefused:
        return (), True


def _marks(found: Iterable[Difference]) -> str:
    """Give for the drawing which element gets which mark: `id:mark`, with blanks between."""
    return " ".join(f"{each.element_id}:{MARKS[each.change]}" for each in found if each.change in MARKS)


def _choices(versions: Sequence[RouteVersion]) -> list[tuple[str, str]]:
    return [
        (
            str(each.id),
            translate(_("%(kind)s 第%(n)s版"), kind=translate(TITLES[RouteKind(each.kind)]), n=each.number),
        )
        for each in versions
    ]
