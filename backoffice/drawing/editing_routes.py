"""The editor of a draft: drawn in the browser, checked while one draws, saved as often as one likes."""

from collections.abc import Mapping
from importlib.resources import files

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.drawing import pages, queries, service
from backoffice.drawing.checking import keeps_from_force, problems_of
from backoffice.drawing.kinds import COORDINATED, TITLES
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.routes import crumbs_to
from backoffice.drawing.words import OUTCOMES, PLACES, findings
from backoffice.drawing.workflow import VersionState
from backoffice.identity import Permission
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.showing import clock
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Office, Work
from forms.catalogue import every_definition, every_form
from forms.field_types import FieldType
from workflows.catalogue import facts_of
from workflows.routes import COORDINATING, DECISION_NAMES, RouteKind

MODDLE = files("workflows.routes").joinpath("moddle.json").read_text("utf-8")
"""What the drawing tool must know of our own settings."""

staff = StaffRouter()


@staff.page("/routes/versions/{version_id}/edit", Permission.ROUTE_DRAW)
def edit(request: Request, work: Reading, version_id: int) -> Response:
    version = queries.find_version(work.session, version_id)
    if version.state != VersionState.DRAFT:
        return go_to(f"/routes/versions/{version_id}", _("この版はもう下書きではありません。"), tone="warning")
    return render(request, "drawing/route_editor.html", _editor(work, version))


@staff.action("/routes/versions/{version_id}/edit", Permission.ROUTE_DRAW)
def save(request: Request, actor: SignedIn, version_id: int, form: FormData) -> HTMLResponse:
    """Keep the drawing that the editor sends, and answer with what the check says of it."""
    office: Office = request.app.state.office
    bpmn = service.accepted(form.get("xml", "").encode(), "xml")
    with office.unit(actor) as work:
        version = queries.find_version(work.session, version_id)
        service.save_drawing(work, version, seen_of(form), bpmn, form.get("note", ""))
        saved = clock(work.now)[:5]
    with office.look(actor) as work:
        version = queries.find_version(work.session, version_id)
        return _findings(request, work, version, bpmn, saved)


@staff.action("/routes/versions/{version_id}/check", Permission.ROUTE_DRAW)
def check(request: Request, actor: SignedIn, version_id: int, form: FormData) -> HTMLResponse:
    """Say what is to be mended in a drawing that is not saved."""
    office: Office = request.app.state.office
    bpmn = service.accepted(form.get("xml", "").encode(), "xml")
    with office.look(actor) as work:
        return _findings(request, work, queries.find_version(work.session, version_id), bpmn)


def _findings(request: Request, work: Work, version: RouteVersion, bpmn: str, saved: str = "") -> HTMLResponse:
    problems = problems_of(work.session, RouteKind(version.kind), bpmn)
    shown = pages.FindingsPage(
        title=_("検査の結果"),
        findings=findings(problems),
        is_right=not keeps_from_force(problems),
        version=version,
        saved=saved,
    )
    return render(request, "drawing/findings.html", shown)


def _editor(work: Work, version: RouteVersion) -> pages.EditorPage:
    kind = RouteKind(version.kind)
    problems = problems_of(work.session, kind, version.bpmn)
    title = translate(_("%(kind)s 第%(n)s版"), kind=translate(TITLES[kind]), n=version.number)
    return pages.EditorPage(
        title=_("図を描く"),
        title_text=translate(_("図を描く: %(version)s"), version=title),
        crumbs=(*crumbs_to(version), Crumb(title, f"/routes/versions/{version.id}")),
        version=version,
        moddle=MODDLE,
        findings=findings(problems),
        is_right=not keeps_from_force(problems),
        roles=[("", "—"), *((str(role), translate(name)) for role, name in ROLE_NAMES.items())],
        places=[
            (place, translate(name)) for place, name in PLACES.items() if place != COORDINATING or kind in COORDINATED
        ],
        decisions=_translated({str(each): name for each, name in DECISION_NAMES.items()}),
        outcomes=_translated({str(each): name for each, name in OUTCOMES.items()}),
        forms=[("", "—"), *_forms()],
        facts=[(f"case.{key}", label_of(field)) for key, field in facts_of(kind).items()],
        days=[
            ("", "—"),
            *((key, label_of(field)) for key, field in facts_of(kind).items() if field.type is FieldType.DATE),
        ],
    )


def _forms() -> list[tuple[str, str]]:
    """Give the forms that a step may ask: those that are filled in on a screen."""
    on_paper = {each.definition.code for each in every_form()}
    english = language_now() == "en"
    return [
        (code, each.title_en if english else each.title)
        for code, each in every_definition().items()
        if code not in on_paper
    ]


def _translated(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, translate(name)) for key, name in names.items()]
