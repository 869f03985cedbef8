"""The pages of routes: every kind, the versions of one, one version and what may be done with it."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.drawing import pages, queries, service
from backoffice.drawing.checking import keeps_from_force, names_of, problems_of
from backoffice.drawing.inputs import read_confirmed
from backoffice.drawing.kinds import TITLES, kind_of
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.overruling import put_into_force_since
from backoffice.drawing.words import findings, steps_in_words
from backoffice.drawing.workflow import STANDING_CHIPS, VersionState, standing_of
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, read_day, seen_of
from backoffice.web.showing import day
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from workflows.catalogue import facts_of
from workflows.routes import Route, RouteKind, RouteRefused

MENU = (MenuItem(_("決裁ルート"), "/routes", Permission.ROUTE_VIEW),)
ROUTES = Crumb(_("決裁ルート"), "/routes")
MOST_BYTES = 1_000_000

staff = StaffRouter()


@staff.page("/routes", Permission.ROUTE_VIEW)
def routes(request: Request, work: Reading) -> HTMLResponse:
    versions = queries.list_versions(work.session)
    cases = queries.cases_on_versions(work.session)
    rows = [_kind_row(work, kind, [each for each in versions if each.kind == kind], cases) for kind in RouteKind]
    shown = pages.RoutesPage(title=_("決裁ルート"), rows=rows, may_draw=work.actor.may(Permission.ROUTE_DRAW))
    return render(request, "drawing/routes.html", shown)


@staff.page("/routes/versions/{version_id}", Permission.ROUTE_VIEW)
def one_version(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    return _show_version(request, work, queries.find_version(work.session, version_id))


@staff.page("/routes/versions/{version_id}/route.bpmn", Permission.ROUTE_VIEW)
def drawing(work: Reading, version_id: int) -> Response:
    """Give the drawing, for the viewer and as a file for other tools."""
    version = queries.find_version(work.session, version_id)
    name = quote(f"{version.kind}-{version.number}.bpmn")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(version.bpmn, media_type="application/xml", headers=headers)


@staff.action("/routes/versions/{version_id}/copy", Permission.ROUTE_DRAW)
def copy(work: Writing, version_id: int) -> Response:
    original = queries.find_version(work.session, version_id)
    note = translate(_("第%(n)s版の写し"), n=original.number)
    copied = service.copy_version(work, original, note)
    return go_to(f"/routes/versions/{copied.id}", _("第%(n)s版の下書きを作りました。"), n=copied.number)


@staff.action("/routes/versions/{version_id}/propose", Permission.ROUTE_DRAW)
def propose(request: Request, work: Writing, version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, version_id)
    try:
        service.propose(work, version, seen_of(form))
    except Invalid as refusal:
        return _refused(request, work, version_id, refusal)
    return go_to(f"/routes/versions/{version_id}", _("有効化を提案しました。ほかのDX戦略部の職員が有効にできます。"))


@staff.action("/routes/versions/{version_id}/take-back", Permission.ROUTE_DRAW)
def take_back(work: Writing, version_id: int) -> Response:
    service.take_back(work, queries.find_version(work.session, version_id))
    return go_to(f"/routes/versions/{version_id}", _("下書きに戻しました。"))


@staff.action("/routes/versions/{version_id}/call-off", Permission.ROUTE_ACTIVATE)
def call_off(work: Writing, version_id: int) -> Response:
    service.call_off(work, queries.find_version(work.session, version_id))
    return go_to(f"/routes/versions/{version_id}", _("発効を取りやめました。有効化待ちに戻っています。"))


@staff.action("/routes/versions/{version_id}/discard", Permission.ROUTE_DRAW)
def discard(work: Writing, version_id: int) -> Response:
    version = queries.find_version(work.session, version_id)
    service.discard(work, version)
    return go_to(f"/routes/{version.kind}", _("第%(n)s版の下書きを破棄しました。"), n=version.number)


@staff.action("/routes/versions/{version_id}/activate", Permission.ROUTE_ACTIVATE)
def activate(request: Request, work: Writing, version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, version_id)
    try:
        effective_from = read_day(form, "effective_from")
        service.put_into_force(work, version, seen_of(form), effective_from, read_confirmed(form))
    except Invalid as refusal:
        return _refused(request, work, version_id, refusal, form.get("effective_from", ""))
    said = _("第%(n)s版を有効にしました。%(day)sから始まる案件に使います。")
    return go_to(f"/routes/versions/{version_id}", said, n=version.number, day=day(effective_from))


@staff.page("/routes/{kind}", Permission.ROUTE_VIEW)
def one_kind(request: Request, work: Reading, kind: str) -> HTMLResponse:
    return _show_kind(request, work, kind_of(kind))


@staff.action("/routes/{kind}/upload", Permission.ROUTE_DRAW, files=1)
def upload(
    request: Request,
    actor: SignedIn,
    kind: str,
    file: Annotated[UploadFile, File()],
    note: Annotated[str, Form()] = "",
) -> Response:
    office: Office = request.app.state.office
    known = kind_of(kind)
    try:
        bpmn = service.accepted(file.file.read(MOST_BYTES + 1), "file")
        with office.unit(actor) as work:
            taken = service.take_in_file(work, known, bpmn, note)
    except Invalid as refusal:
        with office.look(actor) as work:
            return _show_kind(request, work, known, note, refusal.fields)
    return go_to(f"/routes/versions/{taken.id}", _("図を取り込み、第%(n)s版の下書きを作りました。"), n=taken.number)


def version_row(
    work: Work,
    version: RouteVersion,
    in_force: RouteVersion | None,
    cases: int,
    beside: Sequence[RouteVersion] = (),
) -> pages.VersionRow:
    """Give a version as it stands today; `beside`: the versions of its kind, where a draft is to tell of newer ones."""
    is_in_force = in_force is not None and in_force.id == version.id
    today = work.today
    standing = standing_of(version.state, version.effective_from, today, is_in_force=is_in_force)
    waits = version.state in (VersionState.DRAFT, VersionState.PROPOSED)
    since = put_into_force_since(beside, version) if waits else ()
    return pages.VersionRow(version, standing, STANDING_CHIPS[standing], cases, since)


def crumbs_to(version: RouteVersion) -> tuple[Crumb, ...]:
    return (ROUTES, Crumb(TITLES[RouteKind(version.kind)], f"/routes/{version.kind}"))


def _kind_row(work: Work, kind: RouteKind, versions: list[RouteVersion], cases: Mapping[int, int]) -> pages.KindRow:
    today = work.today
    in_force = queries.newest_in_force(versions, today)
    drawn = [each for each in versions if each.state in (VersionState.DRAFT, VersionState.PROPOSED)]
    coming = [each for each in versions if each.effective_from is not None and each.effective_from > today]

    def row(version: RouteVersion | None) -> pages.VersionRow | None:
        return version_row(work, version, in_force, cases.get(version.id, 0)) if version else None

    return pages.KindRow(
        kind=kind,
        title=TITLES[kind],
        in_force=row(in_force),
        coming=row(next(iter(coming), None)),
        newest=row(next(iter(drawn), None)),
        cases=[(each.number, cases[each.id]) for each in versions if each.id in cases],
    )


def _show_kind(
    request: Request, work: Work, kind: RouteKind, note: str = "", wrong: Mapping[str, str] | None = None
) -> HTMLResponse:
    versions = queries.list_versions(work.session, kind)
    in_force = queries.newest_in_force(versions, work.today)
    cases = queries.cases_on_versions(work.session)
    shown = pages.KindPage(
        title=TITLES[kind],
        crumbs=(ROUTES,),
        kind=kind,
        rows=[version_row(work, each, in_force, cases.get(each.id, 0), versions) for each in versions],
        may_draw=work.actor.may(Permission.ROUTE_DRAW),
        may_activate=work.actor.may(Permission.ROUTE_ACTIVATE),
        note=note,
        wrong=wrong or {},
    )
    return render(request, "drawing/route_kind.html", shown, status=422 if wrong else 200)


def _show_version(
    request: Request, work: Work, version: RouteVersion, wrong: Mapping[str, str] | None = None, effective: str = ""
) -> HTMLResponse:
    kind = RouteKind(version.kind)
    today = work.today
    problems = problems_of(work.session, kind, version.bpmn)
    route = _route_or_none(version)
    in_force = queries.version_in_force(work.session, kind, today)
    cases = queries.cases_on_versions(work.session).get(version.id, 0)
    proposed = version.state == VersionState.PROPOSED
    shown = pages.VersionPage(
        title=_("決裁ルートの版"),
        title_text=translate(_("%(kind)s 第%(n)s版"), kind=translate(TITLES[kind]), n=version.number),
        crumbs=crumbs_to(version),
        kind=kind,
        row=version_row(work, version, in_force, cases, queries.list_versions(work.session, kind)),
        steps=steps_in_words(route, names_of(work.session, route), facts_of(kind)) if route else (),
        findings=findings(problems),
        is_right=not keeps_from_force(problems),
        may_draw=work.actor.may(Permission.ROUTE_DRAW),
        may_activate=work.actor.may(Permission.ROUTE_ACTIVATE),
        is_second_person=proposed and service.is_second_person(work, version),
        tables=[(table_id, route.name_of(table_id)) for table_id in route.tables] if route else (),
        effective=effective or day(today),
        wrong=wrong or {},
    )
    return render(request, "drawing/route_version.html", shown, status=422 if wrong else 200)


def _route_or_none(version: RouteVersion) -> Route | None:
    """A draft may be a drawing that is no route yet: what it lacks stands among the findings."""
    try:
        return queries.route_drawn(version.bpmn)
    except RouteRefused:
        return None


def _refused(request: Request, work: Work, version_id: int, refusal: Invalid, effective: str = "") -> HTMLResponse:
    """Answer a refused action with the page of its version; nothing was kept (422)."""
    work.refused = True
    work.session.rollback()
    wrong = refusal.fields or {"": refusal.message}
    return _show_version(request, work, queries.find_version(work.session, version_id), wrong, effective)
