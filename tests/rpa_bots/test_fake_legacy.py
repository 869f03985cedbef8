"""Does the old system behave as old systems do? Asked over HTTP, without a browser."""

import json
import re
import socket
import threading
import time
from datetime import UTC, datetime

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa_bots.charset import trouble
from rpa_bots.fake_base.faults import FaultPlan, fault_at
from rpa_bots.fake_base.ledger import Ledger
from rpa_bots.fake_base.sign_in import Doorkeeper, Entrance
from rpa_bots.fake_legacy.faults import AT_REGISTRATION, Fault
from rpa_bots.fake_legacy.records import generate
from rpa_bots.shugaku_enjo.fields import boxes
from tests.rpa_bots.conftest import LATE, PASSWORD
from tests.rpa_bots.staff import Staff

RECORD = generate(1, seed=5)[0]


class Clerk(Staff):
    def signed_in(self, account="gakumu01", password=PASSWORD):
        self.page = self.sent("/login", {"account": account, "password": password})
        return self


def form(**changed):
    layout = boxes({**RECORD, **changed})
    ticked = {name: "1" for name, on in layout.ticks.items() if on}
    return {"reference": str(RECORD["reference"]), **layout.texts, **layout.choices, **ticked}


def at(system):
    return Clerk(base_url=system.url, timeout=5)


def test_without_signing_in_every_page_is_the_sign_in_page_with_status_200(old_system):
    system = old_system()

    with at(system) as clerk:
        pages = [clerk.shown(path) for path in ("/", "/menu", "/search", "/entry", "/detail")]

    assert all("ログイン" in page for page in pages)


def test_signing_in_opens_a_frameset_with_menu_and_main(old_system):
    system = old_system()

    with at(system) as clerk:
        frames = clerk.signed_in().page
        inside = [clerk.shown(path) for path in re.findall(r'src="([^"]+)"', frames)]

    assert re.findall(r'<frame name="(\w+)"', frames) == ["menu", "main"]
    assert "利用者：gakumu01" in inside[0]


def test_a_registration_is_searched_for_entered_confirmed_and_shown(old_system):
    system = old_system()

    with at(system) as clerk:
        absent = clerk.signed_in().sent("/search", {"reference": RECORD["reference"]})
        entry = clerk.shown("/entry", reference="x")
        receipt = clerk.sent("/register", form())
        found = clerk.sent("/search", {"reference": RECORD["reference"]})
        detail = clerk.shown("/detail", number="E0000001")

    assert "該当するデータはありません" in absent
    assert "return confirm('登録します。よろしいですか？')" in entry
    assert "alert('登録しました。')" in receipt
    assert "E0000001" in receipt
    assert "E0000001" in found
    assert RECORD["name"] in detail


def test_the_ledger_holds_what_was_keyed_in_normal_form(old_system):
    system = old_system()

    with at(system) as clerk:
        clerk.signed_in().sent("/register", form())

    (row,) = system.registered()
    assert {"reference": row["reference"], **row["values"]} == RECORD
    assert (row["number"], row["account"]) == ("E0000001", "gakumu01")


def test_the_entry_screen_warns_of_a_duplicate_but_a_client_that_skips_it_doubles_visibly(old_system):
    system = old_system()

    with at(system) as clerk:
        clerk.signed_in().sent("/register", form())
        warned = clerk.seen(clerk.get(f"/entry?reference={clerk.percent(RECORD['reference'])}"))
        clerk.sent("/register", form())

    assert "既に登録されています" in warned
    assert [row["reference"] for row in system.registered()] == [RECORD["reference"]] * 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "「保護者氏名」は必須項目です。"),
        ({"birth_m": "13"}, "「生年月日」の日付が正しくありません。"),
        ({"birth_g": ""}, "「生年月日」の日付が正しくありません。"),
        ({"kana": "さとう"}, "「フリガナ」は全角カタカナで入力してください。"),
        ({"address": "長" * 61}, "「住所」は60文字以内で入力してください。"),
        ({"income": "1,000"}, "「世帯年間所得(円)」は半角数字で入力してください。"),
        ({"postal2": "1"}, "「郵便番号」は3桁と4桁の半角数字で入力してください。"),
        ({"reference": ""}, "受付番号がありません。"),
    ],
)
def test_wrong_data_is_refused_with_status_200_and_nothing_is_registered(old_system, change, sentence):
    system = old_system()

    with at(system) as clerk:
        answer = clerk.signed_in().sent("/register", {**form(), **change})

    assert sentence in answer
    assert system.registered() == []


def test_what_is_typed_stands_in_a_page_as_text_and_never_as_markup(old_system):
    system = old_system()

    with at(system) as clerk:
        clerk.signed_in().sent("/register", {**form(), "name": "<b>\"'&"})
        detail = clerk.shown("/detail", number="E0000001")

    assert "&lt;b&gt;&quot;&#x27;&amp;" in detail


def test_a_second_sign_in_ends_the_first_session_of_that_account_only(old_system):
    system = old_system()

    with at(system) as first, at(system) as second, at(system) as other:
        first.signed_in()
        other.signed_in("gakumu02")
        second.signed_in()

        assert "セッションが切れました" in first.shown("/search")
        assert "申請検索" in second.shown("/search")
        assert "申請検索" in other.shown("/search")


def test_an_idle_session_ends(old_system):
    system = old_system()

    with at(system) as clerk:
        clerk.signed_in()
        system.clock.seconds += 1201

        assert "セッションが切れました" in clerk.shown("/search")


def test_signing_out_ends_the_session(old_system):
    system = old_system()

    with at(system) as clerk:
        clerk.signed_in().shown("/logout")

        assert "ログイン" in clerk.shown("/search")


