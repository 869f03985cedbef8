"""Signing in and out, one's own settings, and the administrator's pages on staff."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backoffice.accounts import pages, queries, service
from backoffice.accounts.inputs import (
    GrantInput,
    LanguageInput,
    PasswordInput,
    SignInInput,
    StaffInput,
    read_grant,
    safe_next,
)
from backoffice.accounts.passwords import hash_password, trouble_with
from backoffice.errors import Invalid
from backoffice.identity import Department, Permission
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.bodies import LimitedRoute
from backoffice.web.lists import Paging
from backoffice.web.rendering import FLASH_COOKIE
from backoffice.web.routing import SESSION_COOKIE
from backoffice.web.translations import _
from backoffice.work import Office, Work

MENU = (MenuItem(_("職員と役割"), "/staff", Permission.STAFF_VIEW),)

public = APIRouter(route_class=LimitedRoute)
staff = StaffRouter()

STAFF_CRUMB = Crumb(_("職員と役割"), "/staff")


@public.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002 -- the query parameter's name
    return render(request, "accounts/sign_in.html", _sign_in_page(request, next))


@public.post("/sign-in")
def sign_in(request: Request, form: SignInInput) -> Response:
    office: Office = request.app.state.office
    address = request.client.host if request.client else ""
    signed = service.sign_in(office, form.account.strip(), form.password, address)
    if signed is None:
        page = _sign_in_page(request, form.next, form.account, service.REFUSED)
        return render(request, "accounts/sign_in.html", page, status=422)
    response = RedirectResponse(safe_next(form.next), 303)
    response.set_cookie(SESSION_COOKIE, signed.token, secure=True, httponly=True, samesite="lax", path="/")
    return response


@staff.action("/sign-out", Permission.HOME_VIEW)
def sign_out(request: Request, work: Writing) -> Response:
    service.sign_out(work, request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    for cookie in (SESSION_COOKIE, FLASH_COOKIE):
        response.delete_cookie(cookie, secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@staff.page("/me", Permission.HOME_VIEW)
def me(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "accounts/me.html", _me_page(work))


@staff.action("/me/language", Permission.HOME_VIEW)
def choose_language(work: Writing, form: LanguageInput) -> Response:
    service.choose_language(work, form.language)
    return go_to("/me", _("表示言語を変えました。"))


@staff.action("/me/password", Permission.HOME_VIEW)
def change_password(request: Request, actor: SignedIn, form: PasswordInput) -> Response:
    office: Office = request.app.state.office
    try:
        service.change_password(office, actor, form.current, form.new)
    except Invalid as refusal:
        with office.look(actor) as work:
            return render(request, "accounts/me.html", _me_page(work, refusal.fields), status=422)
    return go_to("/sign-in", _("パスワードを変えました。もう一度サインインしてください。"))


@staff.page("/staff", Permission.STAFF_VIEW)
def staff_list(request: Request, work: Reading, q: str = "", page: int = 1) -> HTMLResponse:
    total = queries.count_staff(work.session, work.actor, q)
    paging = Paging("/staff", total, page, {"q": q})
    today = work.office.services.today()
    rows = [
        pages.StaffRow.of(person, today) for person in queries.list_staff(work.session, work.actor, q, paging.offset)
    ]
    may_edit = work.actor.may(Permission.STAFF_EDIT)
    shown = pages.StaffListPage(title=_("職員と役割"), rows=rows, keyword=q, paging=paging, may_edit=may_edit)
    return render(request, "accounts/staff_list.html", shown)


@staff.page("/staff/new", Permission.STAFF_EDIT)
def new_staff(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "accounts/staff_new.html", _new_page(work))


@staff.action("/staff/new", Permission.STAFF_EDIT)
def add_staff(request: Request, actor: SignedIn, form: StaffInput) -> Response:
    office: Office = request.app.state.office
    typed = {"account": form.account, "name": form.name, "department": str(form.department)}
    try:
        _check_new_staff(form)
        password_hash = hash_password(form.password)
        with office.unit(actor) as work:
            department = _chosen_department(work, form.department)
            person = service.add_staff(work, form.account.strip(), form.name.strip(), department, password_hash)
    except Invalid as refusal:
        with office.look(actor) as work:
            return render(request, "accounts/staff_new.html", _new_page(work, typed, refusal.fields), status=422)
    return go_to(f"/staff/{person.id}", _("職員を加えました。続けて役割を与えてください。"))


@staff.page("/staff/{staff_id}", Permission.STAFF_VIEW)
def one_staff(request: Request, work: Reading, staff_id: int) -> HTMLResponse:
    return render(request, "accounts/staff.html", _staff_page(work, staff_id))


@staff.action("/staff/{staff_id}/roles", Permission.STAFF_EDIT)
def grant_role(request: Request, work: Writing, staff_id: int, form: GrantInput) -> Response:
    queries.find_staff(work.session, work.actor, staff_id)
    try:
        new = read_grant(form, work.office.services.today())
        service.grant_role(work, staff_id, new.role, new.department_id, new.starts, new.ends)
    except Invalid as refusal:
        work.refused = True
        shown = _staff_page(work, staff_id, form.model_dump(), refusal.fields)
        return render(request, "accounts/staff.html", shown, status=422)
    return go_to(f"/staff/{staff_id}", _("役割「%(role)s」を与えました。"), role=ROLE_NAMES[new.role])


@staff.action("/staff/{staff_id}/roles/{grant_id}/end", Permission.STAFF_EDIT)
def end_role(work: Writing, staff_id: int, grant_id: int) -> Response:
    queries.find_staff(work.session, work.actor, staff_id)
    service.end_role(work, staff_id, grant_id)
    return go_to(f"/staff/{staff_id}", _("役割を終えました。"))


@staff.action("/staff/{staff_id}/stop", Permission.STAFF_EDIT)
def stop_staff(work: Writing, staff_id: int) -> Response:
    queries.find_staff(work.session, work.actor, staff_id)
    service.switch_staff(work, staff_id, active=False)
    return go_to(f"/staff/{staff_id}", _("利用を止めました。サインイン中の端末からも締め出しました。"))


@staff.action("/staff/{staff_id}/resume", Permission.STAFF_EDIT)
def resume_staff(work: Writing, staff_id: int) -> Response:
    queries.find_staff(work.session, work.actor, staff_id)
    service.switch_staff(work, staff_id, active=True)
    return go_to(f"/staff/{staff_id}", _("利用を再開しました。"))


def _sign_in_page(request: Request, following: str, account: str = "", refused: str = "") -> pages.SignInPage:
    return pages.SignInPage(
        title=_("サインイン"),
        next=safe_next(following),
        account=account,
        refused=refused,
        samples=request.app.state.sample_accounts,
        sample_password=request.app.state.sample_password,
    )


def _me_page(work: Work, wrong: dict[str, str] | None = None) -> pages.MePage:
    person = service.own_account(work)
    roles = tuple(dict.fromkeys(ROLE_NAMES[grant.role] for grant in work.actor.grants))
    return pages.MePage(title=_("自分の設定"), staff=person, roles=roles, wrong=wrong or {})


def _new_page(
    work: Work, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None
) -> pages.NewStaffPage:
    departments = pages.as_choices(queries.list_departments(work.session, work.actor, Permission.STAFF_EDIT))
    return pages.NewStaffPage(
        title=_("職員を加える"), crumbs=(STAFF_CRUMB,), departments=departments, typed=typed or {}, wrong=wrong or {}
    )


def _staff_page(
    work: Work, staff_id: int, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None
) -> pages.StaffPage:
    person = queries.find_staff(work.session, work.actor, staff_id)
    return pages.StaffPage(
        title=_("職員"),
        title_text=person.name,
        crumbs=(STAFF_CRUMB,),
        row=pages.StaffRow.of(person, work.office.services.today()),
        departments=pages.as_choices(queries.list_departments(work.session, work.actor, Permission.STAFF_EDIT)),
        may_edit=work.actor.may(Permission.STAFF_EDIT),
        typed={name: str(value) for name, value in (typed or {}).items()},
        wrong=wrong or {},
    )


def _chosen_department(work: Work, department_id: int) -> Department:
    departments = queries.list_departments(work.session, work.actor, Permission.STAFF_EDIT)
    department = next((found for found in departments if found.id == department_id), None)
    if department is None:
        raise Invalid(_("入力を確認してください"), {"department": _("部署を選んでください。")})
    return department


def _check_new_staff(form: StaffInput) -> None:
    wrong = {}
    if not form.account.strip():
        wrong["account"] = _("職員IDを入れてください。")
    if not form.name.strip():
        wrong["name"] = _("氏名を入れてください。")
    if trouble := trouble_with(form.password, form.account):
        wrong["password"] = trouble
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
