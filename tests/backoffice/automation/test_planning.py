"""When will what waits be done, what does not fit, and who hears of it at noon?"""

from __future__ import annotations

import itertools
import time as time_module
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from backoffice.audit.models import AuditEvent
from backoffice.automation import keeping, queries
from backoffice.automation.events import NightsPlanned
from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.automation.plan import noon
from backoffice.automation.plan.planning import (
    Hours,
    Pile,
    done_at,
    done_by,
    end_of,
    hours_ahead,
    in_turn,
    openings_ahead,
    plan,
    service_ends_at,
)
from backoffice.automation.plan.tonight import plans
from backoffice.automation.queue.order import NO_DEADLINE
from backoffice.automation.systems import credentials, stops
from backoffice.automation.systems.credentials import NextPassword
from backoffice.errors import Invalid
from backoffice.identity import Role, Staff
from backoffice.inbox.alert_models import Alert
from backoffice.services import TOKYO
from rpa_bots.outcomes import Cause
from rpa_bots.window import Window, open_now
from tests.backoffice.automation.nights import SETTINGS, NightShift, open_shift
from tests.backoffice.staff_client import StaffClient

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
NIGHTLY = Window(time(22), time(6))
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
windows = st.builds(Window, times, times)
stopped = st.sets(st.integers(-1, 6).map(lambda days: TODAY + timedelta(days=days)))
deadlines = st.one_of(st.just(NO_DEADLINE), st.integers(-2, 6).map(lambda days: TODAY + timedelta(days=days)))
piles = st.lists(st.builds(Pile, st.integers(0, 2), deadlines, st.integers(1, 400)), max_size=8)
seconds = st.floats(0.5, 600)


def ahead(window: Window, days_off=frozenset(), margin: float = 300) -> list[Hours]:
    return hours_ahead(NOON, openings_ahead(NOON, window), margin, days_off)


@given(window=windows, days_off=stopped, margin=st.integers(0, 7200))
def test_hours_lie_in_the_window_after_now_and_never_on_a_day_without_service(window, days_off, margin):
    hours = ahead(window, days_off, margin)

    for each in hours:
        assert NOON <= each.begins_at < each.ends_at
        for moment in (each.begins_at, each.ends_at - timedelta(seconds=1)):
            assert open_now(moment, window) is not None
            assert moment.astimezone(TOKYO).date() not in days_off
    assert all(one.ends_at <= next_.begins_at for one, next_ in itertools.pairwise(hours))


@given(window=windows, days_off=stopped, left=piles, each=seconds)
def test_a_forecast_adds_up_and_is_never_before_now(window, days_off, left, each):
    hours = ahead(window, days_off)
    told = plan(in_turn(left), each, hours, openings_ahead(NOON, window)[0].day)

    assert told.left == sum(pile.count for pile in left)
    assert 0 <= told.fits <= told.left
    assert 0 <= told.late <= sum(pile.count for pile in left if pile.due_on != NO_DEADLINE)
    assert (told.first_missed is None) == (told.late == 0)
    assert told.ends_at is None or told.ends_at > NOON
    if told.left and told.ends_at:
        assert done_by(told.ends_at + timedelta(milliseconds=1), each, hours) >= told.left
        assert done_by(told.ends_at - timedelta(seconds=each), each, hours) < told.left


@given(due=st.lists(deadlines, min_size=1, max_size=5), each=st.floats(600, 40_000))
def test_on_one_account_no_order_is_late_by_less_than_the_earliest_deadline_first(due, each):
    hours = ahead(NIGHTLY)

    def worst(order: list[date]) -> timedelta:
        done = [done_at(place, each, hours) for place in range(1, len(order) + 1)]
        late = [at - end_of(day) for at, day in zip(done, order, strict=True) if at and day != NO_DEADLINE]
        return max(late, default=timedelta.min)

    ordered = [pile.due_on for pile in in_turn([Pile(1, day, 1) for day in due])]

    if done_at(len(due), each, hours) is not None:
        assert worst(ordered) <= min(worst(list(other)) for other in itertools.permutations(due))


def test_what_does_not_fit_and_which_deadline_is_missed_is_told_by_example():
    tonight = Hours(TODAY, NOON, NOON + timedelta(hours=1))
    tomorrow = Hours(TODAY + timedelta(days=1), NOON + timedelta(days=1), NOON + timedelta(days=1, hours=1))
    queue = [Pile(1, NO_DEADLINE, 50), Pile(1, TODAY, 40), Pile(0, NO_DEADLINE, 30)]

    told = plan(in_turn(queue), 60.0, [tonight, tomorrow], TODAY)

    assert (told.left, told.fits, told.over) == (120, 60, 60)
    assert (told.late, told.first_missed) == (10, TODAY)
    assert told.ends_at == NOON + timedelta(days=1, hours=1)


