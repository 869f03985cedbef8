"""A batch says what passed, what people corrected, whether two agreed and how long it took: never who."""

from __future__ import annotations

from dataclasses import replace

from backoffice.identity import Role
from backoffice.intake import queries
from backoffice.verification.batch_figures import Agreement, FieldCounts, Pace, figures_of
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.intake.piles import hand_in, office_with_a_form, page, read, sheets
from tests.backoffice.staff_client import StaffClient
from tests.backoffice.verification.test_samples import draw_all

ASKED = (Sketch("団体名", FieldType.TEXT), Sketch("会員数の符号", FieldType.DIGITS))


def figures(office, sheet):
    with office.city.look() as work:
        return figures_of(work.session, queries.find_batch(work.session, office.actor, sheet.batch_id))


def check(office, client, sheet, minutes, **answers):
    client.post(f"/verify/{sheet.id}/claim")
    office.city.clock.pass_(minutes=minutes)
    client.post(f"/verify/{sheet.id}", {"a1": "山田会", "a2": "123"} | answers)


def unsure(office, number=1):
    """A page whose first field is asked."""
    told = page(office, number, {"a1": "山田会", "a2": "123"})
    return replace(told, fields=(replace(told.fields[0], why_not=("engines_differ",)), told.fields[1]))


def batch_of(office, content, *pages):
    """Hand in a batch and give the sheets that came of it."""
    there = {sheet.id for sheet in sheets(office)}
    hand_in(office, content)
    return [sheet for sheet in read(office, *pages) if sheet.id not in there]


def test_a_batch_tells_its_fields_and_its_pace_beside_the_last_batches_of_the_form(city_on_both):
    office = office_with_a_form(city_on_both, ASKED)
    client = StaffClient(city_on_both).sign_in(office.verifier)
    [earlier] = batch_of(office, b"%PDF-1", unsure(office))
    check(office, client, earlier, 5)
    one, _waiting, _passed = batch_of(
        office, b"%PDF-2", unsure(office), unsure(office, 2), page(office, 3, {"a1": "山田会", "a2": "123"})
    )
    check(office, client, one, 2, a1="山口会")

    [form] = figures(office, one).forms
    shown = client.get(f"/batches/{one.batch_id}/figures").text

    assert (form.sheets, form.fields) == (3, FieldCounts(passed=4, asked=2, corrected=1))
    assert (form.pace, form.before) == (Pace(2, 120.0), Pace(1, 300.0))
    assert "100.0分" in shown
    assert "500.0分" in shown
    assert office.verifier.name not in shown.partition("<main")[2]
    assert f'hx-get="/batches/{one.batch_id}/figures"' in client.get(f"/batches/{one.batch_id}").text


def test_a_batch_tells_whether_two_people_agreed(city_on_both):
    office = office_with_a_form(city_on_both, ASKED, twice=("a2",))
    first = StaffClient(city_on_both).sign_in(office.verifier)
    second = StaffClient(city_on_both).sign_in(city_on_both.person(Role.VERIFIER, department=office.department))
    found = batch_of(office, b"%PDF-1", unsure(office), unsure(office, 2), unsure(office, 3))
    for sheet in found[:2]:
        check(office, first, sheet, 1)
    second.post(f"/second-entry/{found[0].id}", {"a2": "123"})
    second.post(f"/second-entry/{found[1].id}", {"a2": "124"})

    assert figures(office, found[0]).second_entries == Agreement(agreed=1, differed=1, open=1)


def test_a_batch_tells_whether_samples_of_it_agreed(city_on_both):
    office = office_with_a_form(city_on_both, ASKED)
    chance = city_on_both.office
    draw_all(city_on_both)
    [sheet] = batch_of(office, b"%PDF-1", page(office, 1, {"a1": "山田会", "a2": "123"}))
    city_on_both.office = chance
    client = StaffClient(city_on_both).sign_in(office.verifier)
    client.post(client.post("/verify/samples/next").path, {"value--a1": "山田会"})

    assert figures(office, sheet).samples == Agreement(agreed=1, differed=0, open=1)


def test_figures_of_another_departments_batch_are_not_there(city):
    office = office_with_a_form(city, ASKED)
    [sheet] = batch_of(office, b"%PDF-1", unsure(office))

    StaffClient(city).sign_in(city.person(Role.VERIFIER)).get(f"/batches/{sheet.batch_id}/figures", status=404)
