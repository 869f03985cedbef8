"""The page on which departments say when their programs are told of again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.audiences import scheduling
from backoffice.audiences.models import RunSchedule
from backoffice.audiences.pages import RUNS
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.programs import queries as programs
from backoffice.web import MenuItem, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, number_typed, seen_of, whole_number
from backoffice.web.lists import PAGE_SIZE, Paging
from backoffice.web.showing import day
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.notices.schedules import OLDEST, Recurrence, Schedule

SCHEDULES = "/audiences/schedules"
RECURRENCES = {
    Recurrence.YEARLY: _("毎年"),
    Recurrence.MONTHLY: _("毎月"),
    Recurrence.ATTAINING: _("毎月(その月に年齢に達する人)"),
    Recurrence.MOVING_IN: _("毎月(前の月に転入した人)"),
}
WHAT_EACH_HOLDS = {
    "day": (1, 31, _("日は1から31で入れてください。")),
    "month": (1, 12, _("月は1から12で入れてください。")),
    "age": (0, OLDEST, _("何歳に達する人かを、0から130で入れてください。")),
    "per_hour": (1, 1_000_000, _("1時間の人数を、1以上で入れてください。")),
    "days_to_send": (1, scheduling.LONGEST, _("送る日数は1から120で入れてください。")),
}
OF_ONE_RECURRENCE = {"month": Recurrence.YEARLY, "age": Recurrence.ATTAINING}
"""Fields that one recurrence alone asks for."""

staff = StaffRouter()
MENU = (MenuItem(_("配信の予定"), SCHEDULES, Permission.AUDIENCE_PREPARE, in_menu=False),)


@dataclass(frozen=True)
class Row:
    schedule: RunSchedule
    name: str
    """Of the program."""
    when: str
    """In words."""
    may_end: bool


@dataclass(frozen=True, kw_only=True)
class SchedulesPage(Page):
    rows: Sequence[Row]
    programs: Sequence[tuple[int, str]]
    """Those of the actor's own department that are in force."""
    recurrences: Sequence[tuple[str, str]]
    paging: Paging
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@staff.page(SCHEDULES, Permission.AUDIENCE_VIEW)
def schedules(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    return _show(request, work, page)


@staff.action(SCHEDULES, Permission.AUDIENCE_PREPARE)
def add(request: Request, work: Writing, form: FormData) -> Response:
    try:
        schedule, numbers = _said(form)
        program = programs.find_program(work.session, _program_of(form))
        made = scheduling.set_schedule(work, program, schedule, numbers["per_hour"], numbers["days_to_send"])
    except Invalid as refusal:
        work.refused = True
        return _show(request, work, 1, form, refusal.fields)
    return go_to(SCHEDULES, _("予定を決めました。次の配信は%(day)sです。"), day=day(made.next_on))


@staff.action(SCHEDULES + "/{schedule_id}/end", Permission.AUDIENCE_PREPARE)
def end(work: Writing, schedule_id: int, form: FormData) -> Response:
    row = scheduling.find_schedule(work.session, schedule_id)
    scheduling.end_schedule(work, row, seen_of(form))
    return go_to(SCHEDULES, _("予定をやめました。もう起こした配信は、そのまま残ります。"))


def _said(form: FormData) -> tuple[Schedule, Mapping[str, int]]:
    """Read a schedule as it was typed. Raises Invalid naming each field that is wrong; others' fields are not read."""
    numbers: dict[str, int] = {}
    wrong: dict[str, str] = {}
    recurrence = form.get("recurrence", "")
    if recurrence not in set(Recurrence):
        wrong["recurrence"] = _("いつ起こすかを選んでください。")
    for name in WHAT_EACH_HOLDS:
        if OF_ONE_RECURRENCE.get(name, recurrence) != recurrence:
            continue
        try:
            numbers[name] = _number(form, name)
        except Invalid as refusal:
            wrong |= refusal.fields
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    theirs = {name: numbers[name] for name in OF_ONE_RECURRENCE if name in numbers}
    return Schedule(Recurrence(recurrence), numbers["day"], **theirs), numbers


def _number(form: FormData, name: str) -> int:
    least, most, said_otherwise = WHAT_EACH_HOLDS[name]
    number = number_typed(form.get(name, ""))
    if number is None or not least <= number <= most:
        raise Invalid(_("入力を確認してください"), {name: said_otherwise})
    return number


def _program_of(form: FormData) -> int:
    chosen = whole_number(form.get("program", ""))
    if chosen is None:
        raise Invalid(_("入力を確認してください"), {"program": _("制度を選んでください。")})
    return chosen


def _show(
    request: Request,
    work: Work,
    number: int,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    paging = Paging(SCHEDULES, scheduling.count_schedules(work.session), number)
    rows = scheduling.schedules_on_page(work.session, paging.offset, PAGE_SIZE)
    names = programs.program_names(work.session, {each.program.number for each in rows})
    shown = SchedulesPage(
        title=_("配信の予定"),
        crumbs=(RUNS,),
        rows=[
            Row(each, names.get(each.program.number, ""), when_of(each), scheduling.may_schedule(work, each.program))
            for each in rows
        ],
        programs=scheduling.own_programs(work),
        recurrences=[(str(each), translate(name)) for each, name in RECURRENCES.items()],
        paging=paging,
        typed=typed or {},
        wrong=wrong or {},
    )
    return render(request, "audiences/schedules.html", shown, status=422 if wrong else 200)


def when_of(row: RunSchedule) -> str:
    """Say in words when runs of a schedule leave, and of whom they are."""
    said = {
        Recurrence.YEARLY: _("毎年%(month)s月%(day)s日"),
        Recurrence.MONTHLY: _("毎月%(day)s日"),
        Recurrence.ATTAINING: _("毎月%(day)s日、その月に%(age)s歳に達する人"),
        Recurrence.MOVING_IN: _("毎月%(day)s日、前の月に転入した人"),
    }[Recurrence(row.recurrence)]
    return translate(said, month=row.month, day=row.day, age=row.age)
