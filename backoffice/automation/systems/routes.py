"""The pages of target systems: their window, their address, their account. A password is set here and never shown."""

from collections.abc import Mapping
from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import pages, queries, service
from backoffice.automation.alarms import duty
from backoffice.automation.bots import PROCEDURES
from backoffice.automation.inputs import (
    OFFICE_CLOSES,
    OFFICE_OPENS,
    POLITE_SECONDS,
    CredentialForm,
    CredentialInput,
    NextPasswordForm,
    NextPasswordInput,
    TargetForm,
    TargetInput,
    read_target,
)
from backoffice.automation.models import TargetSystem
from backoffice.automation.routes import NIGHTS
from backoffice.automation.systems import credentials, stops
from backoffice.automation.systems.credentials import NextPassword
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Permission
from backoffice.recordings import queries as recordings
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, read_day, whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Work

TARGETS = Crumb(_("対象システム"), "/targets")

staff = StaffRouter()


@staff.page("/targets", Permission.TARGET_EDIT)
def targets(request: Request, work: Reading) -> HTMLResponse:
    found = queries.list_targets(work.session, work.actor, Permission.TARGET_EDIT)
    free = bool({code for code, _name in _procedures(work)} - queries.used_procedures(work.session))
    page = pages.TargetsPage(title=_("対象システム"), crumbs=(NIGHTS,), targets=found, free=free)
    return render(request, "automation/targets.html", page)


@staff.page("/targets/new", Permission.TARGET_EDIT)
def new_target(request: Request, work: Reading) -> HTMLResponse:
    usual = TargetForm(
        opens="22:00",
        closes="06:00",
        margin_seconds="300",
        late_commit_seconds="120",
        pictures="on",
        day_opens=f"{OFFICE_OPENS:%H:%M}",
        day_closes=f"{OFFICE_CLOSES:%H:%M}",
        pace_seconds=str(POLITE_SECONDS),
    )
    return render(request, "automation/target.html", _page(work, None, usual))


@staff.action("/targets/new", Permission.TARGET_EDIT)
def add_target(request: Request, work: Writing, form: TargetInput) -> Response:
    try:
        _check_place(work, form)
        target = service.add_target(work, form.procedure, read_target(form), form.department)
    except Invalid as refusal:
        work.refused = True
        return render(request, "automation/target.html", _page(work, None, form, refusal), status=422)
    return go_to(f"/targets/{target.id}", _("対象システムを加えました。続けてアカウントを登録してください。"))


@staff.page("/targets/{target_id}", Permission.TARGET_EDIT)
def one_target(request: Request, work: Reading, target_id: int) -> HTMLResponse:
    target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
    return render(request, "automation/target.html", _page(work, target, form_of(target)))


@staff.action("/targets/{target_id}", Permission.TARGET_EDIT)
def change_target(request: Request, work: Writing, target_id: int, form: TargetInput) -> Response:
    target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
    if target.version != form.version:
        raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))
    had_account = target.credential is not None
    try:
        service.change_target(work, target, read_target(form))
    except Invalid as refusal:
        work.refused = True
        return render(request, "automation/target.html", _page(work, target, form, refusal), status=422)
    if had_account and target.credential is None:
        flash = _("設定を変えました。URLが変わったため、アカウントとパスワードを入れ直してください。")
        return go_to(f"/targets/{target_id}", flash, tone="warning")
    return go_to(f"/targets/{target_id}", _("設定を変えました。"))


@staff.action("/targets/{target_id}/credential", Permission.TARGET_EDIT)
def set_credential(request: Request, work: Writing, target_id: int, form: CredentialInput) -> Response:
    target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
    try:
        credentials.set_credential(work, target, form.account, form.password, _day(form, "expires_on"))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
        typed = {"account": form.account, "expires_on": form.expires_on}
        page = _page(work, target, form_of(target), refusal, typed)
        return render(request, "automation/target.html", page, status=422)
    return go_to(f"/targets/{target_id}", _("アカウントとパスワードを登録しました。"))


@staff.action("/targets/{target_id}/next-password", Permission.TARGET_EDIT)
def set_next_password(request: Request, work: Writing, target_id: int, form: NextPasswordInput) -> Response:
    target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
    try:
        begins_on = read_day({"next_begins_on": form.next_begins_on}, "next_begins_on")
        following = NextPassword(form.next_password, begins_on, _day(form, "next_expires_on"))
        credentials.set_next(work, target, following)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
        typed = {"next_begins_on": form.next_begins_on, "next_expires_on": form.next_expires_on}
        page = _page(work, target, form_of(target), refusal, typed)
        return render(request, "automation/target.html", page, status=422)
    return go_to(f"/targets/{target_id}", _("次のパスワードを登録しました。"))


