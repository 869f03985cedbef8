"""What do people see of nights, who may act, and what is left on the trail?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select, update

from backoffice.audit.models import AuditEvent
from backoffice.automation.models import WorkItem
from backoffice.automation.workflow import ItemState
from backoffice.identity import Role
from rpa_bots.outcomes import Cause, TargetFailure
from tests.backoffice.automation.nights import LATE, NightShift, open_shift
from tests.backoffice.automation.scripts import end_unknown, fail_with, refuse
from tests.backoffice.staff_client import StaffClient

STATEMENTS_A_PAGE = 12


@pytest.fixture
def shift(city) -> NightShift:
    return open_shift(city, records=3)


@pytest.fixture
def operator(city, client, shift) -> StaffClient:
    return client.sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))


def someone(city, *roles, department=None) -> StaffClient:
    return StaffClient(city).sign_in(city.person(*roles, department=department))


def trail(city) -> list[str]:
    with city.look() as work:
        return list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))


def look_of(answer) -> dict[str, str]:
    """The hidden fields of a record's page: what the person had before them."""
    fields = dict(re.findall(r'name="(version|opened_at)" value="([^"]+)"', answer.text))
    assert set(fields) == {"version", "opened_at"}
    return fields


def leave_unknown(shift) -> int:
    """One night that ends with its first record unknown."""
    shift.bot.scripts[1] = end_unknown
    shift.bot.answers = [TargetFailure(Cause.MAINTENANCE, "停止中")] * 9
    shift.run(shift.start())
    return shift.items()[0].id


def test_an_operator_starts_a_night_and_sees_where_every_record_ended(operator, shift):
    shift.bot.scripts[2] = refuse

    started = operator.post(f"/nights/start/{shift.target_id}")
    shift.run(int(started.path.rsplit("/", 1)[1]))
    page = operator.get(started.path)

    assert "夜間の入力を始めました。" in started.text
    assert all(item.reference in page.text for item in shift.items())
    assert "E0000001" in page.text
    assert "「住所」は60文字以内で入力してください。" in page.text
    assert "すべて終わりました" in page.text


def test_a_running_night_renews_itself_and_an_ended_one_does_not(operator, shift):
    night_id = shift.start()
    running = operator.get(f"/nights/{night_id}")
    fragment = operator.get(f"/nights/{night_id}", **{"HX-Request": "true"})
    shift.run(night_id)

    assert 'hx-trigger="every 2s"' in running.text
    assert "<html" not in fragment.text
    assert "every 2s" not in operator.get(f"/nights/{night_id}").text


def test_a_night_s_records_are_filtered_by_the_address(operator, shift):
    shift.bot.scripts[2] = refuse
    night_id = shift.start()
    shift.run(night_id)

    only = operator.get(f"/nights/{night_id}?state=exception")

    assert [f'href="/items/{item.id}"' in only.text for item in shift.items()] == [False, True, False]


def test_a_safe_stop_is_asked_on_the_page_and_told(operator, shift):
    night_id = shift.start()

    answer = operator.post(f"/nights/{night_id}/stop")
    shift.run(night_id)

    assert "いまの1件が終わったところで止まります。" in answer.text
    assert shift.states() == [ItemState.WAITING] * 3
    assert "職員が止めました" in operator.get(f"/nights/{night_id}").text
    operator.post(f"/nights/{night_id}/stop", status=409)


def test_a_night_that_cannot_start_says_why(operator, shift):
    shift.start()

    answer = operator.post(f"/nights/start/{shift.target_id}")

    assert "この対象システムの夜間入力はもう動いています。" in answer.text


def test_a_record_s_page_shows_what_is_meant_beside_what_was_stored_and_is_noted(city, operator, shift):
    shift.run(shift.start())
    item = shift.items()[0]

    page = operator.get(f"/items/{item.id}")

    assert item.values["name"] in page.text
    assert "一致" in page.text
    assert trail(city)[-1] == "item_seen"


def test_a_proof_picture_is_shown_to_who_may_read_the_record_and_noted(city, operator, shift):
    shift.run(shift.start())
    item = shift.items()[0]
    address = re.findall(rf'src="(/items/{item.id}/evidence/\d+)"', operator.get(f"/items/{item.id}").text)[0]

    picture = operator.http.get(address)

    assert picture.content == b"\x89PNG filled"
    assert picture.headers["cache-control"] == "private, no-store"
    assert trail(city)[-1] == "item_picture_seen"


