"""What waits until another item is done: when is it taken up, what keeps it, who says so, and what is refused?"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backoffice.automation import keeping, queries, service
from backoffice.automation.jobs import WORKER
from backoffice.automation.models import Night, WorkItem
from backoffice.automation.plan.tonight import plans
from backoffice.automation.queue import changes, following
from backoffice.automation.queue.changes import ChangeKind, Kept
from backoffice.automation.queue.order import Hold, Priority, hold_behind
from backoffice.automation.workflow import FINISHED, ItemState
from backoffice.errors import Invalid
from backoffice.identity import Role
from tests.backoffice.automation.nights import SETTINGS, NightShift, key_well, open_shift
from tests.backoffice.automation.scripts import refuse
from tests.backoffice.automation.test_queue import TODAY, TOMORROW, change, keyed, undo
from tests.backoffice.recount import kept as counted
from tests.backoffice.recount import recounted
from tests.backoffice.staff_client import StaffClient


def put_behind(shift: NightShift, before: int, *places: int) -> Kept:
    """Let the items at these places wait for another, as whoever saw their present version."""
    items = shift.items()
    with shift.city.unit() as work:
        act = changes.wait_for(work, items[before].reference)
        chosen = {items[place].id: items[place].version for place in places}
        return changes.change_many(work, shift.target_id, chosen, ChangeKind.BEFORE, act)


def holds(shift: NightShift) -> list[str]:
    return [item.hold for item in shift.items()]


def tonight(shift: NightShift):
    with shift.city.look() as work:
        return plans(work, queries.list_targets(work.session, work.actor))[0]


def test_what_waits_for_another_is_keyed_after_it_whatever_its_own_turn(city_on_both):
    shift = open_shift(city_on_both, records=4)
    change(shift, ChangeKind.PRIORITY, changes.rank(Priority.URGENT), 0)
    put_behind(shift, 3, 2)
    put_behind(shift, 2, 0)
    planned = tonight(shift)

    shift.run(shift.start())

    assert (planned.plan.left, planned.stuck) == (4, 0)
    assert keyed(shift) == [1, 3, 2, 0]
    assert holds(shift) == [Hold.NONE] * 4
    with city_on_both.look() as work:
        assert counted(work.session) == recounted(work.session)


def test_what_is_refused_or_put_off_keeps_all_that_is_behind_it_until_it_is_done(city_on_both):
    shift = open_shift(city_on_both, records=4)
    put_behind(shift, 0, 1)
    put_behind(shift, 1, 2)
    shift.bot.scripts[1] = refuse

    shift.run(shift.start())
    kept, planned = holds(shift), tonight(shift)
    with pytest.raises(Invalid, match="前の仕事が済むのを待つ案件だけです"):
        shift.start()
    change(shift, ChangeKind.PUT_BACK, changes.put_back(), 0)
    put_back = holds(shift)
    change(shift, ChangeKind.DEFER, changes.defer(TOMORROW, TODAY), 0)
    deferred = holds(shift)
    undo(shift)
    shift.run(shift.start())

    assert keyed(shift) == [3, 0, 1, 2]
    assert kept == deferred == [Hold.NONE, Hold.STUCK, Hold.STUCK, Hold.NONE]
    assert (planned.plan.left, planned.stuck) == (0, 2)
    assert put_back == [Hold.NONE, Hold.BEHIND, Hold.BEHIND, Hold.NONE]
    assert {ItemState(each) for each in shift.states()} <= FINISHED
    with city_on_both.look() as work:
        assert counted(work.session) == recounted(work.session)


def test_an_item_and_what_waits_for_it_are_changed_and_put_back_together(city):
    shift = open_shift(city, records=3)
    put_behind(shift, 0, 1)
    put_behind(shift, 1, 2)

    put_off = change(shift, ChangeKind.DEFER, changes.defer(TOMORROW, TODAY), 0, 1, 2)
    undone = undo(shift)

    assert (put_off.changed, put_off.left) == (3, [])
    assert (undone.changed, undone.left) == (3, [])
    assert [(each.not_before, each.hold) for each in shift.items()] == [
        (None, Hold.NONE),
        (None, Hold.BEHIND),
        (None, Hold.BEHIND),
    ]


def test_nothing_waits_in_a_circle_however_it_is_put_behind_and_undone(city):
    shift = open_shift(city, records=3)
    put_behind(shift, 0, 1)
    with city.unit() as work:
        chosen = {shift.items()[1].id: shift.items()[1].version}
        changes.change_many(work, shift.target_id, chosen, ChangeKind.BEFORE, changes.wait_for(work, ""))
    put_behind(shift, 1, 2)
    put_behind(shift, 2, 0)
    itself, closed = put_behind(shift, 0, 0), put_behind(shift, 0, 1, 2)

    with city.unit() as work:  # the second act from the first: it would let 1 wait for 0 again
        second = sorted(each.id for each in shift_changes(work, shift))[1]
        undone = changes.undo(work, changes.waiting.find_change(work.session, work.actor, second))
    with pytest.raises(Invalid, match="この受付番号の案件はありません"), city.unit() as work:
        changes.wait_for(work, "R8-なし-0001")
    cancelled = cancel_and_put_behind(shift)

    assert (itself.changed, closed.changed, undone.changed, cancelled.changed) == (0, 0, 0, 0)
    assert {why for kept in (itself, closed, undone) for _number, why in kept.left} == {following.IN_A_CIRCLE}
    assert [why for _number, why in cancelled.left] == [following.GIVEN_UP]


def shift_changes(work, shift: NightShift):
    return changes.waiting.last_changes(work.session, shift.target_id)


def cancel_and_put_behind(shift: NightShift) -> Kept:
    shift.queue(2, seed=2)
    change(shift, ChangeKind.CANCEL, changes.cancel("二重の申請"), 3)
    return put_behind(shift, 3, 4)


def test_what_is_put_behind_another_while_it_is_typed_is_not_registered_before_it(city):
    shift = open_shift(city, records=2)

    def put_behind_meanwhile(record, journal, target):
        put_behind(shift, 1, 0)
        return key_well(record, journal, target)

    shift.bot.scripts[1] = put_behind_meanwhile
    shift.run(shift.start())

    assert keyed(shift) == [1, 0]


@given(behind=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=16), seed=st.integers(0, 99))
def test_whatever_follows_what_an_item_is_free_once_the_one_before_it_is_done_and_not_before(behind, seed):
    """A model of the queue on plain values, with the rule that the rows follow."""
    before = {after: first for after, first in behind if first < after}
    states = dict.fromkeys(range(12), ItemState.WAITING)
    chance = random.Random(seed)  # noqa: S311 -- an order, no secret

    def hold_of(place: int) -> Hold:
        if place not in before:
            return Hold.NONE
        first = before[place]
        return hold_behind(states[first], None, hold_of(first))

    done: list[int] = []
    while ready := [each for each in states if states[each] is ItemState.WAITING and hold_of(each) is Hold.NONE]:
        place = chance.choice(ready)
        states[place] = chance.choice([ItemState.DONE, ItemState.DONE, ItemState.EXCEPTION, ItemState.UNKNOWN])
        done += [place] if states[place] in FINISHED else []

    assert all(before[each] in done[: done.index(each)] for each in done if each in before)
    assert all(hold_of(each) is Hold.STUCK for each in states if states[each] is ItemState.WAITING)


def test_what_somebody_was_writing_while_it_came_free_is_freed_by_the_worker(city_on_postgres):
    """A night waits for nobody: it steps over the row, and the tick comes back to it."""
    city = city_on_postgres
    shift = open_shift(city, records=2)
    put_behind(shift, 0, 1)

    with city.unit() as somebody:
        somebody.session.scalars(select(WorkItem.id).where(WorkItem.id == 2).with_for_update()).one()
        shift.run(shift.start())
        stepped_over = holds(shift)[1]
    freed = following.tick(city.office)

    assert (stepped_over, freed, following.tick(city.office), holds(shift)[1]) == (Hold.BEHIND, 1, 0, Hold.NONE)


def test_a_night_stays_while_a_run_at_another_system_is_at_what_its_items_wait_for(city):
    shift = open_shift(city, records=2)
    with city.unit() as work:
        elsewhere = service.add_target(work, "elsewhere", replace(SETTINGS, name="収納システム"), shift.department.id)
        work.session.get_one(WorkItem, shift.items()[0].id).target_id = elsewhere.id
        elsewhere_id = elsewhere.id
    put_behind(shift, 0, 1)
    with city.unit(WORKER) as work:
        night_id = begin(work, shift.target_id)
        seat = keeping.take_seat(work, night_id, "w1")
        alone = following.is_coming(work.session, seat.target_id)
        begin(work, elsewhere_id)
        beside = following.is_coming(work.session, seat.target_id)
    with city.unit() as work:
        work.session.get_one(WorkItem, shift.items()[0].id).not_before = date(2026, 12, 24)
        following.pass_on(work, work.session.get_one(WorkItem, shift.items()[0].id))
        stuck = following.is_coming(work.session, seat.target_id)

    assert (alone, beside, stuck) == (False, True, False)


def test_a_night_may_begin_once_a_run_elsewhere_is_at_what_all_its_items_wait_for(city):
    shift = open_shift(city, records=2)
    with city.unit() as work:
        there = service.add_target(work, "there", replace(SETTINGS, name="収納システム"), shift.department.id).id
        work.session.get_one(WorkItem, shift.items()[0].id).target_id = there
    wait_for(shift, 0, 1)
    with pytest.raises(Invalid, match="前の仕事が済むのを待つ案件だけです"):
        shift.start()
    with city.unit() as work:
        begin(work, there)

    assert shift.night(shift.start()).state == "running"


def test_two_nights_do_not_wait_for_one_another_and_both_for_what_nobody_is_at(city_on_both):
    """The last item here waits for one there, that for one here, and that for one of a system without a night."""
    shift = open_shift(city_on_both, records=4)
    with city_on_both.unit() as work:
        there, nobody = (
            service.add_target(work, code, replace(SETTINGS, name=code), shift.department.id).id
            for code in ("there", "nobody")
        )
        for place, target_id in ((0, nobody), (2, there)):
            work.session.get_one(WorkItem, shift.items()[place].id).target_id = target_id
    for before in range(3):
        wait_for(shift, before, before + 1)

    with city_on_both.unit(WORKER) as work:
        begin(work, shift.target_id)
        begin(work, there)
        alone = [following.is_coming(work.session, each) for each in (shift.target_id, there)]
        begin(work, nobody)
        beside = [following.is_coming(work.session, each) for each in (shift.target_id, there)]

    assert (alone, beside) == ([False, False], [True, True])


def wait_for(shift: NightShift, before: int, after: int) -> None:
    """Let an item wait for another, of whichever system each is."""
    items = shift.items()
    with shift.city.unit() as work:
        chosen = {items[after].id: items[after].version}
        act = changes.wait_for(work, items[before].reference)
        changes.change_many(work, items[after].target_id, chosen, ChangeKind.BEFORE, act)


def begin(work, target_id: int) -> int:
    night = Night(target_id=target_id, state="running", started_at=work.now, closes_at=work.now + timedelta(hours=8))
    work.session.add(night)
    work.session.flush()
    return night.id


def test_an_operator_puts_items_behind_another_on_the_page_and_takes_it_back(city):
    shift = open_shift(city, records=3)
    person = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    first = shift.items()[0].reference
    chosen = re.findall(r'name="item" value="(\d+:\d+)"', person.get("/items").text)
    fields = {"target": str(shift.target_id), "pile": "ready", "item": chosen[1:]}

    wrong = person.post("/items/many", fields | {"do": "before", "before": "R8-なし-0001"}, status=422)
    forged = person.post("/items/many", fields | {"do": "priority", "priority": "7"}, status=422)
    person.post("/items/many", fields | {"do": "before", "before": first})
    held = person.get(f"/items?target={shift.target_id}&pile=held").text
    item, before = person.get("/items/2").text, person.get("/items/1").text
    undone = person.post(re.findall(r'action="(/items/changes/\d+/undo)"', held)[0])

    assert "この受付番号の案件はありません。" in wrong.text
    assert "優先度を選んでください。" in forged.text
    assert (held.count(first), "前の仕事待ち" in held) == (2, True)
    assert (f'<a href="/items/1">{first}</a>' in item, "次の仕事" in before) == (True, True)
    assert ("2件を元に戻しました。" in undone.text, holds(shift)) == (True, [Hold.NONE] * 3)
