"""What may a recorded bot take home from an old system, what may it carry in, and when does it take nothing?"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from rpa_bots.browser import WITH_NAMES, open_browser, walled_in
from rpa_bots.file_kinds import Fallen, kind_of
from rpa_bots.recording.folders import files_under, keep
from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.page.taken import stands
from rpa_bots.recording.page.uploading import NotToBeUploadedError
from rpa_bots.recording.page.visit import Plan
from rpa_bots.recording.replaying import replay
from rpa_bots.recording.tape.addresses import addresses
from rpa_bots.recording.tape.binding import UnusableDataError
from rpa_bots.recording.tape.marks import marked, must_be_done_once
from rpa_bots.recording.tape.reading import UnusableRecordingError, read_recording
from rpa_bots.recording.tape.submit_step import perhaps_before, submit_step
from rpa_bots.recording.tape.turns import turns
from tests.rpa_bots.recording.old_search import NOBODY, OldSearch, searching
from tests.rpa_bots.recording.taped import clicks, fills, goes, mark, tape, turns_to, waits

PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
ROW = {"番号": "1234567"}
HANA = [("1234567", "山田 花子", "2026-10", "12,000"), ("1234567", "山田 花子", "2026-11", "12,500")]
KEY = {"key": "{{番号}}"}
LOOKS = mark("look", nothing=NOBODY)
ASKS = (goes("/search"), fills("{{番号}}", "aria/番号", "#n"), clicks("aria/検索", "button", title="結果"))
TABLE = mark(
    "read", name="支給", kind="table", proof="row", columns=[{"heading": "支給月"}, {"heading": "金額"}], **KEY
)
NAME = mark("read", name="氏名", **KEY)
POINTS = waits("#t")
ONWARD = clicks("text/次の頁", "a", timeout=1_000)
PAPERS = clicks("text/notice", timeout=1_000)
Run = Callable[..., Ended]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OldSearch, Browser, Path]]:
    folder = tmp_path_factory.mktemp("fallen")
    with searching(OldSearch()) as old, open_browser((*walled_in(old.url), WITH_NAMES), downloads=folder) as browser:
        yield old, browser, folder


@pytest.fixture
def old(address: tuple[OldSearch, Browser, Path]) -> OldSearch:
    served = address[0]
    served.__dict__.update(OldSearch(served.port, {"1234567": list(HANA)}).__dict__)
    return served


@pytest.fixture
def run(address: tuple[OldSearch, Browser, Path], old: OldSearch, tmp_path: Path) -> Run:
    def run(*steps: dict[str, object], row: dict[str, str] = ROW, **more: bool) -> Ended:
        recording = read_recording(tape(*steps, timeout=1_500))
        submit = submit_step(recording)
        there, perhaps = addresses(recording, old.url, ()), perhaps_before(recording, submit)
        plan = Plan(recording, there, submit, perhaps=perhaps, answer_seconds=3, downloads=address[2], **more)
        must_be_done_once(plan.steps, submit)
        plan.__dict__["uploads"] = files_under(tmp_path)
        return replay(address[1], plan, row)

    return run


def test_a_table_is_read_by_its_headings_page_after_page_wherever_a_column_has_moved(old, run):
    old.headings, old.a_page = ("金額", "氏名", "番号", "支給月"), 1

    ended = run(LOOKS, *ASKS, NAME, clicks("#name"), TABLE, POINTS, mark("next"), ONWARD)

    assert (ended.ending, ended.message) == (Ending.DONE, "照会しました")
    assert ended.readings["氏名"] == "山田 花子"
    assert ended.readings["支給"] == [
        {"支給月": "2026-10", "金額": "12,000"},
        {"支給月": "2026-11", "金額": "12,500"},
    ]


def test_a_text_is_read_only_beside_the_heading_that_it_had(old, run):
    good = mark("read", name="氏名", label="氏名", **KEY)
    moved = mark("read", name="住所", label="住所", **KEY)
    month = mark("read", name="月", label="支給月", **KEY)
    cell = "#t tr:nth-of-type(2) > td:nth-of-type(3)"

    named = run(LOOKS, *ASKS, good, clicks("#name"), month, waits(cell))
    another = run(LOOKS, *ASKS, moved, clicks("#name"))
    old.headings = ("番号", "支給月", "氏名", "金額")
    swapped = run(LOOKS, *ASKS, month, waits(cell))

    assert (named.ending, named.readings) == (Ending.DONE, {"氏名": "山田 花子", "月": "2026-10"})
    assert (another.ending, swapped.ending) == (Ending.FAILED, Ending.FAILED)
    assert "見出し「住所」がありません" in another.message


def test_nobody_found_is_told_apart_from_nothing_read(old, run):
    nobody = run(LOOKS, *ASKS, TABLE, POINTS, row={"番号": "7654321"})
    undeclared = run(mark("look"), *ASKS, TABLE, POINTS, row={"番号": "7654321"})
    old.people["1234567"] = []
    empty = run(LOOKS, *ASKS, TABLE, POINTS)
    old.note = f"<p>{NOBODY}</p>"  # it stands on the page before anybody has asked
    old.people = {}
    said_before = run(LOOKS, *ASKS, clicks("#nowhere"), row={"番号": "7654321"})

    assert [(each.ending, each.nothing) for each in (nobody, undeclared, empty, said_before)] == [
        (Ending.DONE, True),
        (Ending.FAILED, False),
        (Ending.FAILED, False),
        (Ending.FAILED, False),
    ]
    assert not any(each.readings for each in (nobody, undeclared, empty))


def test_another_person_s_row_is_left_and_another_person_s_page_is_not_read(old, run):
    old.people["1234567"] = [HANA[0], ("1234568", "佐藤 一", "2026-11", "99,999")]
    beside = run(LOOKS, *ASKS, TABLE, POINTS)
    old.people["1234568"], old.answers_for = [("1234568", "佐藤 一", "2026-11", "99,999")], "1234568"
    others = [run(LOOKS, *ASKS, each, POINTS) for each in (TABLE, NAME)]

    assert beside.readings == {"支給": [{"支給月": "2026-10", "金額": "12,000"}]}
    assert [(each.ending, each.readings) for each in others] == [(Ending.FAILED, {})] * 2


def test_a_table_without_a_heading_that_is_read_or_with_it_twice_is_not_read(old, run):
    old.headings = ("番号", "氏名", "支給月", "支払額")
    renamed = run(LOOKS, *ASKS, TABLE, POINTS)
    old.headings = ("番号", "金額", "支給月", "金額")
    doubled = run(LOOKS, *ASKS, TABLE, POINTS)

    assert [(each.ending, each.readings) for each in (renamed, doubled)] == [(Ending.FAILED, {})] * 2
    assert "見出し" in renamed.message


def test_pages_without_an_end_are_no_reading(old, run):
    old.endless = True

    ended = run(LOOKS, *ASKS, TABLE, POINTS, mark("next"), ONWARD)

    assert (ended.ending, ended.message) == (Ending.FAILED, "「支給」の次の頁へ進んでも、同じ内容が出ます")


def test_what_only_looks_presses_nothing_that_registers_and_asks_for_nothing_else(old, run):
    named = run(LOOKS, *ASKS, clicks("aria/登録する"))
    old.button = "更新する"
    by_place = run(LOOKS, ASKS[0], ASKS[1], clicks("form > button", title="結果"), TABLE, POINTS)
    enter = {"type": "keyDown", "target": "main", "key": "Enter"}
    by_key = run(LOOKS, ASKS[0], clicks("#n"), ASKS[1], enter | turns_to("結果"), TABLE, POINTS)
    old.button, old.width = "検索", 4
    cut_short = run(LOOKS, *ASKS, TABLE, POINTS)

    assert [each.ending for each in (named, by_place, by_key, cut_short)] == [Ending.REFUSED] * 4
    assert old.asked.count("/find") == 1
    with pytest.raises(UnusableRecordingError):
        marked(read_recording(tape(LOOKS, *ASKS, mark("submit"), clicks("aria/登録する"))))


def test_a_field_that_was_found_another_way_stops_before_anything_is_read(old, run):
    found_otherwise = fills("{{番号}}", "aria/整理番号", "#n")

    ended = run(LOOKS, ASKS[0], found_otherwise, ASKS[2], TABLE, POINTS)

    assert (ended.ending, ended.readings, len(ended.proposals)) == (Ending.FAILED, {}, 1)


def test_a_file_is_kept_by_what_it_is_and_never_by_what_it_is_called(old, run, tmp_path):
    old.files = {"/notice": ("application/pdf", PDF)}

    ended = run(LOOKS, *ASKS, mark("download", name="../通知 書", kinds=["pdf"], **KEY), PAPERS)
    (kept,) = keep(tmp_path, 1, ended.files)

    assert (ended.ending, ended.files[0].kind, ended.files[0].content) == (Ending.DONE, "pdf", PDF)
    assert re.fullmatch(r"000001-___通知_書-[0-9a-f]{12}\.pdf", kept.file)
    assert [each.name for each in tmp_path.iterdir()] == [kept.file]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE html><title>error</title>", "PDFのファイルではありません"),
        (PDF[:-8], "PDFのファイルではありません"),
        (b"a,b\n1,2\n", "PDFのファイルではありません"),
        (None, "大きすぎます"),
    ],
)
def test_what_is_no_such_file_is_not_taken(old, run, content, said):
    old.files = {"/notice": ("application/pdf", content)}

    ended = run(LOOKS, *ASKS, mark("download", name="通知書", kinds=["pdf"], **KEY), PAPERS)

    assert (ended.ending, ended.files) == (Ending.FAILED, ())
    assert said in ended.message


def test_a_file_that_does_not_fall_or_is_another_person_s_is_told(old, run):
    marks = mark("download", name="通知書", **KEY)
    no_file = run(LOOKS, *ASKS, marks, clicks("text/次の頁"))
    old.files = {"/notice": ("application/pdf", PDF)}
    old.people["1234568"], old.answers_for = [("1234568", "佐藤 一", "2026-11", "99,999")], "1234568"
    another = run(LOOKS, *ASKS, marks, PAPERS)

    assert [each.ending for each in (no_file, another)] == [Ending.FAILED] * 2
    assert "/notice" not in old.asked


def test_a_file_goes_in_with_the_form_once_and_only_from_its_folder(old, run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "意見.pdf").write_bytes(PDF)
    enters = (goes("/attach"), fills("{{件名}}", "aria/件名"), clicks("[type=file]"), mark("upload"))
    box, register = fills("{{資料}}", "[type=file]"), clicks("aria/登録する", title="登録完了")
    steps = (*enters, box, register)

    sent = run(*steps, row={"件名": "陳情", "資料": "in/意見.pdf"})
    outside = run(*steps, row={"件名": "陳情", "資料": "../../../etc/hostname"})
    unmarked = run(*enters[:-1], box, register, row={"件名": "陳情", "資料": "in/意見.pdf"})
    old.cut = True
    cut = run(*steps, row={"件名": "陳情", "資料": "in/意見.pdf"})

    assert [each.ending for each in (sent, outside, unmarked, cut)] == [
        Ending.DONE,
        Ending.REFUSED,
        Ending.REFUSED,
        Ending.UNKNOWN,
    ]
    assert len(old.stored) == 2  # the one that was cut went once
    assert all(part in old.stored[0] for part in (PDF, 'filename="意見.pdf"'.encode(), "陳情".encode()))


def test_a_file_outside_the_folder_is_not_opened_by_a_link_either(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "secret.pdf"
    inside.mkdir()
    outside.write_bytes(PDF)
    (inside / "link.pdf").symlink_to(outside)

    for named in ("link.pdf", "../secret.pdf", str(outside), "", "nothing.pdf"):
        try:
            assert not files_under(inside)(named)
        except NotToBeUploadedError:
            continue
        assert not named


def test_a_step_is_left_out_for_an_empty_column_and_steps_are_done_for_each_row_of_a_table(old, run):
    old.people = {"a": [HANA[0]], "b": [HANA[1]]}
    rows = json.dumps([{"番号": "a"}, {"番号": "b"}])
    steps = (
        LOOKS,
        mark("repeat", table="明細"),
        goes("/search"),
        mark("if", column="明細.番号", equals="b"),
        fills("{{明細.番号}}", "#n"),
        clicks("aria/検索", title="結果"),
        mark("end"),
        mark("if", column="備考"),
        clicks("#nowhere"),
    )

    ended = run(*steps, row={"明細": rows, "備考": ""})
    empty = run(*steps, row={"明細": "[]", "備考": ""})
    missed = run(*steps, row={"明細": "[]", "備考": "あり"})

    assert [each.ending for each in (ended, empty, missed)] == [Ending.DONE, Ending.DONE, Ending.FAILED]
    assert old.asked.count("/find") == 2


@pytest.mark.parametrize(
    "steps",
    [
        (mark("repeat", table="明細"), mark("submit"), clicks("aria/登録する"), mark("end")),
        (mark("repeat", table="明細"), clicks("aria/追加"), clicks("aria/登録する")),
        (mark("end"), clicks("aria/登録する")),
        (mark("if", column="備考"), mark("submit"), clicks("aria/登録する")),
        (mark("download", name="控え", **KEY), mark("submit"), clicks("aria/登録する")),
        (mark("read", name="氏名", key="1234567"), clicks("#name")),
        (mark("read", name="氏名", proof="row", **KEY), clicks("#name")),
        (NAME, fills("a", "#name")),
        (mark("next"), ONWARD),
        (NAME, clicks("#name"), NAME, clicks("#name")),
    ],
)
def test_marks_that_make_no_sense_are_refused_on_import(steps):
    with pytest.raises(UnusableRecordingError):
        marked(read_recording(tape(goes("/entry"), *steps)))


def test_a_submit_that_its_words_tell_may_not_be_repeated_either():
    recording = read_recording(
        tape(
            goes("/entry"),
            mark("repeat", table="明細"),
            fills("{{明細.a}}", "#a"),
            clicks("aria/登録する"),
            mark("end"),
        )
    )

    with pytest.raises(UnusableRecordingError, match="くり返し"):
        must_be_done_once(marked(recording), submit_step(recording))


@given(key=st.text("0123456789-花子", min_size=1, max_size=8), more=st.text("0123456789山", min_size=1, max_size=3))
def test_a_value_stands_only_whole(key, more):
    assert stands(key, [f"番号: {key}"])
    assert stands(key, ["x", f" {key} (本人)"])
    assert not stands(key + more, [key])
    assert not stands(key, [key + more]) or more == ""


def test_a_file_is_what_its_content_says():
    book = BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as parts:
        parts.writestr("a.exe", "MZ")

    assert [kind_of(each) for each in (PDF, book.getvalue(), "氏名,額\n山田,1\n".encode("cp932"))] == [
        "pdf",
        "xlsx",
        "csv",
    ]
    wrong = (b"", b"MZ\x90\x00", other.getvalue(), b"PK\x03\x04torn", b"<html>a,b</html>", b"a,b\n1,2,3\n", b"error")
    assert not any(map(kind_of, wrong))


def test_a_file_of_the_same_row_is_kept_once(tmp_path):
    fallen = Fallen("通知書", "pdf", PDF, "ab" * 32)

    assert keep(tmp_path, 1, [fallen]) == keep(tmp_path, 1, [fallen])
    assert len(list(tmp_path.iterdir())) == 1


def test_each_row_of_a_grid_has_fields_of_its_own_further_down():
    grid = fills(
        "{{明細.品名}}", "aria/品名", "tr:nth-of-type(2) input", "xpath//html/body/table/tbody/tr[2]/td[1]/input"
    )
    steps = marked(read_recording(tape(mark("repeat", table="明細", moves=True), grid, mark("end"))))
    row = {"明細": json.dumps([{"品名": "水"}, {"品名": None}, {"数": 3}])}

    second = list(turns(steps, row))[1].step

    assert [each.step.value for each in turns(steps, row)] == ["水", "", ""]
    assert second.selectors == (("tr:nth-of-type(3) input",), ("xpath//html/body/table/tbody/tr[3]/td[1]/input",))
    for wrong in ("x", "{}", "[1]", json.dumps([{}] * 501)):
        with pytest.raises(UnusableDataError):
            list(turns(steps, {"明細": wrong}))


def test_the_command_tells_what_was_read_and_keeps_files_in_the_folder_that_is_named(old, tmp_path):
    old.files = {"/notice": ("application/pdf", PDF)}
    (tmp_path / "rows.csv").write_text("番号\n1234567\n7654321\n")
    kept = tmp_path / "kept"
    kept.mkdir()
    content = tape(LOOKS, *ASKS, TABLE, POINTS, mark("download", name="通知書", **KEY), PAPERS)
    (tmp_path / "recording.json").write_bytes(content)
    asked = [
        sys.executable,
        "-m",
        "rpa_bots",
        "replay",
        "recording.json",
        "--data",
        "rows.csv",
        "--url",
        old.url,
        "--json",
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}

    def ran(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own command line
            [*asked, *options], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
        )

    in_the_way = tmp_path / "full" / f"000001-通知書-{hashlib.sha256(PDF).hexdigest()[:12]}.pdf"
    in_the_way.mkdir(parents=True)

    nowhere, not_there, told = ran(), ran("--downloads", "missing"), ran("--downloads", "kept")
    full = ran("--downloads", "full")
    first, second = (json.loads(line) for line in told.stdout.splitlines())

    assert [(each.returncode, "--downloads" in each.stderr) for each in (nowhere, not_there)] == [(2, True)] * 2
    assert told.returncode == 0
    assert (full.returncode, len(full.stdout.splitlines())) == (10, 2)
    assert "保存できませんでした" in json.loads(full.stdout.splitlines()[0])["message"]
    assert first["readings"] == {
        "支給": [{"支給月": "2026-10", "金額": "12,000"}, {"支給月": "2026-11", "金額": "12,500"}]
    }
    assert [each["file"] for each in first["files"]] == [each.name for each in kept.iterdir()]
    assert (second["outcome"], second["nothing"]) == ("done", True)
    assert not {"readings", "files"} & set(second)