def test_an_unknown_record_is_settled_by_a_person_with_its_receipt_and_the_time_it_took_is_kept(city, operator, shift):
    item_id = leave_unknown(shift)
    page = operator.get(f"/items/{item_id}")
    city.clock.pass_(minutes=4)

    without = operator.post(f"/items/{item_id}/keyed", look_of(page), status=422)
    operator.post(f"/items/{item_id}/keyed", look_of(without) | {"receipt": "E0000001"})

    item = shift.items()[0]
    assert (item.state, item.receipt, item.exception_seconds) == (ItemState.DONE, "E0000001", 240.0)
    assert item.settled_by_id is not None
    assert item.finished_at == city.clock()


def test_an_unknown_record_is_not_put_back_while_the_target_may_still_store_it(city, operator, shift):
    item_id = leave_unknown(shift)
    with city.unit() as work:
        work.session.execute(update(WorkItem).where(WorkItem.id == item_id).values(unknown_at=city.clock()))
    page = operator.get(f"/items/{item_id}")

    early = operator.post(f"/items/{item_id}/put-back", look_of(page), status=422)
    city.clock.pass_(seconds=LATE)
    operator.post(f"/items/{item_id}/put-back", look_of(page))

    assert "しばらく待ってから" in early.text
    assert shift.states()[0] == ItemState.WAITING


def test_a_refused_record_is_cancelled_with_a_reason_only(operator, shift):
    shift.bot.scripts[1] = refuse
    shift.run(shift.start())
    item = shift.items()[0]
    page = operator.get(f"/items/{item.id}")

    operator.post(f"/items/{item.id}/cancel", look_of(page), status=422)
    operator.post(f"/items/{item.id}/cancel", look_of(page) | {"reason": "申請者が取り下げた"})

    assert (shift.states()[0], shift.items()[0].reason) == (ItemState.CANCELLED, "申請者が取り下げた")


def test_of_two_people_who_decide_the_second_is_told(city, operator, shift):
    shift.bot.scripts[1] = refuse
    shift.run(shift.start())
    item = shift.items()[0]
    other = someone(city, Role.BOT_OPERATOR, department=shift.department)
    seen, seen_too = operator.get(f"/items/{item.id}"), other.get(f"/items/{item.id}")

    operator.post(f"/items/{item.id}/put-back", look_of(seen))

    other.post(f"/items/{item.id}/cancel", look_of(seen_too) | {"reason": "重複"}, status=409)


def test_a_look_longer_than_half_an_hour_counts_as_half_an_hour(city, operator, shift):
    shift.bot.scripts[1] = refuse
    shift.run(shift.start())
    item = shift.items()[0]
    page = operator.get(f"/items/{item.id}")
    city.clock.pass_(minutes=29)
    operator.get("/exceptions")
    city.clock.pass_(minutes=20)

    operator.post(f"/items/{item.id}/put-back", look_of(page))

    assert shift.items()[0].exception_seconds == 1800.0


def test_what_awaits_people_is_listed_with_its_reason(operator, shift):
    shift.bot.scripts[1] = refuse
    shift.run(shift.start())

    listed = operator.get("/exceptions")

    assert shift.items()[0].reference in listed.text
    assert shift.items()[1].reference not in listed.text


def test_a_list_is_exported_for_excel_and_the_export_is_noted(city, operator, shift):
    night_id = shift.start()
    shift.run(night_id)

    answer = operator.post(f"/nights/{night_id}/export", {"state": "done"})

    assert answer.response.content.startswith(b"\xef\xbb\xbf")
    assert answer.text.count("E000000") == 3
    assert trail(city)[-1] == "items_exported"


def test_another_department_learns_of_no_night_record_or_picture(city, shift):
    night_id = shift.start()
    shift.run(night_id)
    stranger = someone(city, Role.BOT_OPERATOR)
    item = shift.items()[0]

    for path in (
        f"/nights/{night_id}",
        f"/items/{item.id}",
        f"/items/{item.id}/evidence/1",
        f"/targets/{shift.target_id}",
    ):
        stranger.get(path, status=404)
    for path in (f"/nights/start/{shift.target_id}", f"/nights/{night_id}/stop", f"/items/{item.id}/cancel"):
        stranger.post(path, {"version": "1"}, status=404)

    assert "就学援助システム" not in stranger.get("/nights").text


def test_a_clerk_sees_nights_and_records_but_starts_and_settles_nothing(city, shift):
    night_id = shift.start()
    shift.run(night_id)
    clerk = someone(city, Role.CLERK, department=shift.department)
    item = shift.items()[0]

    page = clerk.get(f"/nights/{night_id}")

    assert f"/items/{item.id}" in page.text
    assert "いま始める" not in clerk.get("/nights").text
    for path in (f"/nights/start/{shift.target_id}", f"/items/{item.id}/put-back", "/targets/new"):
        clerk.post(path, status=403)