def test_three_wrong_passwords_lock_the_account_even_for_the_right_one():
    door = Doorkeeper({"a": "right"}, 60, lambda: 0.0)

    answers = [door.sign_in("a", word)[0] for word in ("wrong", "", "wrong", "right")]

    assert answers == [Entrance.WRONG, Entrance.WRONG, Entrance.WRONG, Entrance.LOCKED]


def test_nobody_signs_in_to_an_account_that_does_not_exist():
    door = Doorkeeper({"a": "right"}, 60, lambda: 0.0)

    assert door.sign_in("b", "") == (Entrance.WRONG, "")
    assert door.account_of("") is None


@pytest.mark.parametrize(
    ("fault", "stored"),
    [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 1)],
)
def test_a_cut_connection_says_nothing_of_what_was_stored(old_system, fault, stored):
    system = old_system(f"{fault}@1")

    with at(system) as clerk:
        clerk.signed_in()
        with pytest.raises(httpx2.RemoteProtocolError):
            clerk.sent("/register", form())

    assert len(system.registered()) == stored


def test_a_late_commit_is_not_there_yet_when_searched_at_once(old_system):
    system = old_system("late-commit@1")

    with at(system) as clerk:
        clerk.signed_in()
        with pytest.raises(httpx2.RemoteProtocolError):
            clerk.sent("/register", form())
        at_once = len(system.registered())
        time.sleep(LATE + 0.3)

    assert (at_once, len(system.registered())) == (0, 1)


@pytest.mark.parametrize(("fault", "stored"), [(Fault.ERROR_BEFORE, 0), (Fault.ERROR_AFTER, 1)])
def test_an_error_page_comes_with_status_200_whatever_was_stored(old_system, fault, stored):
    system = old_system(f"{fault}@1")

    with at(system) as clerk:
        answer = clerk.signed_in().sent("/register", form())

    assert "システムエラー" in answer
    assert len(system.registered()) == stored


def test_maintenance_and_an_expired_password_come_with_status_200(old_system):
    system = old_system("maintenance@1", "password-expired@1")

    with at(system) as clerk:
        expired = clerk.signed_in().page
        maintenance = clerk.signed_in().sent("/search", {"reference": "x"})

    assert "有効期限が切れました" in expired
    assert "メンテナンス中" in maintenance


def test_a_page_takes_a_few_milliseconds(old_system):
    system = old_system()

    with at(system) as clerk:
        clerk.signed_in().sent("/register", form())
        took = [clerk.get("/detail", params={"number": "E0000001"}).elapsed.total_seconds() for _ in range(50)]

    assert min(took) < 0.01


def test_rubbish_on_the_line_does_not_end_the_system(old_system):
    system = old_system()
    port = int(system.url.rpartition(":")[2])

    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"\x00\xff rubbish\r\n\r\n")
        line.recv(100)

    with at(system) as clerk:
        assert "frameset" in clerk.signed_in().page


def test_the_ledger_survives_a_restart_and_goes_on_counting(tmp_path):
    path, now = tmp_path / "ledger.jsonl", datetime(2026, 4, 6, tzinfo=UTC)
    Ledger(path, "E").register("就援-1", "a", {"name": "佐藤"}, now)

    again = Ledger(path, "E")

    assert [row.number for row in again.under("就援-1")] == ["E0000001"]
    assert again.register("就援-2", "a", {}, now).number == "E0000002"


@pytest.mark.parametrize("before", [0, 1])
def test_a_line_torn_by_a_crash_is_cut_away(tmp_path, before):
    path, now = tmp_path / "ledger.jsonl", datetime(2026, 4, 6, tzinfo=UTC)
    for _ in range(before):
        Ledger(path, "E").register("就援-1", "a", {}, now)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"number": "E00')

    Ledger(path, "E").register("就援-2", "a", {}, now)

    numbers = [json.loads(line)["number"] for line in path.read_text().splitlines()]
    assert numbers == [f"E000000{n}" for n in range(1, before + 2)]


def test_numbers_are_never_given_twice_when_many_register_at_once(tmp_path):
    ledger, now = Ledger(tmp_path / "ledger.jsonl", "E"), datetime(2026, 4, 6, tzinfo=UTC)
    clerks = [
        threading.Thread(target=lambda: [ledger.register("x", "a", {}, now) for _ in range(10)]) for _ in range(8)
    ]

    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()

    assert len({row.number for row in ledger.under("x")}) == 80


@given(st.integers(), st.integers(1, 10**6))
def test_seeded_trouble_is_the_same_every_time(seed, occasion):
    plan = FaultPlan(rate=0.5, seed=seed)

    assert plan.one_of(AT_REGISTRATION, occasion) == FaultPlan(rate=0.5, seed=seed).one_of(AT_REGISTRATION, occasion)
    assert FaultPlan(rate=0, seed=seed).one_of(AT_REGISTRATION, occasion) is None
    assert FaultPlan(rate=1, seed=seed).one_of(AT_REGISTRATION, occasion) in AT_REGISTRATION


@pytest.mark.parametrize("text", ["drop-after", "unheard-of@1", "drop-after@x"])
def test_a_fault_nobody_knows_is_refused(text):
    with pytest.raises(ValueError):
        fault_at(Fault, text)


def test_invented_records_are_reproducible_unique_and_fit_for_shift_jis():
    records = generate(300, seed=11)

    assert records == generate(300, seed=11)
    assert len({record["reference"] for record in records}) == 300
    assert not [text for record in records for text in record.values() if isinstance(text, str) and trouble(text)]
    assert {trouble(str(record["name"])) for record in generate(4, 1, unencodable_every=2)} == {(), ("𠮷",)}
