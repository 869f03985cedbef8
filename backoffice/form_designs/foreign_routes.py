"""The page on which zones are drawn on paper that the house did not print: each change is one act on the draft."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from backoffice.errors import Invalid, NotThere, Overtaken, Refusal
from backoffice.form_designs import foreign_pages, foreign_paper, queries, service, zone_inputs
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.routes import FORMS
from backoffice.form_designs.shown import finding_rows
from backoffice.identity import Permission
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.forms_in import FormData, seen_of, whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms.building import zone_acts
from forms.building.draft import FormDraft
from forms.building.finding import ZONE
from forms.building.findings import findings
from forms.zones import ForeignPaper, Zone
from ocr.empty_form import EmptyForm

ALL = "all"
FIRST_SIZE = "A4"
FULL = _("これ以上足せません。枠は400まで、欄は表のマスも数えて300までです。")
NO_PAPER = _("この様式には、外の用紙がありません。")

Act = Callable[[FormDraft], tuple[FormDraft, str]]

staff = StaffRouter()


@staff.page("/forms/{design_id}/foreign", Permission.FORM_BUILD)
def foreign(request: Request, work: Reading, design_id: int, page: int = 1) -> Response:
    design = queries.find_own(work.session, work.actor, design_id)
    if design.state == "closed":
        return go_to(f"/forms/{design_id}", _("受付を終えた様式は、再び始めてから直してください。"), tone="warning")
    return _show(request, work, design, page, request.query_params.get("open", ""))


@staff.page("/forms/{design_id}/foreign/picture", Permission.FORM_BUILD)
def picture(work: Reading, design_id: int, page: int = 1) -> Response:
    """Give an empty page; nobody has written on it, so a browser may keep it."""
    design = queries.find_own(work.session, work.actor, design_id)
    paper = _paper(queries.draft_of(work.session, design))
    if not 1 <= page <= len(paper.pages):
        raise NotThere(NO_PAPER)
    blank = foreign_paper.blank_of(work.session, design.id, paper.pages[page - 1])
    return Response(blank.picture, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


@staff.action("/forms/{design_id}/foreign/blank", Permission.FORM_BUILD, files=1)
def bring(
    request: Request,
    actor: SignedIn,
    design_id: int,
    file: Annotated[UploadFile, File()],
    size: Annotated[str, Form()] = FIRST_SIZE,
    version: Annotated[str, Form()] = "",
) -> Response:
    """Begin foreign paper with an empty form, or put another edition in its place: zones stay where they were."""
    office: Office = request.app.state.office
    limit = office.settings.upload_limit_bytes
    content = file.file.read(limit + 1)
    if len(content) > limit:
        too_large = Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=limit // (1024 * 1024))
        return _refused(request, actor, design_id, {}, too_large)
    asked = EmptyForm(foreign_paper.PAPERS_MM.get(size, foreign_paper.PAPERS_MM[FIRST_SIZE]))
    return _opened(request, actor, design_id, {"version": version}, content, asked)


@staff.action("/forms/{design_id}/foreign/turn", Permission.FORM_BUILD)
def turn(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    """Turn a page a quarter to the right and look for its zones again; those drawn on it are taken off."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design = queries.find_own(work.session, work.actor, design_id)
        paper = _paper(queries.draft_of(work.session, design))
        number = _number(form, paper)
        page = paper.pages[number - 1]
        content = foreign_paper.blank_of(work.session, design.id, page).picture
    short, long = sorted(page.page_mm)
    return _opened(request, actor, design_id, form, content, EmptyForm((short, long), quarters=1), number)


