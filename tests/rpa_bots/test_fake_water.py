"""Does the old water system behave as old systems do, and break as they break? Asked over HTTP, without a browser."""

import csv
import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from html import unescape

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa_bots.charset import trouble
from rpa_bots.fake_base.boxes import stored_values
from rpa_bots.fake_base.faults import FaultPlan
from rpa_bots.fake_base.ledger import Registration
from rpa_bots.fake_water.__main__ import ACCOUNT
from rpa_bots.fake_water.__main__ import PASSWORD as SHIPPED
from rpa_bots.fake_water.faults import AT_ENTRY, Fault
from rpa_bots.fake_water.fields import FIELDS
from rpa_bots.fake_water.recorded import FOLDER, ROWS
from rpa_bots.fake_water.records import COLUMNS, REFERENCE, generate, is_of, stored
from tests.rpa_bots.conftest import LATE, PASSWORD
from tests.rpa_bots.staff import Staff

ROW, OTHER = generate(2, seed=5, today=date(2026, 11, 20))
CONSTANT = {"todoke": "1", "shiharai": "2", "tachiai": "1"}
OUT_OF_STEP = "画面の遷移が正しくありません"


class Clerk(Staff):
    def signed_in(self, account="suido01", password=PASSWORD):
        self.page = self.sent("/login", {"shokuin": account, "angou": password})
        return self

    def entered(self, row=ROW, **changed):
        """Open the entry screen and send it on to the confirmation; gives the confirmation screen."""
        return self.sent("/confirm", {**form(row), **changed, "token": token(self.shown("/entry"))})

    def registers(self, row=ROW, **changed):
        return self.posted("/register", {"token": token(self.entered(row, **changed))})


def form(row):
    """The form as a browser would send it."""
    typed = stored(row)
    return {"uketsuke": row[REFERENCE], **CONSTANT, **typed, "hiduke": typed["hiduke"].replace("-", "/")}


def token(page):
    return re.search(r'NAME="token" VALUE="(\w+)"', page)[1]


def at(system):
    return Clerk(base_url=system.url, timeout=5)


def cells(page):
    """What stands beside what on a read-only screen."""
    return {label: unescape(text) for label, text in re.findall(r'CLASS="k">([^<]*)</TD><TD CLASS="v">([^<]*)<', page)}


def boxes(page):
    """Name and id of each box that has a label, under its label."""
    found = re.findall(r'<LABEL FOR="(\w+)">([^<]+)</LABEL>.*?NAME="(\w+)" ID=(\w+)', page)
    assert all(aimed == identity for aimed, _, _, identity in found)
    return {label: (name, identity) for _, label, name, identity in found}


def test_without_signing_in_every_screen_is_the_sign_in_screen_with_status_200(water_system):
    with at(water_system()) as clerk:
        pages = [clerk.shown(path) for path in ("/", "/menu", "/entry", "/calendar", "/search", "/detail")]

    assert all("パスワード" in page for page in pages)


def test_a_move_in_is_entered_confirmed_registered_found_and_shown(water_system):
    system = water_system()

    with at(system) as clerk:
        frames = clerk.signed_in().page
        confirmation = clerk.entered()
        receipt = clerk.sent("/register", {"token": token(confirmation)})
        found = clerk.sent("/search", {"uketsuke": ROW[REFERENCE], "kana": "", "suisen": ""})
        detail = clerk.shown("/detail", seiri="W0000001")

    assert re.findall(r'<FRAME NAME="(\w+)"', frames) == ["menu", "main"]
    assert "return confirm('登録します。よろしいですか？')" in confirmation
    assert "alert(" not in confirmation + receipt
    assert cells(receipt)["整理番号"] == "W0000001"
    assert cells(confirmation).items() <= cells(receipt).items()
    assert cells(confirmation).items() <= cells(detail).items()
    assert (cells(detail)["使用者氏名"], cells(detail)["支払方法"]) == (ROW["使用者氏名"], "納入通知書")
    assert 'HREF="/detail?seiri=W0000001"' in found
    (row,) = system.registered()
    assert row["values"] == {**stored(ROW), **CONSTANT, "tachiai": True}
    assert (row["number"], row["reference"], row["account"]) == ("W0000001", ROW[REFERENCE], "suido01")


