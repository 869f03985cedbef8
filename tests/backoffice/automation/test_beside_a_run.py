"""A person beside the bot: the screen for who watches, and the record at hand taken out of its hands."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.automation.by_day.models import LiveScreen, Watcher
from backoffice.automation.models import Lease, WorkItem
from backoffice.automation.workflow import ItemState
from backoffice.identity import Role
from rpa_bots.journal import Standing
from rpa_bots.outcomes import Cause, Keyed, TargetFailure
from tests.backoffice.automation.nights import CrashedError, NightShift, key_well, open_shift
from tests.backoffice.automation.test_pages import look_of
from tests.backoffice.automation.test_runs_by_day import BY_DAY, begin, clerk_of
from tests.backoffice.staff_client import StaffClient

PNG = b"\x89PNG masked"


@pytest.fixture
def shift(city) -> NightShift:
    return open_shift(city, records=2, settings=BY_DAY)


def filling(journal, shift: NightShift, *entered: str, step: int = 2) -> None:
    """The bot has done a step; a moment goes by, so that the database is asked again."""
    shift.waiting.passed += 2
    journal.standing(Standing(step, 4, entered, lambda: PNG))


def test_a_person_takes_the_record_at_hand_finishes_it_with_the_values_so_far_and_the_run_goes_on(city_on_both):
    shift = open_shift(city_on_both, records=2, settings=BY_DAY)
    first, second = shift.items()
    clerk, night_id = clerk_of(shift), begin(shift, *shift.items())

    def taken(record, journal, target):
        filling(journal, shift, "name")
        page = clerk.get(f"/day-runs/{night_id}").text
        assert f'<input type="hidden" name="item" value="{first.id}">' in page
        clerk.post(f"/runs/{night_id}/hand-over", {"item": first.id})
        filling(journal, shift, "name", "address", step=3)
        raise AssertionError("the bot went on")

    shift.bot.scripts[1] = taken
    shift.run(night_id)
    page = clerk.get(f"/items/{first.id}")
    without = clerk.post(f"/items/{first.id}/finished", look_of(page), status=422)
    clerk.post(f"/items/{first.id}/finished", look_of(without) | {"receipt": "E9"})

    assert (page.text.count("</span> 入れた</span>"), "続きを人が入力する" in page.text) == (2, True)
    assert first.values["name"] in page.text
    assert [reference for reference, _ in shift.bot.registered] == [second.reference]
    item = shift.items()[0]
    assert (item.state, item.receipt, item.outcome) == (ItemState.DONE, "E9", "by_hand")
    assert item.entered == {"schema": 1, "keys": ["address", "name"]}
    assert shift.night(night_id).why_ended == "finished"
    clerk.post(f"/items/{first.id}/finished", look_of(without) | {"receipt": "E10"}, status=409)


def test_what_was_taken_may_wait_again_and_is_keyed_as_ever(shift):
    (first, _second), clerk = shift.items(), clerk_of(shift)
    night_id = begin(shift, first)

    def taken(record, journal, target):
        clerk.post(f"/runs/{night_id}/hand-over", {"item": first.id})
        return key_well(record, journal, target)  # no step tells: it is asked once more before the click

    shift.bot.scripts[1] = taken
    shift.run(night_id)
    handed = shift.states()[0]
    clerk.post(f"/items/{first.id}/returned", look_of(clerk.get(f"/items/{first.id}")))
    shift.run(begin(shift, shift.items()[0]))

    page = clerk.get(f"/items/{first.id}").text
    assert (handed, shift.states()[0]) == (ItemState.EXCEPTION, ItemState.DONE)
    assert (f'<a href="/day-runs/{night_id}">昼の入力' in page, "/nights/" in page) == (True, False)
    assert (len(shift.bot.registered), shift.items()[0].entered) == (1, None)


def fail(journal, shift: NightShift) -> TargetFailure:
    return TargetFailure(Cause.UNREACHABLE, "応答がありません")


def die(journal, shift: NightShift) -> TargetFailure:
    raise CrashedError


def find_it_changed(journal, shift: NightShift) -> None:
    with shift.city.unit() as work:
        item = work.session.get_one(WorkItem, 1)
        item.record = {"schema": 1, "values": {**item.values, "address": "別の町"}}
    journal.submitting()


@pytest.mark.parametrize("lets_go", [fail, die, find_it_changed])
def test_what_a_person_asked_for_is_theirs_however_the_bot_let_go_of_it(shift, lets_go):
    first, second = shift.items()
    clerk, night_id = clerk_of(shift), begin(shift, first, second)

    def asked_for(record, journal, target):
        clerk.post(f"/runs/{night_id}/hand-over", {"item": first.id})
        return lets_go(journal, shift)

    shift.bot.scripts[1] = asked_for
    with suppress(CrashedError):
        shift.run(night_id)
    shift.run(night_id)

    assert shift.states() == [ItemState.EXCEPTION, ItemState.DONE]
    assert (shift.items()[0].outcome, "続きを人が入力する" in clerk.get(f"/items/{first.id}").text) == (
        "handed_over",
        True,
    )
    assert [reference for reference, _ in shift.bot.registered] == [second.reference]


def test_a_run_that_is_given_up_gives_what_a_person_asked_for_and_nobody_takes_what_they_may_not_read(city, shift):
    first, clerk = shift.items()[0], clerk_of(shift)
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    night_id = begin(shift, *shift.items())

    def die_asked_for(record, journal, target):
        with city.unit() as work:
            work.session.get_one(WorkItem, first.id).department_id = city.department("別の課").id
        clerk.post(f"/runs/{night_id}/hand-over", {"item": first.id}, status=409)
        with city.unit() as work:
            work.session.get_one(WorkItem, first.id).department_id = shift.department.id
        clerk.post(f"/runs/{night_id}/hand-over", {"item": first.id})
        raise CrashedError

    shift.bot.scripts[1] = die_asked_for
    with pytest.raises(CrashedError):
        shift.run(night_id)
    city.clock.pass_(minutes=1)
    operator.post(f"/nights/{night_id}/end")
    given = (shift.states(), shift.items()[0].outcome)
    offers = [f"/items/{first.id}/cancel" in each.get(f"/items/{first.id}").text for each in (clerk, operator)]

    assert given == ([ItemState.EXCEPTION, ItemState.WAITING], "handed_over")
    assert offers == [False, True]


def test_once_the_button_is_pressed_nobody_takes_the_record_any_more(city, shift):
    (first, second), clerk = shift.items(), clerk_of(shift)
    night_id = begin(shift, first, second)

    def too_late(record, journal, target):
        journal.submitting()
        page = clerk.get(f"/day-runs/{night_id}").text
        assert ("/hand-over" in page, "登録中" in page) == (False, True)
        clerk.post(f"/runs/{night_id}/hand-over", {"item": first.id}, status=409)
        clerk.post(f"/runs/{night_id}/hand-over", {"item": second.id}, status=409)
        return Keyed(target.register(record), record, 4.0)

    shift.bot.scripts[1] = too_late
    shift.run(night_id)

    assert shift.states() == [ItemState.DONE, ItemState.DONE]


def test_the_screen_is_taken_for_whoever_watches_alone_and_gone_with_the_run(city, shift):
    clerk, colleague = clerk_of(shift), clerk_of(shift)
    elsewhere = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR))
    night_id = begin(shift, *shift.items())
    address, seen = f"/runs/{night_id}/screen", list[object]()

    def watched(record, journal, target):
        filling(journal, shift, "name")
        seen.append(clerk.http.get(address).status_code)
        answer = clerk.post(f"/runs/{night_id}/watch").text
        seen.append(("手順 2 / 4" in answer, record["reference"] in answer, f"{address}?at=" in answer))
        picture = clerk.http.get(address)
        seen.append((picture.content, picture.headers["cache-control"]))
        seen.append((colleague.http.get(address).status_code, elsewhere.http.get(address).status_code))
        return key_well(record, journal, target)

    shift.bot.scripts[1] = watched
    shift.run(night_id)

    assert seen == [404, (True, True, True), (PNG, "private, no-store"), (404, 404)]
    clerk.post(f"/runs/{night_id}/watch", status=409)
    with city.look() as work:
        assert work.session.scalars(select(LiveScreen)).all() == []
        assert work.session.scalars(select(Watcher)).all() == []
        assert work.session.scalars(select(AuditEvent.kind)).all().count("night_watched") == 2


def test_of_a_night_that_nobody_watches_no_picture_is_taken(city):
    shift = open_shift(city, records=1)
    night_id, taken = shift.start(), list[bool]()

    def unwatched(record, journal, target):
        journal.standing(Standing(1, 4, (), lambda: taken.append(True)))
        return key_well(record, journal, target)

    shift.bot.scripts[1] = unwatched
    shift.run(night_id)

    assert (taken, shift.states()) == ([], [ItemState.DONE])


def test_a_night_is_paused_and_its_record_handed_over_like_a_run_by_day(city):
    shift = open_shift(city, records=2)
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    night_id = int(operator.post(f"/nights/start/{shift.target_id}").path.rsplit("/", 1)[1])
    first = shift.items()[0]

    def taken(record, journal, target):
        assert "この1件を人に渡す" in operator.get(f"/nights/{night_id}").text
        operator.post(f"/runs/{night_id}/hand-over", {"item": first.id})
        operator.post(f"/runs/{night_id}/pause")
        filling(journal, shift)

    def resume() -> None:
        shift.waiting.during_pause = lambda: None
        assert "一時停止中" in operator.get(f"/nights/{night_id}").text
        operator.post(f"/runs/{night_id}/resume")

    shift.bot.scripts[1], shift.waiting.during_pause = taken, resume
    shift.run(night_id)

    assert shift.states() == [ItemState.EXCEPTION, ItemState.DONE]
    with city.look() as work:
        assert work.session.scalars(select(Lease.handed_over_by_id)).all() == [None]
    operator.post(f"/runs/{night_id}/pause", status=409)
