"""What becomes of a night whose worker, browser or target breaks in the middle?"""

from __future__ import annotations

import pytest
from sqlalchemy import text

from backoffice.automation import keeping, queries, service
from backoffice.automation.jobs import NightFaultError
from backoffice.automation.workflow import TRIES, ItemState, NightState
from backoffice.errors import Overtaken
from backoffice.identity import Actor, Origin
from backoffice.jobs.worker import LeftForNextStart
from rpa_bots.outcomes import Absent, Cause, Doubled, Found, TargetFailure, Unknown
from tests.backoffice.automation.nights import LATE, CrashedError, key_well, open_shift
from tests.backoffice.automation.scripts import (
    break_after_the_click,
    crash_after_the_click,
    crash_after_the_receipt,
    crash_before_the_click,
    crash_while_typing,
    end_unknown,
    lose_the_database_after_the_click,
    lose_the_database_while_typing,
)

WORKER = Actor.house(Origin.WORKER)


@pytest.mark.parametrize("crash", [crash_before_the_click, crash_after_the_click, crash_after_the_receipt])
def test_a_record_cut_off_while_it_was_submitted_is_looked_up_and_never_clicked_blindly(city, crash):
    shift = open_shift(city, records=3)
    shift.bot.scripts[2] = crash
    night_id = shift.start()
    with pytest.raises(CrashedError):
        shift.run(night_id)
    left = shift.states()

    shift.run(night_id)

    assert left == [ItemState.DONE, ItemState.SUBMITTING, ItemState.WAITING]
    assert shift.states() == [ItemState.DONE] * 3
    assert (len(shift.bot.registered), shift.bot.doubled, shift.bot.look_ups) == (3, [], 1)


def test_a_record_cut_off_while_it_was_typed_is_simply_keyed_again(city):
    shift = open_shift(city, records=2)
    shift.bot.scripts[1] = crash_while_typing
    night_id = shift.start()
    with pytest.raises(CrashedError):
        shift.run(night_id)

    shift.run(night_id)

    assert shift.states() == [ItemState.DONE] * 2
    assert shift.bot.look_ups == 0


@pytest.mark.parametrize(
    ("cut", "look_ups"), [(lose_the_database_while_typing, 0), (lose_the_database_after_the_click, 1)]
)
def test_a_night_whose_database_is_gone_for_a_moment_goes_on_from_what_was_committed(city_on_both, cut, look_ups):
    shift = open_shift(city_on_both, records=3)
    shift.bot.scripts[2] = cut
    night_id = shift.start()

    shift.run(night_id)

    assert shift.states() == [ItemState.DONE] * 3
    assert (len(shift.bot.registered), shift.bot.doubled, shift.bot.look_ups) == (3, [], look_ups)
    assert shift.night(night_id).why_ended == "finished"
    assert shift.bot.opened == 2, "it signs in again, as after a crash"


def test_a_night_does_not_wait_for_a_table_that_is_missing(city):
    shift = open_shift(city, records=2)

    def ask_for_what_is_not_there(_record, _journal, _target):
        with city.look() as work:
            work.session.execute(text("SELECT 1 FROM forgotten_table"))

    shift.bot.scripts[1] = ask_for_what_is_not_there
    night_id = shift.start()

    with pytest.raises(NightFaultError):
        shift.run(night_id)

    assert shift.night(night_id).why_ended == "fault"
    assert shift.states() == [ItemState.WAITING] * 2


def test_an_unknown_record_is_looked_up_only_after_the_late_commit_time(city):
    shift = open_shift(city, records=1)
    shift.bot.scripts[1] = end_unknown
    began = shift.waiting.passed
    looked_up_at = []
    truth = shift.bot.look
    shift.bot.look = lambda reference: looked_up_at.append(shift.waiting.passed) or truth(reference)

    shift.run(shift.start())

    assert looked_up_at[0] - began >= LATE
    assert shift.states() == [ItemState.DONE]


def test_a_wall_clock_set_forward_does_not_shorten_the_late_commit_time(city):
    shift = open_shift(city, records=1)
    shift.bot.scripts[1] = end_unknown
    began = shift.waiting.passed
    night_id = shift.start()
    jumps = iter([1])
    shift.waiting.during_pause = lambda: city.clock.pass_(hours=next(jumps, 0))

    shift.run(night_id)

    assert shift.bot.look_ups == 1
    assert shift.waiting.passed - began >= LATE


@pytest.mark.parametrize(
    ("answer", "state", "registered"),
    [
        (Found("E0000009", {"name": "別の人"}), ItemState.EXCEPTION, 1),
        (Doubled(("E0000001", "E0000002")), ItemState.EXCEPTION, 1),
    ],
)
def test_what_a_look_up_finds_otherwise_is_shown_to_a_person(city, answer, state, registered):
    shift = open_shift(city, records=1)
    shift.bot.scripts[1] = end_unknown
    shift.bot.answers = [answer]

    shift.run(shift.start())

    assert shift.states() == [state]
    assert len(shift.bot.registered) == registered