def test_the_confirmation_tells_of_a_duplicate_but_who_confirmed_before_still_doubles(water_system):
    system = water_system()

    with at(system) as first, at(system) as second:
        confirmations = [clerk.signed_in().entered() for clerk in (first, second)]
        for clerk, confirmation in zip((first, second), confirmations, strict=True):
            clerk.sent("/register", {"token": token(confirmation)})
        third = first.entered()

    assert "既に登録されています" in third
    assert [row["reference"] for row in system.registered()] == [ROW[REFERENCE]] * 2


def test_a_system_without_numbers_of_its_clerks_takes_the_same_move_in_twice_and_tells_nobody(water_system):
    system = water_system(with_reference=False)

    with at(system) as clerk:
        entry = clerk.signed_in().shown("/entry")
        receipts = [clerk.seen(clerk.registers()) for _ in range(2)]
        found = clerk.sent("/search", {"suisen": ROW["水栓番号"]})

    assert "受付番号" not in entry
    assert [cells(receipt)["整理番号"] for receipt in receipts] == ["W0000001", "W0000002"]
    assert re.findall(r"seiri=(\w+)", found) == ["W0000001", "W0000002"]
    assert {row["reference"] for row in system.registered()} == {""}


def test_only_the_newest_screen_may_go_on_and_only_once(water_system):
    system = water_system()

    with at(system) as clerk:
        old = token(clerk.signed_in().shown("/entry"))
        second_window = clerk.sent("/confirm", {**form(ROW), "token": token(clerk.shown("/entry"))})
        first_window = clerk.sent("/confirm", {**form(ROW), "token": old})
        skipped = clerk.sent("/register", {"token": token(clerk.shown("/entry"))})
        going_on = token(second_window)
        lost = clerk.sent("/register", {"token": going_on})
        again = token(clerk.entered())
        twice = [clerk.sent("/register", {"token": again}) for _ in range(2)]

    assert all(OUT_OF_STEP in page for page in (first_window, skipped, lost, twice[1]))
    assert "受け付けました" in twice[0]
    assert len(system.registered()) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"uketsuke": ""}, "「受付番号」を入力してください。"),
        ({"shimei": ""}, "「使用者氏名」を入力してください。"),
        ({"jusho": ""}, "「住所」を入力してください。"),
        ({"hiduke": "2027/2/30"}, "「開閉栓日」の日付が正しくありません。"),
        ({"hiduke": "2027/2"}, "「開閉栓日」の日付が正しくありません。"),
        ({"kana": "さとう"}, "「フリガナ」は全角カタカナで入力してください。"),
        ({"yubin": "810-0001"}, "「郵便番号」は7文字以内で入力してください。"),
        ({"suisen": "12-3"}, "「水栓番号」は半角数字で入力してください。"),
        ({"kokei": "15"}, "「口径」の選択が正しくありません。"),
        ({"biko": "長" * 101}, "「備考」は100文字以内で入力してください。"),
    ],
)
def test_wrong_data_comes_back_with_status_200_and_what_was_typed(water_system, change, sentence):
    system = water_system()

    with at(system) as clerk:
        answer = clerk.signed_in().entered(**change)

    assert sentence in answer
    assert f'VALUE="{ROW["番地"]}"' in answer
    assert system.registered() == []


def test_what_shift_jis_cannot_carry_is_stored_as_something_else(water_system):
    system = water_system()

    with at(system) as clerk:
        clerk.signed_in().registers(shimei="𠮷田 <b>")
        detail = clerk.shown("/detail", seiri="W0000001")

    assert "&amp;#134071;田 &lt;b&gt;" in detail
    assert system.registered()[0]["values"]["shimei"] == "&#134071;田 <b>"


