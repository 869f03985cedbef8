"""The same field of many sheets is checked in a row; a sheet with nothing open any more is settled."""

from dataclasses import replace

from backoffice.identity import Role
from backoffice.intake.workflow import SheetState
from backoffice.verification import fields, queries
from tests.backoffice.intake.piles import hand_in, office_with_a_form, page, read, sheets
from tests.backoffice.staff_client import StaffClient

SURE = {"a1": "山田 花子", "a2": "2026-11-01", "a3": 12, "a4": "o1", "a5": "o1"}


def doubtful(office, number, *keys, **written):
    told = page(office, number, SURE | written)
    return replace(
        told,
        fields=tuple(replace(each, why_not=("low_probability",)) if each.key in keys else each for each in told.fields),
    )


def ids_of(office, key):
    return [field.id for sheet in sheets(office) for field in sheet.fields if field.key == key]


def value_of(sheet, key):
    return next(field.value for field in sheet.fields if field.key == key)


def row_of(office, key, **typed):
    shown = {f"shown-{field_id}": "yes" for field_id in ids_of(office, key)} if typed else {}
    return {"form": office.form_code, "version": "1", "key": key, **shown, **typed}


def test_all_doubtful_names_are_checked_in_a_row_and_each_sheet_without_more_doubt_is_settled(city_on_both):
    office = office_with_a_form(city_on_both)
    client = StaffClient(city_on_both).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    read(office, doubtful(office, 1, "a1"), doubtful(office, 2, "a1"), doubtful(office, 3, "a1", "a3"))
    one, two, three = ids_of(office, "a1")

    listed = client.get("/verify/fields").text
    shown = client.post("/verify/fields", row_of(office, "a1"))
    names = {f"{one}--a1": "山田 花子", f"{two}--a1": "山田 春子", f"{three}--a1": "山田 花子"}
    told = client.post("/verify/fields/row", row_of(office, "a1", **names))

    assert "団体名" in listed
    assert "R8-利用-0003" in shown.text
    assert "3欄を確かめ、2枚が確定しました。" in told.text
    states = [SheetState(sheet.state) for sheet in sheets(office)]
    assert states == [SheetState.SETTLED, SheetState.SETTLED, SheetState.TO_VERIFY]
    assert [(field.value, field.corrected) for field in sheets(office)[1].fields if field.key == "a1"] == [
        ("山田 春子", True)
    ]


def test_what_cannot_be_stays_with_a_sentence_and_the_others_are_kept(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    read(office, doubtful(office, 1, "a2"), doubtful(office, 2, "a2"))
    one, two = ids_of(office, "a2")
    client.post("/verify/fields", row_of(office, "a2"))

    typed = {f"{one}--a2": "令和8年2月30日", f"{two}--a2": "令和8年11月2日"}
    refused = client.post("/verify/fields/row", row_of(office, "a2", **typed), status=422)

    assert "暦にない日付です" in refused.text
    assert "令和8年2月30日" in refused.text
    assert [sheet.state for sheet in sheets(office)] == [SheetState.TO_VERIFY, SheetState.SETTLED]


def test_what_is_skipped_goes_to_the_sheets_own_desk_and_two_people_never_hold_one_field(city_on_both):
    office = office_with_a_form(city_on_both)
    first = StaffClient(city_on_both).sign_in(office.verifier)
    second_person = city_on_both.person(Role.VERIFIER, department=office.department)
    second = StaffClient(city_on_both).sign_in(second_person)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, doubtful(office, 1, "a1"))
    [field_id] = ids_of(office, "a1")
    first.post("/verify/fields", row_of(office, "a1"))

    held_elsewhere = second.post("/verify/fields", row_of(office, "a1"))
    no_sheet = second.post("/verify/next")
    first.post("/verify/fields/row", row_of(office, "a1", **{f"skip-{field_id}": "on"}))
    opened = second.post("/verify/next")

    assert "もうありません" in held_elsewhere.text
    assert no_sheet.path == "/verify"
    assert opened.path == f"/verify/{sheet.id}"


