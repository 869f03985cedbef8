"""How many will call is reckoned from what a department entered; without that the page says that there is no basis."""

from __future__ import annotations

import pytest

from backoffice.identity import Role
from tests.backoffice.audiences.runs import Sending
from workflows.notices.calls import Experience, calls_in_a_thousand, expected_calls
from workflows.notices.metering import Pace

RECORD = {"told_on": "R8.4.1", "notices": "1000", "calls": "200"}


def shown(sending: Sending, run_id: int) -> str:
    return sending.office.visit().get(f"/audiences/{run_id}").text


@pytest.mark.parametrize(
    ("known", "people", "calls"),
    [
        ([Experience(1000, 30)], 2000, 60),
        ([Experience(1000, 30), Experience(3000, 10)], 1000, 10),
        ([Experience(1000, 1)], 10, 1),
        ([Experience(1000, 0)], 10, 0),
    ],
)
def test_as_many_call_as_did_before_rounded_up(known: list[Experience], people: int, calls: int):
    in_a_thousand = calls_in_a_thousand(known)

    assert in_a_thousand is not None
    assert expected_calls(people, in_a_thousand) == calls


def test_nothing_known_is_no_basis():
    assert calls_in_a_thousand([]) is None


def test_a_run_says_no_basis_until_calls_are_entered(sending: Sending):
    sending.register(sending.women_over_forty(40))
    run_id = sending.frozen()
    assert "根拠なし" in shown(sending, run_id)
    visit = sending.office.visit()
    page = f"/audiences/calls/{sending.desk.program_id}"

    visit.post(f"{page}/records", RECORD)
    visit.post(f"{page}/capacity", {"version": "0", "all": "5", "ward-chuo": "100"})

    told = shown(sending, run_id)
    assert "1,000通で200.0件" in told
    assert "8件" in told
    assert "超える" in told


def test_numbers_are_read_as_people_type_them(sending: Sending):
    visit = sending.office.visit()
    page = f"/audiences/calls/{sending.desk.program_id}"

    visit.post(f"{page}/records", RECORD | {"notices": "\uff11,\uff10\uff10\uff10", "calls": "1,200"})

    told = visit.get(page).text
    assert "1,000" in told
    assert "1,200" in told
    assert "1以上の数字で" in visit.post(f"{page}/records", RECORD | {"notices": "0"}, status=422).text
    assert "0以上の数字で" in visit.post(f"{page}/records", RECORD | {"calls": "1,2"}, status=422).text


def test_a_ward_whose_desk_gets_more_calls_than_it_answers_is_named(sending: Sending):
    sending.register(sending.women_over_forty(120))
    run_id = sending.frozen(pace=Pace(100_000))
    visit = sending.office.visit()
    page = f"/audiences/calls/{sending.desk.program_id}"
    visit.post(f"{page}/records", {**RECORD, "calls": "1000"})
    wards = {f"ward-{code}": "1" for code in ("higashi", "hakata", "chuo", "minami", "jonan", "sawara", "nishi")}

    visit.post(f"{page}/capacity", {"version": "0", **wards})

    assert "受けられるのは1件" in shown(sending, run_id)


@pytest.mark.parametrize(
    ("field", "typed"), [("told_on", "いつか"), ("told_on", "2030/1/1"), ("notices", "0"), ("calls", "-1")]
)
def test_what_cannot_be_comes_back_as_typed(sending: Sending, field: str, typed: str):
    page = f"/audiences/calls/{sending.desk.program_id}"

    answer = sending.office.visit().post(f"{page}/records", {**RECORD, field: typed}, status=422)

    assert answer.field(field) == typed


def test_who_entered_first_is_not_overwritten_unseen(sending: Sending):
    page = f"/audiences/calls/{sending.desk.program_id}"
    visit = sending.office.visit()
    visit.post(f"{page}/capacity", {"version": "0", "all": "5"})

    visit.post(f"{page}/capacity", {"version": "0", "all": "9"}, status=409)
    visit.post(f"{page}/capacity", {"version": "1", "all": "9"})

    assert visit.get(page).field("all") == "9"


def test_another_department_reads_and_enters_nothing(sending: Sending):
    page = f"/audiences/calls/{sending.desk.program_id}"
    visit = sending.office.visit(sending.city.person(Role.CLERK))

    assert "加える" not in visit.get(page).text
    visit.post(f"{page}/records", RECORD, status=403)
    visit.post(f"{page}/capacity", {"version": "0"}, status=403)


def test_a_mail_has_a_price_where_one_is_known_and_line_costs_nothing(sending: Sending):
    names = sending.women_over_forty(40)
    sending.register(names[:20])
    sending.register(names[20:], line=True)
    run_id = sending.frozen()

    told = shown(sending, run_id)

    assert "無料" in told
    assert "根拠なし" in told