@pytest.mark.parametrize(("single", "first_goes_on"), [(True, False), (False, True)])
def test_a_second_sign_in_ends_the_first_session_only_where_that_is_switched_on(water_system, single, first_goes_on):
    system = water_system(single=single)

    with at(system) as first, at(system) as second:
        first.signed_in()
        second.signed_in()

        assert ("開閉栓入力" in first.shown("/entry")) is first_goes_on
        assert "開閉栓入力" in second.shown("/entry")


@pytest.mark.parametrize(
    ("fault", "status", "words", "on_disk"),
    [
        (Fault.SERVER_ERROR_BEFORE, 500, "処理中にエラーが発生しました", 0),
        (Fault.SERVER_ERROR_AFTER, 500, "処理中にエラーが発生しました", 1),
        (Fault.DUPLICATE_AFTER, 200, "既に登録されています", 1),
        (Fault.ALERT_AFTER, 200, "alert('他の端末で更新中のデータがあります。')", 1),
        (Fault.SLOW, 200, "受け付けました", 1),
    ],
)
def test_the_answer_to_a_registration_may_be_trouble_whatever_was_stored(water_system, fault, status, words, on_disk):
    system = water_system(f"{fault}@2")

    with at(system) as clerk:
        well = clerk.signed_in().registers(OTHER)
        answer = clerk.registers()

    assert (well.status_code, answer.status_code) == (200, status)
    assert words in clerk.seen(answer)
    assert words not in clerk.seen(well) or fault is Fault.SLOW
    assert (answer.elapsed.total_seconds() >= LATE) is (fault is Fault.SLOW)
    assert len(system.registered()) == 1 + on_disk


@pytest.mark.parametrize(
    ("fault", "at_once", "in_the_end"),
    [(Fault.DROP_BEFORE, 0, 0), (Fault.DROP_AFTER, 1, 1), (Fault.LATE_COMMIT, 0, 1)],
)
def test_a_cut_connection_says_nothing_of_what_is_stored_or_will_be(water_system, fault, at_once, in_the_end):
    system = water_system(f"{fault}@1")

    with at(system) as clerk:
        clerk.signed_in()
        with pytest.raises(httpx2.RemoteProtocolError):
            clerk.registers()
        seen_at_once = len(system.registered())
        time.sleep(LATE + 0.3)

    assert (seen_at_once, len(system.registered())) == (at_once, in_the_end)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (f"{Fault.TOKEN_ERROR}@1", OUT_OF_STEP),
        (f"{Fault.ALERT_BEFORE}@1", "alert('料金システムと連携できません"),
        (f"{Fault.SESSION_DEATH}@2", "セッションがタイムアウトしました"),
        (f"{Fault.MAINTENANCE}@2", "保守作業中"),
    ],
)
def test_trouble_on_the_way_comes_with_status_200_and_stores_nothing(water_system, fault, words):
    system = water_system(fault)

    with at(system) as clerk:
        confirmation = clerk.signed_in().entered()
        afterwards = clerk.signed_in().entered()

    assert words in confirmation
    assert words not in afterwards
    assert system.registered() == []


def test_a_session_that_dies_at_the_registration_takes_the_entry_with_it(water_system):
    system = water_system(f"{Fault.SESSION_DEATH}@3")

    with at(system) as clerk:
        confirmation = clerk.signed_in().entered()
        died = clerk.sent("/register", {"token": token(confirmation)})
        back = clerk.signed_in().sent("/register", {"token": token(confirmation)})

    assert "再度ログインしてください" in died
    assert OUT_OF_STEP in back
    assert system.registered() == []


def test_a_truncated_record_looks_well_on_every_screen_but_is_another(water_system):
    system = water_system(f"{Fault.TRUNCATION}@1")

    with at(system) as clerk:
        confirmation = clerk.signed_in().entered(biko="長い備考" * 10)
        receipt = clerk.sent("/register", {"token": token(confirmation)})

    assert cells(confirmation)["備考"] == "長い備考" * 10
    assert "受け付けました" in receipt
    assert cells(receipt)["備考"] == "長い備考" * 5
    assert system.registered()[0]["values"]["biko"] == "長い備考" * 5