def test_a_record_found_absent_again_and_again_is_given_to_a_person(city):
    shift = open_shift(city, records=1)

    def lose(_record, journal, _target):
        journal.submitting()
        return Unknown("対象システムから応答がありません")

    shift.bot.scripts = dict.fromkeys(range(1, 10), lose)
    shift.bot.answers = [Absent()] * 9

    shift.run(shift.start())

    assert shift.states() == [ItemState.FAILED]
    assert shift.bot.keyings == TRIES


def test_a_target_that_never_answers_look_ups_leaves_the_record_unknown_for_people(city):
    shift = open_shift(city, records=1)
    shift.bot.scripts[1] = end_unknown
    shift.bot.answers = [TargetFailure(Cause.MAINTENANCE, "停止中")] * 9
    night_id = shift.start()

    shift.run(night_id)

    assert shift.states() == [ItemState.UNKNOWN]
    assert shift.night(night_id).state == NightState.ENDED
    assert len(shift.bot.registered) == 1


def test_a_worker_that_restarts_does_not_open_a_locked_account(city):
    shift = open_shift(city, records=1)
    night_id = shift.start()
    with city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, "worker-1")
        keeping.lock_account(work, seat, Cause.SIGN_IN_REFUSED)

    shift.run(night_id)

    assert shift.bot.opened == 0
    assert shift.night(night_id).why_ended == "locked"


def test_a_worker_told_to_stop_leaves_the_night_between_two_records_for_its_next_start(city):
    shift = open_shift(city, records=3)
    night_id = shift.start()

    def tell_meanwhile(record, journal, target):
        shift.waiting.told_to_stop = True
        return key_well(record, journal, target)

    shift.bot.scripts[1] = tell_meanwhile
    with pytest.raises(LeftForNextStart):
        shift.run(night_id)
    left = shift.states()
    shift.waiting.told_to_stop = False
    shift.run(night_id)

    assert left == [ItemState.DONE, ItemState.WAITING, ItemState.WAITING]
    assert shift.states() == [ItemState.DONE] * 3


def test_a_second_worker_stays_out_while_the_first_holds_the_account(city_on_both):
    shift = open_shift(city_on_both, records=1)
    night_id = shift.start()
    with city_on_both.unit(WORKER) as work:
        keeping.take_seat(work, night_id, "worker-2")

    with pytest.raises(LeftForNextStart):
        shift.run(night_id)

    assert shift.bot.opened == 0
    assert shift.night(night_id).state == NightState.RUNNING


def test_a_lease_that_ran_out_is_taken_over_and_what_its_holder_submitted_is_looked_up(city):
    shift = open_shift(city, records=1)
    night_id = shift.start()
    with city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, "worker-2")
        at_hand = keeping.take_up(work, seat, 1.0)
    with city.unit(WORKER) as work:
        keeping.begin_submitting(work, seat, at_hand)
    city.clock.pass_(minutes=1)

    shift.run(night_id)

    assert shift.bot.look_ups == 1
    assert shift.states() == [ItemState.DONE]


def test_whoever_lost_the_account_may_not_click_any_more(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=1)
    night_id = shift.start()
    with city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, "worker-2")
        at_hand = keeping.take_up(work, seat, 1.0)
    city.clock.pass_(minutes=1)
    with city.unit(WORKER) as work:
        keeping.take_seat(work, night_id, "worker-1")

    with city.unit(WORKER) as work, pytest.raises(keeping.WithdrawnError):
        keeping.begin_submitting(work, seat, at_hand)


def test_a_browser_that_breaks_after_the_click_leaves_the_record_unknown_and_is_opened_again(city):
    shift = open_shift(city, records=2)
    shift.bot.scripts[1] = break_after_the_click

    shift.run(shift.start())

    assert shift.states() == [ItemState.DONE] * 2
    assert (shift.bot.opened, shift.bot.doubled, shift.bot.look_ups) == (2, [], 1)


def test_a_machine_without_a_browser_ends_the_night_and_says_so(city):
    shift = open_shift(city, records=1)
    night_id = shift.start()

    def no_browser(*_):
        raise FileNotFoundError("chromium")

    shift.bot.open_bot = no_browser
    shift.run(night_id)

    assert shift.night(night_id).why_ended == "no_browser"
    assert shift.states() == [ItemState.WAITING]


def test_a_restored_database_looks_its_waiting_records_up_before_it_keys_them(city):
    shift = open_shift(city, records=2)
    shift.bot.registered = [(shift.items()[0].reference, dict(shift.items()[0].values))]
    with city.unit() as work:
        doubted = service.doubt_all(work)

    shift.run(shift.start())

    assert doubted == 2
    assert shift.states() == [ItemState.DONE] * 2
    assert shift.bot.doubled == []


def test_a_night_whose_worker_is_gone_can_be_ended_by_a_person_but_not_before(city):
    shift = open_shift(city, records=1)
    shift.bot.scripts[1] = crash_before_the_click
    night_id = shift.start()
    with pytest.raises(CrashedError):
        shift.run(night_id)

    with city.unit() as work, pytest.raises(Overtaken):
        service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id))
    city.clock.pass_(minutes=1)
    with city.unit() as work:
        service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id))

    assert shift.states() == [ItemState.UNKNOWN]
    assert shift.night(night_id).state == NightState.ENDED