@staff.action("/targets/{target_id}/next-password/drop", Permission.TARGET_EDIT)
def drop_next_password(work: Writing, target_id: int) -> Response:
    credentials.drop_next(work, queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT))
    return go_to(f"/targets/{target_id}", _("次のパスワードを取りやめました。"))


def _day(form: CredentialForm | NextPasswordForm, field: str) -> date | None:
    """Read a day that may be left empty. Raises Invalid naming the field."""
    typed: str = getattr(form, field)
    return read_day({field: typed}, field) if typed.strip() else None


@staff.action("/targets/{target_id}/duty", Permission.TARGET_EDIT)
def name_duty(request: Request, work: Writing, target_id: int, form: FormData) -> Response:
    target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
    try:
        duty.name_duty(work, target, whole_number(form.get("duty", "")) or 0)
    except Invalid as refusal:
        work.refused = True
        return render(request, "automation/target.html", _page(work, target, form_of(target), refusal), status=422)
    return go_to(f"/targets/{target_id}", _("当番を決めました。"))


@staff.action("/targets/{target_id}/stops", Permission.TARGET_EDIT)
def add_stop(request: Request, work: Writing, target_id: int, form: FormData) -> Response:
    target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
    try:
        first_day = read_day(form, "first_day")
        last_day = read_day(form, "last_day") if form.get("last_day", "").strip() else first_day
        stops.add_stop(work, target, first_day, last_day, form.get("reason", ""))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
        page = _page(work, target, form_of(target), refusal, form)
        return render(request, "automation/target.html", page, status=422)
    return go_to(f"/targets/{target_id}", _("停止日を入れました。動いている入力は、停止日の前に終わります。"))


@staff.action("/targets/{target_id}/stops/{service_stop_id}/remove", Permission.TARGET_EDIT)
def remove_stop(work: Writing, target_id: int, service_stop_id: int) -> Response:
    target = queries.find_target(work.session, work.actor, target_id, Permission.TARGET_EDIT)
    stops.remove_stop(work, target, service_stop_id)
    return go_to(f"/targets/{target_id}", _("停止日を消しました。"))


def form_of(target: TargetSystem) -> TargetForm:
    """Give a system's settings as they stand in its form."""
    return TargetForm(
        name=target.name,
        url=target.url,
        procedure=target.procedure,
        department=target.department_id,
        opens=f"{target.opens:%H:%M}",
        closes=f"{target.closes:%H:%M}",
        margin_seconds=str(target.margin_seconds),
        late_commit_seconds=str(target.late_commit_seconds),
        pictures="on" if target.pictures else "",
        due_days="" if target.due_days is None else str(target.due_days),
        by_day="on" if target.by_day else "",
        day_opens=f"{target.day_opens:%H:%M}",
        day_closes=f"{target.day_closes:%H:%M}",
        pace_seconds=str(target.pace_seconds),
        version=target.version,
    )


def _procedures(work: Work) -> list[tuple[str, str]]:
    """Give the forms that a bot keys: the house's own, and those that clerks have taught."""
    taught = recordings.taught_forms(work.session, work.actor)
    return [*PROCEDURES.items(), *((form.code, form.title) for form in taught)]


def _operators(work: Work, target: TargetSystem | None) -> list[tuple[str, str]]:
    found = duty.operators(work.session, target.department.path, work.today) if target else {}
    return [(str(staff_id), name) for staff_id, name in found.items()]


def _check_place(work: Work, form: TargetForm) -> None:
    wrong = {}
    if form.procedure not in dict(_procedures(work)):
        wrong["procedure"] = _("様式を選んでください。")
    if form.department not in {department.id for department in queries.list_departments(work.session, work.actor)}:
        wrong["department"] = _("部署を選んでください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)


def _page(
    work: Work,
    target: TargetSystem | None,
    form: TargetForm,
    refusal: Invalid | None = None,
    other: Mapping[str, str] | None = None,
) -> pages.TargetPage:
    typed = {name: str(value) for name, value in form.model_dump().items()}
    if target is not None and target.credential is not None:
        typed["account"] = target.credential.account
    wrong = (refusal.fields or {"": refusal.message}) if refusal else {}
    departments = queries.list_departments(work.session, work.actor) if target is None else ()
    return pages.TargetPage(
        title=_("対象システム") if target else _("対象システムを加える"),
        crumbs=(NIGHTS, TARGETS),
        target=target,
        procedures=_procedures(work) if target is None else (),
        departments=[(department.id, department.name) for department in departments],
        typed=typed | dict(other or {}),
        wrong=wrong,
        runs_out=credentials.runs_out_on(target.credential, work.today) if target and target.credential else None,
        running=target is not None and queries.open_night(work.session, target.id) is not None,
        operators=[("0", translate(_("夜間の入力を動かせる職員全員"))), *_operators(work, target)],
        stops=stops.stops_ahead(work.session, work.today).get(target.id, []) if target else (),
    )
