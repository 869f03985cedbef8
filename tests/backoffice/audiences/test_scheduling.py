"""Runs begin by themselves a week ahead, once for each time, and wait for people."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from backoffice.audiences.freezing import freeze
from backoffice.audiences.models import NoticeRun, RunSchedule
from backoffice.audiences.scheduling import end_schedule, find_schedule, set_schedule, tick
from backoffice.errors import NotPermitted
from backoffice.identity import Role
from backoffice.notices.models import NoticeVersion
from backoffice.programs.queries import find_version
from backoffice.vault import StoredFile
from tests.backoffice.audiences.runs import Sending
from workflows.notices.schedules import Recurrence, Schedule
from workflows.rules.audience import people_in


def scheduled(sending: Sending, schedule: Schedule, person=None) -> int:
    with sending.city.unit(sending.city.actor(person or sending.drafter)) as work:
        program = find_version(work.session, sending.version_id).program
        return set_schedule(work, program, schedule, per_hour=500, days_to_send=14).id


def runs(sending: Sending) -> list[NoticeRun]:
    with sending.city.look() as work:
        return list(work.session.scalars(select(NoticeRun).order_by(NoticeRun.id)))


def schedule_of(sending: Sending, schedule_id: int) -> RunSchedule:
    with sending.city.look() as work:
        return find_schedule(work.session, schedule_id)


def test_a_run_is_begun_a_week_before_its_day_and_once(sending: Sending):
    scheduled(sending, Schedule(Recurrence.MONTHLY, 10))
    assert tick(sending.city.office) == 0

    sending.city.clock.pass_(days=10)
    assert [tick(sending.city.office) for _ in range(2)] == [1, 0]

    (run,) = runs(sending)
    assert (run.state, run.period) == ("freezing", "2026-12")
    assert f"{run.send_from:%Y-%m-%d %H:%M}" == "2026-12-10 00:00"
    assert freeze(sending.city.office, run.id) == "frozen"


def test_of_an_age_only_those_are_asked_who_attain_it_that_month(sending: Sending):
    born = dict(zip(sending.residents["pseudonym"], sending.residents["birth_date"], strict=True))
    she = next(each for each in sending.women_over_forty(400) if born[each].month == 12 and born[each].day > 1)
    sending.register([she])
    scheduled(sending, Schedule(Recurrence.ATTAINING, 10, age=2026 - born[she].year))
    sending.city.clock.pass_(days=10)
    tick(sending.city.office)
    (run,) = runs(sending)

    freeze(sending.city.office, run.id)

    with sending.city.look() as work:
        file = work.session.scalars(
            select(StoredFile).join(NoticeRun, NoticeRun.frozen_file_id == StoredFile.id).where(NoticeRun.id == run.id)
        ).one()
    asked = people_in(sending.city.office.files.read(file))
    year = born[she].year
    assert she in asked
    assert all(date(year, 12, 2) <= born[each] <= date(year + 1, 1, 1) for each in asked)


def test_what_the_program_lacks_is_said_and_tried_again(sending: Sending):
    schedule_id = scheduled(sending, Schedule(Recurrence.MONTHLY, 10))
    with sending.city.unit() as work:
        work.session.execute(update(NoticeVersion).values(state="draft"))
    sending.city.clock.pass_(days=10)

    assert tick(sending.city.office) == 0
    assert "文面" in schedule_of(sending, schedule_id).trouble
    with sending.city.unit() as work:
        work.session.execute(update(NoticeVersion).values(state="approved"))

    assert tick(sending.city.office) == 1
    assert schedule_of(sending, schedule_id).trouble == ""


def test_a_worker_that_slept_past_the_day_begins_nothing_late_and_says_so(sending: Sending):
    schedule_id = scheduled(sending, Schedule(Recurrence.MONTHLY, 10))
    sending.city.clock.pass_(days=20)

    assert tick(sending.city.office) == 0

    assert runs(sending) == []
    row = schedule_of(sending, schedule_id)
    assert "過ぎました" in row.trouble
    assert row.next_on.isoformat() == "2027-01-12"


def test_what_was_ended_begins_no_more(sending: Sending):
    schedule_id = scheduled(sending, Schedule(Recurrence.MONTHLY, 10))
    with sending.city.unit(sending.city.actor(sending.drafter)) as work:
        row = find_schedule(work.session, schedule_id)
        end_schedule(work, row, row.version)
    sending.city.clock.pass_(days=10)

    assert tick(sending.city.office) == 0


def test_another_department_schedules_nothing_of_it(sending: Sending):
    with pytest.raises(NotPermitted):
        scheduled(sending, Schedule(Recurrence.MONTHLY, 10), sending.city.person(Role.CLERK))


TYPED = {"recurrence": "monthly", "day": "10", "month": "", "age": "", "per_hour": "2,000", "days_to_send": "14"}


def test_a_schedule_asks_only_for_what_its_kind_needs_and_never_takes_an_age_for_granted(sending: Sending):
    program_id = sending.desk.program_id
    visit = sending.office.visit()

    refused = visit.post(
        "/audiences/schedules", {**TYPED, "program": str(program_id), "recurrence": "attaining"}, status=422
    )
    done = visit.post("/audiences/schedules", {**TYPED, "program": str(program_id)})

    assert "何歳に達する人かを" in refused.text
    assert "令和8年12月10日" in done.text
    assert "毎月10日" in done.text
    assert "乳がん検診の予定をやめる" in done.text
    with sending.city.look() as work:
        assert work.session.scalars(select(RunSchedule)).one().per_hour == 2000


def test_a_schedule_of_no_program_says_so(sending: Sending):
    visit = sending.office.visit()

    assert "制度を選んでください" in visit.post("/audiences/schedules", TYPED, status=422).text


def test_the_same_schedule_is_not_set_twice_and_may_be_set_again_once_it_was_ended(sending: Sending):
    visit = sending.office.visit()
    said = {**TYPED, "program": str(sending.desk.program_id)}
    visit.post("/audiences/schedules", said)

    again = visit.post("/audiences/schedules", said, status=422)

    assert "同じ予定がもうあります" in again.text
    with sending.city.look() as work:
        row = work.session.scalars(select(RunSchedule)).one()
    visit.post(f"/audiences/schedules/{row.id}/end", {"version": str(row.version)})
    visit.post("/audiences/schedules", said)
