"""The folder into which scanners write: each department's files are taken once they are whole, and gone from there."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import select

from backoffice.intake import folder
from backoffice.intake.models import PaperBatch, PaperFile


@pytest.fixture
def scans(city, tmp_path):
    """The folder of one department, in an office that looks into it."""
    city.department("市民センター")
    root = tmp_path / "scans"
    place = root / "市民センター"
    place.mkdir(parents=True)
    settings = city.office.settings.model_copy(update={"scan_dir": root})
    return replace(city.office, settings=settings), place


def put(city, place, name, content=b"%PDF-1.7", *, seconds_ago=60):
    path = place / name
    path.write_bytes(content)
    moment = city.clock().timestamp() - seconds_ago
    os.utime(path, (moment, moment))
    return path


def names(city):
    with city.look() as work:
        return sorted(work.session.scalars(select(PaperFile.name)))


def test_what_a_scanner_has_finished_writing_is_taken_as_one_batch_and_leaves_the_folder(city, scans):
    office, place = scans
    put(city, place, "a.pdf")
    put(city, place, "b.pdf", b"%PDF-1.7 b")
    put(city, place, "half.pdf", b"%PDF", seconds_ago=5)
    put(city, place, ".hidden.pdf", b"%PDF-1.7 c")

    taken = folder.tick(office)

    assert (taken, names(city)) == (2, ["a.pdf", "b.pdf"])
    assert sorted(path.name for path in place.iterdir()) == [".hidden.pdf", "half.pdf"]
    with city.look() as work:
        [batch] = work.session.scalars(select(PaperBatch))
    assert (batch.source, batch.received_by_id) == ("folder", None)


def test_what_cannot_be_taken_is_put_aside_with_its_reason_and_stops_nothing(city, scans):
    office, place = scans
    put(city, place, "good.pdf")
    put(city, place, "letter.docx", b"PK\x03\x04")
    put(city, place, "empty.pdf", b"")

    folder.tick(office)
    put(city, place, "again.pdf")
    folder.tick(office)

    aside = place / folder.ASIDE
    assert names(city) == ["good.pdf"]
    assert sorted(path.name for path in aside.iterdir() if path.suffix != ".txt") == [
        "again.pdf",
        "empty.pdf",
        "letter.docx",
    ]
    assert "0バイト" in (aside / "empty.pdf.txt").read_text("utf-8")
    assert "R8-束-0001" in (aside / "again.pdf.txt").read_text("utf-8")


def test_two_papers_of_one_name_are_both_put_aside(city, scans):
    office, place = scans
    for content in (b"PK one", b"PK two"):
        put(city, place, "0001.pdf", content)
        folder.tick(office)

    kept = {path.read_bytes() for path in (place / folder.ASIDE).iterdir() if path.suffix != ".txt"}
    assert kept == {b"PK one", b"PK two"}


def test_a_link_leads_the_worker_nowhere_and_a_folder_of_no_department_is_left_alone(city, scans, tmp_path):
    office, place = scans
    secret = put(city, tmp_path, "secret.pdf")
    (place / "link.pdf").symlink_to(secret)
    nobody = place.parent / "いない課"
    nobody.mkdir()
    left = put(city, nobody, "a.pdf")

    taken = folder.tick(office)

    assert (taken, names(city)) == (0, [])
    assert left.exists()
    assert secret.exists()


def test_a_file_whose_taking_was_cut_off_before_it_left_the_folder_is_not_taken_twice(city, scans):
    office, place = scans
    put(city, place, "a.pdf")
    folder.tick(office)
    put(city, place, "a.pdf")

    folder.tick(office)

    assert names(city) == ["a.pdf"]


def test_a_folder_in_which_nothing_can_be_put_aside_stops_no_other(city, scans):
    office, place = scans
    shut = place.parent / "あの課"
    city.department("あの課")
    shut.mkdir()
    put(city, shut, "letter.docx", b"PK\x03\x04")
    (shut / folder.ASIDE).write_text("a file where a folder should be")
    os.utime(shut / folder.ASIDE)
    put(city, place, "good.pdf")

    assert folder.tick(office) == 1
    assert names(city) == ["good.pdf"]
