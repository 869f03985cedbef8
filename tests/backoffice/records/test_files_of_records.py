"""A question for a file is answered with one: kept with the record, opened by who may read it, lost by nobody."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from backoffice.form_designs import service
from backoffice.form_designs.paper import draw
from backoffice.identity import Role
from backoffice.records import documents
from backoffice.records.models import Record, RecordFile
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.staff_client import Answer, StaffClient

PDF = ("plan.pdf", b"%PDF-1.7 plan", "application/pdf")
OTHER = ("photo.png", b"\x89PNG\r\n\x1a\n photo", "image/png")


@pytest.fixture
def office(city_on_both):
    department = city_on_both.department("公園課")
    clerk = city_on_both.person(Role.CLERK, department=department)
    draft = acts.add(
        FormDraft(title="占用の届"),
        [
            Sketch("団体名", FieldType.TEXT, required=True, max_length=40),
            Sketch("位置図", FieldType.FILE, required=True),
        ],
    )[0]
    with city_on_both.unit(city_on_both.actor(clerk)) as work:
        design = service.begin(work, draft.title, "占用", department.id, draft)
        paper = draw(service.definition_to_draw(work, design))
        service.publish(work, design, design.version, "", paper, confirmed=False)
    return clerk


@pytest.fixture
def clerk(city_on_both, office) -> StaffClient:
    return StaffClient(city_on_both).sign_in(office)


def enter(clerk: StaffClient, file=PDF, status: int = 200, **typed: str) -> Answer:
    return clerk.post("/records/1/new", typed, status, files={"file_a2": file} if file else {"file_a2": ("", b"")})


def number_kept(page: Answer) -> str:
    return re.search(r'<input type="hidden" name="f_a2" value="(\d+)">', page.text).group(1)


def records(city) -> list[Record]:
    with city.look() as work:
        return list(work.session.scalars(select(Record).order_by(Record.id)))


def test_a_file_is_kept_with_its_record_and_fetched_as_it_came(city_on_both, clerk):
    page = enter(clerk, f_a1="花の会")

    address = re.search(r'href="(/records/files/\d+)">plan.pdf', page.text).group(1)
    answer = clerk.get(address).response
    assert answer.content == PDF[1]
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''plan.pdf"
    assert "添付あり" in clerk.get("/records/1").text
    assert records(city_on_both)[0].values["a2"] == address.rsplit("/", 1)[1]


def test_a_page_that_is_refused_keeps_the_file_that_came_with_it(city_on_both, clerk):
    refused = enter(clerk, status=422)
    kept = number_kept(refused)
    assert "plan.pdf" in refused.text

    enter(clerk, file=None, f_a1="花の会", f_a2=kept)

    assert records(city_on_both)[0].values["a2"] == kept


def test_a_file_that_is_required_and_one_of_a_kind_that_is_not_taken_are_asked_for(city_on_both, clerk):
    assert "必須" in enter(clerk, file=None, status=422, f_a1="花の会").text
    wrong = enter(clerk, ("run.exe", b"MZ", "application/x-msdownload"), 422, f_a1="花の会")
    assert "run.exe は添付できない種類です" in wrong.text
    assert "花の会" in wrong.text
    assert records(city_on_both) == []


def test_a_file_is_replaced_and_the_one_before_is_still_in_the_history(city_on_both, clerk):
    enter(clerk, f_a1="花の会")
    first = records(city_on_both)[0].values["a2"]
    edit = clerk.get("/records/entries/1/edit")
    typed = {"f_a1": "花の会", "f_a2": first, "version": edit.field("version")}

    clerk.post("/records/entries/1/edit", typed, files={"file_a2": OTHER})

    assert "photo.png" in clerk.get("/records/entries/1").text
    assert records(city_on_both)[0].values["a2"] != first
    clerk.get(f"/records/files/{first}")


def test_a_file_that_is_required_is_not_simply_taken_off(clerk):
    enter(clerk, f_a1="花の会")
    edit = clerk.get("/records/entries/1/edit")
    typed = {"f_a1": "花の会", "f_a2": number_kept(edit), "drop_a2": "on", "version": edit.field("version")}

    clerk.post("/records/entries/1/edit", typed, 422, files={"file_a2": ("", b"")})


def test_nobody_attaches_or_sees_the_file_of_another_record_or_person(city_on_both, clerk, office):
    enter(clerk, f_a1="花の会")
    theirs = records(city_on_both)[0].values["a2"]
    refused = enter(clerk, file=None, status=422, f_a1="鳥の会", f_a2=theirs)
    assert "このファイルは使えません" in refused.text
    assert "plan.pdf" not in refused.text

    mine = number_kept(enter(clerk, status=422))
    colleague = city_on_both.person(Role.CLERK, department=office.department)
    beside = StaffClient(city_on_both).sign_in(colleague)
    beside.get(f"/records/files/{mine}", 404)
    beside.get(f"/records/files/{theirs}")
    stranger = StaffClient(city_on_both).sign_in(
        city_on_both.person(Role.CLERK, department=city_on_both.department("学事課"))
    )
    stranger.get(f"/records/files/{theirs}", 404)


def test_a_file_that_no_record_names_for_a_week_is_erased_and_others_stay(city_on_both, clerk):
    enter(clerk, f_a1="花の会")
    kept = records(city_on_both)[0].values["a2"]
    enter(clerk, status=422)

    city_on_both.clock.pass_(days=documents.UNCLAIMED_DAYS + 1)

    assert documents.forget_unclaimed(city_on_both.office) == 1
    assert documents.forget_unclaimed(city_on_both.office) == 0
    with city_on_both.look() as work:
        assert [str(row.id) for row in work.session.scalars(select(RecordFile))] == [kept]


def test_rows_of_a_file_come_in_without_the_documents_that_are_added_later(city_on_both, clerk):
    clerk.post("/records/1/imports", {}, files={"file": ("list.csv", "団体名\n花の会\n".encode(), "text/csv")})
    clerk.post("/records/1/imports/1/take", {})

    assert [one.values for one in records(city_on_both)] == [{"a1": "花の会"}]
