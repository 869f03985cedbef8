"""What may a night do, what must it never do, and where does each record end?"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.automation import queries, service
from backoffice.automation.models import Evidence, Lease
from backoffice.automation.workflow import FAILURES_IN_A_ROW, TRIES, ItemState, NightState
from backoffice.errors import Invalid
from backoffice.identity import Actor, Origin
from rpa_bots.outcomes import Cause, TargetFailure
from tests.backoffice.automation.nights import SETTINGS, key_well, open_shift
from tests.backoffice.automation.scripts import (
    fail_with,
    refuse,
)

WORKER = Actor.house(Origin.WORKER)


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


def test_a_restored_office_starts_no_night_until_a_person_opens_it_again(city):
    shift = open_shift(city, records=1)
    city.office.settings.pause_path.touch()

    with pytest.raises(Invalid, match="休止"):
        shift.start()
    service.reopen_nights(city.office, city.actor(city.person()))
    shift.run(shift.start())

    assert shift.states() == [ItemState.DONE]


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


def set_password(shift, password):
    with shift.city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        service.set_credential(work, target, "gakumu01", password)
