"""When does a program's next run begin by itself? A week before its day; people still decide whether it leaves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.audiences import service
from backoffice.audiences.events import ScheduleEnded, ScheduleMissed, ScheduleSet
from backoffice.audiences.models import NoticeRun, RunSchedule
from backoffice.audiences.service import Plan
from backoffice.db.lookup import one_or_not_there
from backoffice.drawing.queries import closures
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Actor, Origin, Permission, within
from backoffice.log import place_of
from backoffice.programs import queries as programs
from backoffice.programs.models import Program, ProgramVersion
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.notices.hours import OPENS
from workflows.notices.metering import Pace
from workflows.notices.schedules import Occasion, Recurrence, Schedule, narrowing, next_occasion

HOUSE = Actor.house(Origin.WORKER)
AHEAD = timedelta(days=7)
"""So long before its day a run is begun: time to decide on it. To be confirmed by the office."""
LONGEST = 120

log = structlog.get_logger("gijo.scheduling")


def tick(office: Office) -> int:
    """Begin the runs whose time has come, each once, and give how many."""
    with office.look(HOUSE) as work:
        near = (RunSchedule.is_on, RunSchedule.next_on <= work.today + AHEAD)
        due = work.session.scalars(select(RunSchedule.id).where(*near).order_by(RunSchedule.next_on)).all()
    begun = 0
    for schedule_id in due:
        try:
            with office.unit(HOUSE) as work:
                begun += _begin(work, schedule_id)
        except Exception as trouble:  # noqa: BLE001 -- whatever one program raises, the others are begun
            log.error("run not begun", record_id=schedule_id, trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
    return begun


def set_schedule(work: Work, program: Program, schedule: Schedule, per_hour: int, days_to_send: int) -> RunSchedule:
    """Let runs of a program be begun by themselves. Raises NotPermitted, Invalid."""
    if not may_schedule(work, program):
        raise NotPermitted(_("この制度の配信を起こせるのは、所管する部署の職員だけです。"))
    if per_hour < 1 or not 1 <= days_to_send <= LONGEST:
        raise Invalid(service.WRONG, {"days_to_send": _("1時間の人数は1以上、送る日数は1から120で入れてください。")})
    _must_be_new(work.session, program, schedule)
    first = next_occasion(schedule, work.today, closures(work.session))
    row = RunSchedule(
        program_id=program.id,
        recurrence=schedule.recurrence,
        day=schedule.day,
        month=schedule.month,
        age=schedule.age,
        days_to_send=days_to_send,
        per_hour=per_hour,
        is_on=True,
        next_on=first.on,
        next_month=first.month,
        made_by_id=work.actor.staff_id,
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.record(ScheduleSet(program.id, row.id))
    return row


def _must_be_new(session: Session, program: Program, schedule: Schedule) -> None:
    """Raises Invalid for one that a program has already: two would begin two runs of the same people each time."""
    said = {"recurrence": schedule.recurrence, "day": schedule.day, "month": schedule.month, "age": schedule.age}
    same = select(RunSchedule.id).filter_by(program_id=program.id, is_on=True, **said)
    if session.scalars(same.limit(1)).first() is not None:
        raise Invalid(service.WRONG, {"recurrence": _("この制度には、同じ予定がもうあります。")})


def end_schedule(work: Work, row: RunSchedule, seen: int) -> None:
    """Let no more runs be begun; those that were stay. Raises NotPermitted, Overtaken."""
    if not may_schedule(work, row.program):
        raise NotPermitted(_("この制度の配信を起こせるのは、所管する部署の職員だけです。"))
    if not row.is_on or row.version != seen:
        raise Overtaken(_("この予定はもう変わっています。最新の内容を確認してください。"))
    row.is_on = False
    work.record(ScheduleEnded(row.id))


def may_schedule(work: Work, program: Program) -> bool:
    return work.actor.reaches(Permission.AUDIENCE_PREPARE, program.department.path)


def find_schedule(session: Session, schedule_id: int) -> RunSchedule:
    """Give a schedule with its program. Raises NotThere."""
    return one_or_not_there(session, _with_program().where(RunSchedule.id == schedule_id))


def schedules_on_page(session: Session, offset: int, size: int) -> Sequence[RunSchedule]:
    """Give a page of the schedules that go on, the next one first."""
    going = _with_program().where(RunSchedule.is_on).order_by(RunSchedule.next_on, RunSchedule.id)
    return session.scalars(going.offset(offset).limit(size)).all()


def count_schedules(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(RunSchedule).where(RunSchedule.is_on)) or 0


def own_programs(work: Work) -> Sequence[tuple[int, str]]:
    """Give the programs in force of which the actor may begin runs: id, and number with name."""
    own = within(work.actor, Permission.AUDIENCE_PREPARE, Program.department_id)
    known = set(work.session.scalars(select(Program.id).where(own)))
    found = programs.names_in_force(work.session, work.today)
    return [(program_id, f"{number} {name}") for program_id, number, name in found if program_id in known]


def _with_program() -> Select[RunSchedule]:
    return select(RunSchedule).options(
        joinedload(RunSchedule.program).joinedload(Program.department), joinedload(RunSchedule.made_by)
    )


def _begin(work: Work, schedule_id: int) -> bool:
    """Begin the run of a schedule's next occasion; what the program lacks is noted and tried again the day after."""
    row = work.session.get_one(RunSchedule, schedule_id, with_for_update=True)
    if not row.is_on or row.next_on > work.today + AHEAD:
        return False
    schedule = Schedule(Recurrence(row.recurrence), row.day, row.month, row.age)
    occasion = Occasion(row.next_on, row.next_month)
    period = occasion.period(schedule.recurrence)
    known = select(NoticeRun.id).where(NoticeRun.schedule_id == row.id, NoticeRun.period == period)
    missed = row.next_on < work.today
    if work.session.scalars(known.limit(1)).first() is None and not missed:
        try:
            service.begin(work, _version_for(work, row), _plan(row, schedule, occasion, period))
        except Invalid as lacking:
            return _note(work, row, lacking.message)
    following = next_occasion(schedule, row.next_on, closures(work.session))
    row.next_on, row.next_month, row.trouble = following.on, following.month, ""
    if missed:
        _note(work, row, _("予定の日に起こせないまま過ぎました。手で配信を起こしてください。"))
    return not missed


def _version_for(work: Work, row: RunSchedule) -> ProgramVersion:
    version = programs.in_force(work.session, row.program_id, work.today)
    if version is None:
        raise Invalid(_("有効な版の制度だけを配信できます。"))
    return programs.find_version(work.session, version.id)


def _note(work: Work, row: RunSchedule, why: str) -> bool:
    if row.trouble != why:
        row.trouble = why
        work.record(ScheduleMissed(row.id))
    return False


def _plan(row: RunSchedule, schedule: Schedule, occasion: Occasion, period: str) -> Plan:
    return Plan(
        send_from=datetime.combine(occasion.on, OPENS, TOKYO),
        last_day=occasion.on + timedelta(days=row.days_to_send),
        period=period,
        pace=Pace(row.per_hour),
        schedule_id=row.id,
        narrowing=narrowing(schedule, occasion.month),
    )
