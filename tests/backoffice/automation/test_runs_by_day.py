"""A clerk has chosen records keyed by day: as a night does it, at a polite pace, and never beside another session."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.automation import keeping, queries, service
from backoffice.automation.by_day import runs
from backoffice.automation.models import Evidence, Lease, TargetSystem, WorkItem
from backoffice.automation.systems import stops
from backoffice.automation.workflow import ItemState, NightState, RunKind
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Role
from backoffice.services import TOKYO
from tests.backoffice.automation.nights import SETTINGS, NightShift, key_well, open_shift
from tests.backoffice.automation.scripts import end_unknown, refuse
from tests.backoffice.staff_client import StaffClient

BY_DAY = replace(SETTINGS, opens=time(22), closes=time(6), by_day=True, pace_seconds=30)


@pytest.fixture
def shift(city) -> NightShift:
    return open_shift(city, records=3, settings=BY_DAY)


def clerk_of(shift: NightShift) -> StaffClient:
    return StaffClient(shift.city).sign_in(shift.city.person(Role.CLERK, department=shift.department))


def ticked(*items: WorkItem) -> list[str]:
    return [f"{item.id}:{item.version}" for item in items]


def begin(shift: NightShift, *items: WorkItem, actor: Actor | None = None) -> int:
    """As the clerk's button does."""
    actor = actor or shift.city.actor(shift.city.person(Role.CLERK, department=shift.department))
    with shift.city.unit(actor) as work:
        return runs.start(work, shift.target_id, {item.id: item.version for item in items}).id


def change(shift: NightShift, **values: object) -> None:
    with shift.city.unit() as work:
        target = work.session.get_one(TargetSystem, shift.target_id)
        for name, value in values.items():
            setattr(target, name, value)


def test_chosen_items_are_keyed_by_day_with_the_proof_of_a_night_and_the_rest_waits(city_on_both):
    shift = open_shift(city_on_both, records=3, settings=BY_DAY)
    clerk, (first, _second, third) = clerk_of(shift), shift.items()
    queue = clerk.get(f"/items?target={shift.target_id}")
    choice = clerk.post("/items/day-run", {"target": shift.target_id, "item": ticked(third, first)})

    started = clerk.post("/day-runs", {"target": shift.target_id, "item": ticked(third, first)})
    night_id = int(started.path.rsplit("/", 1)[1])
    before = clerk.get(f"/day-runs/{night_id}", **{"HX-Request": "true"}).text
    shift.run(night_id)
    page = clerk.get(f"/day-runs/{night_id}").text

    assert "いま入力する" in queue.text
    assert ("2件をいま入力する" in choice.text, third.reference in choice.text) == (True, True)
    assert ("これから" in before, "every 2s" in before, "<html" in before) == (True, True, False)
    assert shift.states() == [ItemState.DONE, ItemState.WAITING, ItemState.DONE]
    assert ("E0000001" in page, "E0000002" in page, "すべて終わりました" in page) == (True, True, True)
    assert (page.count("画像 2枚"), "every 2s" in page) == (2, False)
    assert f"/items?target={shift.target_id}" in page
    night = shift.night(night_id)
    assert (night.kind, night.state, night.why_ended) == (RunKind.BY_DAY, NightState.ENDED, "finished")
    with city_on_both.look() as work:
        assert work.session.scalars(select(Lease.worker)).all() == [""]
        assert len(work.session.scalars(select(Evidence)).all()) == 4
        kinds = work.session.scalars(select(AuditEvent.kind)).all()
    assert {"day_run_started", "item_submitting", "night_ended"} <= set(kinds)


def test_between_two_records_the_system_has_its_rest_and_after_the_last_nobody_waits(shift):
    began = shift.waiting.passed

    shift.run(begin(shift, *shift.items()))

    assert shift.states() == [ItemState.DONE] * 3
    assert 60 <= shift.waiting.passed - began < 70


def test_what_ends_unknown_by_day_is_looked_up_after_its_time_like_at_night_and_no_other_record_is(shift):
    shift.bot.scripts[1] = end_unknown
    first, second, _third = shift.items()

    shift.run(begin(shift, first, second))

    assert shift.states() == [ItemState.DONE, ItemState.DONE, ItemState.WAITING]
    assert (shift.bot.look_ups, shift.bot.doubled) == (1, [])
    assert shift.items()[0].outcome == "found"


def rehearse(shift: NightShift) -> None:
    with shift.city.unit() as work:
        lease = keeping.lease_of_account(work, shift.target_id, "gakumu01")
        lease.worker, lease.until = "rehearsal-1", work.now + timedelta(minutes=3)


def stop_today(shift: NightShift, first_day: date | None = None) -> None:
    with shift.city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        day = first_day or work.today
        stops.add_stop(work, target, day, day, "臨時の保守")


def lock(shift: NightShift) -> None:
    with shift.city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        target.credential.locked_cause = "sign_in_refused"


