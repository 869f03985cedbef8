"""The administrator's pages on staff: who there is, which roles they hold, shutting out, resetting what was lost."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.accounts import pages, queries, service
from backoffice.accounts.inputs import GrantInput, MailInput, NewPasswordInput, StaffInput, read_grant
from backoffice.accounts.passwords import hash_password, trouble_with
from backoffice.accounts.second_factor import service as factors
from backoffice.accounts.second_factor.queries import held_by
from backoffice.errors import Invalid
from backoffice.identity import Department, Permission, Staff
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.lists import Paging
from backoffice.web.translations import _
from backoffice.work import Office, Work

MENU = (MenuItem(_("職員と役割"), "/staff", Permission.STAFF_VIEW),)

staff = StaffRouter()

STAFF_CRUMB = Crumb(_("職員と役割"), "/staff")


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
            person = service.add_staff(
                work, form.account.strip(), form.name.strip(), department, password_hash, must_change=True
            )
    except Invalid as refusal:
        with office.look(actor) as work:
            return render(request, "accounts/staff_new.html", _new_page(work, typed, refusal.fields), status=422)
    return go_to(f"/staff/{person.id}", _("職員を加えました。続けて役割を与えてください。"))


@staff.page("/staff/{staff_id}", Permission.STAFF_VIEW)
def one_staff(request: Request, work: Reading, staff_id: int) -> HTMLResponse:
    return render(request, "accounts/staff.html", _staff_page(work, staff_id))


@staff.action("/staff/{staff_id}/roles", Permission.STAFF_EDIT)
def grant_role(request: Request, work: Writing, staff_id: int, form: GrantInput) -> Response:
    _editable(work, staff_id)
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
    _editable(work, staff_id)
    service.end_role(work, staff_id, grant_id)
    return go_to(f"/staff/{staff_id}", _("役割を終えました。"))


@staff.action("/staff/{staff_id}/stop", Permission.STAFF_EDIT)
def stop_staff(work: Writing, staff_id: int) -> Response:
    _editable(work, staff_id)
    service.switch_staff(work, staff_id, active=False)
    return go_to(f"/staff/{staff_id}", _("利用を止めました。サインイン中の端末からも締め出しました。"))


@staff.action("/staff/{staff_id}/resume", Permission.STAFF_EDIT)
def resume_staff(work: Writing, staff_id: int) -> Response:
    _editable(work, staff_id)
    service.switch_staff(work, staff_id, active=True)
    return go_to(f"/staff/{staff_id}", _("利用を再開しました。"))


@staff.action("/staff/{staff_id}/mail", Permission.STAFF_EDIT)
def change_mail(request: Request, work: Writing, staff_id: int, form: MailInput) -> Response:
    _editable(work, staff_id)
    try:
        service.change_mail(work, staff_id, form.mail)
    except Invalid as refusal:
        work.refused = True
        shown = _staff_page(work, staff_id, form.model_dump(), refusal.fields)
        return render(request, "accounts/staff.html", shown, status=422)
    return go_to(f"/staff/{staff_id}", _("メールアドレスを変えました。"))


@staff.action("/staff/{staff_id}/password", Permission.STAFF_EDIT)
def set_password(request: Request, actor: SignedIn, staff_id: int, form: NewPasswordInput) -> Response:
    office: Office = request.app.state.office
    with office.look(actor) as work:
        _editable(work, staff_id)
    try:
        service.set_password(office, actor, staff_id, form.password)
    except Invalid as refusal:
        with office.look(actor) as work:
            shown = _staff_page(work, staff_id, wrong=refusal.fields)
            return render(request, "accounts/staff.html", shown, status=422)
    return go_to(f"/staff/{staff_id}", _("パスワードを設定しました。本人に渡してください。"))


@staff.action("/staff/{staff_id}/second-factor/reset", Permission.STAFF_EDIT)
def reset_factors(work: Writing, staff_id: int) -> Response:
    _editable(work, staff_id)
    try:
        factors.reset(work, staff_id)
    except Invalid as refusal:
        work.refused = True
        return go_to(f"/staff/{staff_id}", refusal.message, tone="error")
    return go_to(f"/staff/{staff_id}", _("2つめの確認を取り消しました。次のサインインで本人が登録し直します。"))


@staff.action("/staff/{staff_id}/break-glass", Permission.STAFF_EDIT)
def set_break_glass(work: Writing, staff_id: int) -> Response:
    _editable(work, staff_id)
    service.set_break_glass(work, staff_id, on=True)
    return go_to(f"/staff/{staff_id}", _("非常用の設定を変えました。"))


@staff.action("/staff/{staff_id}/break-glass/end", Permission.STAFF_EDIT)
def end_break_glass(work: Writing, staff_id: int) -> Response:
    _editable(work, staff_id)
    service.set_break_glass(work, staff_id, on=False)
    return go_to(f"/staff/{staff_id}", _("非常用の設定を変えました。"))


def _editable(work: Work, staff_id: int) -> Staff:
    return queries.find_editable(work.session, work.actor, staff_id, work.office.services.today())


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
    today = work.office.services.today()
    return pages.StaffPage(
        title=_("職員"),
        title_text=person.name,
        crumbs=(STAFF_CRUMB,),
        row=pages.StaffRow.of(person, today),
        departments=pages.as_choices(queries.list_departments(work.session, work.actor, Permission.STAFF_EDIT)),
        may_edit=queries.may_edit(work.actor, person, today),
        factors=held_by(work.session, staff_id),
        is_me=staff_id == work.actor.staff_id,
        single_sign_on=bool(work.office.settings.oidc_issuer),
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