def test_a_sheet_that_breaks_a_rule_or_came_before_is_decided_on_its_own_desk(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    read(office, doubtful(office, 1, "a1"))
    [field_id] = ids_of(office, "a1")
    client.post("/verify/fields", row_of(office, "a1"))

    client.post("/verify/fields/row", row_of(office, "a1", **{f"{field_id}--a1": ""}))

    assert [sheet.state for sheet in sheets(office)] == [SheetState.TO_VERIFY]
    assert client.post("/verify/next").path.startswith("/verify/")


def test_of_two_who_confirm_the_last_two_fields_of_a_sheet_the_second_settles_it(city_on_both):
    office = office_with_a_form(city_on_both)
    other = city_on_both.actor(city_on_both.person(Role.VERIFIER, department=office.department))
    hand_in(office, b"%PDF-1")
    read(office, doubtful(office, 1, "a1", "a3"))
    for actor, key in ((office.actor, "a1"), (other, "a3")):
        with city_on_both.unit(actor) as work:
            assert fields.hold(work, (office.form_code, 1, key)) == 1

    for actor, key, typed in ((office.actor, "a1", "山田 花子"), (other, "a3", "12")):
        [field_id] = ids_of(office, key)
        with city_on_both.unit(actor) as work:
            done = fields.confirm(
                work, (office.form_code, 1, key), row_of(office, key, **{f"{field_id}--{key}": typed})
            )
        assert done.confirmed == 1

    assert [sheet.state for sheet in sheets(office)] == [SheetState.SETTLED]


def test_a_row_that_was_left_is_offered_again_and_another_department_sees_nothing_of_it(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    read(office, doubtful(office, 1, "a1"))
    client.post("/verify/fields", row_of(office, "a1"))
    stranger = city.actor(city.person(Role.VERIFIER))

    city.clock.pass_(minutes=11)
    gone = client.get(f"/verify/fields/row?form={office.form_code}&version=1&key=a1")

    assert gone.path == "/verify/fields"
    assert "団体名" in gone.text
    with city.look(stranger) as work:
        assert queries.waiting_by_field(work.session, stranger, work.now) == {}


def test_a_second_window_confirms_nothing_that_it_did_not_show(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    read(office, *(doubtful(office, number, "a1") for number in range(1, 24)))
    first, *rest = ids_of(office, "a1")
    client.post("/verify/fields", row_of(office, "a1"))
    of_both_windows = {"form": office.form_code, "version": "1", "key": "a1", f"shown-{first}": "yes"}

    client.post("/verify/fields/row", of_both_windows | {f"{first}--a1": "山田 花子"})
    told = client.post("/verify/fields/row", of_both_windows | {f"{first}--a1": "山田 花"})

    assert "0欄を確かめました。1欄は、もう確かめられているか、ほかの職員に移っています。" in told.text
    assert told.path == "/verify/fields/row"
    settled, *waiting = sheets(office)
    assert (settled.state, value_of(settled, "a1")) == (SheetState.SETTLED, "山田 花子")
    assert {sheet.state for sheet in waiting} == {SheetState.TO_VERIFY}
    assert len(waiting) == len(rest)


def test_who_was_slow_keeps_what_nobody_else_began_on(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    other = StaffClient(city).sign_in(city.person(Role.VERIFIER, department=office.department))
    hand_in(office, b"%PDF-1")
    taken, own = read(office, doubtful(office, 1, "a1"), doubtful(office, 2, "a1"))
    client.post("/verify/fields", row_of(office, "a1"))
    city.clock.pass_(minutes=11)
    other.post(f"/verify/{taken.id}/claim")

    typed = {f"{field_id}--a1": "山田 春子" for field_id in ids_of(office, "a1")}
    told = client.post("/verify/fields/row", row_of(office, "a1", **typed))

    assert "1欄を確かめました。1欄は、もう確かめられているか、ほかの職員に移っています。" in told.text
    taken, own = sheets(office)
    assert (taken.state, value_of(taken, "a1")) == (SheetState.TO_VERIFY, None)
    assert (own.state, value_of(own, "a1"), own.verify_seconds) == (SheetState.SETTLED, "山田 春子", 300)


def test_a_sheet_is_not_opened_on_a_desk_while_somebody_else_checks_a_field_of_it_and_the_other_way_round(city_on_both):
    office = office_with_a_form(city_on_both)
    client = StaffClient(city_on_both).sign_in(office.verifier)
    other = StaffClient(city_on_both).sign_in(city_on_both.person(Role.VERIFIER, department=office.department))
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, doubtful(office, 1, "a1"))

    client.post(f"/verify/{sheet.id}/claim")
    assert "もうありません" in other.post("/verify/fields", row_of(office, "a1")).text
    city_on_both.clock.pass_(minutes=11)
    other.post("/verify/fields", row_of(office, "a1"))

    client.post(f"/verify/{sheet.id}/claim", status=409)
    client.post(f"/verify/{sheet.id}/echo/nothing", status=404)
    client.post(f"/verify/{sheet.id}/alive", status=409)
    other.post("/verify/fields/row", row_of(office, "a1", **{f"{ids_of(office, 'a1')[0]}--a1": "山田 花子"}))
    [settled] = sheets(office)
    assert (settled.state, settled.claimed_by_id) == (SheetState.SETTLED, None)


def test_what_was_confirmed_before_a_sheet_was_reopened_is_shown_again(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, doubtful(office, 1, "a1"))
    client.post(f"/verify/{sheet.id}/claim")
    answers = {"a1": "山田 春子", "a2": "令和8年11月1日", "a3": "12", "a4": "o1", "a5--o1": "on"}
    client.post(f"/verify/{sheet.id}", answers)
    client.post(f"/sheets/{sheet.id}/reopen")

    assert 'value="山田 春子"' in client.post("/verify/fields", row_of(office, "a1")).text