WHY_NOT = {
    "昼の入力に使わない": lambda shift: change(shift, by_day=False),
    "昼の入力ができるのは09:00～11:00です": lambda shift: change(shift, day_closes=time(11)),
    "終わりの時刻が近い": lambda shift: change(shift, day_closes=time(12, 1)),
    "ロボットの練習をしています": rehearse,
    "停止日です": stop_today,
    "新しいパスワード": lock,
    "休止しています": lambda shift: shift.city.office.settings.pause_path.touch(),
    "公開されているロボットがありません": lambda shift: change(shift, procedure="a-recorded-one"),
}


@pytest.mark.parametrize(("said", "hinder"), WHY_NOT.items(), ids=WHY_NOT.keys())
def test_a_run_by_day_that_may_not_begin_says_why(shift, said, hinder):
    hinder(shift)
    if "ロボットがありません" in said:
        with pytest.raises(Invalid, match=said):
            begin(shift, shift.items()[0])
        return
    clerk, item = clerk_of(shift), shift.items()[0]

    chosen = clerk.post("/items/day-run", {"target": shift.target_id, "item": ticked(item)})
    answer = clerk.post("/day-runs", {"target": shift.target_id, "item": ticked(item)}, status=422)

    assert (said in chosen.text, "件をいま入力する" in chosen.text) == (True, False)
    assert said in answer.text
    assert shift.states() == [ItemState.WAITING] * 3


def test_one_account_has_one_session_whoever_asks_second_is_told_and_a_second_press_comes_to_the_run(city_on_both):
    shift = open_shift(city_on_both, records=3, settings=replace(BY_DAY, opens=time(0), closes=time(0)))
    clerk, stranger = clerk_of(shift), clerk_of(shift)
    typed = {"target": shift.target_id, "item": ticked(shift.items()[0])}
    first = clerk.post("/day-runs", typed)

    again, beside = clerk.post("/day-runs", typed), stranger.post("/day-runs", typed)
    with pytest.raises(Invalid, match="選んだ案件の入力が動いています"):
        shift.start()
    shift.run(int(first.path.rsplit("/", 1)[1]))
    shift.start()

    assert (again.path, beside.path) == (first.path, first.path)
    assert "選んだ案件の入力が動いています" in again.text
    assert len(shift.bot.registered) == 1
    with pytest.raises(Invalid, match="夜間入力はもう動いています"):
        begin(shift, shift.items()[1])


def test_only_what_waits_as_it_was_seen_is_begun_all_of_it_or_nothing(shift):
    clerk, (first, second, third) = clerk_of(shift), shift.items()
    with shift.city.unit() as work:
        work.session.get_one(WorkItem, second.id).priority = 0
        work.session.get_one(WorkItem, third.id).not_before = work.today + timedelta(days=2)
    typed = {"target": shift.target_id, "item": ticked(first, second, third)}

    chosen = clerk.post("/items/day-run", typed).text
    refused = clerk.post("/day-runs", typed, status=422).text
    everything = clerk.post("/items/day-run", {"target": shift.target_id, "all": "yes"}).text

    assert ("先送りされています。" in chosen, "2件をいま入力する" in chosen) == (True, True)
    assert f"動かした案件があります: {second.reference}、{third.reference}" in refused
    assert f'value="{second.id}:{second.version + 1}"' in refused, "what is offered now is what stands now"
    assert "2件をいま入力する" in everything
    assert shift.states() == [ItemState.WAITING] * 3


def test_more_than_twenty_are_left_to_the_night(shift):
    shift.queue(20)

    answer = clerk_of(shift).post("/items/day-run", {"target": shift.target_id, "all": "yes"})

    assert "一度に入力できるのは20件までです。" in answer.text
    assert "件をいま入力する" not in answer.text


def test_who_may_not_read_an_item_neither_keys_nor_watches_it(city, shift):
    item, night_id = shift.items()[0], begin(shift, shift.items()[0])
    elsewhere = StaffClient(city).sign_in(city.person(Role.CLERK))
    head = StaffClient(city).sign_in(city.person(Role.HEAD, department=shift.department))

    elsewhere.get(f"/day-runs/{night_id}", status=404)
    elsewhere.post(f"/runs/{night_id}/stop", status=404)
    elsewhere.post(f"/runs/{night_id}/watch", status=404)
    assert "案件を選んでください" in elsewhere.post("/items/day-run", {"item": ticked(item)}).text
    head.post("/day-runs", {"target": shift.target_id, "item": ticked(item)}, status=403)
    page = head.get(f"/day-runs/{night_id}").text

    assert (item.reference in page, "止める" in page) == (True, False)


