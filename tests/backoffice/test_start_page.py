"""What does the start page tell whom?"""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Role
from backoffice.indicators import service
from tests.backoffice.staff_client import StaffClient


def test_a_person_without_a_role_is_told_whom_to_ask(city, client):
    client.sign_in(city.person())

    assert "所属長かシステム管理者に役割を頼んでください。" in client.get("/").text


def test_a_verifier_sees_how_many_sheets_wait(city, client):
    client.sign_in(city.person(Role.VERIFIER))

    assert "確認を待つ用紙" in client.get("/").text


def test_the_citys_own_figures_stand_beside_ours(city, client):
    client.sign_in(city.person(Role.HEAD))

    page = client.get("/").text

    assert all(figure in page for figure in ("13,270", "30,000", "38,000"))


def test_a_head_confirms_minutes_from_a_day_on_and_everyone_sees_whose_figure_it_is(city, client):
    department = city.department("学事課")
    head = city.person(Role.HEAD, department=department)
    client.sign_in(head)

    typed = {
        "department": department.id,
        "procedure": "shugaku-enjo",
        "minutes": "12.5",
        "valid_from": "R8.4.1",
        "basis": "20件を計った",
    }
    shown = client.post("/indicators/minutes", typed)

    assert "12.5" in shown.text
    assert head.name in shown.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("minutes", "十二", "数字で入れてください"),
        ("minutes", "NaN", "0より大きく"),
        ("minutes", "0", "0より大きく"),
        ("minutes", "481", "480以下"),
        ("valid_from", "来月", "日付を"),
        ("basis", " ", "どう測ったか"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_and_what_was_typed_stays(city, client, field, value, said):
    department = city.department("学事課")
    client.sign_in(city.person(Role.HEAD, department=department))
    typed = {
        "department": department.id,
        "procedure": "shugaku-enjo",
        "minutes": "12",
        "valid_from": "R8.4.1",
        "basis": "実測した値",
    }

    answer = client.post("/indicators/minutes", typed | {field: value}, status=422)

    assert said in answer.text
    assert "実測した値" in answer.text or field == "basis"


def test_minutes_of_one_day_are_confirmed_once(city):
    department = city.department()
    head = city.actor(city.person(Role.HEAD, department=department))
    with city.unit(head) as work:
        service.confirm_minutes(work, department.id, "shugaku-enjo", Decimal(12), date(2026, 4, 1), "実測")

    with city.unit(head) as work, pytest.raises(Invalid):
        service.confirm_minutes(work, department.id, "shugaku-enjo", Decimal(9), date(2026, 4, 1), "実測")


def test_a_head_confirms_only_for_departments_below(city):
    head, elsewhere = city.actor(city.person(Role.HEAD)), city.department()

    with city.unit(head) as work, pytest.raises(NotThere):
        service.confirm_minutes(work, elsewhere.id, "shugaku-enjo", Decimal(12), date(2026, 4, 1), "実測")


def test_an_administrator_sees_no_sheet_and_no_record(city):
    person = StaffClient(city).sign_in(city.person(Role.ADMINISTRATOR))

    for path in ("/sheets", "/verify", "/nights", "/exceptions"):
        person.get(path, status=403)
