"""What is done with runs: begun, sent on their route, released, paused, resumed, cancelled.

Whoever decides that 40,000 people hear of something is never the one who drafted it; whoever stops it may be anybody
who may stop.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.audiences import queries
from backoffice.audiences.counting import people_for_the_route
from backoffice.audiences.events import (
    RunBegun,
    RunCancelled,
    RunReleased,
    RunReturned,
    RunSubmitted,
    SendingPaused,
    SendingResumed,
)
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import move, stop_everybody
from backoffice.audiences.pausing import SUBJECT, all_clear, tell_of_no_release
from backoffice.audiences.versions import (
    BEGIN_ANEW,
    ENDED,
    NEWER_VERSION,
    PROGRAM_ENDED,
    Standing,
    against_today,
)
from backoffice.audiences.workflow import UNDER_WAY, Reason, RecipientState, RunState
from backoffice.db.numbering import next_number
from backoffice.drawing.queries import closures
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Permission, Staff
from backoffice.inbox import opening
from backoffice.inbox.events import CaseEnded
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case
from backoffice.inbox.moving import involve
from backoffice.inbox.opening import Matter
from backoffice.jobs import JobName
from backoffice.notices import queries as notices
from backoffice.programs import previewing
from backoffice.programs import queries as programs
from backoffice.programs.models import Program, ProgramVersion
from backoffice.programs.rolling_over import may_run
from backoffice.programs.sheets import rule_kept, values_of
from backoffice.residents.models import Snapshot
from backoffice.residents.queries import newest_snapshot
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Work
from forms.field_types import Value
from workflows.notices.hours import open_minutes
from workflows.notices.metering import Pace
from workflows.routes import RouteKind
from workflows.rules.binding import bound
from workflows.rules.parameters import ParameterTroubleError
from workflows.rules.tree import All, Node
from workflows.rules.writing import written

SERIES = "配信"
WRONG = _("入力を確認してください")
LONGEST_PERIOD = 24


@dataclass(frozen=True)
class Plan:
    """What a drafter says of a run."""

    send_from: datetime
    last_day: date
    period: str
    pace: Pace
    schedule_id: int | None = None
    narrowing: Node | None = None


def begin_run(work: Work, version: ProgramVersion, plan: Plan) -> NoticeRun:
    """Begin a run of a program in force, with the approved wording of its notice, and have its audience frozen.

    It tells counts, so it is paid for like a preview. Raises TooSoon, NotPermitted, and Invalid for a program that may
    not run, one without a wording, or a plan that cannot be.
    """
    _must_reach(work, version)
    run = begin(work, version, plan)
    snapshot = work.session.get_one(Snapshot, run.snapshot_id, options=[joinedload(Snapshot.file)])
    previewing.pay_for_run(work, version, snapshot, _rule_asked(work, version, run, plan))
    return run


def begin(work: Work, version: ProgramVersion, plan: Plan) -> NoticeRun:
    """Do the same for whoever need not be asked whether they may: the house, on a schedule's day."""
    _must_be_able_to_run(work, version)
    wording = notices.current(work.session, version.program_id)
    if wording is None:
        raise Invalid(_("承認された文面がありません。先に文面を書いて、承認を受けてください。"))
    _must_be_possible(work, plan)
    snapshot = newest_snapshot(work.session, work.today)
    if snapshot is None:
        raise Invalid(_("住民データがまだ取り込まれていないため、対象を確定できません。"))
    run = NoticeRun(
        number=next_number(work.session, SERIES, work.today),
        program_id=version.program_id,
        program_version_id=version.id,
        template_version_id=wording.id,
        snapshot_id=snapshot.id,
        period=plan.period,
        schedule_id=plan.schedule_id,
        narrowing=None if plan.narrowing is None else written(plan.narrowing),
        state=RunState.FREEZING,
        topic=str(values_of(version)["category"] or ""),
        as_of=plan.send_from.astimezone(TOKYO).date(),
        send_from=plan.send_from,
        last_day=plan.last_day,
        pace={"schema": 1, "per_hour": plan.pace.per_hour, "ward_per_day": dict(plan.pace.ward_per_day)},
        drafted_by_id=work.actor.staff_id,
        drafted_at=work.now,
    )
    work.session.add(run)
    work.session.flush()
    work.record(RunBegun(run.id, version.program_id))
    work.ask(JobName.FREEZE_RUN, run.id)
    return run


