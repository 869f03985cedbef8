"""A clerk records, mends and sends a bot on its route; others release it; a night keys with it."""

from __future__ import annotations

import pytest

from backoffice.automation import service as nights
from backoffice.automation.bots import bots_of_this_machine
from backoffice.automation.jobs import Hands, run_night
from backoffice.automation.models import WorkItem
from backoffice.automation.queue import feeding
from backoffice.automation.workflow import ItemState
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Role
from backoffice.recordings import queries
from backoffice.recordings.workflow import BotState
from backoffice.recordings.writing import columns_of, row_of
from backoffice.records import queries as records
from backoffice.records import service as recording
from backoffice.records.workflow import RecordState, Source
from forms import catalogue
from tests.backoffice.automation.nights import SETTINGS, StepsAtOnce, Waiting
from tests.backoffice.inbox.cases import Bureau, found_bureau
from tests.backoffice.recordings.teaching import Lesson, lesson_at
from tests.backoffice.staff_client import StaffClient
from tests.rpa_bots.recording.old_pages import OldPages, answering
from tests.rpa_bots.recording.taped import REGISTER, WARD, fills, goes, tape, window
from workflows.routes import Decision

SAMPLE = {"a1": "山田 花子", "a2": "ヤマダ ハナコ", "a3": "a3_1", "a4": "2026-11-28"}


@pytest.fixture
def lesson(city) -> Lesson:
    return lesson_at(found_bureau(city))


def add_record(bureau: Bureau, design_id: int, **values: object) -> int:
    with bureau.city.unit(bureau.city.actor(bureau.drafter)) as work:
        design, definition = records.find_form(work.session, work.actor, design_id)
        choice = definition.questions[2].options[1].code
        said = {**SAMPLE, "a3": choice, **values}
        return recording.enter(work, design, definition, said, Source.SCREEN).id


def test_what_was_typed_while_recording_is_thrown_away_as_it_comes_in(lesson):
    page = lesson.bring()

    assert not any(value in lesson.stored() + page.text for value in ("山田", "ヤマダ"))
    assert "{{a1}}" in lesson.stored()
    assert "手順4に何を入れるか、決めてください。" in page.text


def test_the_record_that_was_keyed_says_which_field_is_which(lesson):
    add_record(lesson.bureau, lesson.design_id)

    page = lesson.bring(sample="R8-公民館-0001")

    assert "{{a2}}" in lesson.stored()
    assert "決めてください。" not in page.text
    lesson.client.post("/bots/versions/1/discard", {"version": 1})
    assert "この番号の記録は" in lesson.bring(status=422, sample="R8-公民館-0009").text


@pytest.mark.parametrize(("content", "said"), [(b"{", "録画のファイル(JSON)ではありません"), (b"[]", "ではありません")])
def test_a_file_that_is_no_recording_is_said_to_be_none_and_what_was_chosen_stays(lesson, content, said):
    page = lesson.bring(content, 422)

    assert said in page.text
    assert "selected" in page.text


def test_nothing_half_decided_and_nothing_half_said_goes_on_its_route(lesson):
    lesson.bring()

    assert "手順4に何を入れるか" in lesson.submit(422).text
    lesson.mend()
    refused = lesson.submit(422, items="たくさん", work="")
    assert refused.text.count('aria-invalid="true"') == 2
    assert refused.field("target") == "転入システム"
    assert lesson.version().state == BotState.DRAFT


def test_a_second_tab_does_not_write_over_the_first(lesson):
    lesson.bring()
    seen = lesson.version().version
    lesson.mend()

    lesson.client.post("/bots/versions/1", {"version": seen, "proof": "x"}, 409)


def test_the_form_s_department_teaches_everybody_looks_and_nobody_else_changes(lesson):
    lesson.bring()
    lesson.mend()
    elsewhere = StaffClient(lesson.bureau.city).sign_in(lesson.bureau.city.person(Role.CLERK))

    page = elsewhere.get("/bots/versions/1")

    assert "公開を起案する" not in page.text
    elsewhere.post("/bots/versions/1", {"version": lesson.version().version}, 403)
    elsewhere.post("/bots/versions/1/again", {}, 403)
    assert "録画したロボット" not in elsewhere.get("/bots").text


def test_an_operator_teaches_too_who_reads_no_record(lesson):
    bureau = lesson.bureau
    add_record(bureau, lesson.design_id)
    lesson.client = StaffClient(bureau.city).sign_in(
        bureau.city.person(Role.BOT_OPERATOR, department=bureau.department)
    )

    assert "この番号の記録は" in lesson.bring(status=422, sample="R8-公民館-0001").text
    assert "手順を確かめてください" in lesson.bring().text


