"""Settled paper is kept as PDF/A: made by itself, found by number only, opened on the record, gone when taken back."""

import io

from pypdf import PdfReader
from sqlalchemy import select

from backoffice.archive.making import make_archive, take_in_older
from backoffice.archive.models import ArchivedSheet, RetentionRule
from backoffice.archive.workflow import ArchiveState
from backoffice.audit import AuditEvent
from backoffice.identity import Role
from backoffice.intake.models import PaperFile
from backoffice.vault import StoredFile
from tests.backoffice.archive.shelves import picture, shelf
from tests.backoffice.intake.piles import StepsAtOnce
from tests.backoffice.staff_client import StaffClient

MY_NUMBER_SHOWN = ("my_number",)


def opened(shelf, archived_id: int) -> PdfReader:
    content = shelf.clerk.get(f"/archive/{archived_id}/paper.pdf").response.content
    return PdfReader(io.BytesIO(content))


def events(city, kind: str) -> int:
    with city.look() as work:
        return len(work.session.scalars(select(AuditEvent.id).where(AuditEvent.kind == kind)).all())


def test_a_settled_sheet_is_kept_with_what_was_settled_and_opening_it_is_noted(city_on_both):
    kept = shelf(city_on_both)

    [sheet] = kept.settle()

    [archived] = kept.archived(ArchiveState.KEPT)
    pdf = opened(kept, archived.id)
    assert (archived.pages, archived.file.media_type, pdf.metadata.title) == (1, "application/pdf", sheet.number)
    assert "山田花子" in pdf.pages[0].extract_text().replace(" ", "")
    assert events(city_on_both, "archive_opened") == 1
    assert archived.file.sha256 in kept.clerk.get(f"/archive/{archived.id}").text


def test_where_a_my_number_stood_the_covered_picture_is_kept_and_the_file_that_came_is_not(city):
    kept = shelf(city)
    covered = picture(90)

    kept.settle(kept.page(1, page_jpeg=covered, codes=MY_NUMBER_SHOWN))

    [archived] = kept.archived(ArchiveState.KEPT)
    with city.look() as work:
        came = work.session.scalars(select(StoredFile).join(PaperFile, PaperFile.file_id == StoredFile.id)).one()
    content = kept.clerk.get(f"/archive/{archived.id}/paper.pdf").response.content
    assert covered in content
    assert came.erased_at is not None


def test_it_is_found_by_number_form_and_day_and_by_nothing_that_is_written_on_it(city_on_both):
    kept = shelf(city_on_both)
    [sheet] = kept.settle(kept.page(1, serial="K7Q2"))

    def found(**asked: str) -> bool:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return sheet.number in kept.clerk.get(f"/archive?{query}").text

    assert all(found(q=number) for number in (sheet.number, sheet.number[:-2], "K7Q2"))
    assert found(form=sheet.form_code, department=str(sheet.department_id))
    assert found(**{"from": "2026/11/24", "to": "2026/11/24"})
    assert not found(to="2026/11/23")
    assert not any(found(q=written) for written in ("山田", "花子", "%E5%B1%B1", "1.pdf", "pdf", "%25", "_"))
    assert "山田" not in kept.clerk.get("/archive").text
    assert "日付を" in kept.clerk.get("/archive?from=x").text


def test_another_department_does_not_even_learn_that_it_is_there(city):
    kept = shelf(city)
    kept.settle()
    [archived] = kept.archived()
    stranger = StaffClient(city).sign_in(city.person(Role.CLERK, Role.HEAD))

    for path in (f"/archive/{archived.id}", f"/archive/{archived.id}/paper.pdf"):
        stranger.get(path, status=404)
    stranger.post(f"/archive/{archived.id}/hold", {"reason": "監査"}, status=404)

    assert "当てはまる保存文書はありません" in stranger.get("/archive").text


def test_a_sheet_that_is_reopened_loses_its_file_and_gets_another_when_it_is_settled_again(city_on_both):
    kept = shelf(city_on_both)
    verifier = StaffClient(city_on_both).sign_in(kept.office.verifier)
    [sheet] = kept.settle()
    [before] = kept.archived()

    verifier.post(f"/sheets/{sheet.id}/reopen")
    [taken_back] = kept.archived()
    verifier.post(f"/verify/{sheet.id}/claim")
    said = {"a1": "山田 春子", "a2": "令和8年11月1日", "a3": "12", "a4": "o1", "a5--o1": "on"}
    verifier.post(f"/verify/{sheet.id}", said)
    make_archive(city_on_both.office, before.id, StepsAtOnce())

    [after] = kept.archived()
    assert (taken_back.state, taken_back.file_id) == (ArchiveState.TAKEN_BACK, None)
    assert (after.id, after.attempt) == (before.id, 2)
    assert "山田春子" in opened(kept, after.id).pages[0].extract_text().replace(" ", "")
    with city_on_both.look() as work:
        old = work.session.get_one(StoredFile, before.file_id)
        assert old.erased_at is not None


def test_a_file_without_a_row_left_by_a_crash_is_swept_and_the_job_makes_another(city):
    kept = shelf(city)
    kept.settle()
    [archived] = kept.archived()
    with city.unit() as work:
        row = work.session.get_one(ArchivedSheet, archived.id)
        row.state, row.file_id = ArchiveState.WAITING, None
    blobs = city.office.settings.blobs_path
    orphan = city.office.files.put(b"%PDF- made before the crash", "application/pdf", city.clock())

    make_archive(city.office, archived.id, StepsAtOnce())
    make_archive(city.office, archived.id, StepsAtOnce())
    kept.pass_years(1)
    with city.look() as work:
        city.office.files.sweep(work.session, work.now)

    [made] = kept.archived(ArchiveState.KEPT)
    assert not (blobs / orphan.name).exists()
    assert (blobs / made.file.name).exists()
    assert opened(kept, made.id).metadata.title == made.sheet.number


def test_what_was_settled_before_paper_was_kept_is_taken_in_by_the_daily_upkeep(city_on_both):
    kept = shelf(city_on_both)
    kept.settle()
    with city_on_both.unit() as work:
        work.session.delete(work.session.scalars(select(ArchivedSheet)).one())
    city_on_both.clock.pass_(days=200)

    taken = [take_in_older(city_on_both.office), take_in_older(city_on_both.office)]

    [archived] = kept.archived()
    assert taken == [1, 0]
    assert (archived.state, archived.fiscal_year) == (ArchiveState.WAITING, 2026)
    with city_on_both.look() as work:
        assert len(work.session.scalars(select(RetentionRule)).all()) == 1


def test_a_file_that_waits_cannot_be_opened(city):
    kept = shelf(city)
    kept.settle()
    [archived] = kept.archived()
    with city.unit() as work:
        row = work.session.get_one(ArchivedSheet, archived.id)
        row.state = ArchiveState.WAITING

    refused = kept.clerk.get(f"/archive/{archived.id}/paper.pdf", status=404)

    assert "保存文書はありません" in refused.text
    assert "PDF/Aを作っています" in kept.clerk.get(f"/archive/{archived.id}").text
