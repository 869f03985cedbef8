"""From a form's list, chosen records are keyed at once by what is released; a rehearsal shut out is told at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.automation.alarms.troubles import LOCKED_OUT
from backoffice.automation.models import TargetSystem
from backoffice.automation.workflow import ItemState
from backoffice.identity import Role
from backoffice.inbox.alert_models import Alert
from rpa_bots.recording.page.endings import Ended, Ending
from tests.backoffice.automation.nights import NightShift, ScriptedTarget, Waiting
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.rehearsals.staging import Rehearsing, ScriptedStage, rehearsing_at
from tests.backoffice.staff_client import StaffClient
from workflows.routes import Decision


@pytest.fixture
def rehearsing(city) -> Rehearsing:
    found = rehearsing_at(found_bureau(city))
    found.feed()
    return found


def allow_by_day(rehearsing: Rehearsing) -> None:
    with rehearsing.lesson.bureau.city.unit() as work:
        work.session.get_one(TargetSystem, rehearsing.target_id).by_day = True


def test_chosen_records_of_a_list_are_keyed_by_what_is_released_and_the_way_leads_back(city, rehearsing):
    done, entered = rehearsing.enter(done=True), rehearsing.enter()
    lesson, path = rehearsing.lesson, f"/records/{rehearsing.lesson.design_id}"
    not_allowed = lesson.client.get(path).text
    allow_by_day(rehearsing)
    offered = lesson.client.get(path).text
    unreleased = lesson.client.post(f"{path}/day-run", {"record": ["1", "2"], "address": path}).text
    lesson.submit()
    lesson.release()
    lesson.client = StaffClient(city).sign_in(lesson.bureau.drafter)
    choice = lesson.client.post(f"{path}/day-run", {"record": ["1", "2"], "address": path}).text
    nothing = lesson.client.post(f"{path}/day-run", {"record": ["2"], "address": path})

    started = lesson.client.post("/day-runs", {"target": rehearsing.target_id, "item": "1:1", "back": path})
    shift = NightShift(city, lesson.bureau.department, rehearsing.target_id, ScriptedTarget(), Waiting(city))
    shift.run(int(started.path.rsplit("/", 1)[1]))
    page = lesson.client.get(started.path).text

    assert (f"{path}/day-run" in not_allowed, f"{path}/day-run" in offered) == (False, True)
    assert "公開されているロボットがありません。" in unreleased
    assert ("1件をいま入力する" in choice, done in choice, "入力待ちに並んでいません。" in choice) == (True, True, True)
    assert entered in choice.partition("入力しないもの")[2]
    assert (nothing.path, "まだ入力待ちに並んでいません" in nothing.text) == (path, True)
    assert (rehearsing.items(), f'href="{path}"' in page) == ([ItemState.DONE], True)


def test_a_version_that_waits_for_release_is_tried_on_real_items_one_by_one_and_says_how_it_went(city, rehearsing):
    numbers = [rehearsing.enter(done=True) for _ in range(3)]
    lesson = rehearsing.lesson
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=lesson.bureau.department))
    draft = operator.post("/bots/versions/1/trials", {f"record_{numbers[0]}": "on"}, status=403)
    lesson.submit()
    lesson.client.post("/bots/versions/1/trials", {f"record_{numbers[0]}": "on"}, status=403)
    nothing = operator.post("/bots/versions/1/trials", {"numbers": "R8-なし-1"}, status=422)
    started = operator.post("/bots/versions/1/trials", {"numbers": " ".join(numbers[:2])})
    night_id = int(started.path.rsplit("/", 1)[1])
    waits, shift = list[bool](), NightShift(city, lesson.bureau.department, 1, ScriptedTarget(), Waiting(city))

    def look() -> None:
        page = operator.get(f"/day-runs/{night_id}").text
        waits.append("次へ" in page)
        operator.post(f"/runs/{night_id}/resume")

    shift.waiting.during_pause = look
    shift.run(night_id)
    page = operator.get("/bots/versions/1/rehearsals").text

    assert ("回議中の版だけ" in draft.text, "R8-なし-1" in nothing.text) == (True, True)
    assert (waits, len(shift.bot.registered)) == ([True], 2)
    assert rehearsing.items() == [ItemState.DONE, ItemState.DONE, ItemState.WAITING]
    assert '<td class="amount">2</td>' in page.partition("公開前の試し</h2>")[2]
    assert "すべて終わりました" in page


def test_a_version_that_its_case_gave_back_is_tried_no_further(city, rehearsing):
    number, lesson = rehearsing.enter(done=True), rehearsing.lesson
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=lesson.bureau.department))
    lesson.submit()
    started = operator.post("/bots/versions/1/trials", {"numbers": number})
    lesson.bureau.decide(lesson.bureau.head, lesson.version().case_id, "head_review", Decision.REJECT)
    lesson.take_effect()
    shift = NightShift(city, lesson.bureau.department, 1, ScriptedTarget(), Waiting(city))

    shift.run(int(started.path.rsplit("/", 1)[1]))

    assert (shift.bot.registered, rehearsing.items()) == ([], [ItemState.WAITING])
    assert "公開されているロボットがありません" in operator.get(started.path).text


def test_what_is_mended_after_a_trial_was_asked_for_is_not_run_by_it(city, rehearsing):
    number, lesson = rehearsing.enter(done=True), rehearsing.lesson
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=lesson.bureau.department))
    lesson.submit()
    started = operator.post("/bots/versions/1/trials", {"numbers": number})
    lesson.bureau.decide(lesson.bureau.head, lesson.version().case_id, "head_review", Decision.SEND_BACK)
    lesson.save(register="5", proof="受け付けました", dialogs="")
    shift = NightShift(city, lesson.bureau.department, 1, ScriptedTarget(), Waiting(city))

    shift.run(int(started.path.rsplit("/", 1)[1]))

    assert (shift.bot.registered, rehearsing.items()) == ([], [ItemState.WAITING])
    assert "試しを頼んだあとに、ロボットが直されました" in operator.get(started.path).text


def test_a_rehearsal_that_is_shut_out_is_told_to_those_on_duty_at_once_until_a_new_password(city, rehearsing):
    bureau = rehearsing.lesson.bureau
    operator = city.person(Role.BOT_OPERATOR, department=bureau.department)
    refused = Ended(Ending.FAILED, 2, "対象システムにログインできません", stops_all=True)
    rehearsing.ask(rehearsing.enter())

    rehearsing.run(ScriptedStage(lambda _row, _tell: refused))

    with city.look() as work:
        told = work.session.scalars(select(Alert).where(Alert.ended_at.is_(None))).all()
    assert [(each.staff_id, each.sentence) for each in told] == [(operator.id, LOCKED_OUT)]
    client = StaffClient(city).sign_in(operator)
    assert f"/targets/{rehearsing.target_id}" in client.get("/inbox").text
    typed = {"account": "suido01", "password": "Invented-pass-9"}
    client.post(f"/targets/{rehearsing.target_id}/credential", typed)
    with city.look() as work:
        assert work.session.scalars(select(Alert.id).where(Alert.ended_at.is_(None))).all() == []
