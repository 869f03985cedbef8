"""What may a night do, what must it never do, and where does each record end?"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.automation import keeping, queries, service
from backoffice.automation.models import Evidence, Lease
from backoffice.automation.workflow import FAILURES_IN_A_ROW, TRIES, ItemState, NightState
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Origin
from backoffice.jobs.worker import LeftForNextStart
from rpa_bots.outcomes import Absent, BusinessRefusal, Cause, Doubled, Found, TargetFailure, Unknown
from tests.backoffice.automation.nights import LATE, SETTINGS, CrashedError, key_well, open_shift

WORKER = Actor.house(Origin.WORKER)


def refuse(_record, _journal, _target):
    return BusinessRefusal("「住所」は60文字以内で入力してください。", ("address",))


def fail_with(cause):
    return lambda _record, _journal, _target: TargetFailure(cause, "対象システムから応答がありません")


def crash_before_the_click(_record, journal, _target):
    journal.submitting()
    raise CrashedError


def crash_after_the_click(record, journal, target):
    journal.submitting()
    target.register(record)
    raise CrashedError


def crash_after_the_receipt(record, journal, target):
    journal.submitting()
    journal.receipt(target.register(record))
    raise CrashedError


def crash_while_typing(_record, _journal, _target):
    raise CrashedError


def end_unknown(record, journal, target):
    journal.submitting()
    target.register(record)
    return Unknown("対象システムから応答がありません")


def break_after_the_click(record, journal, target):
    journal.submitting()
    target.register(record)
    target.alive = False
    raise OSError("the browser is gone")


def test_a_night_keys_every_waiting_record_once_with_its_proof(city_on_both):
    shift = open_shift(city_on_both, records=3)
    night_id = shift.start()

    shift.run(night_id)

    assert shift.states() == [ItemState.DONE] * 3
    assert [item.receipt for item in shift.items()] == ["E0000001", "E0000002", "E0000003"]
    assert (shift.night(night_id).state, shift.night(night_id).why_ended) == (NightState.ENDED, "finished")
    assert shift.bot.opened == 1
    with city_on_both.look() as work:
        proofs = work.session.scalars(select(Evidence).order_by(Evidence.id)).all()
        picture = city_on_both.office.files.read(
            queries.find_evidence(work.session, shift.items()[0], proofs[0].id).file
        )
    assert [proof.stage for proof in proofs] == ["filled", "read_back"] * 3
    assert picture == b"\x89PNG filled"


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


def test_refused_data_goes_to_a_person_and_the_night_goes_on(city):
    shift = open_shift(city, records=3)
    shift.bot.scripts[2] = refuse

    shift.run(shift.start())

    assert shift.states() == [ItemState.DONE, ItemState.EXCEPTION, ItemState.DONE]
    assert shift.items()[1].reason == "「住所」は60文字以内で入力してください。"
    assert shift.bot.keyings == 3


def test_a_record_that_the_target_fails_is_tried_after_the_others_and_then_given_to_a_person(city):
    shift = open_shift(city, records=3)
    stubborn = shift.items()[0].reference

    def fail_the_stubborn(record, journal, target):
        if record["reference"] == stubborn:
            return TargetFailure(Cause.UNKNOWN_SCREEN, "想定外の画面が表示されました")
        return key_well(record, journal, target)

    shift.bot.scripts = dict.fromkeys(range(1, 20), fail_the_stubborn)
    night_id = shift.start()

    shift.run(night_id)

    assert shift.states() == [ItemState.FAILED, ItemState.DONE, ItemState.DONE]
    assert shift.items()[0].tries == TRIES


def test_a_target_that_fails_record_after_record_ends_the_night_with_its_reason(city):
    shift = open_shift(city, records=10)
    shift.bot.scripts = dict.fromkeys(range(1, 20), fail_with(Cause.UNREACHABLE))
    night_id = shift.start()

    shift.run(night_id)

    assert shift.night(night_id).why_ended == "target_down"
    assert shift.bot.keyings == FAILURES_IN_A_ROW
    assert shift.states() == [ItemState.WAITING] * 10


@pytest.mark.parametrize("cause", [Cause.SIGN_IN_REFUSED, Cause.PASSWORD_EXPIRED])
def test_after_a_refused_sign_in_nobody_uses_the_account_until_a_person_sets_a_new_password(city, cause):
    shift = open_shift(city, records=2)
    shift.bot.scripts[1] = fail_with(cause)
    night_id = shift.start()

    shift.run(night_id)

    assert shift.night(night_id).why_ended == str(cause)
    assert shift.bot.keyings == 1
    with pytest.raises(Invalid, match="新しいパスワード"):
        shift.start()
    set_password(shift, "Another-pass-9")
    shift.run(shift.start())
    assert shift.states() == [ItemState.DONE] * 2
    assert shift.bot.password.reveal() == "Another-pass-9"


def set_password(shift, password):
    with shift.city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        service.set_credential(work, target, "gakumu01", password)


def test_a_worker_that_restarts_does_not_open_a_locked_account(city):
    shift = open_shift(city, records=1)
    night_id = shift.start()
    with city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, "worker-1")
        keeping.lock_account(work, seat, Cause.SIGN_IN_REFUSED)

    shift.run(night_id)

    assert shift.bot.opened == 0
    assert shift.night(night_id).why_ended == "locked"


def test_a_safe_stop_finishes_the_record_at_hand_and_begins_no_other(city):
    shift = open_shift(city, records=3)
    night_id = shift.start()

    def stop_meanwhile(record, journal, target):
        with city.unit() as work:
            service.ask_stop(work, queries.find_night(work.session, work.actor, night_id))
        return key_well(record, journal, target)

    shift.bot.scripts[1] = stop_meanwhile
    shift.run(night_id)

    assert shift.states() == [ItemState.DONE, ItemState.WAITING, ItemState.WAITING]
    assert shift.night(night_id).why_ended == "stopped"


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


def test_nothing_is_begun_that_might_not_be_done_before_the_window_closes(city):
    shift = open_shift(city, records=5, settings=replace(SETTINGS, opens=time(8), closes=time(13)))
    night_id = shift.start()

    def take_half_an_hour(record, journal, target):
        city.clock.pass_(minutes=29, seconds=30)
        return key_well(record, journal, target)

    shift.bot.scripts = dict.fromkeys(range(1, 9), take_half_an_hour)
    shift.run(night_id)

    assert shift.night(night_id).why_ended == "closing"
    assert shift.states() == [ItemState.DONE, ItemState.DONE, ItemState.WAITING, ItemState.WAITING, ItemState.WAITING]


def test_a_night_does_not_start_outside_its_window(city):
    shift = open_shift(city, records=1, settings=replace(SETTINGS, opens=time(22), closes=time(6)))

    with pytest.raises(Invalid, match="稼働時間"):
        shift.start()
    city.clock.pass_(hours=11)
    night_id = shift.start()

    assert shift.night(night_id).closes_at.isoformat() == "2026-11-24T21:00:00+00:00"


def test_a_system_has_one_night_at_a_time(city_on_both):
    shift = open_shift(city_on_both, records=1)
    shift.start()

    with pytest.raises(Invalid, match="もう動いています"):
        shift.start()


def test_a_night_without_work_or_account_is_not_started(city):
    shift = open_shift(city, records=0)

    with pytest.raises(Invalid, match="入力を待つ案件はありません"):
        shift.start()
    shift.queue(1)
    with city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        service.change_target(work, target, replace(SETTINGS, url="http://127.0.0.1:9999"))

    with pytest.raises(Invalid, match="アカウントとパスワード"):
        shift.start()


def test_a_record_withdrawn_while_it_was_typed_is_not_clicked(city):
    shift = open_shift(city, records=2)
    first = shift.items()[0]

    def withdraw_meanwhile(record, journal, target):
        with city.unit() as work:
            item = queries.find_item(work.session, work.actor, first.id)
            service.cancel(work, item, service.Look(item.version, 0.0), "申請者が取り下げた")
        return key_well(record, journal, target)

    shift.bot.scripts[1] = withdraw_meanwhile
    shift.run(shift.start())

    assert shift.states() == [ItemState.CANCELLED, ItemState.DONE]
    assert [reference for reference, _ in shift.bot.registered] == [shift.items()[1].reference]


def test_a_second_worker_stays_out_while_the_first_holds_the_account(city_on_both):
    shift = open_shift(city_on_both, records=1)
    night_id = shift.start()
    with city_on_both.unit(WORKER) as work:
        keeping.take_seat(work, night_id, "worker-2")

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
    city.clock.pass_(minutes=11)

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
    city.clock.pass_(minutes=11)
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


def test_a_restored_office_starts_no_night_until_a_person_opens_it_again(city):
    shift = open_shift(city, records=1)
    city.office.settings.pause_path.touch()

    with pytest.raises(Invalid, match="休止"):
        shift.start()
    service.reopen_nights(city.office, city.actor(city.person()))
    shift.run(shift.start())

    assert shift.states() == [ItemState.DONE]


def test_a_restored_database_looks_its_waiting_records_up_before_it_keys_them(city):
    shift = open_shift(city, records=2)
    shift.bot.registered = [(shift.items()[0].reference, dict(shift.items()[0].values))]
    with city.unit() as work:
        doubted = service.doubt_waiting(work)

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
    city.clock.pass_(minutes=11)
    with city.unit() as work:
        service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id))

    assert shift.states() == [ItemState.UNKNOWN]
    assert shift.night(night_id).state == NightState.ENDED


def test_a_password_is_sealed_and_stands_nowhere_in_clear(city):
    shift = open_shift(city, records=1)

    with city.look() as work:
        sealed = queries.find_target(work.session, work.actor, shift.target_id).credential.sealed_password
    everything = b"".join(path.read_bytes() for path in city.office.settings.data_dir.rglob("*") if path.is_file())

    assert b"Invented-pass-8" not in sealed
    assert b"Invented-pass-8" not in everything


def test_a_changed_address_forgets_the_account_so_that_its_password_is_typed_nowhere_else(city):
    shift = open_shift(city, records=1)

    with city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        service.change_target(work, target, replace(SETTINGS, url="http://evil.example"))

    with city.look() as work:
        assert queries.find_target(work.session, work.actor, shift.target_id).credential is None


def test_what_a_night_did_stands_on_the_trail_without_personal_values(city):
    shift = open_shift(city, records=1)

    shift.run(shift.start())

    with city.look() as work:
        trail = work.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    kinds = [event.kind for event in trail]
    assert kinds[-5:] == ["night_started", "lease_taken", "item_submitting", "item_moved", "night_ended"]
    values = [str(value) for value in shift.items()[0].values.values() if len(str(value)) > len("False")]
    assert not [event for event in trail for value in values if value in str(event.data)]


def test_an_ended_night_frees_the_account(city):
    shift = open_shift(city, records=1)

    shift.run(shift.start())

    with city.look() as work:
        lease = work.session.scalars(select(Lease)).one()
    assert (lease.worker, lease.until, lease.item_id) == ("", None, None)


def test_a_night_that_is_run_again_after_its_end_does_nothing(city):
    shift = open_shift(city, records=1)
    night_id = shift.start()
    shift.run(night_id)

    shift.run(night_id)

    assert (shift.bot.opened, shift.bot.keyings) == (1, 1)
