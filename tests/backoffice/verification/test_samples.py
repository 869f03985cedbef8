"""One in a hundred of the fields that pass is keyed blindly: what is wrong comes to light, and is counted."""

import itertools
from dataclasses import replace

from sqlalchemy import select

from backoffice.identity import Role
from backoffice.intake.models import LedgerLine
from backoffice.intake.workflow import SheetState
from backoffice.verification.models import FieldSample
from backoffice.verification.workflow import SampleState
from tests.backoffice.intake.piles import hand_in, office_with_a_form, page, read, sheets
from tests.backoffice.staff_client import StaffClient

SURE = {"a1": "山田 花子", "a2": "2026-11-01", "a3": 12, "a4": "o1", "a5": "o1"}


def draw_all(city):
    """Let chance draw every field."""
    services = replace(city.office.services, random_bytes=bytes)
    city.office = replace(city.office, services=services)


def draw_evenly(city):
    """Let each hundred fields meet a hundred chances that lie evenly between none and all."""
    numbers, usual = itertools.count(), city.office.services.random_bytes

    def random_bytes(length):
        return (next(numbers) % 100 * 656).to_bytes(2) if length == 2 else usual(length)

    city.office = replace(city.office, services=replace(city.office.services, random_bytes=random_bytes))


def office_with_samples(city):
    office = office_with_a_form(city)
    hand_in(office, b"%PDF-1")
    chance = city.office
    draw_all(city)
    read(office, page(office, 1, SURE))
    city.office = chance
    return office


def samples(city):
    with city.look() as work:
        return work.session.scalars(select(FieldSample).order_by(FieldSample.id)).all()


def ledger(city):
    with city.look() as work:
        return {(line.key, line.seen_by): (line.right, line.wrong) for line in work.session.scalars(select(LedgerLine))}


def test_what_agrees_is_counted_as_right_and_the_reading_is_not_shown_before(city_on_both):
    office = office_with_samples(city_on_both)
    client = StaffClient(city_on_both).sign_in(office.verifier)

    shown = client.post("/verify/samples/next")
    client.post(shown.path, {"value--a1": "山田　花子"})

    assert "花子" not in shown.text
    assert samples(city_on_both)[0].state == SampleState.AGREED
    assert ledger(city_on_both) == {("a1", "sample"): (1, 0)}
    assert "まだ測れません" not in client.get("/verify/samples").text


def test_what_differs_is_decided_by_somebody_else_who_sees_both_and_a_wrong_reading_is_counted(city):
    office = office_with_samples(city)
    client = StaffClient(city).sign_in(office.verifier)
    other = StaffClient(city).sign_in(city.person(Role.VERIFIER, department=office.department))
    path = client.post("/verify/samples/next").path

    client.post(path, {"value--a1": "山田 春子"})
    by_the_same = client.post("/verify/samples/next", {"differing": "yes"})
    client.post(path, {"value--a1": "山田 春子"}, status=409)
    shown = other.post("/verify/samples/next", {"differing": "yes"})
    told = other.post(path, {"differing": "yes", "value--a1": "山田 春子"})

    assert "ほかの職員が確かめます" in by_the_same.text
    assert "山田 花子" in shown.text
    assert "山田 春子" in shown.text
    assert "読取の誤りとして数えました" in told.text
    assert ledger(city) == {("a1", "sample"): (0, 1)}


def test_an_answer_that_cannot_be_is_refused_with_what_was_typed(city):
    office = office_with_samples(city)
    client = StaffClient(city).sign_in(office.verifier)
    client.post(client.post("/verify/samples/next").path, {"value--a1": "山田 花子"})
    path = client.post("/verify/samples/next").path

    refused = client.post(path, {"value--a2": "令和8年2月30日"}, status=422)

    assert "暦にない日付です" in refused.text
    assert "令和8年2月30日" in refused.text


def test_one_in_a_hundred_is_drawn(city):
    office = office_with_a_form(city)
    hand_in(office, b"%PDF-1")
    draw_evenly(city)

    read(office, *(page(office, n, SURE | {"a3": n}) for n in range(1, 61)))

    assert len(samples(city)) == 3  # of 300 fields


def test_what_a_person_made_of_doubtful_fields_stands_in_the_ledger_once(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    told = page(office, 1, SURE)
    doubted = [replace(each, why_not=("empty",)) if each.key in ("a1", "a3") else each for each in told.fields]
    [sheet] = read(office, replace(told, fields=tuple(doubted)))
    answers = {"a1": "山田 春子", "a2": "令和8年11月1日", "a3": "12", "a4": "o1", "a5--o1": "on"}
    for turn in range(2):
        client.post(f"/verify/{sheet.id}/claim")
        client.post(f"/verify/{sheet.id}", answers)
        if not turn:
            client.post(f"/sheets/{sheet.id}/reopen")

    assert [SheetState(each.state) for each in sheets(office)] == [SheetState.SETTLED]
    assert ledger(city) == {("a1", "desk"): (0, 1), ("a3", "desk"): (1, 0)}


def test_samples_of_another_department_are_not_there(city):
    office_with_samples(city)
    stranger = StaffClient(city).sign_in(city.person(Role.VERIFIER))

    stranger.get(f"/verify/samples/{samples(city)[0].id}", status=404)
    assert "もうありません" in stranger.post("/verify/samples/next").text


def test_who_keys_blindly_a_moment_later_decides_nothing(city):
    office = office_with_samples(city)
    client = StaffClient(city).sign_in(office.verifier)
    other = StaffClient(city).sign_in(city.person(Role.VERIFIER, department=office.department))
    path = client.post("/verify/samples/next").path
    assert other.post("/verify/samples/next").path == path
    client.post(path, {"value--a1": "山田 春子"})

    other.post(path, {"value--a1": "山田 夏子"}, status=409)

    assert samples(city)[0].state == SampleState.DIFFERS
    assert ledger(city) == {}
    assert "ほかの職員が確かめるか" in client.get(path).text


def test_a_wrong_reading_stays_wrong_though_the_sheet_was_mended_before_the_sample_was_keyed(city):
    office = office_with_samples(city)
    client = StaffClient(city).sign_in(office.verifier)
    other = StaffClient(city).sign_in(city.person(Role.VERIFIER, department=office.department))
    [sheet] = sheets(office)
    path = client.post("/verify/samples/next").path
    client.post(f"/sheets/{sheet.id}/reopen")
    other.post(path, {"value--a1": "山田 春子"}, status=409)
    client.post(f"/verify/{sheet.id}/claim")
    mended = {"a1": "山田 春子", "a2": "令和8年11月1日", "a3": "12", "a4": "o1", "a5--o1": "on"}
    client.post(f"/verify/{sheet.id}", mended)

    client.post(path, {"value--a1": "山田 春子"}, status=409)
    other.post(path, {"value--a1": "山田 春子"})

    assert samples(city)[0].state == SampleState.DIFFERS