def test_a_night_ends_at_the_midnight_before_a_day_without_service():
    evening = datetime(2026, 11, 24, 23, 0, tzinfo=TOKYO)
    opening = open_now(evening, NIGHTLY)

    assert service_ends_at(evening, opening, {date(2026, 11, 25)}) == end_of(TODAY)
    assert service_ends_at(evening, opening, {TODAY}) is None
    assert service_ends_at(evening, opening, set()) == opening.closes_at


@pytest.fixture
def shift(city) -> NightShift:
    return open_shift(city, records=4, settings=replace(SETTINGS, opens=time(22), closes=time(6)))


@pytest.fixture
def operator(city, shift) -> StaffClient:
    return StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department, account="denbo"))


def by_account(city, account: str) -> Staff:
    with city.look() as work:
        return work.session.scalars(select(Staff).where(Staff.account == account)).one()


def make_slow(shift: NightShift, each: float) -> None:
    """Let five items of the nights before have taken so long."""
    shift.queue(5, seed=8)
    with shift.city.unit() as work:
        for item in work.session.scalars(select(WorkItem).order_by(WorkItem.id.desc()).limit(5)):
            item.state, item.seconds, item.finished_at = "done", each, work.now


def told(city) -> list[tuple[int, str]]:
    with city.look() as work:
        rows = work.session.scalars(select(Alert).where(Alert.ended_at.is_(None)).order_by(Alert.id))
        return [(row.staff_id, row.sentence) for row in rows]


def test_two_workers_that_look_at_the_same_noon_tell_of_it_once(city_on_postgres):
    city = city_on_postgres
    open_shift(city, records=1)
    locked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with ThreadPoolExecutor(2) as workers:
        with city.unit() as work:
            work.session.scalars(select(TargetSystem).with_for_update()).all()
            both = [workers.submit(noon.tick, city.office) for _ in range(2)]
            deadline = time_module.monotonic() + 20
            while time_module.monotonic() < deadline:
                with city.office.engine.connect() as connection:
                    if connection.scalar(locked) == len(both):
                        break
        for each in both:
            each.result()

    with city.look() as work:
        assert len(work.session.scalars(select(AuditEvent).where(AuditEvent.kind == NightsPlanned.kind)).all()) == 1


def test_at_noon_those_on_duty_hear_once_a_day_of_a_night_that_will_not_do(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=4, settings=replace(SETTINGS, opens=time(22), closes=time(6)))
    operators = [city.person(Role.BOT_OPERATOR, department=shift.department) for _ in range(2)]
    city.person(Role.BOT_OPERATOR)
    city.clock.pass_(minutes=-1)
    before_noon = noon.tick(city.office)
    city.clock.pass_(minutes=1)
    fits = noon.tick(city.office)
    make_slow(shift, 9000.0)

    same_day = noon.tick(city.office)
    city.clock.pass_(days=1)
    next_day = [noon.tick(city.office), noon.tick(city.office)]
    heard = told(city)
    with city.unit() as work:
        for item in work.session.scalars(select(WorkItem).where(WorkItem.state == "waiting")):
            item.due_on = TODAY + timedelta(days=1)
        target = queries.find_target(work.session, work.actor, shift.target_id)
        target.duty_id = operators[1].id
    city.clock.pass_(days=1)
    noon.tick(city.office)

    assert (before_noon, fits, same_day, next_day) == (0, 0, 0, [1, 0])
    assert heard == [(person.id, noon.NOT_TONIGHT) for person in operators]
    assert told(city) == [(operators[1].id, noon.TOO_LATE)]
    with city.look() as work:
        noons = select(AuditEvent.data).where(AuditEvent.kind == "nights_planned").order_by(AuditEvent.id)
        planned = work.session.scalars(noons).all()
        assert [each["warned"] for each in planned] == [0, 1, 1]


def shut_out(work, target) -> None:
    keeping.lock_credential(work, target.id, Cause.SIGN_IN_REFUSED, target.credential.set_at)


