"""From a form's list, chosen records are keyed at once by what is released; a rehearsal shut out is told at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.automation.alarms import LOCKED_OUT
from backoffice.automation.models import TargetSystem
from backoffice.automation.workflow import ItemState
from backoffice.identity import Role
from backoffice.inbox.alert_models import Alert
from rpa_bots.recording.page.endings import Ended, Ending
from tests.backoffice.automation.nights import NightShift, ScriptedTarget, Waiting
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.rehearsals.staging import Rehearsing, ScriptedStage, rehearsing_at
from tests.backoffice.staff_client import StaffClient


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