def test_a_run_by_day_is_stopped_after_the_record_at_hand_by_whoever_could_have_begun_it(city, shift):
    night_id, other = begin(shift, *shift.items()), clerk_of(shift)

    def stop_meanwhile(record, journal, target):
        assert "いまの1件が終わったところで止まります。" in other.post(f"/runs/{night_id}/stop").text
        return key_well(record, journal, target)

    shift.bot.scripts[1] = stop_meanwhile
    shift.run(night_id)

    assert shift.states() == [ItemState.DONE, ItemState.WAITING, ItemState.WAITING]
    assert "入力待ちのまま" in other.get(f"/day-runs/{night_id}").text
    other.post(f"/runs/{night_id}/stop", status=409)


def test_a_stop_is_heard_while_the_system_rests(shift):
    night_id = begin(shift, *shift.items())

    def stop() -> None:
        shift.waiting.during_pause = lambda: None
        with shift.city.unit() as work:
            service.ask_stop(work, queries.find_night(work.session, work.actor, night_id))

    shift.waiting.during_pause = stop
    began = shift.waiting.passed
    shift.run(night_id)

    assert shift.states() == [ItemState.DONE, ItemState.WAITING, ItemState.WAITING]
    assert shift.waiting.passed - began < 10


@pytest.mark.parametrize("by_day", [True, False])
def test_a_day_without_service_that_is_entered_while_a_run_goes_on_ends_it_after_the_record_at_hand(city, by_day):
    shift = open_shift(city, records=3, settings=replace(BY_DAY, opens=time(0), closes=time(0)))
    night_id = begin(shift, *shift.items()) if by_day else shift.start()

    def enter_a_stop(record, journal, target):
        stop_today(shift)
        return key_well(record, journal, target)

    shift.bot.scripts[1] = enter_a_stop
    shift.run(night_id)

    assert shift.states() == [ItemState.DONE, ItemState.WAITING, ItemState.WAITING]
    assert shift.night(night_id).why_ended == "out_of_service"


def test_a_stop_from_tomorrow_ends_the_night_at_midnight_and_taking_it_out_lets_it_go_on(city_on_both):
    shift = open_shift(city_on_both, records=3, settings=replace(SETTINGS, opens=time(8), closes=time(6)))
    night_id, tomorrow = shift.start(), city_on_both.clock.moment.astimezone(TOKYO).date() + timedelta(days=1)
    stop_today(shift, tomorrow)
    cut = shift.night(night_id).closes_at.astimezone(TOKYO)
    with city_on_both.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        stops.remove_stop(work, target, 1)

    whole = shift.night(night_id).closes_at.astimezone(TOKYO)

    assert (cut.date(), cut.time()) == (tomorrow, time(0))
    assert (whole.date(), whole.time()) == (tomorrow, time(6))


def test_an_operator_sets_whether_and_when_a_system_may_be_used_by_day(city, shift):
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    page = operator.get(f"/targets/{shift.target_id}")
    typed = dict(re.findall(r'name="(\w+)" type="text" value="([^"]*)"', page.text))
    with city.look() as work:
        typed["version"] = str(work.session.get_one(TargetSystem, shift.target_id).version)

    wrong = operator.post(f"/targets/{shift.target_id}", typed | {"day_opens": "朝", "pace_seconds": "-1"}, status=422)
    operator.post(f"/targets/{shift.target_id}", typed | {"day_opens": "10:30", "pace_seconds": "45", "by_day": "on"})

    assert ("時刻を 22:00 の形で" in wrong.text, "秒数を0から" in wrong.text) == (True, True)
    with city.look() as work:
        target = work.session.get_one(TargetSystem, shift.target_id)
        assert (target.by_day, target.day_opens, target.day_closes, target.pace_seconds) == (
            True,
            time(10, 30),
            time(17),
            45,
        )


def test_a_pause_keeps_the_account_and_begins_nothing_until_somebody_says_so(city, shift):
    clerk, night_id = clerk_of(shift), begin(shift, *shift.items())

    def pause(record, journal, target):
        clerk.post(f"/runs/{night_id}/pause")
        return key_well(record, journal, target)

    def resume() -> None:
        if shift.night(night_id).state == NightState.PAUSED:
            assert shift.bot.keyings == 1
            with pytest.raises(Invalid), city.unit() as work:
                service.start_night(work, shift.target_id)
            clerk.post(f"/runs/{night_id}/resume")

    shift.bot.scripts[1], shift.waiting.during_pause = pause, resume
    shift.run(night_id)

    assert shift.states() == [ItemState.DONE] * 3
    with pytest.raises(Overtaken), city.unit() as work:
        service.ask_stop(work, queries.find_night(work.session, work.actor, night_id))


def test_refused_data_is_told_on_the_page_of_the_run_and_the_others_go_on(shift):
    clerk, items = clerk_of(shift), shift.items()
    shift.bot.scripts[1] = refuse
    night_id = begin(shift, *items[:2])

    shift.run(night_id)

    page = clerk.get(f"/day-runs/{night_id}").text
    assert ("「住所」は60文字以内で入力してください。" in page, shift.states()[:2]) == (
        True,
        [ItemState.EXCEPTION, ItemState.DONE],
    )
