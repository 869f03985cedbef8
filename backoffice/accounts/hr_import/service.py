"""What is done with a personnel file: brought, planned for its day, cancelled, and done when the day has come."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.accounts.hr_import import queries
from backoffice.accounts.hr_import.applying import apply
from backoffice.accounts.hr_import.differences import Differences, compare
from backoffice.accounts.hr_import.events import HrFileApplied, HrFileCancelled, HrFileFailed, HrFilePlanned
from backoffice.accounts.hr_import.models import HrPlan
from backoffice.accounts.hr_import.queries import CANCELLED, DONE, DRAFT, FAILED, PLANNED
from backoffice.accounts.hr_import.roster import Roster
from backoffice.accounts.hr_import.storing import from_json, to_json
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Actor, Origin, Staff
from backoffice.identity.sessions import actor_for
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Office, Work

ANOTHER_WAITS = _("ほかの人事ファイルが予定されています。先に取りやめてください。")
NOT_YOURS = _("人事ファイルは、市全体を受け持つシステム管理者だけが取り込めます。")
CHANGED = _("その後の変更と合わなくなり、何も変えずに止めました。ファイルを取り込み直してください。")
NOT_ENTITLED = _("予定した職員が、市全体を受け持つシステム管理者ではなくなったので、何も変えずに止めました。")
APRIL = 4


def next_first_of_april(today: date) -> date:
    this_year = date(today.year, APRIL, 1)
    return this_year if today <= this_year else date(today.year + 1, APRIL, 1)


def bring(work: Work, roster: Roster, effective_on: date) -> HrPlan:
    """Keep a file to be looked at; one that was looked at before makes room. Raises Invalid and NotPermitted."""
    if not queries.reaches_everyone(work.session, work.actor):
        raise NotPermitted(NOT_YOURS)
    if effective_on < work.office.services.today():
        raise Invalid(_("入力を確認してください"), {"effective": _("今日より前の日にはできません。")})
    before = queries.open_plan(work.session)
    if before is not None and before.state == PLANNED:
        raise Invalid(ANOTHER_WAITS)
    if before is not None:
        _end(work, before, CANCELLED)
        work.session.flush()
    plan = HrPlan(
        state=DRAFT,
        effective_on=effective_on,
        rows=to_json(roster),
        counts={},
        uploaded_at=work.now,
        uploaded_by_id=work.actor.staff_id,
    )
    work.session.add(plan)
    return plan


def differences_of(work: Work, plan: HrPlan) -> Differences:
    """Compare a waiting file with the office as it stands now."""
    if plan.rows is None:
        return Differences()
    return compare(queries.office_on(work.session, plan.effective_on, plan.uploaded_by_id), from_json(plan.rows))


def plan_for_its_day(work: Work, plan_id: int) -> HrPlan:
    """Let the file that was looked at happen on its day. Raises Invalid where something speaks against it."""
    plan = queries.find_open(work.session, work.actor, plan_id)
    if plan.state == PLANNED:
        raise Invalid(_("もう予定されています。"))
    if plan.uploaded_by_id != work.actor.staff_id:
        raise Invalid(_("取り込んだ本人だけが予定できます。"))
    differences = differences_of(work, plan)
    if differences.troubles:
        raise Invalid(_("このままでは取り込めません。赤い欄の指摘を確かめてください。"))
    if differences.nothing:
        raise Invalid(_("今と違うところがありません。"))
    plan.state, plan.counts = PLANNED, differences.counts
    work.record(HrFilePlanned(plan.id, plan.counts["joins"], plan.counts["leaves"]))
    return plan


def cancel(work: Work, plan_id: int) -> None:
    """Let a file not happen; what was read of it is forgotten."""
    plan = queries.find_open(work.session, work.actor, plan_id)
    if plan.state == PLANNED:
        work.record(HrFileCancelled(plan.id))
    _end(work, plan, CANCELLED)


def do_what_is_due(office: Office) -> HrPlan | None:
    """Do the planned file whose day has come, whole or not at all; a worker that slept catches up.

    Where the office has changed so that it no longer fits, nothing is changed and the file's page says so.
    """
    house = Actor.house(Origin.WORKER)
    with office.look(house) as work:
        if _due(work) is None:
            return None
    with office.unit(house) as work:
        plan = _due(work)
        if plan is None:
            return None
        differences = differences_of(work, plan)
        may_still = _is_still_entitled(work, plan)
        if differences.troubles or not may_still:
            plan.trouble = CHANGED if may_still else NOT_ENTITLED
            _end(work, plan, FAILED)
            work.record(HrFileFailed(plan.id))
            return plan
        plan.counts = differences.counts
        apply(work, plan, differences)
        _end(work, plan, DONE)
        work.record(HrFileApplied(plan.id, plan.counts["joins"], plan.counts["leaves"]))
        return plan


def _is_still_entitled(work: Work, plan: HrPlan) -> bool:
    """Say whether whoever planned the file administers the whole city today, or did until the day before its own.

    Roles are given by the year: one that ended with the old year was held when it mattered.
    """
    author = work.session.scalars(
        select(Staff).where(Staff.id == plan.uploaded_by_id, Staff.active).options(joinedload(Staff.department))
    ).one_or_none()
    if author is None:
        return False
    eve = datetime.combine(plan.effective_on - timedelta(days=1), time(12), TOKYO)
    return any(
        queries.reaches_everyone(work.session, actor_for(work.session, author, moment, "", Origin.WORKER))
        for moment in (work.now, eve)
    )


def _due(work: Work) -> HrPlan | None:
    today = work.today
    return work.session.scalars(
        select(HrPlan).where(HrPlan.state == PLANNED, HrPlan.effective_on <= today).with_for_update()
    ).one_or_none()


def _end(work: Work, plan: HrPlan, state: str) -> None:
    plan.state, plan.ended_at, plan.rows = state, work.now, None
