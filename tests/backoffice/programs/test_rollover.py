"""When the fiscal year turns, what residents act on is looked at again, item by item, before a program runs."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.errors import NotPermitted, Overtaken
from backoffice.identity import Role
from backoffice.programs import queries, rolling_over, thresholds
from tests.backoffice.programs.offices import SHEET, WOMEN, Office
from tests.backoffice.programs.test_versions import approve
from workflows.rules.tree import All, Compare, Op, ParameterRef

LIMIT = Compare("household_income", Op.AT_MOST, ParameterRef("income-limit"))


def enter_limit(office: Office, amount: int, starts: date) -> None:
    with office.city.unit(office.city.actor(office.drafter)) as work:
        known = {each.code: each for each in queries.list_thresholds(work.session)}
        threshold = known.get("income-limit") or thresholds.begin_threshold(
            work, "income-limit", ("所得限度額", "income limit"), "円", is_table=False
        )
    with office.city.unit(office.city.actor(office.drafter)) as work:
        kept = queries.find_threshold(work.session, threshold.id)
        content = {"schema": 1, "value": amount}
        thresholds.enter_value(work, kept, thresholds.Dated(starts, None, content, "要綱第3条"))


@pytest.fixture
def version_id(office: Office) -> int:
    enter_limit(office, 2_000_000, date(2026, 4, 1))
    approved = office.begin(All((WOMEN, LIMIT)), {**SHEET, "telephone": "092-711-4111"})
    approve(office, office.submit(approved))
    return approved


def turn(office: Office, version_id: int):
    with office.city.look() as work:
        return rolling_over.turn_of(work, queries.find_version(work.session, version_id))


def confirm(office: Office, version_id: int, item, person=None) -> None:
    with office.city.unit(office.city.actor(person or office.drafter)) as work:
        version = queries.find_version(work.session, version_id)
        rolling_over.confirm_item(work, version, item.key, item.fingerprint)


def test_thresholds_telephones_and_periods_are_to_be_looked_at(office: Office, version_id):
    keys = [item.key for item in turn(office, version_id).open_items]

    assert keys == ["starts", "amount", "counter", "telephone", "threshold:income-limit"]


def test_a_program_runs_only_when_everything_is_confirmed(office: Office, version_id):
    confirm_limit(office)
    for item in turn(office, version_id).open_items:
        with office.city.look() as work:
            assert not rolling_over.may_run(work, queries.find_version(work.session, version_id))
        confirm(office, version_id, item)

    with office.city.look() as work:
        assert rolling_over.may_run(work, queries.find_version(work.session, version_id))


def confirm_limit(office: Office) -> None:
    """A second person of the department says that the newest value is right."""
    with office.city.unit(office.city.actor(office.colleague)) as work:
        threshold = queries.find_threshold(work.session, 1)
        value = threshold.values[-1]
        thresholds.confirm_value(work, threshold, value.id, thresholds.fingerprint_of(value))


def test_a_value_that_no_second_person_confirmed_keeps_a_program_from_running(office: Office, version_id):
    for item in turn(office, version_id).open_items:
        confirm(office, version_id, item)

    assert [item.key for item in turn(office, version_id).open_items] == ["threshold:income-limit"]


def test_a_value_that_was_changed_meanwhile_is_not_confirmed_unseen(office: Office, version_id):
    client = office.visit(office.colleague)
    seen = client.get("/thresholds/1").field("seen")
    enter_limit(office, 9_000_000, date(2026, 4, 1))

    client.post("/thresholds/1/values/1/confirm", {"seen": seen}, status=409)


def test_what_changes_after_it_was_confirmed_is_to_be_confirmed_anew(office: Office, version_id):
    confirm_limit(office)
    before = next(item for item in turn(office, version_id).things if item.key == "threshold:income-limit")
    confirm(office, version_id, before)
    enter_limit(office, 2_100_000, date(2026, 5, 1))

    now = next(item for item in turn(office, version_id).things if item.key == "threshold:income-limit")

    assert now.confirmed is None
    with pytest.raises(Overtaken):
        confirm(office, version_id, before)


def test_the_next_fiscal_year_asks_again(office: Office, version_id):
    confirm_limit(office)
    for item in turn(office, version_id).open_items:
        confirm(office, version_id, item)
    office.city.clock.pass_(days=130)

    assert len(turn(office, version_id).open_items) == 5


def test_only_the_owning_department_confirms(office: Office, version_id):
    stranger = office.city.person(Role.CLERK, account="stranger", department=office.city.department("別の課"))

    with pytest.raises(NotPermitted):
        confirm(office, version_id, turn(office, version_id).things[0], stranger)


def test_the_desk_lists_programs_in_force_with_what_is_open_and_takes_a_confirmation(office: Office, version_id):
    client = office.visit()
    assert "未確認 5件" in client.get("/programs/rollover").text

    page = client.get(f"/programs/versions/{version_id}/rollover")
    sent = {"item": page.field("item"), "fingerprint": page.field("fingerprint")}
    client.post(f"/programs/versions/{version_id}/rollover", sent)

    assert "未確認 4件" in client.get("/programs/rollover").text


def test_a_value_is_confirmed_by_a_second_person_of_its_department(office: Office, version_id):
    client = office.visit()
    assert "この値で正しい" not in client.get("/thresholds/1").text

    reader = office.visit(office.colleague)
    sent = {"seen": reader.get("/thresholds/1").field("seen")}
    page = reader.post("/thresholds/1/values/1/confirm", sent)

    assert "確認済" in page.text
    client.post("/thresholds/1/values/1/confirm", status=409)


def test_a_table_by_size_of_household_is_entered_as_lines(office: Office):
    client = office.visit()
    page = client.post(
        "/thresholds",
        {"code": "by-size", "name_ja": "就学援助の限度額", "name_en": "aid limit", "unit": "円", "is_table": "on"},
    )
    rows = {"starts": "R8.4.1", "legal_reference": "要綱第3条"}
    client.post(f"{page.path}/values", {**rows, "rows": "1 100\n3 300"}, status=422)

    page = client.post(f"{page.path}/values", {**rows, "rows": "1 1,500,000\n2 2,100,000円"})

    assert "1人 1,500,000円、2人 2,100,000円" in page.text