def test_who_may_not_read_residents_data_sees_a_night_without_its_reasons(city, shift):
    shift.bot.scripts[1] = refuse
    night_id = shift.start()
    shift.run(night_id)
    officer = someone(city, Role.DX_OFFICE, department=shift.department)

    page = officer.get(f"/nights/{night_id}")

    assert "「住所」は60文字以内" not in page.text
    officer.get(f"/items/{shift.items()[0].id}", status=403)
    officer.post(f"/nights/{night_id}/export", status=403)


def test_a_password_is_set_on_a_page_that_never_shows_it_back(city, operator, shift):
    saved = operator.post(
        f"/targets/{shift.target_id}/credential", {"account": "gakumu02", "password": "Another-pass-9"}
    )
    refused = operator.post(
        f"/targets/{shift.target_id}/credential", {"account": "", "password": "Another-pass-9"}, status=422
    )

    assert "gakumu02" in saved.text
    assert "Another-pass-9" not in saved.text + refused.text
    assert trail(city)[-1] == "credential_set"


def test_settings_are_changed_and_another_address_asks_for_the_account_again(operator, shift):
    page = operator.get(f"/targets/{shift.target_id}")
    version = re.findall(r'name="version" value="(\d+)"', page.text)[0]
    typed = {
        "name": "就学援助システム(新)",
        "url": "https://new.example",
        "opens": "22:00",
        "closes": "06:00",
        "margin_seconds": "300",
        "late_commit_seconds": "120",
        "version": version,
    }

    wrong = operator.post(
        f"/targets/{shift.target_id}",
        typed | {"opens": "25:00", "margin_seconds": "-1", "url": "ftp://new.example"},
        status=422,
    )
    saved = operator.post(f"/targets/{shift.target_id}", typed)

    assert "時刻を 22:00 の形で入れてください。" in wrong.text
    assert "秒数を0から86400までの整数で入れてください。" in wrong.text
    assert "アカウントとパスワードを入れ直してください" in saved.text
    operator.post(f"/targets/{shift.target_id}", typed, status=409)


def test_a_new_system_is_registered_on_its_page(city, client):
    department = city.department("学事課")
    operator = client.sign_in(city.person(Role.BOT_OPERATOR, department=department))
    form = operator.get("/targets/new")
    typed = {
        "procedure": "shugaku-enjo",
        "department": str(department.id),
        "name": "就学援助システム",
        "url": "http://127.0.0.1:8907",
        "opens": "22:00",
        "closes": "06:00",
        "margin_seconds": "300",
        "late_commit_seconds": "120",
        "pictures": "on",
    }

    operator.post("/targets/new", typed | {"department": "1"}, status=422)
    added = operator.post("/targets/new", typed)

    assert "対象システムを加える" in form.text
    assert "続けてアカウントを登録してください。" in added.text
    assert "就学援助システム" in operator.get("/targets").text


def test_a_restored_office_says_so_and_a_person_opens_its_nights_again(city, operator, shift):
    city.office.settings.pause_path.touch()
    paused = operator.get("/nights")

    operator.post("/nights/reopen")

    assert "休止しています" in paused.text
    assert "休止しています" not in operator.get("/nights").text
    assert trail(city)[-1] == "nights_reopened"


def test_a_night_is_neither_cancelled_nor_run_again_from_the_page_of_jobs(operator, shift):
    night_id = shift.start()

    cancelled = operator.post(f"/jobs/run_night:{night_id}:1/cancel")

    assert "安全に停止" in cancelled.text


def test_a_locked_account_is_seen_on_the_page_of_nights(operator, shift):
    shift.bot.scripts[1] = fail_with(Cause.SIGN_IN_REFUSED)
    night_id = shift.start()
    shift.run(night_id)

    assert "入れ直し待ち" in operator.get("/nights").text
    assert "対象システムがサインインを断りました" in operator.get(f"/nights/{night_id}").text


@contextmanager
def counted(city) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(city.office.engine, "before_cursor_execute", count)
    yield statements
    event.remove(city.office.engine, "before_cursor_execute", count)


def test_pages_ask_the_database_no_more_the_more_rows_there_are(city, operator, shift):
    shift.queue(40, seed=9)
    shift.bot.scripts = dict.fromkeys((1, 5, 9), refuse)
    night_id = shift.start()
    shift.run(night_id)
    item_id = shift.items()[0].id
    paths = (
        "/nights",
        f"/nights/{night_id}",
        "/exceptions",
        f"/items/{item_id}",
        "/targets",
        f"/targets/{shift.target_id}",
    )
    asked = {}

    for path in paths:
        with counted(city) as statements:
            operator.get(path)
        asked[path] = len(statements)

    assert {path: count for path, count in asked.items() if count > STATEMENTS_A_PAGE} == {}