def test_what_is_sent_back_is_a_draft_once_more_and_a_newer_version_takes_the_older_one_s_place(lesson):
    bureau = lesson.bureau
    lesson.bring()
    lesson.mend()
    lesson.submit()
    lesson.bring(status=409)
    bureau.decide(bureau.head, lesson.version().case_id, "head_review", Decision.REJECT)
    lesson.take_effect()
    assert lesson.version().state == BotState.DRAFT

    lesson.submit()
    lesson.release()
    lesson.client.post("/bots/versions/1/again", {})
    lesson.submit(number=2)
    assert lesson.version().state == BotState.RELEASED
    lesson.release(2)

    assert (lesson.version().state, lesson.version(2).state) == (BotState.RETIRED, BotState.RELEASED)


def test_what_is_taken_out_can_be_brought_in_again(lesson):
    lesson.bring()
    lesson.mend()
    taken = lesson.client.get("/bots/versions/1/export.json").text
    lesson.client.post("/bots/versions/1/discard", {"version": lesson.version().version})

    lesson.bring(taken.encode())

    assert lesson.version(2).recording == lesson.version(1).recording


def test_a_refused_mending_keeps_what_was_typed(lesson):
    lesson.bring(tape(window(), goes("/entry"), fills("Himitsu-1", "aria/パスワード"), WARD, REGISTER))
    typed = {"put_2": "=", "text_2": "Himitsu", "put_3": "{{a3}}", "register": "4", "drop_3": "on"}

    page = lesson.save(422, proof="登録しました", dialogs="登録しますか", **typed)

    assert "パスワードの欄には" in page.text
    assert (page.field("proof"), page.field("text_2")) == ("登録しました", "Himitsu")
    assert 'name="drop_3" checked' in page.text
    assert 'name="register" value="4" checked' in page.text
    assert "登録しますか" in page.text
    assert "Himitsu" not in lesson.stored()


def test_steps_are_numbered_as_they_were_recorded_whatever_marks_are_put_between(lesson):
    lesson.bring()
    lesson.save(register="5", proof="登録しました", dialogs="登録しますか\nよろしいですか", put_2="{{a1}}")

    page = lesson.client.get("/bots/versions/1")

    assert "手順4に何を入れるか、決めてください。" in page.text
    assert 'aria-label="手順6で登録する"' in page.text
    assert "手順7" not in page.text


def test_what_is_sent_back_to_its_drafter_is_mended_while_its_case_goes_on(city_on_both):
    bureau = found_bureau(city_on_both)
    lesson = lesson_at(bureau)
    lesson.bring()
    lesson.mend()
    lesson.submit()
    on_its_route = lesson.client.get("/bots/versions/1")
    lesson.save(409, proof="受け付けました")
    case_id = lesson.version().case_id
    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK)

    sent_back = lesson.client.get("/bots/versions/1")
    lesson.save(proof="受け付けました", register="6")

    assert "保存する" not in on_its_route.text
    assert "保存する" in sent_back.text
    assert "公開を起案する" not in sent_back.text
    assert (lesson.version().state, lesson.version().case_id) == (BotState.SUBMITTED, case_id)
    bureau.decide(bureau.drafter, case_id, "mend", Decision.DONE)
    lesson.save(409, proof="もう直せない")
    lesson.release()
    assert lesson.version().state == BotState.RELEASED
    assert "受け付けました" in lesson.stored()


def test_what_was_mended_into_no_whole_recording_is_never_released(lesson):
    bureau = lesson.bureau
    lesson.bring()
    lesson.mend()
    lesson.submit()
    case_id = lesson.version().case_id
    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK)
    lesson.save(put_2="{{?}}", register="6")
    bureau.decide(bureau.drafter, case_id, "mend", Decision.DONE)

    lesson.release()

    assert lesson.version().state == BotState.DRAFT


def key_at_night(lesson: Lesson, url: str) -> WorkItem:
    """The operator sets the system up, the department lets its list feed it, a settled record is keyed at night."""
    bureau, office = lesson.bureau, lesson.bureau.city.office
    with bureau.city.look() as work:
        code = work.session.get_one(FormDesign, lesson.design_id).code
    with bureau.city.unit() as work:
        target = nights.add_target(
            work, code, SETTINGS.__class__(**{**vars(SETTINGS), "url": url}), bureau.department.id
        )
        nights.set_credential(work, target, "suido01", "Invented-pass-8")
        target_id = target.id
    with bureau.city.unit(bureau.city.actor(bureau.drafter)) as work:
        design, definition = records.find_form(work.session, work.actor, lesson.design_id)
        feeding.name_target(work, design, definition, target_id, {each.key: each.key for each in definition.questions})
    record_id = add_record(bureau, lesson.design_id)
    with bureau.city.unit(bureau.city.actor(bureau.drafter)) as work:
        record = records.find_record(work.session, work.actor, record_id)
        recording.move(work, record, record.version, RecordState.DONE)
    with bureau.city.unit() as work:
        night_id = nights.start_night(work, target_id).id
    waiting = Waiting(bureau.city)
    hands = Hands(bots_of_this_machine(None), waiting.seconds, waiting.pause, waiting.stopping)
    run_night(office, hands, night_id, StepsAtOnce())
    with bureau.city.look() as work:
        return work.session.query(WorkItem).one()


