"""What a form wants entered by two people is settled only where both entered the same, neither seeing the other."""

import pytest

from backoffice.identity import Role
from backoffice.intake.workflow import SheetState
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.intake.piles import hand_in, office_with_a_form, page, read, sheets
from tests.backoffice.staff_client import StaffClient

ASKED = (Sketch("氏名", FieldType.PERSON_NAME), Sketch("口座番号", FieldType.ACCOUNT))
SURE = {"a1": "山田 花子", "a2": "1234567"}


@pytest.fixture(params=["sqlite", "postgres"])
def bureau(request):
    city = request.getfixturevalue("city" if request.param == "sqlite" else "city_on_postgres")
    office = office_with_a_form(city, ASKED, twice=("a2",))
    first = StaffClient(city).sign_in(office.verifier)
    second = StaffClient(city).sign_in(city.person(Role.VERIFIER, department=office.department))
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1, SURE))
    return office, first, second, sheet


def enter_first(client, sheet, account):
    client.post(f"/verify/{sheet.id}/claim")
    return client.post(f"/verify/{sheet.id}", {"a1": "山田 花子", "a2": account})


def state_of(office):
    [sheet] = sheets(office)
    return SheetState(sheet.state), {field.key: field.value for field in sheet.fields}


def test_a_field_for_two_passes_by_no_machine_and_is_settled_when_the_second_enters_the_same(bureau):
    office, first, second, sheet = bureau
    read_only = state_of(office)[0]

    told = enter_first(first, sheet, "7654321")
    waiting = state_of(office)[0]
    shown = second.post("/second-entry")
    settled = second.post(f"/second-entry/{sheet.id}", {"a2": "7654321"})

    assert (read_only, waiting) == (SheetState.TO_VERIFY, SheetState.SECOND_ENTRY)
    assert "2人目の入力を待ちます" in told.text
    assert "7654321" not in shown.text
    assert "1234567" not in shown.text
    assert "確定しました" in settled.text
    assert state_of(office) == (SheetState.SETTLED, {"a1": "山田 花子", "a2": "7654321"})


def test_the_first_person_is_never_the_second(bureau):
    office, first, _second, sheet = bureau
    enter_first(first, sheet, "7654321")

    nothing = first.post("/second-entry")
    first.get(f"/second-entry/{sheet.id}", status=403)
    first.post(f"/second-entry/{sheet.id}", {"a2": "7654321"}, status=403)

    assert "2人目になれる用紙は、もうありません" in nothing.text
    assert state_of(office)[0] == SheetState.SECOND_ENTRY


def test_where_two_differ_a_third_look_decides_with_both_before_it(bureau):
    office, first, second, sheet = bureau
    enter_first(first, sheet, "7654321")

    told = second.post(f"/second-entry/{sheet.id}", {"a2": "7654322"})
    shown = second.post("/verify/next").text
    second.post(f"/verify/{sheet.id}", {"a1": "山田 花子", "a2": "7654321"})

    assert "要確認に戻しました" in told.text
    assert "7654321" in shown
    assert "7654322" in shown
    assert state_of(office) == (SheetState.SETTLED, {"a1": "山田 花子", "a2": "7654321"})


def test_what_cannot_be_is_refused_and_somebody_who_comes_late_is_told(bureau):
    office, first, second, sheet = bureau
    enter_first(first, sheet, "7654321")

    refused = second.post(f"/second-entry/{sheet.id}", {"a2": "12x"}, status=422)
    second.post(f"/second-entry/{sheet.id}", {"a2": "7654321"})
    second.post(f"/second-entry/{sheet.id}", {"a2": "7654321"}, status=409)

    assert "12x" in refused.text
    assert state_of(office)[0] == SheetState.SETTLED