@staff.action("/forms/{design_id}/foreign/drop", Permission.FORM_BUILD)
def drop(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    """Let the house compose the paper again; it can be undone."""
    return _changed(request, actor, design_id, form, lambda draft: (draft.with_(paper=None), ""))


@staff.action("/forms/{design_id}/foreign/zones", Permission.FORM_BUILD)
def add(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        paper = _paper(draft)
        box, writing = zone_inputs.read_box(form), zone_inputs.read_writing(form)
        zone = Zone(code=paper.new_code(), page=_number(form, paper), box=box, writing=writing)
        return zone_acts.put_zone(draft, zone), zone.code

    return _changed(request, actor, design_id, form, act)


@staff.action("/forms/{design_id}/foreign/zones/{zone}", Permission.FORM_BUILD)
def set_zone(request: Request, actor: SignedIn, design_id: int, zone: str, form: FormData) -> Response:
    """Keep a zone's settings, or its place alone (`do=place`), or take it out (`do=remove`)."""

    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        old = _paper(draft).find(zone)
        if form.get("do") == "remove":
            return zone_acts.remove_zone(draft, zone), ""
        if form.get("do") == "place":
            moved = Zone.model_validate({**dict(old), "box": zone_inputs.read_box(form)})
            return zone_acts.put_zone(draft, moved), form.get("open", "")
        return zone_inputs.read_zone(form, draft, old), zone

    return _changed(request, actor, design_id, form, act, zone)


@staff.action("/forms/{design_id}/foreign/accept", Permission.FORM_BUILD)
def accept(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    """Draw one proposed zone, or all of the page (`which=all`), with the questions that are asked there."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design = queries.find_own(work.session, work.actor, design_id)
        paper = _paper(queries.draft_of(work.session, design))
        number = _number(form, paper)
        proposals = foreign_paper.proposals_of(work.session, design.id, paper.pages[number - 1])

    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        opened = ""
        for place, proposal in zone_acts.left_of(_paper(draft), number, proposals):
            if form.get("which") in (ALL, str(place)):
                draft, opened = zone_acts.accept(draft, number, proposal)
        return draft, "" if form.get("which") == ALL else opened

    return _changed(request, actor, design_id, form, act)


@staff.action("/forms/{design_id}/foreign/undo", Permission.FORM_BUILD)
def undo(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    return _stepped(request, actor, design_id, form, service.undo)


@staff.action("/forms/{design_id}/foreign/redo", Permission.FORM_BUILD)
def redo(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    return _stepped(request, actor, design_id, form, service.redo)


def _opened(
    request: Request,
    actor: SignedIn,
    design_id: int,
    form: Mapping[str, str],
    content: bytes,
    asked: EmptyForm,
    only: int = 0,
) -> Response:
    """Open what was brought, outside every unit, and let the draft name it: its only page, or all pages."""
    office: Office = request.app.state.office
    try:
        with office.look(actor) as work:
            service.must_be_as_seen(work, queries.find_own(work.session, work.actor, design_id), seen_of(form))
        pages = foreign_paper.opened(content, "form", asked)
        with office.unit(actor) as work:
            design = queries.find_own(work.session, work.actor, design_id)
            draft = queries.draft_of(work.session, design)
            taken = foreign_paper.take_in(work, design, pages)
            before = draft.paper
            if only and before is not None:
                every = (*before.pages[: only - 1], *taken, *before.pages[only:])
                zones = tuple(zone for zone in before.zones if zone.page != only)
            else:
                every = taken
                zones = tuple(zone for zone in (before.zones if before else ()) if zone.page <= len(taken))
            service.keep(work, design, seen_of(form), draft.with_(paper=ForeignPaper(pages=every, zones=zones)))
    except (Invalid, Overtaken) as refusal:
        return _refused(request, actor, design_id, form, refusal)
    return _back_to(design_id, only or 1, "")


def _changed(
    request: Request, actor: SignedIn, design_id: int, form: Mapping[str, str], act: Act, opened: str = ""
) -> Response:
    """Do one act on the draft and show it; what is refused comes back as typed, and nothing was kept."""
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            design = queries.find_own(work.session, work.actor, design_id)
            service.must_be_as_seen(work, design, seen_of(form))
            draft, code = _acted(act, queries.draft_of(work.session, design))
            service.keep(work, design, seen_of(form), draft)
    except (Invalid, Overtaken) as refusal:
        return _refused(request, actor, design_id, form, refusal, opened)
    return _back_to(design_id, whole_number(form.get("page", "")) or 1, code)


def _acted(act: Act, draft: FormDraft) -> tuple[FormDraft, str]:
    try:
        return act(draft)
    except KeyError as reason:
        raise NotThere(_("この枠はありません。")) from reason
    except ValidationError as reason:
        raise Invalid(FULL) from reason


def _stepped(
    request: Request,
    actor: SignedIn,
    design_id: int,
    form: Mapping[str, str],
    act: Callable[[Work, FormDesign, int], None],
) -> Response:
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            act(work, queries.find_own(work.session, work.actor, design_id), seen_of(form))
    except Overtaken as refusal:
        return _refused(request, actor, design_id, form, refusal)
    return _back_to(design_id, whole_number(form.get("page", "")) or 1, "")


def _paper(draft: FormDraft) -> ForeignPaper:
    if draft.paper is None:
        raise NotThere(NO_PAPER)
    return draft.paper


def _number(form: Mapping[str, str], paper: ForeignPaper) -> int:
    return min(max(whole_number(form.get("page", "")) or 1, 1), len(paper.pages))


def _back_to(design_id: int, page: int, code: str) -> Response:
    opened = f"&open={code}" if code else ""
    return RedirectResponse(f"/forms/{design_id}/foreign?page={page}{opened}", 303)


def _refused(
    request: Request,
    actor: SignedIn,
    design_id: int,
    form: Mapping[str, str],
    refusal: Refusal,
    opened: str = "",
) -> Response:
    wrong = refusal.fields if isinstance(refusal, Invalid) else {}
    told = _Refused(form, wrong, translate(refusal.message, **refusal.params), refusal.status)
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design = queries.find_own(work.session, work.actor, design_id)
        return _show(request, work, design, whole_number(form.get("page", "")) or 1, opened, told)


@dataclass(frozen=True)
class _Refused:
    """What a refused change leaves on the page."""

    form: Mapping[str, str]
    wrong: Mapping[str, str]
    said: str
    status: HTTPStatus


def _show(
    request: Request, work: Work, design: FormDesign, number: int, opened: str, refused: _Refused | None = None
) -> HTMLResponse:
    draft = queries.draft_of(work.session, design)
    paper = draft.paper
    common = foreign_pages.ForeignPaperPage(
        title=_("外の用紙"),
        title_text=translate(_("外の用紙: %(title)s"), title=draft.title or design.title),
        crumbs=crumbs_of(design),
        design=design,
        sizes=[(size, size) for size in foreign_paper.PAPERS_MM],
        trouble=refused.said if refused else "",
        wrong=refused.wrong if refused else {},
    )
    shown = common if paper is None else _with_paper(work, common, draft, paper, number, opened, refused)
    return render(request, "form_designs/foreign.html", shown, status=refused.status if refused else 200)


def crumbs_of(design: FormDesign) -> tuple[Crumb, ...]:
    return (
        FORMS,
        Crumb(design.title, f"/forms/{design.id}"),
        Crumb(translate(_("様式を作る")), f"/forms/{design.id}/build"),
    )


def _with_paper(
    work: Work,
    common: foreign_pages.ForeignPaperPage,
    draft: FormDraft,
    paper: ForeignPaper,
    number: int,
    opened: str,
    refused: _Refused | None,
) -> foreign_pages.ForeignPaperPage:
    zone = next((each for each in paper.zones if each.code == opened), None)
    number = zone.page if zone else min(max(number, 1), len(paper.pages))
    design, found = common.design, findings(draft)
    questions = {question.key: question for question in draft.as_it_is(design.code).questions}
    proposals = foreign_paper.proposals_of(work.session, design.id, paper.pages[number - 1])
    undoable, redoable = queries.steps_kept(work.session, design.id)
    typed = refused.form if refused and "means" in refused.form else None
    return replace(
        common,
        paper=paper,
        number=number,
        zones=foreign_pages.zone_rows(paper, number, questions, found, opened),
        open=foreign_pages.zone_settings(zone, questions, typed, common.wrong) if zone else None,
        proposals=foreign_pages.proposal_rows(zone_acts.left_of(paper, number, proposals)),
        findings=finding_rows(draft, [each for each in found if each.part == "zone" or each.place.startswith(ZONE)]),
        undoable=undoable,
        redoable=redoable,
    )
