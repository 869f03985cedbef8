"""The DX office's pages on machine clients: which there are, their keys, what they may ask for, on and off."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.accounts.fresh_proof import must_be_fresh
from backoffice.clients import pages, queries, service
from backoffice.clients.inputs import as_typed, read_particulars
from backoffice.clients.keys import FIELD, read_public_keys
from backoffice.clients.models import MachineClient
from backoffice.clients.scopes import SCOPE_NAMES
from backoffice.clients.service import Particulars
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.web import Crumb, MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, FormLists, whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Work

MENU = (MenuItem(_("外部システム"), "/clients", Permission.CLIENT_VIEW),)
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/clients", Permission.CLIENT_VIEW)
def clients(request: Request, work: Reading) -> HTMLResponse:
    rows = [pages.ClientRow.of(client) for client in queries.list_clients(work.session)]
    may_edit = work.actor.may(Permission.CLIENT_EDIT)
    return render(
        request, "clients/clients.html", pages.ClientsPage(title=_("外部システム"), rows=rows, may_edit=may_edit)
    )


@staff.page("/clients/new", Permission.CLIENT_EDIT)
def new_client(request: Request, work: Reading) -> HTMLResponse:
    must_be_fresh(work)
    return _form_page(request, work, None, NOTHING, NOTHING)


@staff.action("/clients/new", Permission.CLIENT_EDIT)
def enter(request: Request, work: Writing, form: FormLists) -> Response:
    keys = "\n".join(form.get(FIELD, []))
    wrong = _about_keys(keys)
    typed = as_typed(form) | ({} if wrong else {FIELD: keys})
    try:
        client = service.enter(work, _particulars(work, form), keys)
    except Invalid as refusal:
        _refused(work, refusal)
        return _form_page(request, work, None, typed, {**refusal.fields, **wrong})
    return go_to(
        f"/clients/{client.id}", _("登録しました。別の職員が鍵の指紋を相手に確かめると、使えるようになります。")
    )


@staff.page("/clients/{client_id}", Permission.CLIENT_VIEW)
def one_client(request: Request, work: Reading, client_id: int) -> HTMLResponse:
    return _client_page(request, work, client_id, NOTHING, NOTHING)


@staff.page("/clients/{client_id}/edit", Permission.CLIENT_EDIT)
def edit_form(request: Request, work: Reading, client_id: int) -> HTMLResponse:
    must_be_fresh(work)
    client = queries.find_client(work.session, client_id)
    return _form_page(request, work, client, _kept(client), NOTHING)


@staff.action("/clients/{client_id}/edit", Permission.CLIENT_EDIT)
def change(request: Request, work: Writing, client_id: int, form: FormLists) -> Response:
    client = queries.find_client(work.session, client_id)
    typed = as_typed(form)
    try:
        service.change(work, client_id, _particulars(work, form), whole_number(typed["version"]) or 0)
    except Invalid as refusal:
        _refused(work, refusal)
        return _form_page(request, work, client, typed, refusal.fields)
    return go_to(
        f"/clients/{client_id}",
        _("登録内容を変えました。範囲を広げたときは、別の職員が鍵を確かめ直すまで呼び出せません。"),
    )


@staff.page("/clients/{client_id}/keys/new", Permission.CLIENT_EDIT)
def new_key(request: Request, work: Reading, client_id: int) -> HTMLResponse:
    must_be_fresh(work)
    return _key_page(request, work, client_id, NOTHING)


@staff.action("/clients/{client_id}/keys/new", Permission.CLIENT_EDIT)
def add_key(request: Request, work: Writing, client_id: int, form: FormData) -> Response:
    try:
        service.add_keys(work, client_id, form.get(FIELD, ""))
    except Invalid as refusal:
        _refused(work, refusal)
        return _key_page(request, work, client_id, refusal.fields)
    return go_to(f"/clients/{client_id}", _("鍵を加えました。別の職員が指紋を相手に確かめると、使えるようになります。"))


@staff.page("/clients/{client_id}/keys/{key_id}/confirm", Permission.CLIENT_EDIT)
def confirm_form(request: Request, work: Reading, client_id: int, key_id: int) -> HTMLResponse:
    must_be_fresh(work)
    client = queries.find_client(work.session, client_id)
    key = next(
        (each for each in client.keys if each.id == key_id and service.may_confirm(work.actor, client, each)), None
    )
    if key is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    shown = pages.ConfirmPage(
        title=_("鍵の指紋を確かめる"), crumbs=_crumbs(client), client=client, thumbprint=key.thumbprint, key_id=key.id
    )
    return render(request, "clients/confirm.html", shown)


@staff.action("/clients/{client_id}/keys/{key_id}/confirm", Permission.CLIENT_EDIT)
def confirm_key(work: Writing, client_id: int, key_id: int) -> Response:
    service.confirm_key(work, client_id, key_id)
    return go_to(f"/clients/{client_id}", _("鍵を有効にしました。今この時から、この鍵で入口を呼び出せます。"))


@staff.action("/clients/{client_id}/keys/{key_id}/remove", Permission.CLIENT_EDIT)
def remove_key(work: Writing, client_id: int, key_id: int) -> Response:
    service.remove_key(work, client_id, key_id)
    return go_to(f"/clients/{client_id}", _("鍵を外しました。この鍵で取ったトークンも、今この時から使えません。"))


@staff.action("/clients/{client_id}/switch-off", Permission.CLIENT_EDIT)
def switch_off(request: Request, work: Writing, client_id: int, form: FormData) -> Response:
    try:
        service.switch_off(work, client_id, form.get("reason", ""))
    except Invalid as refusal:
        _refused(work, refusal)
        return _client_page(request, work, client_id, form, refusal.fields)
    return go_to(f"/clients/{client_id}", _("停止しました。今この時から、このシステムは何も呼び出せません。"))


@staff.page("/clients/{client_id}/switch-on", Permission.CLIENT_EDIT)
def switch_on_form(request: Request, work: Reading, client_id: int) -> HTMLResponse:
    must_be_fresh(work)
    return _switch_on_page(request, work, client_id, NOTHING, NOTHING)


@staff.action("/clients/{client_id}/switch-on", Permission.CLIENT_EDIT)
def switch_on(request: Request, work: Writing, client_id: int, form: FormData) -> Response:
    try:
        service.switch_on(work, client_id, form.get("reason", ""))
    except Invalid as refusal:
        _refused(work, refusal)
        return _switch_on_page(request, work, client_id, form, refusal.fields)
    return go_to(f"/clients/{client_id}", _("利用を再開しました。"))


def _about_keys(keys: str) -> Mapping[str, str]:
    """Say what is wrong with pasted keys, whatever else is: that a private one came along must not wait."""
    try:
        read_public_keys(keys)
    except Invalid as refusal:
        return refusal.fields
    return NOTHING


def _refused(work: Work, refusal: Invalid) -> None:
    """Let the form be shown once more; what names no field the database itself refused, and the unit reads no more."""
    if not refusal.fields:
        raise refusal
    work.refused = True


def _particulars(work: Work, form: Mapping[str, list[str]]) -> Particulars:
    return read_particulars(form, {department.id for department in queries.list_departments(work.session)})


def _kept(client: MachineClient) -> dict[str, str]:
    return {
        "name": client.name,
        "department": str(client.department_id or ""),
        "outside_body": client.outside_body,
        "contact": client.contact,
        "scopes": client.scopes,
        "version": str(client.version),
    }


def _crumbs(client: MachineClient) -> tuple[Crumb, ...]:
    return (pages.CLIENTS, Crumb(client.name, f"/clients/{client.id}"))


def _client_page(
    request: Request, work: Work, client_id: int, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    client = queries.find_client(work.session, client_id)
    row = pages.ClientRow.of(client)
    shown = pages.ClientPage(
        title=_("外部システム"),
        crumbs=(pages.CLIENTS,),
        row=row,
        issuer=work.office.settings.gateway_issuer,
        removed=[key for key in client.keys if key.removed_at is not None],
        switches=[pages.Switched.of(each) for each in queries.switches_of(work.session, client_id)],
        may_edit=work.actor.may(Permission.CLIENT_EDIT),
        may_add_key=len(row.keys) < service.MOST_KEYS,
        may_confirm={key.id for key in row.keys if not key.is_live and service.may_confirm(work.actor, client, key)},
        typed=typed,
        wrong=wrong,
    )
    return render(request, "clients/client.html", shown, status=422 if wrong else 200)


def _form_page(
    request: Request, work: Work, client: MachineClient | None, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    held = typed.get("scopes", "").split()
    departments = queries.list_departments(work.session)
    shown = pages.ClientFormPage(
        title=_("外部システムの登録内容を変える") if client else _("外部システムを登録する"),
        crumbs=_crumbs(client) if client else (pages.CLIENTS,),
        client_id=client.id if client else None,
        departments=[("", translate(_("(外部の事業者)")))]
        + [(each.id, "　" * each.depth + each.name) for each in departments],
        scopes=[(str(scope), translate(name), scope in held) for scope, name in SCOPE_NAMES.items()],
        typed=typed,
        wrong=wrong,
    )
    return render(request, "clients/client_form.html", shown, status=422 if wrong else 200)


def _key_page(request: Request, work: Work, client_id: int, wrong: Mapping[str, str]) -> HTMLResponse:
    client = queries.find_client(work.session, client_id)
    shown = pages.KeyPage(
        title=_("公開鍵を加える"), crumbs=_crumbs(client), client_id=client.id, name=client.name, wrong=wrong
    )
    return render(request, "clients/key.html", shown, status=422 if wrong else 200)


def _switch_on_page(
    request: Request, work: Work, client_id: int, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    client = queries.find_client(work.session, client_id)
    shown = pages.SwitchOnPage(
        title=_("利用を再開する"),
        crumbs=_crumbs(client),
        client_id=client.id,
        name=client.name,
        typed=typed,
        wrong=wrong,
    )
    return render(request, "clients/switch_on.html", shown, status=422 if wrong else 200)
