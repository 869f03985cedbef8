"""A clerk rehearses a bot: what is tried, what is shown of it, whom it keeps out, and when it is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backoffice.automation import queries as automation
from backoffice.automation import service as nights
from backoffice.automation.keeping import lock_credential
from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.automation.queue.order import Priority
from backoffice.automation.systems.credentials import NextPassword, set_next
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.rehearsals import forgetting, queries, service
from backoffice.rehearsals.jobs import stages_of_this_machine
from backoffice.rehearsals.models import RehearsedStep
from backoffice.rehearsals.workflow import RehearsalState, WhyEnded
from backoffice.vault import StoredFile
from rpa_bots.outcomes import Cause
from rpa_bots.recording.page.endings import Ended, Ending, Proposed
from rpa_bots.recording.page.looking import Proposal
from rpa_bots.recording.rehearsing import Seen, Takes, Verdict
from tests.backoffice.automation.nights import CrashedError
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.rehearsals.staging import Rehearsing, ScriptedStage, goes_well, rehearsing_at
from tests.backoffice.staff_client import StaffClient
from tests.rpa_bots.recording.old_pages import OldPages, answering


@pytest.fixture
def rehearsing(city) -> Rehearsing:
    return rehearsing_at(found_bureau(city))


def test_a_draft_is_rehearsed_on_a_chosen_record_and_its_page_shows_each_step_and_picture(rehearsing):
    number = rehearsing.enter()
    offered = rehearsing.lesson.client.get("/bots/versions/1/rehearsals")
    waiting = rehearsing.ask(number)
    stage = rehearsing.run()

    page = rehearsing.page()

    assert number in offered.text
    assert "待機中" in waiting.text
    assert (stage.rows[0]["a1"], stage.rows[0]["gijo.reference"]) == ("山田 花子", number)
    assert "リハーサル: 登録の手前まで終わりました" in page.text
    assert "提案を見る" not in page.text
    assert page.text.count("できた") >= 5
    picture = rehearsing.lesson.client.http.get("/rehearsals/1/evidence/6")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert (rehearsing.found().why_ended, rehearsing.lease().worker) == (WhyEnded.FINISHED, "")


def test_what_waits_for_the_night_may_be_tried_also_by_an_operator_who_reads_no_list(city):
    rehearsing = rehearsing_at(found_bureau(city))
    rehearsing.feed()
    tonight, entered = rehearsing.enter(done=True), rehearsing.enter()
    bureau = rehearsing.lesson.bureau
    rehearsing.lesson.client = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=bureau.department))

    page = rehearsing.lesson.client.get("/bots/versions/1/rehearsals")

    assert (tonight in page.text, entered in page.text) == (True, False)
    assert "この番号はありません" in rehearsing.ask(entered, status=422).text
    rehearsing.ask(tonight)
    assert rehearsing.run().rows[0]["a1"] == "山田 花子"


def test_what_tonight_takes_first_is_offered_first_and_what_is_deferred_only_by_its_number(city):
    rehearsing = rehearsing_at(found_bureau(city))
    rehearsing.feed()
    usual, deferred, urgent = (rehearsing.enter(done=True, a1="𠮷田 恵") for _ in range(3))
    with city.unit() as work:
        items = {item.reference: item for item in work.session.query(WorkItem)}
        items[urgent].priority = Priority.URGENT
        items[deferred].not_before = work.today + timedelta(days=1)
    client = rehearsing.lesson.client = StaffClient(city).sign_in(
        city.person(Role.BOT_OPERATOR, department=rehearsing.lesson.bureau.department)
    )

    offered, checked = client.get("/bots/versions/1/rehearsals").text, client.get("/bots/versions/1/queue").text

    assert offered.index(urgent) < offered.index(usual)
    assert deferred not in offered
    assert checked.index(urgent) < checked.index(usual) < checked.index(deferred)
    rehearsing.ask(deferred)


def test_an_account_whose_next_password_has_come_is_not_told_as_waiting_for_one(rehearsing):
    city = rehearsing.lesson.bureau.city
    number = rehearsing.enter()
    with city.unit() as work:
        target = automation.find_target(work.session, work.actor, rehearsing.target_id)
        lock_credential(work, target.id, Cause.SIGN_IN_REFUSED, target.credential.set_at)
        set_next(work, target, NextPassword("Invented-pass-9", work.today + timedelta(days=1)))
    before = rehearsing.ask(number, status=422).text
    city.clock.pass_(days=1, hours=1)
    rehearsing.lesson.client = StaffClient(city).sign_in(rehearsing.lesson.bureau.drafter)

    rehearsing.ask(number)
    rehearsing.run()

    assert "新しいパスワードの登録を待っています" in before
    assert rehearsing.found().why_ended == WhyEnded.FINISHED


def test_each_thing_that_is_missing_is_said_with_who_adds_it(city):
    rehearsing = rehearsing_at(found_bureau(city), mended=False)
    client = rehearsing.lesson.client
    half = client.get("/bots/versions/1/rehearsals").text
    rehearsing.lesson.mend()
    with city.unit() as work:
        target = work.session.get_one(TargetSystem, rehearsing.target_id)
        work.session.refresh(target, ["credential"])
        work.session.delete(target.credential)
    without_account = client.get("/bots/versions/1/rehearsals").text
    with city.unit() as work:
        work.session.delete(work.session.get_one(TargetSystem, rehearsing.target_id))
    without_system = client.get("/bots/versions/1/rehearsals").text

    assert "手順4に何を入れるか、決めてください。" in half
    assert "アカウントとパスワードがまだありません。RPA運用担当が登録すると" in without_account
    assert "対象システムがまだありません。RPA運用担当が" in without_system


def test_nothing_chosen_and_more_than_five_are_refused_with_what_was_typed(rehearsing):
    numbers = [rehearsing.enter() for _ in range(6)]
    client = rehearsing.lesson.client

    many = client.post("/bots/versions/1/rehearsals", {"numbers": " ".join(numbers)}, 422)

    assert many.field("numbers") == " ".join(numbers)
    assert "練習に使う記録を選んでください" in rehearsing.ask(status=422).text


def test_others_than_the_form_s_department_neither_rehearse_nor_look(rehearsing):
    number = rehearsing.enter()
    rehearsing.ask(number)
    elsewhere = StaffClient(rehearsing.lesson.bureau.city).sign_in(rehearsing.lesson.bureau.city.person(Role.CLERK))

    elsewhere.get("/bots/versions/1/rehearsals", 403)
    elsewhere.get("/bots/versions/1/queue", 403)
    elsewhere.post("/bots/versions/1/rehearsals", {f"record_{number}": "on"}, 403)
    elsewhere.get("/rehearsals/1", 404)


def test_one_system_is_rehearsed_once_at_a_time_and_never_beside_a_night(city_on_both):
    rehearsing = rehearsing_at(found_bureau(city_on_both))
    rehearsing.feed()
    rehearsing.enter(done=True)
    lesson, number = rehearsing.lesson, rehearsing.enter()
    lesson.submit()
    lesson.release()
    said: list[str] = []

    def meanwhile(row, tell):
        tell(Seen(0, Verdict.OK, 0.1))
        said.append(rehearsing.ask(number, status=422).text)
        with pytest.raises(Invalid) as refusal, city_on_both.unit() as work:
            nights.start_night(work, rehearsing.target_id)
        said.append(refusal.value.message)
        return goes_well(row, tell)

    rehearsing.ask(number)
    rehearsing.run(ScriptedStage(meanwhile))
    with city_on_both.unit() as work:
        nights.start_night(work, rehearsing.target_id)
    during_the_night = rehearsing.ask(number, status=422).text

    assert "練習はもう動いています" in said[0]
    assert "ロボットの練習をしています" in said[1]
    assert "いま夜間の入力がこの対象システムを使っています" in during_the_night


def test_a_night_that_began_before_the_worker_came_keeps_its_account(rehearsing):
    rehearsing.feed()
    rehearsing.enter(done=True)
    lesson, number = rehearsing.lesson, rehearsing.enter()
    lesson.submit()
    lesson.release()
    rehearsing.ask(number)
    with lesson.bureau.city.unit() as work:
        nights.start_night(work, rehearsing.target_id)

    stage = rehearsing.run()

    assert (stage.opened, rehearsing.found().why_ended) == (0, WhyEnded.NIGHT)
    assert "夜間の入力がこの対象システムを使っているため" in rehearsing.page().text


def test_a_dead_worker_s_rehearsal_is_told_as_broken_off_and_frees_the_account(rehearsing):
    def crash(_row, tell):
        tell(Seen(0, Verdict.OK, 0.1))
        raise CrashedError

    number = rehearsing.enter()
    rehearsing.ask(number)
    with pytest.raises(CrashedError):
        rehearsing.run(ScriptedStage(crash))
    rehearsing.lesson.bureau.city.clock.pass_(minutes=4)
    left = rehearsing.page().text
    rehearsing.run()

    assert "担当機が止まったため、途中で打ち切りました" in left
    assert 'hx-get="/rehearsals/1"' not in left
    assert (rehearsing.found().why_ended, rehearsing.lease().worker) == (WhyEnded.BROKEN_OFF, "")


def test_where_no_worker_comes_back_the_next_rehearsal_ends_the_silent_one(rehearsing):
    def crash(_row, _tell):
        raise CrashedError

    number = rehearsing.enter()
    rehearsing.ask(number)
    with pytest.raises(CrashedError):
        rehearsing.run(ScriptedStage(crash))
    rehearsing.lesson.bureau.city.clock.pass_(minutes=4)

    rehearsing.ask(number)
    rehearsing.run(rehearsal_id=2)

    assert [rehearsing.found(each).why_ended for each in (1, 2)] == [WhyEnded.BROKEN_OFF, WhyEnded.FINISHED]


def test_whoever_stops_a_rehearsal_ends_it_after_the_step_at_hand_and_its_account_is_held_till_then(rehearsing):
    held: list[str] = []

    def stopped(row, tell):
        tell(Seen(0, Verdict.OK, 0.1))
        rehearsing.lesson.client.post("/rehearsals/1/stop", {})
        held.append(rehearsing.lease().worker)
        return goes_well(row, tell)

    rehearsing.ask(rehearsing.enter())
    rehearsing.run(ScriptedStage(stopped))

    found = rehearsing.found()
    assert (found.state, found.why_ended, len(found.rows[0].steps)) == (RehearsalState.ENDED, WhyEnded.STOPPED, 1)
    assert (held, rehearsing.lease().worker) == (["rehearsal-1"], "")
    rehearsing.lesson.client.post("/rehearsals/1/stop", {}, 409)


def test_a_record_that_was_not_tried_to_its_end_is_not_told_as_still_to_come(rehearsing):
    rehearsing.ask(rehearsing.enter(), rehearsing.enter())
    waiting = rehearsing.page().text
    told = rehearsing.lesson.client.post("/rehearsals/1/stop", {}).text

    stopped = rehearsing.page().text

    assert ("練習を止めました。" in told, "いまの手順が終わったところで" in told) == (True, False)
    assert ("これから" in waiting, "これから" in stopped, stopped.count("終わりまで試していません")) == (True, False, 2)


def test_whoever_stops_a_rehearsal_is_not_told_that_its_own_worker_was_faster(city_on_postgres):
    rehearsing = rehearsing_at(found_bureau(city_on_postgres))
    actor = city_on_postgres.actor(rehearsing.lesson.bureau.drafter)
    states: list[str] = []

    def stopped_between_two_steps(row, tell):
        tell(Seen(0, Verdict.OK, 0.1))
        with city_on_postgres.unit(actor) as work:
            found = queries.find_rehearsal(work.session, actor, 1)
            city_on_postgres.clock.pass_(seconds=1)
            tell(Seen(1, Verdict.OK, 0.1))
            service.stop(work, found)
        states.append(rehearsing.found().state)
        return goes_well(row, tell)

    rehearsing.ask(rehearsing.enter())
    rehearsing.run(ScriptedStage(stopped_between_two_steps))

    assert (states, rehearsing.found().why_ended) == ([RehearsalState.STOPPING], WhyEnded.STOPPED)


def test_a_refused_sign_in_locks_the_account_and_no_second_record_is_tried(rehearsing):
    def refused(_row, _tell):
        return Ended(Ending.FAILED, 2, "サインインを断られたようです", stops_all=True)

    rehearsing.ask(rehearsing.enter(), rehearsing.enter())
    stage = rehearsing.run(ScriptedStage(refused))

    assert (len(stage.rows), rehearsing.found().why_ended) == (1, WhyEnded.SIGN_IN_REFUSED)
    assert "新しいパスワードの登録を待っています" in rehearsing.lesson.client.get("/bots/versions/1/rehearsals").text


def test_letters_that_an_old_page_corrupts_are_told_before_any_browser_opens(rehearsing):
    rehearsing.ask(rehearsing.enter(a1="𠮷田 恵"))

    assert "シフトJISの画面には入らない文字があります: 氏名に「𠮷」" in rehearsing.page().text


def test_what_a_rehearsal_showed_is_gone_after_its_days_and_that_it_was_stays(city_on_both):
    rehearsing = rehearsing_at(found_bureau(city_on_both))
    rehearsing.ask(rehearsing.enter())
    rehearsing.run()
    kept = forgetting.forget_old(city_on_both.office)
    city_on_both.clock.pass_(days=31)

    assert (kept, forgetting.forget_old(city_on_both.office)) == (0, 1)

    with city_on_both.look() as work:
        assert work.session.query(RehearsedStep).count() == 0
        assert [file.wrapped_key for file in work.session.query(StoredFile)] == [None]
    assert (rehearsing.found().why_ended, rehearsing.found().rows) == (WhyEnded.FINISHED, [])


def test_what_a_rehearsal_showed_is_gone_also_where_its_worker_never_came_back(city_on_both):
    rehearsing = rehearsing_at(found_bureau(city_on_both))

    def crash(row, tell):
        goes_well(row, tell)
        raise CrashedError

    rehearsing.ask(rehearsing.enter())
    with pytest.raises(CrashedError):
        rehearsing.run(ScriptedStage(crash))
    city_on_both.clock.pass_(days=1)
    forgetting.forget_old(city_on_both.office)
    city_on_both.clock.pass_(days=31)

    assert forgetting.forget_old(city_on_both.office) == 1

    with city_on_both.look() as work:
        assert [file.wrapped_key for file in work.session.query(StoredFile)] == [None]
    assert rehearsing.found().why_ended == WhyEnded.BROKEN_OFF


GONE = Proposal(("tr:nth-of-type(2) input",), "#kana", "フリガナ(全角)", "元の見つけ方では見つかりません")


def drifts(row, tell):
    for place in range(6):
        tell(Seen(place, Verdict.PROPOSED if place == 3 else Verdict.OK, 0.1))
    return Ended(Ending.FAILED, 6, "画面が録画のときと違うため、登録の前で止めました。", (Proposed(4, GONE),))


def test_what_is_proposed_is_shown_once_and_a_draft_takes_it_in_and_puts_it_back(city_on_both):
    rehearsing = rehearsing_at(found_bureau(city_on_both))
    lesson = rehearsing.lesson
    rehearsing.ask(rehearsing.enter(), rehearsing.enter())
    rehearsing.run(ScriptedStage(drifts))
    page = lesson.client.get("/bots/versions/1")
    assert "提案を見る" in rehearsing.page().text
    seen = lesson.version().version

    taken = lesson.client.post("/bots/versions/1/proposals", {"version": seen, "proposal_1": "on"})
    recording = lesson.stored()
    back = lesson.client.post("/bots/versions/1/proposals/1/back", {"version": lesson.version().version})

    assert (page.text.count("#kana"), "2回" in page.text) == (1, True)
    assert "取り入れた" in taken.text
    assert ('"#kana"' in recording, '"tr:nth-of-type(2) input"' in recording) == (True, False)
    assert ('"#kana"' in lesson.stored(), '"tr:nth-of-type(2) input"' in lesson.stored()) == (False, True)
    assert "選んだ提案を取り入れる" in back.text
    lesson.client.post("/bots/versions/1/proposals", {"version": seen, "proposal_1": "on"}, 409)


def test_from_a_released_version_all_are_taken_into_a_new_draft_that_goes_the_usual_route(rehearsing):
    lesson = rehearsing.lesson
    lesson.submit()
    lesson.release()
    rehearsing.ask(rehearsing.enter())
    rehearsing.run(ScriptedStage(drifts))
    assert "まとめて取り入れた下書きを作る" in lesson.client.get("/bots/versions/1").text

    lesson.client.post("/bots/versions/1/proposals", {"proposal_1": "on"})

    assert ('"#kana"' in lesson.stored(1), '"#kana"' in lesson.stored(2)) == (False, True)
    lesson.submit(number=2)
    lesson.release(2)
    assert "まとめて取り入れた下書きを作る" not in lesson.client.get("/bots/versions/2").text


@pytest.mark.journey
def test_in_a_real_browser_nothing_is_registered_and_what_the_page_takes_is_learnt(city):
    with answering(OldPages(charset="shift_jis")) as old:
        rehearsing = rehearsing_at(found_bureau(city), old.url)
        rehearsing.ask(rehearsing.enter(), rehearsing.enter(a1="山田 花子という長い名前の人"))
        rehearsing.run(open_stage=stages_of_this_machine(None))
        page, queue = rehearsing.page(), rehearsing.lesson.client.get("/bots/versions/1/queue")

    assert (old.stored, "/register" in old.asked) == ([], False)
    first, second = rehearsing.found().rows
    assert (first.outcome, second.outcome) == ("done", "refused")
    assert Takes(first.steps[2].charset, first.steps[2].letters_at_most) == Takes("Shift_JIS", 10)
    assert "「氏名」に値が入りきらないか" in page.text
    assert "2件のうち1件は入りません" in queue.text
    assert "氏名が4文字多い" in queue.text
