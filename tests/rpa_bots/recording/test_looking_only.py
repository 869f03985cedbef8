"""What does a hostile page, or a careless recording, make of a bot that only looks? Nothing that it should not do."""

from __future__ import annotations

import html
import json

import pytest

from rpa_bots.file_kinds import kind_of
from rpa_bots.recording.folders import files_under
from rpa_bots.recording.judged.proof import receipt_in
from rpa_bots.recording.keying import any_of
from rpa_bots.recording.page.endings import Ending
from rpa_bots.recording.page.uploading import NotToBeUploadedError
from rpa_bots.recording.page.visit import says
from rpa_bots.recording.tape.marks import marked
from rpa_bots.recording.tape.reading import UnusableRecordingError, read_recording
from tests.rpa_bots.recording.old_search import NOBODY
from tests.rpa_bots.recording.taped import clicks, fills, goes, mark, tape, waits
from tests.rpa_bots.recording.test_taking import ASKS, KEY, LOOKS, NAME, ROW, address, old, run

__all__ = ["address", "old", "run"]
NUMBER = fills("{{番号}}", "#n")
FORM = "<form method=post action=/reg><input id=n name=n>{}</form>"
ICON = "<button><i id=b>★</i>登録する</button>"
TABLE = mark("read", name="表", kind="table", proof="row", **KEY)
HEAD = "<tr><th>番号<th>月</tr>"


def key(name: str, kind: str = "keyDown") -> dict[str, str]:
    return {"type": kind, "target": "main", "key": name}


@pytest.mark.parametrize(
    ("button", "steps"),
    [
        ("<button><span id=b>登録する</span></button>", [clicks("#b")]),
        (ICON, [clicks("#b")]),
        ("<button id=b>削除する</button>", [clicks("#b")]),
        ("<button id=b title=登録する>OK</button>", [clicks("#b")]),
        ("<button id=b>登録する</button>", [clicks("#b"), fills("x", "#b")]),
        ("<a onclick='this.closest(\"form\").submit()'><b id=b>登録</b></a>", [clicks("#b")]),
        ("<button>登録する</button>", [key("Tab"), key("Tab", "keyUp"), key(" "), key(" ", "keyUp")]),
        ("<button>検索</button><button>登録する</button>", [key("Tab"), key("Tab"), key("Enter")]),
    ],
)
def test_what_a_person_reads_on_what_is_pressed_tells_whatever_the_element_is_called(old, run, button, steps):
    old.pages = {"/p": FORM.format(button)}

    ended = run(LOOKS, goes("/p"), NUMBER, *steps)

    assert (ended.ending, old.asked.count("/reg")) == (Ending.REFUSED, 0)


@pytest.mark.parametrize(
    "steps",
    [
        ({"type": "waitForExpression", "target": "main", "expression": "document.forms[0].submit()"},),
        (mark("read", name="氏名", key="{{gijo.account}}"), clicks("#name")),
        (mark("repeat", table="明細"), NAME, clicks("#name"), mark("end")),
    ],
    ids=["code could do anything", "the account stands on everybody's page", "only the last would be kept"],
)
def test_a_recording_that_looks_runs_no_code_proves_by_the_record_and_reads_each_thing_once(steps):
    with pytest.raises(UnusableRecordingError):
        marked(read_recording(tape(LOOKS, goes("/p"), *steps)))


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        ("<tr><th style='display:none'>秘<th>番号<th>月<tr><td style='display:none'>x<td>1234567<td>10", [10]),
        ("<tr><th style='display:none'>番号<th>月<tr><td style='display:none'>1234567<td>10", None),
        (HEAD + "<tr><td rowspan=60>1234567<td>0</tr>" + "".join(f"<tr><td>{n}" for n in range(1, 60)), range(60)),
        (HEAD + "<tr><td rowspan=2>1234567<td>1<tr style='display:none'><td>2<tr><td>7654321<td>3", [1]),
        (
            HEAD
            + "<tr style='display:none'><td>1234567<td>0" * 1_500
            + "".join(f"<tr><td>1234567<td>{n}" for n in range(1_500)),
            range(1_500),
        ),
        (HEAD + "<tr><td>1234567<td><select disabled><option>8<option selected>9</select>", [9]),
        (HEAD + "<tr><td><select><option>7654321<option>1234567</select><td>9", None),
    ],
    ids=[
        "hidden column",
        "hidden proof",
        "tall cell",
        "hidden row in a tall cell",
        "many hidden",
        "shut list",
        "choice",
    ],
)
def test_a_table_is_read_as_it_is_shown(old, run, rows, read):
    old.pages = {"/p": f"<table id=t>{rows}</table>"}

    ended = run(LOOKS, goes("/p"), TABLE, waits("#t"))

    assert ended.readings == ({} if read is None else {"表": [{"番号": "1234567", "月": str(n)} for n in read]})
    assert ended.ending is (Ending.FAILED if read is None else Ending.DONE)


