"""The page on which a department enters what calls are reckoned with: past calls, and what its telephones answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.audiences import calls
from backoffice.audiences.call_models import CallRecord
from backoffice.audiences.pages import RUNS, WardField, in_language
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.programs import queries as programs
from backoffice.programs.models import Program
from backoffice.web import Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.rules.facts import WARDS

NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class CallsPage(Page):
    title_text: str
    program: Program
    records: Sequence[CallRecord]
    wards: Sequence[WardField]
    typed: Mapping[str, str]
    """What stands in the fields: as typed where it could not be kept, else what is known."""
    seen: int
    may_enter: bool
    wrong: Mapping[str, str]


@staff.page("/audiences/calls/{program_id}", Permission.AUDIENCE_VIEW)
def call_page(request: Request, work: Reading, program_id: int) -> HTMLResponse:
    return render(request, "audiences/calls.html", _page(work, program_id))


@staff.action("/audiences/calls/{program_id}/records", Permission.AUDIENCE_PREPARE)
def enter_record(request: Request, work: Writing, program_id: int, form: FormData) -> Response:
    try:
        calls.enter_record(work, programs.find_program(work.session, program_id), form)
    except Invalid as refusal:
        return _again(request, work, program_id, form, refusal)
    return go_to(f"/audiences/calls/{program_id}", _("電話の件数を入れました。"))


@staff.action("/audiences/calls/{program_id}/capacity", Permission.AUDIENCE_PREPARE)
def enter_capacity(request: Request, work: Writing, program_id: int, form: FormData) -> Response:
    try:
        calls.enter_capacity(work, programs.find_program(work.session, program_id), seen_of(form), form)
    except Invalid as refusal:
        return _again(request, work, program_id, form, refusal)
    return go_to(f"/audiences/calls/{program_id}", _("受けられる件数を保存しました。"))


def _again(request: Request, work: Work, program_id: int, form: Mapping[str, str], refusal: Invalid) -> HTMLResponse:
    work.refused = True
    work.session.rollback()
    shown = _page(work, program_id, form, refusal.fields)
    return render(request, "audiences/calls.html", shown, status=422)


def _page(
    work: Work, program_id: int, typed: Mapping[str, str] = NOTHING, wrong: Mapping[str, str] = NOTHING
) -> CallsPage:
    program = programs.find_program(work.session, program_id)
    capacity = calls.capacity_of(work.session, program.department_id)
    known = {f"ward-{code}": str(most) for code, most in capacity.wards.items()}
    known["all"] = "" if capacity.everywhere is None else str(capacity.everywhere)
    names = programs.program_names(work.session, {program.number})
    return CallsPage(
        title=_("電話の見込みの根拠"),
        title_text=names.get(program.number, program.number),
        crumbs=(RUNS,),
        program=program,
        records=calls.records_of(work.session, program.id),
        wards=[WardField(f"ward-{ward.code}", in_language(ward)) for ward in WARDS],
        typed={**known, **typed},
        seen=capacity.seen,
        may_enter=work.actor.reaches(Permission.AUDIENCE_PREPARE, program.department.path),
        wrong=wrong,
    )
