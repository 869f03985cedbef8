"""The pages of take-up: a program's runs and lists of grants, and what came of one run. Every look is on the trail."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.audiences import queries as audiences
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Permission
from backoffice.programs import queries as programs
from backoffice.programs.models import Program, ProgramVersion
from backoffice.programs.previewing import may_look_at
from backoffice.programs.sheets import values_of
from backoffice.take_up import pages, queries, taking_in
from backoffice.take_up.events import TakeUpSeen, TakeUpsSeen
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.csv_out import csv_response
from backoffice.web.showing import number
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from workflows.rules.disclosure import told

PROGRAMS = Crumb(_("制度"), "/programs")
HEADINGS = (
    _("年度"),
    _("制度番号"),
    _("配信"),
    _("数えた配信"),
    _("知らせた人"),
    _("利用した人"),
    _("申請して支給されなかった人"),
    _("知らせた人のうち(パーセント)"),
)

staff = StaffRouter()


@staff.page("/programs/{program_id}/take-up", Permission.PROGRAM_PREVIEW)
def take_ups(request: Request, work: Reading, program_id: int) -> HTMLResponse:
    return _shown(request, work, program_id)


@staff.action("/programs/{program_id}/take-up", Permission.AUDIENCE_PREPARE, files=1)
def bring(request: Request, actor: SignedIn, program_id: int, file: Annotated[UploadFile, File()]) -> Response:
    """The list is read and sealed before the unit opens."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        program = programs.find_program(work.session, program_id)
        _must_be_theirs(work, program)
    try:
        lists = taking_in.read(office, file.file.read(office.settings.upload_limit_bytes + 1))
        sealed = taking_in.seal(office, lists)
        with office.unit(actor) as work:
            new = {kept.sha256 for kept in taking_in.take_in(work, sealed)}
    except Invalid as refusal:
        with office.look(actor) as work:
            return _shown(request, work, program_id, {"file": refusal.message}, refusal.params)
    address, numbers = f"/programs/{program_id}/take-up", [each.program for each, file in sealed if file.sha256 in new]
    if not numbers:
        return go_to(address, _("同じ一覧がもうあります。"))
    if program.number not in numbers:
        said = _("取り込んだ一覧に、この制度のものはありませんでした。取り込んだもの: %(numbers)s")
        return go_to(address, said, tone="warning", numbers=" · ".join(numbers))
    return go_to(address, _("取り込みました。数え終わるまで、少しお待ちください。"))


@staff.page("/programs/{program_id}/take-up.csv", Permission.PROGRAM_PREVIEW)
def by_year(work: Reading, program_id: int) -> Response:
    """Give the fiscal years of a program as a file: what the page tells, and nothing more."""
    program = programs.find_program(work.session, program_id)
    _must_be_seen(work, program)
    rows = [pages.RunRow.of(run, found) for run, found in queries.runs_begun(work.session, program_id)]
    work.seen(TakeUpsSeen(program_id))
    headings = [translate(each) for each in HEADINGS]
    lines = (
        (each.year, program.number, each.runs, each.counted, each.told, each.took_up, each.refused, each.precision)
        for each in pages.years_of(rows)
    )
    return csv_response(translate(_("利用の状況_%(number)s.csv"), number=program.number), headings, lines)


@staff.page("/take-up/{run_id}", Permission.PROGRAM_PREVIEW)
def take_up(request: Request, work: Reading, run_id: int) -> HTMLResponse:
    run = audiences.find_run(work.session, run_id)
    _must_be_seen(work, run.program)
    found, before = queries.take_up_of(work.session, run_id), queries.take_up_before(work.session, run)
    work.seen(TakeUpSeen(run.program_id, run.id))
    is_counted = found is not None and bool(found.counts)
    shown = pages.TakeUpPage(
        title=_("利用の状況"),
        crumbs=(PROGRAMS, Crumb(run.program.number, f"/programs/{run.program_id}/take-up")),
        run=run,
        name=run.program_version.name,
        days=work.office.settings.take_up_days if found is None else found.days,
        counted_at=None if found is None else found.counted_at,
        trouble="" if found is None else pages.FAILURES.get(found.trouble, ""),
        figures=pages.Figures.of(found.counts) if found is not None and is_counted else None,
        before=None if before is None else (before.run.number, pages.Figures.of(before.counts)),
    )
    return render(request, "take_up/run.html", shown)


def _shown(
    request: Request,
    work: Work,
    program_id: int,
    wrong: Mapping[str, str] | None = None,
    params: Mapping[str, object] | None = None,
) -> HTMLResponse:
    program = programs.find_program(work.session, program_id)
    _must_be_seen(work, program)
    current = programs.in_force(work.session, program_id, work.today)
    rows = [pages.RunRow.of(run, found) for run, found in queries.runs_begun(work.session, program_id)]
    work.seen(TakeUpsSeen(program_id))
    shown = pages.TakeUpsPage(
        title=_("利用の状況"),
        crumbs=(PROGRAMS, Crumb(program.number, f"/programs/{program_id}")),
        program=program,
        name=program.number if current is None else current.name,
        rows=rows,
        years=pages.years_of(rows),
        lists=[(each, pages.people(told(each.people))) for each in queries.lists_of(work.session, program_id)],
        days=work.office.settings.take_up_days,
        may_bring=work.actor.reaches(Permission.AUDIENCE_PREPARE, program.department.path),
        burden=[] if current is None else _burden(current, rows),
        wrong=wrong or {},
        params=params or {},
    )
    return render(request, "take_up/program.html", shown, status=422 if wrong else 200)


def _burden(version: ProgramVersion, rows: list[pages.RunRow]) -> list[pages.Expected]:
    """Say what the sheet expected beside what came of the last run that was counted."""
    counted = next((row.take_up for row in rows if row.take_up is not None and row.take_up.counts), None)
    expected = values_of(version)["expected_applications"]
    if counted is None or not isinstance(expected, int):
        return []
    said = translate(_("%(n)s人"), n=number(expected))
    return [pages.Expected(_("申請(支給)の見込みと実績"), said, pages.people(counted.counts["granted"]))]


def _must_be_theirs(work: Work, program: Program) -> None:
    if not work.actor.reaches(Permission.AUDIENCE_PREPARE, program.department.path):
        raise NotPermitted(taking_in.NOT_YOURS)


def _must_be_seen(work: Work, program: Program) -> None:
    if not may_look_at(work.actor, program, Permission.PROGRAM_PREVIEW):
        raise NotPermitted(_("利用の状況を見られるのは、所管する部署と DX戦略部、個人情報保護担当だけです。"))