def test_what_is_hidden_is_neither_read_nor_proof_and_what_comes_late_is_awaited(old, run):
    name, shown = (NAME, clicks("#x")), "<p>番号: 1234567</p>"
    late = f"<table id=t>{HEAD}<tr><td>1234567<td>1</table><script>fetch('/slow300').then(() => document.querySelector("
    late += "'tbody').insertAdjacentHTML('beforeend', '<tr><td>1234567<td>2'))</script>"
    restless = "<script>setInterval(() => { x.textContent = Math.random() }, 1)</script>"
    hidden = "<input readonly value=1234567 style='visibility:hidden'><b id=x>山田</b>"
    old.pages = {
        "/hidden": f"{shown}<b id=x style='display:none'>山田</b>",
        "/proof": hidden,
        "/late": late,
        "/restless": f"{shown}<b id=x>0</b>{restless}",
    }

    unread = [run(LOOKS, goes(path), *name) for path in ("/hidden", "/proof", "/restless")]
    awaited = run(LOOKS, goes("/late"), TABLE, waits("#t"))

    assert [(each.ending, each.readings) for each in unread] == [(Ending.FAILED, {})] * 3
    assert [row["月"] for row in awaited.readings["表"]] == ["1", "2"]


def test_nobody_is_said_only_where_it_stands_as_the_answer(old, run):
    fetched = f"<p id=q>{NOBODY}</p><script>fetch('/slow300').then(() => {{ q.textContent = '3人' }})</script>"
    endings = []
    for nothing, found in (
        (NOBODY, f"<select><option>あり<option>{NOBODY}</select>"),
        (NOBODY, fetched),
        ("0件", "該当 10件"),
        ("0件", "該当 0件"),
    ):
        old.pages = {"/found": f"<title>結果</title>{found}"}
        endings.append(run(mark("look", nothing=nothing), *ASKS, NAME, clicks("#name")).nothing)

    assert endings == [False, False, False, True]
    assert says("該当: 0 件です", "0件")
    assert not says("1,230件", "0件")


def test_a_rehearsal_of_what_may_register_anywhere_sends_for_no_file_either(old, run):
    old.pages = {"/p": "<p>番号: 1234567</p><form method=post action=/reg><button id=b>控え</button></form>"}

    ended = run(goes("/p"), mark("download", name="控え", **KEY), clicks("#b"), rehearse=True)

    assert (ended.ending, old.asked.count("/reg"), ended.files) == (Ending.DONE, 0, ())
    assert "送信の手前" in ended.message


def test_a_table_that_cannot_be_repeated_over_ends_its_row_and_no_more(run):
    lines = [json.dumps([{}] * 501), "[" * 100_000, "x"]
    repeat = (mark("repeat", table="明細"), goes("/search"), mark("end"))

    assert {run(LOOKS, *repeat, row={**ROW, "明細": each}).ending for each in lines} == {Ending.REFUSED}


def test_a_number_that_was_known_before_is_no_receipt():
    page = "操作者 利用者番号 0099 受付番号 000123"

    assert receipt_in(page, before="利用者番号 0099") == "000123"
    assert not receipt_in("管理番号 A-77", ["A-77"])
    assert not receipt_in("受付番号 001", ["001"])


def test_rows_that_a_press_takes_into_a_list_are_registered_and_one_that_is_lost_there_is_not(old, run):
    adds = "list.insertAdjacentHTML('beforeend', `<li>${a.value}<input type=hidden name=l value=${a.value}>`);"
    form = (
        "<form method=post action=/reg><input id=a><button type=button id=add onclick=\"{} a.value = ''\">追加</button>"
    )
    form += "<ul id=list></ul><button>登録する</button></form>"
    steps = (mark("repeat", table="明細"), fills("{{明細.a}}", "#a"), clicks("#add"), mark("end"))
    rows = {"明細": json.dumps([{"a": "mizu"}, {"a": "ocha"}])}
    old.pages = {"/adds": form.format(adds), "/loses": form.format("")}

    added, lost = (run(goes(path), *steps, clicks("aria/登録する", title="登録完了"), row=rows) for path in old.pages)

    assert (added.ending, lost.ending) == (Ending.DONE, Ending.REFUSED)
    assert old.stored == [b"l=mizu&l=ocha"]


def test_a_picture_covers_every_value_of_a_row_with_a_table_in_one_search(address):
    values = ["山田 花子", "a/b", "C:\\x", 'it\'s "q" `t`', "a >> b", "[x](y)*+?.$^|{}", "一行目\n二行目", "Ab Cd", "x"]
    page = address[1].new_page()
    page.set_content("".join(f"<p>前 {html.escape(each)} 後</p>" for each in [*values, "ab  CD", "ほか"]))

    covered = page.get_by_text(any_of(values)).all_inner_texts()
    page.close()

    assert len(covered) == len(values)  # the single letter is nobody's; Ab Cd stands there twice
    assert any_of(["", "x"]) is None


def test_a_name_that_no_file_can_have_is_no_file(tmp_path):
    with pytest.raises(NotToBeUploadedError):
        files_under(tmp_path)("長" * 300)


def test_a_table_of_a_system_that_comes_down_from_dos_is_one():
    assert kind_of("氏名,額\r\n山田,1\r\n\x1a".encode("cp932")) == "csv"
    assert not kind_of(b"a,b\n1,\x1a2\n")
