"""In which order does a night take what waits, what do people change about it, and what can be put back?"""

from __future__ import annotations

import random
import re
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.automation import queries
from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.automation.queue import changes, deferring, waiting
from backoffice.automation.queue.changes import ChangeKind, Kept
from backoffice.automation.queue.order import NO_DEADLINE, Priority, night_of, turn_of
from backoffice.automation.queue.queueing import Whence, queue_values, withdraw
from backoffice.automation.workflow import ItemState
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Permission, Role
from backoffice.services import TOKYO
from rpa_bots.outcomes import Cause
from rpa_bots.window import Window
from tests.backoffice.automation.nights import NightShift, key_well, open_shift
from tests.backoffice.automation.scripts import fail_with, refuse
from tests.backoffice.recount import kept as counted
from tests.backoffice.recount import recounted
from tests.backoffice.staff_client import StaffClient

TODAY = date(2026, 11, 24)
TOMORROW = date(2026, 11, 25)


def change(shift: NightShift, kind: ChangeKind, act, *places: int, seen: int | None = None) -> Kept:
    """Do the same to the items at these places, as whoever saw their present version."""
    items = shift.items()
    with shift.city.unit() as work:
        chosen = {items[place].id: seen or items[place].version for place in places}
        return changes.change_many(work, shift.target_id, chosen, kind, act)


def undo(shift: NightShift) -> Kept:
    with shift.city.unit() as work:
        newest = waiting.last_changes(work.session, shift.target_id)[0]
        return changes.undo(work, waiting.find_change(work.session, work.actor, newest.id))


def keyed(shift: NightShift) -> list[int]:
    """The places of the items in the order in which they reached the target."""
    references = [item.reference for item in shift.items()]
    return [references.index(reference) for reference, _row in shift.bot.registered]


def defer(day: date | None):
    return changes.defer(day, TODAY)


def test_a_night_takes_what_is_urgent_then_what_is_due_first_then_the_oldest(city_on_both):
    shift = open_shift(city_on_both, records=6)
    change(shift, ChangeKind.PRIORITY, changes.rank(Priority.URGENT), 4)
    change(shift, ChangeKind.PRIORITY, changes.rank(Priority.LATER), 0)
    change(shift, ChangeKind.DEADLINE, changes.set_deadline(date(2026, 12, 4)), 2)
    change(shift, ChangeKind.DEADLINE, changes.set_deadline(date(2026, 12, 1)), 0, 3)

    shift.run(shift.start())

    assert keyed(shift) == [4, 3, 2, 1, 5, 0]
    with city_on_both.look() as work:
        assert counted(work.session) == recounted(work.session)


def test_however_thirty_items_stand_they_are_taken_by_their_turn(city_on_both):
    shift = open_shift(city_on_both, records=30)
    chance = random.Random(7)  # noqa: S311 -- an order, no secret
    with city_on_both.unit() as work:
        for item in work.session.scalars(select(WorkItem)):
            item.priority = chance.choice(list(Priority))
            item.due_on = chance.choice([TODAY, TOMORROW, NO_DEADLINE])
    by_turn = sorted(shift.items(), key=lambda item: turn_of(item.priority, item.due_on, item.id))

    shift.run(shift.start())

    assert [reference for reference, _row in shift.bot.registered] == [item.reference for item in by_turn]


def test_what_is_deferred_waits_until_the_night_of_its_day(city_on_both):
    shift = open_shift(city_on_both, records=3)
    change(shift, ChangeKind.DEFER, defer(TOMORROW), 0, 1)

    shift.run(shift.start())
    too_early = deferring.tick(city_on_both.office)
    with pytest.raises(Invalid, match="入力を待つ案件はありません"):
        shift.start()
    city_on_both.clock.pass_(days=1)
    freed = deferring.tick(city_on_both.office)
    shift.run(shift.start())

    assert (too_early, freed, deferring.tick(city_on_both.office)) == (0, 2, 0)
    assert keyed(shift) == [2, 0, 1]
    with city_on_both.look() as work:
        assert counted(work.session) == recounted(work.session)


def test_what_is_deferred_is_not_left_for_this_night_and_people_hear_why_none_begins(city):
    shift = open_shift(city, records=3)
    change(shift, ChangeKind.DEFER, defer(TOMORROW), 0, 1)
    person = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))

    night_id = shift.start()
    running = person.get(f"/nights/{night_id}").text
    shift.run(night_id)
    refused = person.post(f"/nights/start/{shift.target_id}").text

    assert re.search(r"<dt>残り</dt>\s*<dd>1件</dd>", running)
    assert "先送りした案件は、その日の夜から入ります。" in refused


