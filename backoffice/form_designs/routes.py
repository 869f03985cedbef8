"""The pages of forms: the list, one form with its versions, and its life from the first draft to its end."""

import json
from collections.abc import Callable, Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs import pages, queries, service, words
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import draw
from backoffice.form_designs.shown import change_words, finding_rows
from backoffice.form_designs.workflow import NAMES, DesignState
from backoffice.identity import Permission
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import answer_rows
from backoffice.web.forms_in import FormData, seen_of, whole_number
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms.building.draft import FormDraft
from forms.building.findings import findings
from forms.differences import types_changed
from forms.examples import example
from forms.json_schema import json_schema

MENU = (MenuItem(_("様式"), "/forms", Permission.FORM_VIEW),)
FORMS = Crumb(_("様式"), "/forms")
NOTHING: Mapping[str, str] = {}
WHOSE = {"": _("すべて"), "own": _("自分の部署"), "shared": _("全庁で共有")}

staff = StaffRouter()


@staff.page("/forms", Permission.FORM_VIEW)
def forms(
    request: Request, work: Reading, whose: str = "", state: str = "", q: str = "", page: int = 1
) -> HTMLResponse:
    whose, state = whose if whose in WHOSE else "", state if state in set(DesignState) else ""
    total = queries.count_designs(work.session, work.actor, whose, state, q)
    paging = Paging("/forms", total, page, {"whose": whose, "state": state, "q": q})
    found = queries.list_designs(work.session, work.actor, whose, state, q, paging.offset)
    ids = [design.id for design in found]
    newest, drafted = queries.newest_of(work.session, ids), queries.drafted(work.session, ids)
    shown = pages.DesignsPage(
        title=_("様式"),
        rows=[pages.DesignRow(each, newest.get(each.id), each.id in drafted) for each in found],
        tabs=[
            Tab(name, address("/forms", {"whose": each, "state": state, "q": q}), each == whose)
            for each, name in WHOSE.items()
        ],
        whose=whose,
        state=state,
        keyword=q,
        states=[("", translate(_("すべて"))), *((str(each), translate(name)) for each, name in NAMES.items())],
        paging=paging,
        may_build=work.actor.may(Permission.FORM_BUILD),
    )
    return render(request, "form_designs/forms.html", shown)


@staff.page("/forms/new", Permission.FORM_BUILD)
def new_form(request: Request, work: Reading) -> HTMLResponse:
    return _begin_page(request, work, None, {"department": str(work.actor.department_id or "")})


