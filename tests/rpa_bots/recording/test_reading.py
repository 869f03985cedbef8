"""What is a recording, what goes into it, where may it go, and which of its steps registers?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa_bots.recording.tape.addresses import addresses
from rpa_bots.recording.tape.binding import UnusableDataError, check_columns, filled, masked, read_rows
from rpa_bots.recording.tape.reading import UnusableRecordingError, read_recording
from rpa_bots.recording.tape.steps import Change, Click
from rpa_bots.recording.tape.submit_step import NAMED, submit_step
from tests.rpa_bots.recording.taped import KANA, NAME, REGISTER, clicks, fills, goes, move_in, tape

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "steps", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)
KINDS = ("click", "change", "navigate", "setViewport", "keyDown", "waitForElement", "scroll", "customStep", "odd", None)


def said_of(content: bytes) -> str:
    with pytest.raises(UnusableRecordingError) as refused:
        read_recording(content)
    return str(refused.value)


@given(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_no_recording_is_refused_in_the_office_s_words(content):
    assert said_of(content)


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(["value", "selectors", "url", "key", "frame"]), JSON))
def test_a_step_is_read_or_its_number_is_named(kind, fields):
    content = json.dumps({"title": "", "steps": [{"type": kind, **fields}]}).encode()
    try:
        said = str(len(read_recording(content).steps))
    except UnusableRecordingError as refused:
        said = str(refused)

    assert said.startswith("1")


def test_a_clerk_is_told_which_step_and_field_is_wrong():
    wrong = clicks("aria/登録", timeout=60_000) | {"selectors": [["aria/登録"], []]}

    said = said_of(tape(goes("/"), wrong, {"type": "fly"}))

    assert "2番目の手順(click)の「timeout」: 大きすぎます" in said
    assert "2番目の手順(click)の「selectors・2番目」: 空です" in said
    assert "3番目の手順: 知らない種類の手順です" in said


def test_a_way_may_be_written_alone_or_as_a_chain():
    step = read_recording(tape(clicks("a") | {"selectors": ["#a", ["#host", "b"]]})).steps[0]

    assert isinstance(step, Click)
    assert step.selectors == (("#a",), ("#host", "b"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_data_come_as_offices_save_them(encoding):
    content = '氏名,備考\r\n髙橋 一,"二行\r\nある"\r\n\r\n山﨑,\r\n'.encode(encoding)

    assert read_rows(content) == ({"氏名": "髙橋 一", "備考": "二行\r\nある"}, {"氏名": "山﨑", "備考": ""})


@pytest.mark.parametrize("content", [b"", b"a,a\n1,2", b"a,\n1,2", b"a,b\n1", b'a\n"x', b"\xff\xfe\x00"])
def test_data_that_cannot_be_read_are_refused(content):
    with pytest.raises(UnusableDataError):
        read_rows(content)


def test_a_row_s_values_go_into_values_and_into_ways_that_name_them():
    step = read_recording(tape(clicks("aria/{{区}}", "tr:nth-of-type(2) input"), fills("様 {{ 区 }}", "#w"))).steps

    chosen, put = (filled(each, {"区": "東区"}) for each in step)

    assert isinstance(chosen, Click)
    assert chosen.selectors == (("aria/東区",),)  # the place in the list was another row's
    assert isinstance(put, Change)
    assert put.value == "様 東区"


def test_a_column_that_is_missing_or_holds_a_secret_stops_all():
    with pytest.raises(UnusableDataError, match="フリガナ"):
        check_columns(read_recording(move_in()), ["氏名", "区"])
    with pytest.raises(UnusableRecordingError, match="パスワード"):
        check_columns(read_recording(tape(fills("{{パスワード}}", "#p"))), ["パスワード"])
    with pytest.raises(UnusableRecordingError, match="1番目"):
        check_columns(read_recording(tape(fills("{{氏名}}", "#password"))), ["氏名"])


def test_what_a_page_says_is_told_without_the_row_s_values():
    row = {"氏名": "山田 花子", "姓": "山田", "番": "1"}

    assert masked("山田 花子さん(東区)は山田さんです", row) == "〔氏名〕さん(東区)は〔姓〕さんです"


@pytest.mark.parametrize(
    ("base", "path", "today"),
    [
        ("http://127.0.0.1:9000", "/a?b=1", "http://127.0.0.1:9000/a?b=1"),
        ("http://localhost:9000/app/", "/entry", "http://localhost:9000/app/entry"),
        ("http://localhost:9000/app", "/app/entry", "http://localhost:9000/app/entry"),
    ],
)
def test_recorded_addresses_turn_to_the_system_that_is_named(base, path, today):
    there = addresses(read_recording(tape({"type": "navigate", "url": "chrome://newtab/"}, goes("/"))), base, ())

    assert there.today(f"http://old.example:8080{path}") == today
    assert there.same(f"http://old.example:8080{path}", today)


@pytest.mark.parametrize(
    ("base", "allowed"),
    [("http://other.example", ()), ("http://127.0.0.1", ("old.example",)), ("ftp://x", ("x",)), ("http://*", ("*",))],
)
def test_a_system_that_is_not_on_the_list_is_not_gone_to(base, allowed):
    with pytest.raises(UnusableRecordingError):
        addresses(read_recording(tape(goes("/"))), base, allowed)


def test_another_system_in_a_recording_must_be_on_the_list_too():
    two = read_recording(tape(goes("/"), {"type": "navigate", "url": "http://second.example/"}))

    with pytest.raises(UnusableRecordingError, match="2番目"):
        addresses(two, "http://127.0.0.1:1", ("127.0.0.1:1",))
    assert addresses(two, "http://127.0.0.1:1", ("127.0.0.1:1", "second.example")).origins == (
        "http://127.0.0.1:1",
        "http://second.example:80",
    )


CONFIRM, BACK = clicks("aria/入力内容を確認"), clicks("aria/メニューへ戻る")


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ((NAME, REGISTER), 1),
        ((NAME, CONFIRM, REGISTER, BACK), 2),
        ((clicks("aria/新規登録"), NAME, clicks("#b12"), BACK), 2),
        ((NAME, REGISTER, clicks("aria/続けて登録する")), 1),
        ((NAME, REGISTER, KANA, clicks("aria/検索")), 1),
        ((NAME, clicks("aria/登録内容を確認"), clicks("aria/確認して登録"), clicks("aria/ログアウト")), 2),
        ((NAME, KANA), None),
        ((clicks("aria/検索"),), None),
        ((NAME, {"type": "customStep", "name": NAMED}, CONFIRM, REGISTER), 2),
        ((NAME, {"type": "keyDown", "key": "Enter"}), 1),
    ],
)
def test_the_step_that_registers_is_told_by_its_mark_or_by_the_words_on_the_button(steps, place):
    assert submit_step(read_recording(tape(*steps))) == place


def test_whoever_names_the_registering_step_is_believed_unless_it_presses_nothing():
    recording = read_recording(tape(NAME, CONFIRM, REGISTER))

    assert submit_step(recording, 2) == 1
    for wrong in (0, 1, 9):
        with pytest.raises(UnusableRecordingError):
            submit_step(recording, wrong)
