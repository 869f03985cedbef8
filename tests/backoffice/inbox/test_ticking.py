"""What comes due by itself comes once: however late the worker, however the clock jumps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from backoffice.identity import Role
from backoffice.inbox.events import CaseEnded
from backoffice.inbox.models import CaseEntry, Task, TrayEntry
from backoffice.inbox.taking_back import take_back
from backoffice.inbox.ticking import Ticked, tick
from backoffice.inbox.workflow import CaseState
from tests.backoffice.inbox.cases import Bureau
from workflows.routes import RouteKind

NOTHING = Ticked(0, 0, 0, 0)


def decide_to_the_end(bureau: Bureau, case_id: int):
    bureau.decide(bureau.head, case_id, "head_review")
    bureau.decide(bureau.privacy, case_id, "privacy_review")
    bureau.decide(bureau.dx, case_id, "dx_check")
    return bureau.decide(bureau.dx_head, case_id, "dx_approval")


def entries(bureau: Bureau, case_id: int, kind: str) -> int:
    with bureau.city.look() as work:
        counted = select(func.count()).where(CaseEntry.case_id == case_id, CaseEntry.kind == kind)
        return work.session.scalar(counted)


def test_the_effects_of_an_approval_begin_a_minute_after_it(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    decide_to_the_end(bureau, case_id)

    bureau.city.clock.pass_(seconds=59)
    early = tick(bureau.city.office)
    bureau.city.clock.pass_(seconds=1)
    due = tick(bureau.city.office)

    assert (early, due.effects, tick(bureau.city.office)) == (NOTHING, 1, NOTHING)
    assert bureau.case(case_id).state == CaseState.ENDED


def test_an_approval_taken_back_has_no_effects(bureau):
    case_id = bureau.begin()
    vote = decide_to_the_end(bureau, case_id)
    with bureau.city.unit(bureau.city.actor(bureau.dx_head)) as work:
        take_back(work, work.session.merge(vote))

    bureau.city.clock.pass_(minutes=5)

    assert tick(bureau.city.office) == NOTHING
    assert set(bureau.waiting(case_id)) == {"dx_approval"}


def test_what_follows_an_end_happens_in_the_same_unit(bureau):
    heard = []

    def follow(_work, event) -> None:
        heard.append(event.case_id)

    case_id = bureau.begin()
    decide_to_the_end(bureau, case_id)
    bureau.city.clock.pass_(minutes=1)
    office = bureau.city.office

    tick(replace(office, follow_ups={**office.follow_ups, CaseEnded: (follow,)}))

    assert heard == [case_id]


def test_the_head_is_reminded_before_the_deadline_and_passed_over_after_it(bureau_on_both):
    """Begun on Tuesday: due Friday, reminded on Thursday, passed on upwards the Tuesday after."""
    bureau = bureau_on_both
    above = bureau.city.department("学校教育部")
    bureau.department = bureau.city.department("給食課", above)
    bureau.drafter = bureau.city.person(Role.CLERK, department=bureau.department)
    bureau.city.person(Role.HEAD, department=bureau.department)
    director = bureau.city.person(Role.HEAD, department=above)
    case_id = bureau.begin()
    task = bureau.waiting(case_id)["head_review"]
    assert task.due_at == datetime(2026, 11, 27, 8, 15, tzinfo=UTC)

    bureau.city.clock.moment = task.remind_at
    reminded = tick(bureau.city.office)
    bureau.city.clock.moment = task.escalate_at
    escalated = tick(bureau.city.office)

    assert (reminded.reminders, escalated.escalations, tick(bureau.city.office)) == (1, 1, NOTHING)
    with bureau.city.look() as work:
        trays = set(work.session.scalars(select(TrayEntry.desk).where(TrayEntry.task_id == task.id)))
    assert trays == {f"head@{bureau.department.id}", f"head@{above.id}"}
    bureau.decide(director, case_id, "head_review")


def test_where_nobody_is_above_an_overdue_step_goes_to_the_dx_office(bureau):
    case_id = bureau.begin()
    bureau.city.clock.pass_(days=14)

    tick(bureau.city.office)

    bureau.decide(bureau.dx, case_id, "head_review")


def test_a_worker_that_slept_two_days_loses_nothing_and_does_nothing_twice(bureau_on_both):
    bureau = bureau_on_both
    ids = [bureau.begin(title=f"制度{number}") for number in range(3)]
    bureau.city.clock.pass_(days=14)

    first, second = tick(bureau.city.office), tick(bureau.city.office)

    assert (first.reminders, first.escalations, second) == (3, 3, NOTHING)
    assert [entries(bureau, case_id, "reminded") for case_id in ids] == [1, 1, 1]


def test_a_clock_that_jumps_back_repeats_nothing(bureau):
    case_id = bureau.begin()
    bureau.city.clock.pass_(days=14)
    tick(bureau.city.office)

    bureau.city.clock.pass_(days=-10)
    tick(bureau.city.office)
    bureau.city.clock.pass_(days=10)

    assert tick(bureau.city.office) == NOTHING
    assert (entries(bureau, case_id, "reminded"), entries(bureau, case_id, "escalated")) == (1, 1)


def test_what_is_decided_is_reminded_of_no_more(bureau):
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head_review")
    with bureau.city.unit() as work:
        for task in work.session.scalars(select(Task).where(Task.step_id != "head_review")):
            task.remind_at = task.escalate_at = None
    bureau.city.clock.pass_(days=30)

    assert tick(bureau.city.office) == NOTHING


@pytest.mark.parametrize(("begun", "due"), [("2026-12-28", "2027-01-06"), ("2026-11-20", "2026-11-26")])
def test_deadlines_pass_over_weekends_holidays_and_the_turn_of_the_year(bureau, begun, due):
    bureau.city.clock.moment = datetime.fromisoformat(f"{begun}T03:00:00+00:00")

    case_id = bureau.begin()

    local = bureau.waiting(case_id)["head_review"].due_at + timedelta(hours=9)
    assert local.date().isoformat() == due


def test_a_petition_has_its_own_way_and_reaches_its_end(bureau):
    case_id = bureau.begin(RouteKind.PETITION, title="公園の街灯")

    assert bureau.waiting(case_id)