def test_at_noon_those_on_duty_hear_of_an_account_that_lets_nobody_in_while_something_waits(city, shift):
    city.person(Role.BOT_OPERATOR, department=shift.department)
    with city.unit() as work:
        shut_out(work, queries.find_target(work.session, work.actor, shift.target_id))
    locked = [noon.tick(city.office), [sentence for _staff_id, sentence in told(city)]]
    with city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        credentials.set_next(work, target, NextPassword("Invented-pass-9", TODAY + timedelta(days=1)))
    city.clock.pass_(days=1)

    assert locked == [1, [noon.LETS_NOBODY_IN]]
    assert (noon.tick(city.office), told(city)) == (0, [])


def test_the_plan_shows_measured_seconds_what_is_deferred_and_what_does_not_fit(city, shift, operator):
    assumed = operator.get("/nights/plan").text
    make_slow(shift, 9000.0)
    with city.unit() as work:
        first, second = work.session.scalars(select(WorkItem).order_by(WorkItem.id).limit(2))
        first.not_before, second.due_on = TODAY + timedelta(days=3), TODAY

    page = operator.get("/nights/plan").text

    assert "仮の値" in assumed
    assert "30.0秒" in assumed
    assert "測った値" in page
    assert "9,000.0秒" in page
    assert "ほかに先送り 1件" in page
    assert "最も早い期限 令和8年11月24日(火)" in page
    with city.look() as work:
        (tonight,) = plans(work, queries.list_targets(work.session, work.actor))
    assert (tonight.plan.left, tonight.plan.fits, tonight.plan.late) == (3, 3, 1)


def test_no_night_begins_on_a_day_without_service_and_the_page_says_why(city, shift, operator):
    stops = f"/targets/{shift.target_id}/stops"
    wrong = operator.post(
        stops, {"first_day": "令和8年11月26日", "last_day": "令和8年11月25日", "reason": "法定点検"}, status=422
    )
    mute = operator.post(stops, {"first_day": "令和8年11月24日"}, status=422)
    entered = operator.post(stops, {"first_day": "令和8年11月24日", "reason": "サーバーの入替"})
    twice = operator.post(stops, {"first_day": "令和8年11月24日", "reason": "サーバーの入替"}, status=422)

    city.clock.pass_(hours=11)
    with pytest.raises(Invalid, match="停止日"):
        shift.start()
    planned = operator.sign_in(by_account(city, "denbo")).get("/nights/plan").text
    city.clock.pass_(hours=2)  # past midnight, in the same window
    night_id = shift.start()

    assert "終わりの日を" in wrong.text
    assert "令和8年11月26日" in wrong.text
    assert "理由を入れてください。" in mute.text
    assert "サーバーの入替" in entered.text
    assert "この停止日は、もう入っています。" in twice.text
    assert "サーバーの入替" in planned
    assert shift.night(night_id).closes_at.astimezone(TOKYO) == datetime(2026, 11, 25, 6, 0, tzinfo=TOKYO)
    operator.sign_in(by_account(city, "denbo")).post(f"{stops}/1/remove")
    assert "停止日はありません。" in operator.get(f"/targets/{shift.target_id}").text


def test_the_plan_says_what_will_keep_the_night_from_its_hours(city, shift, operator):
    with city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        stops.add_stop(work, target, TODAY + timedelta(days=1), TODAY + timedelta(days=2), "法定点検")
        shut_out(work, target)

    page = operator.get("/nights/plan").text

    assert "22:00～00:00" in page, "the night ends at midnight, before the first day without service"
    assert "法定点検" in page
    assert "入れ直し待ち" in page


def test_a_reason_that_the_database_cannot_keep_is_refused_on_the_page(city_on_postgres):
    shift = open_shift(city_on_postgres, records=0)
    person = city_on_postgres.person(Role.BOT_OPERATOR, department=shift.department)
    operator = StaffClient(city_on_postgres).sign_in(person)
    stops = f"/targets/{shift.target_id}/stops"

    refused = operator.post(stops, {"first_day": "令和8年11月26日", "reason": "点検\x00"}, status=422)

    assert refused.field("first_day") == "令和8年11月26日"


def test_one_operator_is_named_for_duty_and_nobody_else_can_be(city, shift, operator):
    clerk = city.person(Role.CLERK, department=shift.department)
    duty = f"/targets/{shift.target_id}/duty"

    operator.post(duty, {"duty": str(clerk.id)}, status=422)
    staff_id = by_account(city, "denbo").id
    named = operator.post(duty, {"duty": str(staff_id)})

    assert f'<option value="{staff_id}" selected>' in named.text
