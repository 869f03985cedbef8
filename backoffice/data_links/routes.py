"""The pages of agreements on data links: all of them, one with its versions, one version and what is done with it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.data_links import impact_in, pages, queries, reviewing, service, terms_in, words
from backoffice.data_links.impact_page import impact_page
from backoffice.data_links.link_pages import NOTHING, crumbs_to, link_page, links_page, title_of, version_page
from backoffice.data_links.models import LinkVersion
from backoffice.data_links.weighing import terms_of
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of, whole_number
from backoffice.web.translations import _, language_now, translate
from workflows.links import ATTRIBUTES, Attribute
from workflows.rules.facts import WARDS

MENU = (MenuItem(_("データ連携"), "/links", Permission.LINK_VIEW),)

staff = StaffRouter()


@staff.page("/links", Permission.LINK_VIEW)
def links(request: Request, work: Reading, q: str = "", page: int = 1) -> HTMLResponse:
    return render(request, "data_links/links.html", links_page(work, q.strip(), page))


@staff.page("/links/new", Permission.LINK_WRITE)
def new_link(request: Request) -> HTMLResponse:
    return _new_page(request, NOTHING, NOTHING)


@staff.action("/links/new", Permission.LINK_WRITE)
def begin_link(request: Request, work: Writing, form: FormData) -> Response:
    try:
        version = service.begin_link(work, form.get("code", "").strip(), form.get("name", ""))
    except Invalid as refusal:
        work.refused = True
        return _new_page(request, form, refusal.fields)
    return go_to(f"/links/versions/{version.id}/edit", _("下書きを作りました。内容を書いてください。"))


@staff.page("/links/{link_id}", Permission.LINK_VIEW)
def one_link(request: Request, work: Reading, link_id: int) -> HTMLResponse:
    return render(request, "data_links/link.html", link_page(work, queries.find_link(work.session, link_id)))


@staff.action("/links/{link_id}/draft", Permission.LINK_WRITE)
def draft(work: Writing, link_id: int) -> Response:
    version = service.draft_from(work, queries.find_link(work.session, link_id))
    return go_to(f"/links/versions/{version.id}", _("第%(n)s版の下書きを作りました。"), n=version.number)


@staff.action("/links/{link_id}/review", Permission.LINK_WRITE)
def review(work: Writing, link_id: int) -> Response:
    case = reviewing.begin(work, queries.find_link(work.session, link_id))
    return go_to(f"/cases/{case.id}", _("見直しを始めました。"))


@staff.action("/links/{link_id}/machine", Permission.CLIENT_EDIT)
def propose_machine(request: Request, work: Writing, link_id: int, form: FormData) -> Response:
    try:
        service.propose_machine(work, link_id, whole_number(form.get("client", "")))
    except Invalid as refusal:
        return _link_again(request, work, link_id, form, refusal)
    return go_to(f"/links/{link_id}", _("選びました。別の職員が確かめると、この連携を使えるようになります。"))


@staff.action("/links/{link_id}/connect", Permission.CLIENT_EDIT)
def connect(request: Request, work: Writing, link_id: int, form: FormData) -> Response:
    try:
        service.connect(work, link_id, whole_number(form.get("client", "")))
    except Invalid as refusal:
        return _link_again(request, work, link_id, form, refusal)
    return go_to(f"/links/{link_id}", _("この連携を使う外部システムを決めました。"))


@staff.action("/links/{link_id}/shut", Permission.LINK_SHUT)
def shut(request: Request, work: Writing, link_id: int, form: FormData) -> Response:
    try:
        service.shut(work, link_id, form.get("reason", ""))
    except Invalid as refusal:
        return _link_again(request, work, link_id, form, refusal)
    return go_to(f"/links/{link_id}", _("止めました。今この時から、何も渡しません。"))


@staff.action("/links/{link_id}/drill", Permission.LINK_SHUT)
def drill(request: Request, work: Writing, link_id: int, form: FormData) -> Response:
    try:
        service.drill(work, link_id, form.get("reason", ""))
    except Invalid as refusal:
        return _link_again(request, work, link_id, form, refusal)
    return go_to(f"/links/{link_id}", _("訓練を記録しました。連携は止めていません。"))


@staff.page("/links/versions/{link_version_id}", Permission.LINK_VIEW)
def one_version(request: Request, work: Reading, link_version_id: int) -> HTMLResponse:
    shown = version_page(work, queries.find_version(work.session, link_version_id))
    return render(request, "data_links/version.html", shown)


@staff.page("/links/versions/{link_version_id}/edit", Permission.LINK_WRITE)
def edit(request: Request, work: Reading, link_version_id: int) -> HTMLResponse:
    version = queries.find_version(work.session, link_version_id)
    service.must_be_writable(work, version, version.version)
    return _terms_page(request, version, terms_in.typed_of(terms_of(version)), NOTHING)


@staff.action("/links/versions/{link_version_id}/edit", Permission.LINK_WRITE)
def keep(request: Request, work: Writing, link_version_id: int, form: FormData) -> Response:
    """Keep the terms though they be half written; what cannot be read comes back as typed (422)."""
    version = queries.find_version(work.session, link_version_id)
    try:
        # The assessment stands on its own page: the terms are written anew around it.
        typed = replace(terms_in.terms_typed(form), impact=terms_of(version).impact)
        service.write_terms(work, version, seen_of(form), typed)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _terms_page(request, queries.find_version(work.session, link_version_id), form, refusal.fields)
    if form.get("more"):
        return go_to(f"/links/versions/{link_version_id}/edit", _("保存しました。"))
    return go_to(f"/links/versions/{link_version_id}", _("内容を保存しました。"))


@staff.page("/links/versions/{link_version_id}/impact", Permission.LINK_WRITE)
def assess(request: Request, work: Reading, link_version_id: int) -> HTMLResponse:
    version = queries.find_version(work.session, link_version_id)
    service.must_be_writable(work, version, version.version)
    shown = impact_page(version, impact_in.typed_of(terms_of(version).impact), NOTHING)
    return render(request, "data_links/impact.html", shown)


@staff.action("/links/versions/{link_version_id}/impact", Permission.LINK_WRITE)
def keep_assessment(request: Request, work: Writing, link_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, link_version_id)
    try:
        service.write_impact(work, version, seen_of(form), impact_in.impact_typed(form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        again = queries.find_version(work.session, link_version_id)
        return render(request, "data_links/impact.html", impact_page(again, form, refusal.fields), status=422)
    return go_to(f"/links/versions/{link_version_id}", _("影響評価を保存しました。"))


@staff.action("/links/versions/{link_version_id}/discard", Permission.LINK_WRITE)
def discard(work: Writing, link_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, link_version_id)
    service.discard(work, version, seen_of(form))
    return go_to(f"/links/{version.link_id}", _("下書きを破棄しました。"))


@staff.action("/links/versions/{link_version_id}/submit", Permission.LINK_WRITE)
def submit(request: Request, work: Writing, link_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, link_version_id)
    try:
        service.submit(work, version, seen_of(form), whole_number(form.get("source", "")), form.get("untried", ""))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        again = queries.find_version(work.session, link_version_id)
        wrong = refusal.fields or {"source": translate(refusal.message)}
        return render(request, "data_links/version.html", version_page(work, again, form, wrong), status=422)
    return go_to(f"/links/versions/{link_version_id}", _("回議に付しました。"))


@staff.action("/links/versions/{link_version_id}/put-in-force", Permission.LINK_WRITE)
def put_in_force(work: Writing, link_version_id: int, form: FormData) -> Response:
    service.put_in_force(work, queries.find_version(work.session, link_version_id), seen_of(form))
    return go_to(f"/links/versions/{link_version_id}", _("狭めました。今この時から有効です。"))


def _new_page(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str]) -> HTMLResponse:
    shown = pages.NewLinkPage(title=_("データ連携を起こす"), crumbs=(pages.LINKS,), typed=typed, wrong=wrong)
    return render(request, "data_links/new.html", shown, status=422 if wrong else 200)


def _link_again(
    request: Request, work: Writing, link_id: int, form: Mapping[str, str], refusal: Invalid
) -> HTMLResponse:
    work.refused = True
    work.session.rollback()
    shown = link_page(work, queries.find_link(work.session, link_id), form, refusal.fields)
    return render(request, "data_links/link.html", shown, status=422)


def _terms_page(
    request: Request, version: LinkVersion, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    shown = pages.TermsPage(
        title=_("連携の内容を書く"),
        title_text=title_of(version),
        crumbs=crumbs_to(version),
        version=version,
        attributes=[_attribute(each) for each in ATTRIBUTES.values()],
        necessities=[("", translate(_("渡さない"))), *_choices(words.NECESSITIES)],
        directions=_choices(words.DIRECTIONS),
        grounds=_choices(words.GROUNDS),
        classes=_choices(words.SECURITY),
        languages=_choices(words.LANGUAGES),
        wards=[(ward.code, words.ward_name(ward.code)) for ward in WARDS],
        purposes=terms_in.rows_in(typed, "purpose"),
        only_purpose=terms_in.only_purpose_in(typed),
        groups=terms_in.rows_in(typed, "group", "ward", "from", "to"),
        contacts=terms_in.rows_in(typed, "contact"),
        typed=typed,
        wrong=wrong,
    )
    return render(request, "data_links/edit.html", shown, status=422 if wrong else 200)


def _attribute(each: Attribute) -> pages.AttributeRow:
    says = each.says_en if language_now() == "en" else each.says
    return pages.AttributeRow(each.code, words.attribute_name(each.code), says, each.is_sensitive, each.is_claim)


def _choices(names: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(code), translate(name)) for code, name in names.items()]