def test_what_is_deferred_while_it_is_typed_is_not_registered_this_night(city_on_both):
    shift = open_shift(city_on_both, records=1)

    def deferred_meanwhile(record, journal, target):
        change(shift, ChangeKind.DEFER, defer(TOMORROW), 0)
        return key_well(record, journal, target)

    shift.bot.scripts[1] = deferred_meanwhile
    shift.run(shift.start())

    assert (keyed(shift), shift.states(), shift.items()[0].not_before) == ([], [ItemState.WAITING], TOMORROW)


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_night_over_midnight_keeps_the_day_on_which_it_opened(hour, minute):
    now = datetime(2026, 11, 25, hour, minute, tzinfo=TOKYO)

    assert night_of(now, Window(time(22), time(6))) == (TODAY if hour < 6 else TOMORROW)
    assert night_of(now, Window(time(0), time(0))) == TOMORROW


def test_what_the_target_fails_comes_again_once_the_target_has_done_another(city):
    """One broken urgent record neither holds the night up nor is used up while the target is down."""
    shift = open_shift(city, records=3)
    change(shift, ChangeKind.PRIORITY, changes.rank(Priority.URGENT), 2)
    urgent = shift.items()[2].reference
    taken = []

    def note(record, journal, target):
        taken.append(record["reference"] == urgent)
        return key_well(record, journal, target)

    shift.bot.scripts = {1: fail_with(Cause.UNREACHABLE), 2: note, 3: note, 4: note}

    shift.run(shift.start())

    assert taken == [False, True, False]
    assert shift.states() == [ItemState.DONE] * 3


def test_a_deadline_comes_from_the_system_unless_somebody_says_another(city):
    shift = open_shift(city, records=0)
    with city.unit() as work:
        work.session.scalars(select(TargetSystem)).one().due_days = 3
    with city.unit() as work:
        target = work.session.scalars(select(TargetSystem)).one()
        queue_values(work, "R8-就援-0801", {}, target, shift.department.id)
        queue_values(work, "R8-就援-0802", {}, target, shift.department.id, Whence(due_days=0))

    assert [item.deadline for item in shift.items()] == [TODAY + timedelta(days=3), TODAY]


def test_many_are_put_back_cancelled_and_one_undo_restores_exactly_what_nobody_moved_since(city_on_both):
    shift = open_shift(city_on_both, records=4)
    shift.bot.scripts = {1: refuse, 2: refuse, 3: refuse}
    shift.run(shift.start())

    back = change(shift, ChangeKind.PUT_BACK, changes.put_back(), 0, 1, 2, 3)
    restored = undo(shift)
    gone = change(shift, ChangeKind.CANCEL, changes.cancel("申請の取下げ"), 0, 1)
    with city_on_both.unit() as work:
        item = queries.find_item(work.session, work.actor, shift.items()[1].id, Permission.ITEM_SETTLE)
        item.priority = Priority.URGENT  # somebody else has moved it on
    partly = undo(shift)

    assert (back.changed, [reference for reference, _why in back.left]) == (3, [shift.items()[3].reference])
    assert (restored.changed, restored.left) == (3, [])
    assert (gone.changed, gone.left) == (2, [])
    assert (partly.changed, [reference for reference, _why in partly.left]) == (1, [shift.items()[1].reference])
    assert shift.states() == ["exception", "cancelled", "exception", "done"]
    assert shift.items()[0].reason == "「住所」は60文字以内で入力してください。"
    with pytest.raises(Overtaken):
        undo(shift)
    with city_on_both.look() as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
        assert [kinds.count(each) for each in ("item_put_back", "item_cancelled", "item_change_undone")] == [3, 2, 4]
        assert counted(work.session) == recounted(work.session)


def test_what_a_person_or_a_night_moved_since_the_page_was_opened_is_left_and_named(city):
    shift = open_shift(city, records=2)
    change(shift, ChangeKind.PRIORITY, changes.rank(Priority.URGENT), 0)
    version = shift.items()[1].version

    late = change(shift, ChangeKind.CANCEL, changes.cancel("重複"), 0, 1, seen=version)

    assert (late.changed, late.left) == (1, [(shift.items()[0].reference, changes.MOVED_ON)])
    assert shift.states() == ["waiting", "cancelled"]


def test_the_night_never_keys_what_somebody_cancelled_while_it_was_typed(city):
    shift = open_shift(city, records=2)

    def cancel_meanwhile(record, journal, target):
        assert change(shift, ChangeKind.CANCEL, changes.cancel("取下げ"), 0).changed == 1
        assert undo(shift).changed == 1
        assert change(shift, ChangeKind.CANCEL, changes.cancel("取下げ"), 0).changed == 1
        return key_well(record, journal, target)

    shift.bot.scripts[1] = cancel_meanwhile

    shift.run(shift.start())

    assert shift.states() == ["cancelled", "done"]
    assert len(shift.bot.registered) == 1


