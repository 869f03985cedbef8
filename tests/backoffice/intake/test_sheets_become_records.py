"""A settled sheet of a built form stands in its list; reopened, it leaves the list again."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.intake.workflow import SheetState
from backoffice.records import service as records
from backoffice.records.models import Record
from backoffice.records.workflow import RecordState, Source
from tests.backoffice.intake.piles import hand_in, office_with_a_form, page, read, sheets
from tests.backoffice.staff_client import StaffClient

SURE = {"a1": "山田 花子", "a2": "2026-11-01", "a3": 12, "a4": "o1", "a5": "o1,o2"}


def records_of(city):
    with city.look() as work:
        return work.session.scalars(select(Record).options(joinedload(Record.design)).order_by(Record.id)).all()


def test_a_sheet_without_doubt_stands_in_the_list_without_a_person(city_on_both):
    office = office_with_a_form(city_on_both)
    hand_in(office, b"%PDF-1")

    [sheet] = read(office, page(office, 1, SURE))

    [record] = records_of(city_on_both)
    assert record.values == SURE
    assert (record.number, record.source, sheet.record_id) == (sheet.number, Source.PAPER, record.id)


def test_what_a_clerk_confirms_of_every_kind_of_question_is_what_the_record_says(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1, SURE | {"a1": ""}))
    client.post("/verify/next")

    refused = client.post(f"/verify/{sheet.id}", {"a2": "令和8年11月2日"}, status=422)
    settled = {"a1": "山田 花子", "a2": "令和8年11月2日", "a3": "15", "a4": "o2", "a5--o1": "on", "a5--o2": "on"}
    client.post(f"/verify/{sheet.id}", settled)

    assert "団体名" in refused.text
    [record] = records_of(city)
    assert record.values == {"a1": "山田 花子", "a2": "2026-11-02", "a3": 15, "a4": "o2", "a5": "o1,o2"}


def test_a_reopened_sheet_leaves_the_list_and_comes_back_corrected_as_the_same_record(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1, SURE))

    client.post(f"/sheets/{sheet.id}/reopen")
    [left] = records_of(city)
    client.post(f"/verify/{sheet.id}/claim")
    client.post(
        f"/verify/{sheet.id}", {"a1": "山田 春子", "a2": "令和8年11月1日", "a3": "12", "a4": "o1", "a5--o1": "on"}
    )

    [record] = records_of(city)
    assert left.state == RecordState.REMOVED
    assert (record.state, record.values["a1"], record.values["a5"]) == (RecordState.ENTERED, "山田 春子", "o1")


def test_a_sheet_whose_record_somebody_has_gone_on_with_is_not_reopened(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1, SURE))
    [record] = records_of(city)
    with city.unit(office.actor) as work:
        again = work.session.scalars(select(Record).options(joinedload(Record.design))).one()
        records.change(work, again, record.version, office.definition, SURE | {"a3": 99})

    refused = client.post(f"/sheets/{sheet.id}/reopen", status=422)

    assert "一覧で直してください" in refused.text
    assert [SheetState(each.state) for each in sheets(office)] == [SheetState.SETTLED]
