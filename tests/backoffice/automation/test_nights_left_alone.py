"""Who goes on with a night whose worker is gone, and who may not?"""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from backoffice.automation import keeping, leasing, queries, service
from backoffice.automation.alarms import troubles
from backoffice.automation.workflow import ItemState, NightState
from backoffice.errors import Overtaken
from backoffice.identity import Actor, Origin
from backoffice.jobs.client import JobState, job_id_of
from backoffice.jobs.names import JobName
from backoffice.jobs.worker import LeftForNextStart
from rpa_bots.outcomes import Cause, Keyed, TargetFailure
from tests.backoffice.automation.nights import open_shift
from tests.backoffice.office import City

WORKER = Actor.house(Origin.WORKER)
MINE, GONE = "worker-1", "worker-2"
BEATS = 3


def begin_elsewhere(city: City, worker: str) -> None:
    """Leave the row that the durable engine has of a job which that worker has begun."""
    table = "dbos.workflow_status" if city.office.settings.database.startswith("postgresql") else "workflow_status"
    with city.unit() as work:
        begun = text(f"UPDATE {table} SET status = 'PENDING', executor_id = :worker")
        work.session.execute(begun, {"worker": worker})


def job(city: City, night_id: int):
    return city.office.jobs.find(job_id_of(JobName.RUN_NIGHT, night_id))


def sit(city: City, night_id: int, worker: str = GONE):
    """Let a worker sit down and take the first record up."""
    with city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, worker)
        return seat, keeping.take_up(work, seat, 1.0)


def test_a_night_whose_worker_is_gone_goes_on_at_another_within_a_minute(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=2)
    night_id = shift.start()
    begin_elsewhere(city, GONE)
    seat, at_hand = sit(city, night_id)
    with city.unit(WORKER) as work:
        keeping.begin_submitting(work, seat, at_hand)

    city.clock.pass_(seconds=35)
    early = leasing.tick(city.office)
    city.clock.pass_(seconds=5)
    passed_on, twice = leasing.tick(city.office), leasing.tick(city.office)
    waiting = job(city, night_id).state
    shift.run(night_id)

    assert (early, passed_on, twice, waiting) == ([], [night_id], [], JobState.WAITING)
    assert shift.states() == [ItemState.DONE] * 2
    assert shift.bot.look_ups == 1, "what was being registered is looked up first"


def test_a_worker_that_beats_keeps_its_night(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=1)
    night_id = shift.start()
    begin_elsewhere(city, GONE)
    sit(city, night_id)

    for _ in range(BEATS):
        city.clock.pass_(seconds=30)
        with city.unit(WORKER) as work:
            leasing.keep(work, night_id, GONE)

    assert leasing.tick(city.office) == []


def test_a_worker_that_comes_back_too_late_moves_neither_the_lease_nor_the_record(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=1)
    night_id = shift.start()
    begin_elsewhere(city, GONE)
    seat, at_hand = sit(city, night_id)
    city.clock.pass_(minutes=1)
    leasing.tick(city.office)
    with city.look() as work:
        until = queries.lease_of_night(work.session, night_id).until

    with city.unit(WORKER) as work:
        leasing.keep(work, night_id, GONE)
        keeping.keep_ending(work, seat, at_hand, keeping.Ending(ItemState.DONE, "keyed"), (), 1.0)
        again = keeping.take_up(work, seat, 1.0)

    with city.look() as work:
        assert queries.lease_of_night(work.session, night_id).until == until
    assert (again, shift.states()) == ("leased", [ItemState.WAITING])


@pytest.mark.parametrize("worker", [MINE, ""])
def test_a_night_of_this_worker_or_one_that_nobody_has_begun_is_not_passed_on(city, worker):
    shift = open_shift(city, records=1)
    shift.start()
    if worker:
        begin_elsewhere(city, worker)
    city.clock.pass_(minutes=2)

    assert city.office.settings.worker_id == MINE
    assert leasing.tick(city.office) == []


def test_a_night_begun_by_a_worker_that_never_sat_down_is_passed_on(city_on_both):
    shift = open_shift(city_on_both, records=1)
    night_id = shift.start()
    begin_elsewhere(city_on_both, GONE)
    city_on_both.clock.pass_(minutes=1)

    assert leasing.tick(city_on_both.office) == [night_id]


def test_a_night_that_waits_behind_another_in_the_queue_is_neither_given_up_nor_an_alarm(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=1)
    night_id = shift.start()
    city.clock.pass_(hours=1)
    with city.unit() as work, pytest.raises(Overtaken):
        service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id))
    waiting = troubles.tick(city.office)

    begin_elsewhere(city, GONE)
    with city.unit() as work:
        service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id))

    assert waiting == 0
    assert shift.night(night_id).state == NightState.ENDED


def test_the_lease_is_moved_on_while_the_night_moves(city):
    shift = open_shift(city, records=1)
    night_id = shift.start()
    sit(city, night_id, MINE)
    city.clock.pass_(seconds=30)

    with leasing.Beat(city.office, night_id, every_seconds=0.01):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and left(city, night_id) < leasing.LEASE_TIME.total_seconds():
            time.sleep(0.02)

    assert left(city, night_id) == leasing.LEASE_TIME.total_seconds()


def left(city: City, night_id: int) -> float:
    with city.look() as work:
        return (queries.lease_of_night(work.session, night_id).until - work.now).total_seconds()


def test_when_the_database_took_longer_than_a_lease_nothing_is_pressed(city):
    shift = open_shift(city, records=1)
    seconds = iter([0.0, *[100.0] * 50])

    def key(record, journal, target):
        journal.seconds = lambda: next(seconds)
        journal.submitting()
        return Keyed(target.register(record), record, 1.0)

    shift.bot.scripts[1] = key

    shift.run(shift.start())

    assert shift.bot.keyings == 2, "found absent by the look-up, then keyed"
    assert (shift.states(), len(shift.bot.registered)) == ([ItemState.DONE], 1)


def test_a_worker_that_lost_its_seat_does_not_end_the_night_of_whoever_goes_on(city_on_both):
    shift = open_shift(city_on_both, records=2)
    night_id = shift.start()

    def fall_asleep(_record, _journal, _target):
        city_on_both.clock.pass_(minutes=1)
        sit(city_on_both, night_id, GONE)
        return TargetFailure(Cause.SIGN_IN_REFUSED, "対象システムがサインインを断りました")

    shift.bot.scripts[1] = fall_asleep
    with pytest.raises(LeftForNextStart):
        shift.run(night_id)

    with city_on_both.look() as work:
        held = queries.lease_of_night(work.session, night_id)
    assert (shift.night(night_id).state, held.worker) == (NightState.RUNNING, GONE)
