"""The page of one decision table: a grid to be filled in, checked and saved into the drawing; it needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.drawing import queries, service
from backoffice.drawing.grids import Looked, changed, look_at
from backoffice.drawing.inputs import GridData, read_table_form
from backoffice.drawing.kinds import TITLES
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.routes import crumbs_to
from backoffice.drawing.workflow import VersionState
from backoffice.errors import NotThere
from backoffice.identity import Permission
from backoffice.web import Crumb, Page, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.forms_in import seen_of, whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from workflows.routes import RouteKind, RouteRefused, WrittenTable, written_table
from workflows.tables import CellType, Hit

TYPES = {
    CellType.NUMBER: _("数"),
    CellType.DATE: _("日付"),
    CellType.TEXT: _("文字"),
    CellType.BOOLEAN: _("はい・いいえ"),
}
HITS = {
    Hit.UNIQUE: _("当てはまるのは1行だけ(重なりは断る)"),
    Hit.FIRST: _("上から最初に当てはまる行"),
}

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class TablePage(Page):
    title_text: str
    version: RouteVersion
    element_id: str
    table: WrittenTable
    looked: Looked
    may_draw: bool
    seen: int

    @property
    def types(self) -> Sequence[tuple[str, str]]:
        return [(str(each), name) for each, name in TYPES.items()]

    @property
    def hits(self) -> Sequence[tuple[str, str]]:
        return [(str(each), name) for each, name in HITS.items()]

    def type_name(self, kind: str) -> str:
        """Give the msgid of a kind of cell."""
        return TYPES[CellType(kind)] if kind in set(CellType) else kind


@staff.page("/routes/versions/{version_id}/tables/{element_id}", Permission.ROUTE_VIEW)
def table(request: Request, work: Reading, version_id: int, element_id: str) -> HTMLResponse:
    version = queries.find_version(work.session, version_id)
    return _show(request, work, version, element_id, _table(version, element_id), version.version)


@staff.action("/routes/versions/{version_id}/tables/{element_id}", Permission.ROUTE_DRAW)
def change(request: Request, actor: SignedIn, version_id: int, element_id: str, form: GridData) -> Response:
    """Change the grid as its button says, check it, or save it into the drawing."""
    office: Office = request.app.state.office
    typed = read_table_form(form)
    what, _sep, at = form.get("do", "").partition(":")
    if what == "save":
        with office.unit(actor) as work:
            version = queries.find_version(work.session, version_id)
            _table(version, element_id)
            service.save_table(work, version, seen_of(form), element_id, typed)
        return go_to(f"/routes/versions/{version_id}/tables/{element_id}", _("判定表を保存しました。"))
    with office.look(actor) as work:
        version = queries.find_version(work.session, version_id)
        _table(version, element_id)
        place = whole_number(at)
        shown = changed(typed, what, -1 if place is None else place)
        return _show(request, work, version, element_id, shown, seen_of(form))


def _table(version: RouteVersion, element_id: str) -> WrittenTable:
    """Give the table that is kept. Raises NotThere where there is no such task."""
    found = written_table(version.bpmn.encode(), element_id)
    if found is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return found


def _show(
    request: Request, work: Work, version: RouteVersion, element_id: str, shown: WrittenTable, seen: int
) -> HTMLResponse:
    title = translate(_("%(kind)s 第%(n)s版"), kind=translate(TITLES[RouteKind(version.kind)]), n=version.number)
    page = TablePage(
        title=_("判定表"),
        title_text=translate(_("判定表: %(name)s"), name=_name(version, element_id)),
        crumbs=(*crumbs_to(version), Crumb(title, f"/routes/versions/{version.id}")),
        version=version,
        element_id=element_id,
        table=shown,
        looked=look_at(shown),
        may_draw=work.actor.may(Permission.ROUTE_DRAW) and version.state == VersionState.DRAFT,
        seen=seen,
    )
    return render(request, "drawing/route_table.html", page)


def _name(version: RouteVersion, element_id: str) -> str:
    """A draft that is no route yet has no names to give: then the task is called by its id."""
    try:
        return queries.route_drawn(version.bpmn).name_of(element_id)
    except RouteRefused:
        return element_id
