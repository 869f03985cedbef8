"""How the questions of built forms stand on a page, come back as typed, and what can be looked up while one types."""

from __future__ import annotations

import pytest

from backoffice.identity import Role
from backoffice.web.answer_rows import answer_rows, given_answers
from backoffice.web.answers_in import check_answers
from forms import catalogue
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Group, Sketch
from forms.field_types import FieldType
from tests.backoffice.form_designs.furniture import drafted
from tests.backoffice.staff_client import StaffClient

FORM = drafted().definition("form-1", 1)
PLACE = acts.add_group(FormDraft(title="届"), Group.ADDRESS)[0].definition("form-2", 1)


@pytest.fixture
def clerk(city) -> StaffClient:
    return StaffClient(city).sign_in(city.person(Role.CLERK))


def test_a_question_that_is_hidden_is_left_out_and_its_answer_with_it():
    checked = check_answers(FORM, {"a1": "R8.4.1", "a3": "夏祭り"})

    assert checked.values["a3"] is None
    assert "a3" not in [row.key for row in answer_rows(FORM, {}, {"a3": "夏祭り"}, checked)]
    assert "a3" in [row.key for row in answer_rows(FORM, {}, {"a2": "on"})]


def test_several_options_come_from_boxes_of_their_own():
    checked = check_answers(FORM, {"a6--o2": "on", "a6--o1": "on"})
    row = next(row for row in answer_rows(FORM, checked.values) if row.key == "a6")

    assert checked.values["a6"] == "o1,o2"
    assert row.boxes == [("a6--o1", "月曜", True), ("a6--o2", "火曜", True)]
    assert row.chosen == "月曜、火曜"


def test_a_table_is_asked_cell_by_cell_and_read_without_its_empty_rows():
    values = check_answers(FORM, {"a4_c_2": "第1会議室"}).values
    asked = next(row for row in answer_rows(FORM, values) if row.key == "a4")
    given = next(row for row in given_answers(FORM, values) if row.key == "a4")

    assert [cell.name for line in asked.cells for cell in line] == [f"a4_c_{row}" for row in range(1, 6)]
    assert [[cell.text for cell in line] for line in given.cells] == [["第1会議室"]]


def test_a_branch_knows_the_field_of_its_bank_and_a_postal_code_that_of_its_address():
    bank = next(row for row in answer_rows(FORM, {}, prefix="p-") if row.look_up == "branches")
    code = answer_rows(PLACE, {}, prefix="p-")[0]

    assert bank.look_up_with == "p-a7"
    assert (code.look_up, code.look_up_with) == ("places", "p-a2")


@pytest.mark.parametrize("form", [each for each in catalogue.every_definition().values() if each.format == 1])
def test_forms_of_the_house_are_asked_as_they_always_were(form):
    rows = answer_rows(form, {})

    assert [row.key for row in rows] == [field.key for field in form.fields]
    assert not any(row.look_up or row.by_digits or row.cells or row.heading or row.help for row in rows)


def test_a_heading_stands_over_the_first_question_that_is_asked_under_it():
    draft = acts.add(FormDraft(title="届"), [Sketch("同意", FieldType.CHECKBOX)])[0]
    draft = acts.add_section(draft, "費用")[0]
    draft = acts.add(draft, [Sketch("見積", FieldType.YEN), Sketch("実費", FieldType.YEN)])[0]
    draft = acts.put(draft, draft.find("a2").model_copy(update={"shown_if": "a1"}))
    form = draft.definition("form-3", 1)

    assert [(row.key, row.heading) for row in answer_rows(form, {})] == [("a1", ""), ("a3", "費用")]


def test_a_postal_code_gives_its_places_and_nonsense_none(clerk):
    assert clerk.http.get("/asking/places", params={"code": "810-0001"}).json() == ["福岡県福岡市中央区天神"]
    for code in ("", "810", "abcdefg", "９９９９９９９", "8100001" * 50):
        assert clerk.http.get("/asking/places", params={"code": code}).json() == []


def test_banks_and_their_branches_are_found_by_a_part_of_their_names(clerk):
    assert "福岡" in clerk.http.get("/asking/banks", params={"name": "福岡"}).json()
    assert "天神町" in clerk.http.get("/asking/branches", params={"bank": "福岡銀行", "name": "天神"}).json()
    assert clerk.http.get("/asking/branches", params={"bank": "../../etc", "name": ""}).json() == []


@pytest.mark.parametrize(
    ("kind", "text", "said", "wrong"),
    [
        ("date", "R8.4.1", "令和8年4月1日", False),
        ("date", "2月30日", "", True),
        ("yen", "1,200", "1,200", False),
        ("katakana", "ふくおか", "フクオカ", False),
        ("table", "x", "", False),
        ("nonsense", "x", "", False),
    ],
)
def test_it_is_said_at_once_how_an_answer_is_understood(clerk, kind, text, said, wrong):
    answer = clerk.http.post("/asking/understood", data={"type": kind, "text": text}).json()

    assert (answer["said"], bool(answer["wrong"])) == (said, wrong)
