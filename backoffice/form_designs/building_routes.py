"""The page on which a form is built: each change is one small act on its draft, kept at once and undone as easily."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from backoffice.errors import Invalid, NotThere, Overtaken, Refusal
from backoffice.form_designs import inputs, pages, queries, service, words
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.routes import FORMS
from backoffice.form_designs.shown import finding_rows, item_rows, rule_rows, settings
from backoffice.identity import Permission
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.answer_rows import answer_rows
from backoffice.web.answers_in import check_answers, sentence
from backoffice.web.forms_in import FormData, seen_of, whole_number
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.showing import clock
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms.building import acts
from forms.building.acts import SECTION
from forms.building.draft import LONGEST_TITLE, FormDraft
from forms.building.finding import RULE
from forms.building.findings import findings
from forms.building.kinds import Group, Sketch
from forms.examples import example
from forms.field_types import FieldType
from forms.json_schema import json_schema
from forms.my_number import holds_my_number
from forms.problems import Severity
from forms.widths import plain

PREVIEW = "p-"
"""Before the names of questions in the preview: those of the settings stand on the same page."""
API = "api"
FULL = _("これ以上足せません。欄は表のマスも数えて300まで、見出しは50まで、表の列は12までです。")

Act = Callable[[FormDraft], tuple[FormDraft, str]]

staff = StaffRouter()


@staff.page("/forms/{design_id}/build", Permission.FORM_BUILD)
def build(request: Request, work: Reading, design_id: int, tab: str = "") -> Response:
    design = queries.find_own(work.session, work.actor, design_id)
    if design.state == "closed":
        return go_to(f"/forms/{design_id}", _("受付を終えた様式は、再び始めてから直してください。"), tone="warning")
    # Asked for by name: FastAPI's own `open` would hide the function of that name.
    return _show(request, work, design, request.query_params.get("open", ""), tab)


@staff.action("/forms/{design_id}/build/add", Permission.FORM_BUILD)
def add(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        after, label = form.get("after", ""), plain(form.get("new_label", ""))[: inputs.LONGEST_LABEL]
        table = draft.table_of(after)
        after = table.key if table else after
        if holds_my_number(label):
            raise Invalid(NO_MY_NUMBER, {"new_label": NO_MY_NUMBER})
        if form.get("group") in set(Group):
            return acts.add_group(draft, Group(form["group"]), after)
        if form.get("type") == "section":
            return acts.add_section(draft, label or translate(_("見出し")), after)
        kind = FieldType(form["type"]) if form.get("type") in set(FieldType) else FieldType.TEXT
        return acts.add(draft, [Sketch(label or translate(words.TYPES[kind][0]), kind)], after)

    return _changed(request, actor, design_id, form, act)


@staff.action("/forms/{design_id}/build/column/{key}", Permission.FORM_BUILD)
def add_column(request: Request, actor: SignedIn, design_id: int, key: str, form: FormData) -> Response:
    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        label = translate(_("列%(n)s"), n=len(draft.find(key).columns) + 1)
        return acts.add_column(draft, key, Sketch(label, FieldType.TEXT))

    return _changed(request, actor, design_id, form, act)


@staff.action("/forms/{design_id}/build/move", Permission.FORM_BUILD)
def move(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    """Move by a step (`up`, `down`) or to a place (`name`, `to`); what is open stays so."""

    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        name = form.get("up") or form.get("down") or form.get("name", "")
        place = acts.place_of(draft, name)
        to = whole_number(form.get("to", "")) or 0
        to = place - 1 if "up" in form else place + 1 if "down" in form else to
        return acts.move(draft, name, to), form.get("open", "")

    return _changed(request, actor, design_id, form, act)


@staff.action("/forms/{design_id}/build/copy", Permission.FORM_BUILD)
def copy(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    return _changed(request, actor, design_id, form, lambda draft: acts.copy(draft, form.get("name", "")))


@staff.action("/forms/{design_id}/build/remove", Permission.FORM_BUILD)
def remove(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        name = form.get("name", "")
        table = draft.table_of(name)
        if table is not None and len(table.columns) == 1:
            raise Invalid(_("表には列が1つは要ります。表ごと取り除いてください。"))
        return acts.remove(draft, name), table.key if table else ""

    return _changed(request, actor, design_id, form, act)


@staff.action("/forms/{design_id}/build/field/{key}", Permission.FORM_BUILD)
def set_field(request: Request, actor: SignedIn, design_id: int, key: str, form: FormData) -> Response:
    return _changed(request, actor, design_id, form, lambda draft: inputs.read_field(form, draft, key), key)


@staff.action("/forms/{design_id}/build/section/{code}", Permission.FORM_BUILD)
def set_section(request: Request, actor: SignedIn, design_id: int, code: str, form: FormData) -> Response:
    name = f"{SECTION}{code}"
    return _changed(request, actor, design_id, form, lambda draft: (inputs.read_section(form, draft, code), name), name)


@staff.action("/forms/{design_id}/build/rule/{code}", Permission.FORM_BUILD)
def set_rule(request: Request, actor: SignedIn, design_id: int, code: str, form: FormData) -> Response:
    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        if form.get("do") == "remove":
            return acts.remove_rule(draft, code), ""
        named = acts.new_rule_code(draft) if code == "new" else code
        return acts.put_rule(draft, inputs.read_rule(form, draft, named)), f"{RULE}{named}"

    return _changed(request, actor, design_id, form, act, f"{RULE}{code}")


@staff.action("/forms/{design_id}/build/title", Permission.FORM_BUILD)
def set_title(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    def act(draft: FormDraft) -> tuple[FormDraft, str]:
        title = plain(form.get("form_title", ""))
        if not title or len(title) > LONGEST_TITLE or holds_my_number(title):
            raise Invalid(_("様式の名前を、120文字までで入れてください。"))
        return draft.with_(title=title), form.get("open", "")

    return _changed(request, actor, design_id, form, act)


@staff.action("/forms/{design_id}/build/undo", Permission.FORM_BUILD)
def undo(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    return _stepped(request, actor, design_id, form, service.undo)


@staff.action("/forms/{design_id}/build/redo", Permission.FORM_BUILD)
def redo(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    return _stepped(request, actor, design_id, form, service.redo)


@staff.action("/forms/{design_id}/build/preview", Permission.FORM_BUILD)
def preview(request: Request, work: Reading, design_id: int, form: FormData) -> HTMLResponse:
    """Ask the questions anew for what was typed, as whoever fills the form in will see it; nothing is kept."""
    design = queries.find_own(work.session, work.actor, design_id)
    definition = queries.draft_of(work.session, design).as_it_is()
    typed = {name.removeprefix(PREVIEW): text for name, text in form.items() if name.startswith(PREVIEW)}
    checked = check_answers(definition, typed)
    # While somebody is still typing, what is not answered yet is no fault.
    told = [*checked.refusing.values(), *checked.asking] if "check" in form else []
    shown = pages.PreviewPage(
        title=_("画面の見本"),
        crumbs=(FORMS, Crumb(design.title, f"/forms/{design.id}/build")),
        design=design,
        preview=answer_rows(
            definition, {}, form, checked if "check" in form else replace(checked, refusing={}), PREVIEW
        ),
        told=[sentence(problem) for problem in told],
    )
    is_part = "HX-Request" in request.headers
    return render(request, "form_designs/preview.html", shown, block="preview" if is_part else "")


def _changed(
    request: Request, actor: SignedIn, design_id: int, form: Mapping[str, str], act: Act, opened: str = ""
) -> Response:
    """Do one act on the draft and show it; what is refused comes back as typed, and nothing was kept."""
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            design = queries.find_own(work.session, work.actor, design_id)
            service.must_be_as_seen(work, design, seen_of(form))
            draft, name = _acted(act, queries.draft_of(work.session, design))
            service.keep(work, design, seen_of(form), draft)
    except (Invalid, Overtaken) as refusal:
        return _refused(request, actor, design_id, form, refusal, opened or form.get("open", ""))
    return _back_to(design_id, name, form)


def _acted(act: Act, draft: FormDraft) -> tuple[FormDraft, str]:
    try:
        return act(draft)
    except KeyError as reason:
        raise NotThere(_("この欄はありません。")) from reason
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
        return _refused(request, actor, design_id, form, refusal, form.get("open", ""))
    return _back_to(design_id, form.get("open", ""), form)


def _back_to(design_id: int, name: str, form: Mapping[str, str]) -> Response:
    tab = f"&tab={API}" if form.get("tab") == API else ""
    place = f"#item-{quote(name)}" if name else ""
    return RedirectResponse(f"/forms/{design_id}/build?open={quote(name)}{tab}{place}", 303)


def _refused(
    request: Request, actor: SignedIn, design_id: int, form: Mapping[str, str], refusal: Refusal, opened: str
) -> Response:
    wrong = refusal.fields if isinstance(refusal, Invalid) else {}
    said = translate(refusal.message, **refusal.params)
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design = queries.find_own(work.session, work.actor, design_id)
        return _show(request, work, design, opened, form.get("tab", ""), _Refused(form, wrong, said, refusal.status))


@dataclass(frozen=True)
class _Refused:
    """What a refused change leaves on the page."""

    form: Mapping[str, str]
    wrong: Mapping[str, str]
    said: str
    status: HTTPStatus


def _show(
    request: Request, work: Work, design: FormDesign, opened: str, tab: str, refused: _Refused | None = None
) -> HTMLResponse:
    draft = queries.draft_of(work.session, design)
    definition = draft.as_it_is(design.code)
    # What only asks a person to look is said where paper is drawn, and before a version is put into use.
    found = [each for each in findings(draft) if each.severity is Severity.REFUSE]
    undoable, redoable = queries.steps_kept(work.session, design.id)
    base = f"/forms/{design.id}/build"
    typed = refused.form if refused and {"label", "title", "rule_kind"} & set(refused.form) else None
    is_api = tab == API
    shown = pages.BuilderPage(
        title=_("様式を作る"),
        title_text=translate(_("様式を作る: %(title)s"), title=draft.title or design.title),
        crumbs=(FORMS, Crumb(design.title, f"/forms/{design.id}")),
        design=design,
        draft_title=draft.title,
        items=item_rows(draft, found, opened),
        rules=rule_rows(draft, found, opened),
        open=settings(draft, opened, base, typed, refused.wrong if refused else None),
        findings=finding_rows(draft, found),
        types=[(str(kind), translate(name), translate(use)) for kind, (name, use) in words.TYPES.items()],
        groups=[(str(group), translate(name)) for group, name in words.GROUP_NAMES.items()],
        undoable=undoable,
        redoable=redoable,
        saved=clock(design.drafted_at)[:5] if design.drafted_at else "",
        tab=tab if is_api else "",
        preview=() if is_api else answer_rows(definition, {}, prefix=PREVIEW),
        schema=json.dumps(json_schema(definition), ensure_ascii=False, indent=2) if is_api else "",
        example=json.dumps(example(definition), ensure_ascii=False, indent=2) if is_api else "",
        trouble=refused.said if refused else "",
    )
    return render(request, "form_designs/builder.html", shown, status=refused.status if refused else 200)