@staff.action("/forms/new", Permission.FORM_BUILD)
def begin(request: Request, work: Writing, form: FormData) -> Response:
    try:
        design = service.begin(work, form.get("title", ""), form.get("series", ""), _department(form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _begin_page(request, work, None, form, refusal.fields)
    return go_to(f"/forms/{design.id}/build", _("様式を作り始めました。欄を足してください。"))


@staff.page("/forms/{design_id}", Permission.FORM_VIEW)
def one_form(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    design = queries.find_design(work.session, work.actor, design_id)
    versions = queries.versions_of(work.session, design.id)
    asked = [queries.asked_by(version) for version in versions]
    builds = work.actor.reaches(Permission.FORM_BUILD, design.department.path)
    looks = builds or work.actor.reaches(Permission.FORM_VIEW, design.department.path)
    draft = queries.draft_of(work.session, design) if design.draft is not None and looks else None
    shown = pages.DesignPage(
        title=_("様式"),
        title_text=design.title,
        crumbs=(FORMS,),
        row=pages.DesignRow(design, versions[0] if versions else None, draft is not None),
        versions=[
            pages.VersionRow(
                version, change_words(asked[at + 1], each) if at + 1 < len(asked) else (), len(each.fields)
            )
            for at, (version, each) in enumerate(zip(versions, asked, strict=True))
        ],
        changes=change_words(asked[0], draft) if draft and asked else (),
        drafted_fields=len(draft.fields) if draft else 0,
        may_build=builds,
        may_copy=work.actor.may(Permission.FORM_BUILD) and (bool(versions) or builds),
    )
    return render(request, "form_designs/form.html", shown)


@staff.page("/forms/{design_id}/copy", Permission.FORM_BUILD)
def copy_page(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    design = queries.find_design(work.session, work.actor, design_id)
    typed = {
        "title": translate(_("%(title)s(写し)"), title=design.title)[:120],
        "series": design.series,
        "department": str(work.actor.department_id or ""),
    }
    return _begin_page(request, work, design, typed)


@staff.action("/forms/{design_id}/copy", Permission.FORM_BUILD)
def copy(request: Request, work: Writing, design_id: int, form: FormData) -> Response:
    original = queries.find_design(work.session, work.actor, design_id)
    try:
        design = service.copy(work, original, form.get("title", ""), form.get("series", ""), _department(form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _begin_page(
            request, work, queries.find_design(work.session, work.actor, design_id), form, refusal.fields
        )
    return go_to(f"/forms/{design.id}/build", _("写しを作りました。元の様式は変わりません。"))


@staff.page("/forms/{design_id}/publish", Permission.FORM_BUILD)
def publish_page(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    return _publish_page(request, work, design_id, NOTHING)


@staff.action("/forms/{design_id}/publish", Permission.FORM_BUILD)
def publish(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    office: Office = request.app.state.office
    seen, confirmed = seen_of(form), form.get("confirmed") == "yes"
    with office.look(actor) as work:
        asks = service.definition_to_draw(work, queries.find_own(work.session, actor, design_id))
    paper = draw(asks) if asks else []
    try:
        with office.unit(actor) as work:
            design = queries.find_own(work.session, actor, design_id)
            version = service.publish(work, design, seen, form.get("note", ""), paper, confirmed=confirmed)
    except Invalid as refusal:
        with office.look(actor) as work:
            return _publish_page(request, work, design_id, form, refusal.fields or {"": refusal.message})
    return go_to(f"/forms/{design_id}", _("第%(n)s版を使い始めました。"), n=version.number)


@staff.page("/forms/{design_id}/versions/{number}", Permission.FORM_VIEW)
def one_version(request: Request, work: Reading, design_id: int, number: int) -> HTMLResponse:
    design = queries.find_design(work.session, work.actor, design_id)
    version = queries.find_version(work.session, design.id, number)
    definition = queries.definition(version)
    draft = FormDraft.of(definition)
    shown = pages.VersionPage(
        title=_("様式の版"),
        title_text=translate(_("%(title)s 第%(n)s版"), title=version.definition["title"], n=number),
        crumbs=(FORMS, Crumb(design.title, f"/forms/{design.id}")),
        design=design,
        version=version,
        rows=answer_rows(definition, {}, prefix="p-"),
        rules=[words.with_labels(rule.holds, draft) for rule in definition.rules],
        schema=json.dumps(json_schema(definition), ensure_ascii=False, indent=2),
        example=json.dumps(example(definition), ensure_ascii=False, indent=2),
    )
    return render(request, "form_designs/version.html", shown)


@staff.action("/forms/{design_id}/discard", Permission.FORM_BUILD)
def discard(work: Writing, design_id: int, form: FormData) -> Response:
    design = queries.find_own(work.session, work.actor, design_id)
    if service.discard_draft(work, design, seen_of(form)):
        return go_to(f"/forms/{design_id}", _("下書きを破棄しました。使用中の版はそのままです。"))
    return go_to("/forms", _("様式を破棄しました。"))


@staff.action("/forms/{design_id}/share", Permission.FORM_BUILD)
def share(work: Writing, design_id: int, form: FormData) -> Response:
    return _done(work, design_id, form, service.share, _("全庁で共有しました。どの部署も記入し、写せます。"))


@staff.action("/forms/{design_id}/stop-sharing", Permission.FORM_BUILD)
def stop_sharing(work: Writing, design_id: int, form: FormData) -> Response:
    return _done(work, design_id, form, service.stop_sharing, _("共有をやめました。これまでの記録と写しは残ります。"))


@staff.action("/forms/{design_id}/by-hand", Permission.FORM_BUILD)
def write_by_hand(work: Writing, design_id: int, form: FormData) -> Response:
    return _done(work, design_id, form, service.write_by_hand, _("手書きの用紙として扱います。"))


@staff.action("/forms/{design_id}/in-print", Permission.FORM_BUILD)
def write_in_print(work: Writing, design_id: int, form: FormData) -> Response:
    return _done(
        work, design_id, form, service.write_in_print, _("活字の用紙として扱います。これから読む用紙に使います。")
    )


@staff.action("/forms/{design_id}/close", Permission.FORM_BUILD)
def close(work: Writing, design_id: int, form: FormData) -> Response:
    return _done(work, design_id, form, service.close, _("受付を終えました。これまでの記録は残ります。"))


@staff.action("/forms/{design_id}/reopen", Permission.FORM_BUILD)
def reopen(work: Writing, design_id: int, form: FormData) -> Response:
    return _done(work, design_id, form, service.reopen, _("受付を再び始めました。"))


def _done(
    work: Work, design_id: int, form: Mapping[str, str], act: Callable[[Work, FormDesign, int], None], said: str
) -> Response:
    act(work, queries.find_own(work.session, work.actor, design_id), seen_of(form))
    return go_to(f"/forms/{design_id}", said)


def _department(form: Mapping[str, str]) -> int:
    return whole_number(form.get("department", "")) or 0


def _begin_page(
    request: Request,
    work: Work,
    original: FormDesign | None,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found = queries.departments_to_build_for(work.session, work.actor)
    shown = pages.BeginPage(
        title=_("様式の写しを作る") if original else _("様式を作る"),
        crumbs=(FORMS, *([Crumb(original.title, f"/forms/{original.id}")] if original else [])),
        action=f"/forms/{original.id}/copy" if original else "/forms/new",
        original=original,
        departments=[(str(each.id), each.name) for each in found],
        typed=typed,
        wrong=wrong or {},
    )
    return render(request, "form_designs/begin.html", shown, status=422 if wrong else 200)


def _publish_page(
    request: Request, work: Work, design_id: int, typed: Mapping[str, str], wrong: Mapping[str, str] | None = None
) -> HTMLResponse:
    design = queries.find_own(work.session, work.actor, design_id)
    draft = queries.draft_of(work.session, design)
    versions = queries.versions_of(work.session, design.id)
    before = queries.asked_by(versions[0]) if versions else None
    shown = pages.PublishPage(
        title=_("様式を使い始める"),
        title_text=translate(_("%(title)s を使い始める"), title=draft.title or design.title),
        crumbs=(FORMS, Crumb(design.title, f"/forms/{design.id}")),
        design=design,
        number=versions[0].number + 1 if versions else 1,
        findings=finding_rows(draft, findings(draft)),
        changes=change_words(before, draft) if before else (),
        types_changed=[
            translate(
                _("「%(label)s」は、%(before)sから%(after)sに変わります。これまでの記録とは一緒に集計できません。"),
                label=field.label,
                before=translate(words.TYPES[was][0]),
                after=translate(words.TYPES[field.type][0]),
            )
            for field, was in (types_changed(before, draft) if before else ())
        ],
        note=typed.get("note", ""),
        wrong=wrong or {},
    )
    return render(request, "form_designs/publish.html", shown, status=422 if wrong else 200)