def test_a_drifted_entry_screen_keeps_its_names_but_not_what_a_recording_goes_by(water_system):
    system = water_system(f"{Fault.LABEL_DRIFT}@2", f"{Fault.ID_DRIFT}@3", f"{Fault.SWAPPED_FIELDS}@4")

    with at(system) as clerk:
        well, relabelled, renumbered, swapped, again = [boxes(clerk.signed_in().shown("/entry")) for _ in range(5)]

    assert well["使用者氏名"] == relabelled["ご使用者名"] == ("shimei", "txt4")
    assert renumbered["使用者氏名"] == ("shimei", "ctl00_Main_txt4")
    assert (well["番地"], well["建物・部屋"]) == (("banchi", "txt7"), ("tatemono", "txt8"))
    assert (swapped["番地"], swapped["建物・部屋"]) == (("banchi", "txt8"), ("tatemono", "txt7"))
    assert again == well


@given(st.integers(), st.integers(1, 10**6))
def test_seeded_trouble_is_the_same_every_time_and_of_the_kinds_asked_for(seed, number):
    always = FaultPlan(rate=1, seed=seed)

    assert always.seeded(AT_ENTRY, number) == FaultPlan(rate=1, seed=seed).seeded(AT_ENTRY, number)
    assert always.seeded((Fault.SLOW,), number) is Fault.SLOW
    assert FaultPlan(rate=0, seed=seed).seeded(AT_ENTRY, number) is None


@pytest.mark.journey
def test_the_program_keeps_what_it_answered_for_through_a_kill(tmp_path):
    ledger = tmp_path / "ledger.jsonl"

    with program(ledger, "--fault-rate", "1", "--fault-kind", "truncation") as url, at_address(url) as clerk:
        clerk.signed_in(ACCOUNT, SHIPPED).registers()
    with program(ledger, "--fault", "maintenance@1") as url, at_address(url) as clerk:
        maintenance = clerk.signed_in(ACCOUNT, SHIPPED).shown("/entry")
        found = clerk.sent("/search", {"uketsuke": ROW[REFERENCE]})
        receipt = clerk.seen(clerk.registers(OTHER))

    assert "保守作業中" in maintenance
    assert "seiri=W0000001" in found
    assert cells(receipt)["整理番号"] == "W0000002"
    first, second = (Registration(**json.loads(line)) for line in ledger.read_text().splitlines())
    assert first.values.items() != stored(ROW).items()
    assert is_of(first, ROW)
    assert is_of(second, OTHER)
    assert not is_of(first, OTHER)


@contextmanager
def program(ledger, *options):
    """Run the shipped program, and kill it without warning."""
    command = [sys.executable, "-m", "rpa_bots.fake_water", "--port", "0", "--ledger", str(ledger), *options]
    environment = {name: text for name, text in os.environ.items() if name != "FAKE_WATER_PASSWORD"}
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, text=True, env=environment
    ) as system:
        yield system.stdout.readline().removeprefix("ready ").strip()
        system.kill()


def at_address(url):
    return Clerk(base_url=url, timeout=5)


def test_invented_move_ins_are_reproducible_can_be_told_apart_and_are_taken_as_they_are():
    rows = generate(300, seed=11, today=date(2026, 11, 20))

    assert rows == generate(300, seed=11, today=date(2026, 11, 20))
    assert len({row[REFERENCE] for row in rows}) == len({row["水栓番号"] for row in rows}) == 300
    assert not [text for row in rows for text in row.values() if trouble(text)]
    assert not [errors for row in rows if (errors := stored_values(FIELDS, form(row))[1])]


@pytest.mark.parametrize("recording", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_what_a_recording_keys_is_named_after_columns_of_the_move_ins(recording):
    steps = json.loads(recording.read_text())["steps"]
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    keyed = [step["value"] for step in steps if step["type"] == "change"]
    assert [step["type"] for step in steps[:2]] == ["setViewport", "navigate"]
    assert keyed[:2] == [ACCOUNT, SHIPPED]
    assert {value[2:-2] for value in keyed[2:]} <= set(COLUMNS) == set(rows[0])
    assert not [errors for row in rows if (errors := stored_values(FIELDS, form(row))[1])]