def _rule_asked(work: Work, version: ProgramVersion, run: NoticeRun, plan: Plan) -> Node | None:
    """Give whom a run will ask for; None where it cannot be asked, which freezing finds out and notes."""
    rule = rule_kept(version)
    try:
        written_in = None if rule is None else bound(rule, programs.parameters(work.session), run.as_of)
    except ParameterTroubleError:
        return None
    return written_in if written_in is None or plan.narrowing is None else All((written_in, plan.narrowing))


def submit(work: Work, run: NoticeRun, seen: int) -> Case:
    """Send a frozen run on the route of releases.

    Raises NotPermitted, Overtaken, and Invalid for one that reaches nobody, or is by a version that holds no more.
    """
    _must_reach(work, run.program_version)
    _must_be_as_seen(work, run, seen)
    if run.state != RunState.FROZEN or run.counts is None:
        raise Overtaken(_("この配信は、もう確定済み(伺い前)ではありません。"))
    _must_be_by_the_version_in_force(work, run)
    if queries.nobody_waits(work.session, run.id):
        raise Invalid(_("届ける相手がいないため、回議に付せません。"))
    kind = KINDS[RouteKind.AUDIENCE_RELEASE]
    case = opening.draft(work, kind, _matter(run, kind.retention_years, kind.decision_level))
    # Whoever began the run is its drafter as much as whoever sends it on its route: neither decides on it.
    involve(work, case, run.drafted_by_id, "drafter")
    opening.begin(work, case, 1)
    run.state, run.case_id = RunState.SUBMITTED, case.id
    work.record(RunSubmitted(run.id, case.id))
    return case


def settle(work: Work, ended: CaseEnded) -> None:
    """Let the end of a case take effect on the run that it carried: released, or not to be sent."""
    if ended.case_kind != RouteKind.AUDIENCE_RELEASE:
        return
    run = queries.run_of_case(work.session, ended.case_id)
    if run is None or run.state != RunState.SUBMITTED:
        return
    standing = against_today(work, run).standing
    if ended.outcome == "approved" and standing is Standing.SAME:
        run.state, run.released_at = RunState.RELEASED, work.now
        work.record(RunReleased(run.id, ended.case_id))
        return
    if ended.outcome == "approved":
        tell_of_no_release(work, run)
    run.state, run.case_id = RunState.FROZEN, None
    run.trouble = {Standing.NEWER: NEWER_VERSION, Standing.ENDED: PROGRAM_ENDED}.get(standing, "")
    work.record(RunReturned(run.id, ended.case_id))


def pause(work: Work, run_id: int, seen: int) -> None:
    """Let a run rest; what no server has in its hands yet stays. Raises Overtaken, NotPermitted."""
    run = _to_be_stopped(work, run_id, seen)
    if run.state not in {RunState.RELEASED, RunState.SENDING}:
        raise Overtaken(_("この配信は、もう配信中ではありません。"))
    run.state, run.paused_at = RunState.PAUSED, work.now
    move(work, run.id, RecipientState.TAKEN, RecipientState.WAITING, batch_id=None)
    all_clear(work, run.id)
    work.record(SendingPaused(run.id))


def resume(work: Work, run_id: int, seen: int) -> None:
    """Let a paused run go on: everybody's turn comes later by the time that it rested.

    Raises Overtaken, NotPermitted, Invalid.
    """
    run = _to_be_stopped(work, run_id, seen)
    if run.state != RunState.PAUSED or run.paused_at is None:
        raise Overtaken(_("この配信は、もう一時停止していません。"))
    if against_today(work, run).standing is Standing.ENDED:
        raise Invalid(ENDED)
    if run.began_at is not None:
        run.minutes_lost += open_minutes(run.paused_at, work.now, closures(work.session))
    run.state = RunState.RELEASED if run.began_at is None else RunState.SENDING
    run.paused_at, run.trouble = None, ""
    all_clear(work, run.id)
    work.record(SendingResumed(run.id))


def cancel(work: Work, run_id: int, seen: int) -> None:
    """End a run for good: nobody more is written to. Raises Overtaken, NotPermitted."""
    run = _to_be_stopped(work, run_id, seen)
    if run.state not in {RunState.FREEZING, RunState.FROZEN, *UNDER_WAY}:
        raise Overtaken(_("この配信は、もう取りやめられません。"))
    run.state, run.ended_at = RunState.CANCELLED, work.now
    stop_everybody(work, run.id, Reason.CANCELLED)
    all_clear(work, run.id)
    work.record(RunCancelled(run.id))