def test_a_record_whose_paper_was_reopened_after_it_was_cancelled_does_not_come_back_by_the_undo(city):
    shift = open_shift(city, records=2)
    change(shift, ChangeKind.CANCEL, changes.cancel("重複"), 0, 1)
    with city.unit() as work:
        withdraw(work, queries.find_item(work.session, work.actor, shift.items()[0].id))

    assert undo(shift).left == [(shift.items()[0].reference, changes.MOVED_ON)]
    assert shift.states() == ["cancelled", "waiting"]


def test_nobody_undoes_a_change_of_items_that_are_not_theirs_to_settle(city):
    shift = open_shift(city, records=2)
    change(shift, ChangeKind.PRIORITY, changes.rank(Priority.URGENT), 0, 1)
    operator, elsewhere = city.actor(city.person(Role.BOT_OPERATOR, department=shift.department)), city.department()
    with city.unit() as work:
        work.session.get_one(WorkItem, shift.items()[0].id).department_id = elsewhere.id

    with pytest.raises(NotPermitted), city.unit(operator) as work:
        changes.undo(work, waiting.find_change(work.session, operator, 1))

    assert [item.priority for item in shift.items()] == [Priority.URGENT] * 2


@pytest.fixture
def operator(city) -> tuple[NightShift, StaffClient]:
    shift = open_shift(city, records=3)
    return shift, StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))


def test_whoever_reads_english_is_told_in_english_why_an_item_was_left(city):
    shift = open_shift(city, records=1)
    person = city.person(Role.BOT_OPERATOR, department=shift.department, language="en")
    overtaken = {
        "target": str(shift.target_id),
        "item": f"{shift.items()[0].id}:999",
        "do": "priority",
        "priority": "1",
    }

    said = StaffClient(city).sign_in(person).post("/items/many", overtaken).text

    assert shift.items()[0].reference in said
    assert changes.MOVED_ON not in said


def test_an_operator_chooses_items_in_the_list_and_puts_them_back_again(operator):
    shift, person = operator
    page = person.get("/items")
    chosen = re.findall(r'name="item" value="(\d+:\d+)"', page.text)
    fields = {"target": str(shift.target_id), "pile": "ready", "item": chosen[:2]}

    nobody = person.post("/items/many", fields | {"item": [], "do": "priority"})
    wrong = person.post("/items/many", fields | {"do": "defer", "day": "きのう"}, status=422)
    past = person.post("/items/many", fields | {"do": "defer", "day": "令和8年11月24日"}, status=422)
    mute = person.post("/items/many", fields | {"do": "cancel"}, status=422)
    done = person.post("/items/many", fields | {"do": "defer", "day": "令和8年12月1日"})
    again = person.post("/items/many", fields | {"item": chosen, "do": "priority", "priority": "0"})
    pile = fields | {"pile": "deferred", "all": "yes", "do": "deadline"}
    all_of_them = person.post("/items/many", pile | {"due": "令和8年12月8日"})
    undo_last = re.findall(r'action="(/items/changes/\d+/undo)"', all_of_them.text)[0]
    undone = person.post(undo_last)

    assert len(chosen) == 3
    assert "案件を選んでください。" in nobody.text
    assert "日付を" in wrong.text
    assert "きのう" in wrong.text
    assert wrong.text.count("checked") == 2
    assert "明日よりあとの日" in past.text
    assert "理由を入れてください。" in mute.text
    assert "2件を変えました。" in done.text
    assert "1件を変えました。2件(" in again.text
    assert "2件を変えました。" in all_of_them.text
    assert "2件を元に戻しました。" in undone.text
    assert [item.not_before for item in shift.items()] == [date(2026, 12, 1)] * 2 + [None]
    assert [item.deadline for item in shift.items()] == [None] * 3
    assert [item.priority for item in shift.items()] == [1, 1, 0]


def test_whoever_settles_nothing_sees_the_list_and_changes_nothing(city, operator):
    shift, _person = operator
    clerk = StaffClient(city).sign_in(city.person(Role.CLERK, department=shift.department))
    stranger = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR))
    fields = {"target": str(shift.target_id), "pile": "ready", "all": "yes", "do": "priority", "priority": "0"}

    assert shift.items()[0].reference in clerk.get("/items").text
    assert shift.items()[0].reference not in stranger.get("/items").text
    clerk.post("/items/many", fields, status=403)
    stranger.post("/items/many", fields, status=404)