def test_what_a_night_proposes_is_kept_for_people_and_names_nobody(lesson):
    lesson.bring()
    lesson.mend()
    lesson.submit()
    lesson.release()

    with answering(OldPages(labels={"name": "お名前", "kana": "フリガナ"})) as old:
        item = key_at_night(lesson, old.url)
    page = lesson.client.get("/bots/versions/1")

    assert (old.stored, item.state) == ([], ItemState.FAILED)
    assert "まとめて取り入れた下書きを作る" in page.text
    assert ("「お名前」" in page.text, "3回" in page.text) == (True, True)
    assert "山田" not in page.text
    assert "新しい提案 1件" in lesson.client.get("/bots").text
    lesson.client.post("/bots/versions/1/proposals/dismiss", {}, 422)
    dismissed = lesson.client.post("/bots/versions/1/proposals/dismiss", {"proposal_1": "on"})
    assert ("見送り" in dismissed.text, "取り入れた下書き" in dismissed.text) == (True, False)
    assert "新しい提案" not in lesson.client.get("/bots").text
    lesson.client.post("/bots/versions/1/proposals", {"proposal_1": "on"}, 422)
    lesson.client.post("/bots/versions/1/proposals/1/again", {})
    lesson.client.post("/bots/versions/1/proposals", {"proposal_1": "on"})
    assert "新しい提案" not in lesson.client.get("/bots").text
    assert '"aria/お名前' in lesson.stored(2)


@pytest.mark.parametrize(("trouble", "state"), [("", ItemState.DONE), ("cut after", ItemState.UNKNOWN)])
def test_a_released_bot_keys_at_night_and_what_it_cannot_prove_people_settle(lesson, trouble, state):
    lesson.bring()
    lesson.mend()
    lesson.submit()
    lesson.release()

    with answering(OldPages(trouble=trouble)) as old:
        item = key_at_night(lesson, old.url)

    assert old.stored == [{"name": "山田 花子", "kana": "ヤマダ ハナコ", "ward": "02"}]
    assert (item.state, item.receipt) == (state, "" if trouble else "000123")
    page = lesson.client.get(f"/items/{item.id}")
    assert ("完了の画面を確かめました" in page.text) is not bool(trouble)


def test_a_date_is_written_as_each_screen_wants_it():
    definition = catalogue.definition("shugaku-enjo")
    date = next(question.key for question in definition.questions if question.type == "date")

    row = row_of(definition, {date: "2019-05-01", "reference": "R8-1"})

    written = {column.removeprefix(f"{date}."): value for column, value in row.items() if column.startswith(f"{date}.")}
    assert written == {
        "slash": "2019/05/01",
        "digits": "20190501",
        "wareki": "令和元年5月1日",
        "year": "2019",
        "era": "令和",
        "era_year": "1",
        "month": "5",
        "day": "1",
    }
    assert {column for column, _label in columns_of(definition)} == set(row)


def test_whoever_decides_reads_in_words_what_a_version_does_otherwise_than_the_released_one(lesson):
    lesson.bring()
    lesson.mend()
    lesson.submit()
    lesson.release()
    lesson.client.post("/bots/versions/1/again", {})
    same = lesson.client.get("/bots/versions/2").text

    lesson.save(number=2, register="6", proof="登録完了", put_2="{{a2}}", drop_4="on", dialogs="登録しますか")
    other = lesson.client.get("/bots/versions/2").text

    assert "違いはありません。" in same
    assert "手順3 「氏名」に入力する: 「氏名」でなく「フリガナ」を入れます" in other
    assert "前の手順5 「(名前のない項目)」に入力する: なくなりました" in other
    assert "「OK」で答えてよいダイアログ: 「登録しますか」" in other
    assert "登録できたことを示す文字: 登録完了" in other


def test_a_version_whose_marks_make_no_sense_any_more_is_shown_and_cannot_be_released(lesson):
    lesson.bring()
    lesson.mend()
    with lesson.bureau.city.unit() as work:
        version = queries.find_version(work.session, 1)
        kept = version.recording["recording"]
        senseless = {"type": "customStep", "name": "gijo-end", "parameters": {}}
        version.recording = version.recording | {"recording": kept | {"steps": [*kept["steps"], senseless]}}

    page = lesson.client.get("/bots/versions/1").text
    step = lesson.client.get("/bots/versions/1/steps/2")

    assert "公開の前に" in page
    assert "読み取り・条件" in step.text
    lesson.submit(status=422)