def _must_be_by_the_version_in_force(work: Work, run: NoticeRun) -> None:
    found = against_today(work, run)
    if found.standing is Standing.ENDED:
        raise Invalid(ENDED)
    if found.standing is Standing.NEWER:
        raise Invalid(BEGIN_ANEW, number=found.number)


def may_prepare(work: Work, run: NoticeRun) -> bool:
    """Say whether the actor may send a run on its route: in its department."""
    return work.actor.reaches(Permission.AUDIENCE_PREPARE, run.program.department.path)


def may_stop(work: Work, run: NoticeRun) -> bool:
    """Say whether the actor may pause and cancel a run: in its department, or for the whole city."""
    return work.actor.reaches(Permission.AUDIENCE_STOP, run.program.department.path)


def _to_be_stopped(work: Work, run_id: int, seen: int) -> NoticeRun:
    queries.lock_run(work.session, run_id)
    run = queries.find_run(work.session, run_id)
    if not may_stop(work, run):
        raise NotPermitted(_("この配信を止められるのは、所管する部署とDX戦略部の職員だけです。"))
    if run.state not in UNDER_WAY:
        # The worker notes on the row while it sends: whoever stops it is asked for its state alone.
        _must_be_as_seen(work, run, seen)
    return run


def _matter(run: NoticeRun, retention_years: int, level: str) -> Matter:
    name = run.program_version.name
    values = values_of(run.program_version)
    answers: dict[str, Value] = {
        "program": name,
        "recipients": people_for_the_route(run.counts or {}),
        "sensitive": values["body_class"] == "veiled",
        "send_on": run.send_from.astimezone(TOKYO).date().isoformat(),
        "message": str(values["summary_ja"] or name),
    }
    return Matter(f"{name}のお知らせの配信({run.number})", answers, retention_years, level, subject=(SUBJECT, run.id))


def version_to_run(work: Work, program_id: int) -> ProgramVersion:
    """Give the version of a program of which a run can be begun. Raises NotThere, NotPermitted, Invalid."""
    must_prepare(work, programs.find_program(work.session, program_id))
    version = programs.in_force(work.session, program_id, work.today)
    if version is None:
        raise Invalid(_("有効な版の制度だけを配信できます。"))
    return version


def must_prepare(work: Work, program: Program) -> None:
    """Raises NotPermitted for a program of another department; it comes with its own."""
    if not work.actor.reaches(Permission.AUDIENCE_PREPARE, program.department.path):
        raise NotPermitted(_("この制度の配信を起こせるのは、所管する部署の職員だけです。"))


def _must_reach(work: Work, version: ProgramVersion) -> None:
    must_prepare(work, programs.find_program(work.session, version.program_id))


def _must_be_able_to_run(work: Work, version: ProgramVersion) -> None:
    current = programs.in_force(work.session, version.program_id, work.today)
    if current is None or current.id != version.id:
        raise Invalid(_("有効な版の制度だけを配信できます。"))
    if not may_run(work, version):
        raise Invalid(_("年度の切替で確かめていない項目があるため、配信できません。"))


def _must_be_possible(work: Work, plan: Plan) -> None:
    problems: dict[str, str] = {}
    first = plan.send_from.astimezone(TOKYO).date()
    if plan.send_from < work.now and first < work.today:
        problems["send_from"] = _("送り始める日時は、今日以後にしてください。")
    if plan.last_day < first:
        problems["last_day"] = _("最終日は、送り始める日以後にしてください。")
    if not plan.period.strip() or len(plan.period) > LONGEST_PERIOD:
        problems["period"] = _("どの期間のお知らせかを、24文字までで入れてください。")
    if problems:
        raise Invalid(WRONG, problems)


def _must_be_as_seen(work: Work, run: NoticeRun, seen: int) -> None:
    if seen == run.version:
        return
    name = work.session.scalar(select(Staff.name).where(Staff.id == run.changed_by_id))
    if name is None:
        raise Overtaken(_("この配信はもう変わっています。最新の内容を確認してください。"))
    raise Overtaken(_("%(name)sさんがこの配信を先に変更しました。最新の内容を確認してください。"), name=name)
