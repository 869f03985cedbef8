"""A file of many pages becomes one reading a sheet, whatever is in it and whatever happens to its pages."""

import io
from pathlib import Path

import pytest
from PIL import Image

from ocr.pool import MEMORY_LIMIT, ReadingPool
from tests.ocr.invented_forms import invented, scanned

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def pool():
    with ReadingPool(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def pile(form):
    other = invented(4, qr_text="GIJO/invented/v1/p1")
    return [(form.layout, form.blanks, form.definition), (other.layout, other.blanks, None)]


def in_one(pages, kind):
    file = io.BytesIO()
    first, *others = pages
    first.save(file, kind, save_all=True, append_images=others)
    return file.getvalue()


def test_a_mixed_pile_in_one_file_is_read_page_by_page_in_its_order(pool, pile, scans):
    other = Image.fromarray(scanned(invented(4), code="GIJO/invented/v1/p1/77", turns=2))
    pages = [Image.open(scans / "marked_003.jpg").convert("L"), Image.new("L", (1654, 2339), 245), other]

    readings = list(pool.read_document(pile, in_one(pages, "TIFF"), "pile.tiff"))

    told = [(each.page, each.status, each.form_number, each.serial) for each in readings]
    assert told == [(1, "read", 0, None), (2, "blank", None, None), (3, "read", 1, "77")]
    assert readings[0].form == pile[0][0].form


def test_a_page_on_which_a_reading_process_dies_costs_itself_only(pool, pile, scans):
    pages = [Image.open(scans / "marked_003.jpg").convert("L"), Image.new("L", (9000, 7000), 128)]

    readings = list(pool.read_document(pile, in_one(pages, "TIFF"), "pile.tiff"))

    assert [reading.reason_code for reading in readings] == [None, "too_many_pixels"]


def test_a_file_of_several_pages_where_one_sheet_belongs_is_refused(pool, pile):
    page = Image.new("L", (1654, 2339), 245)

    reading = pool.read(pile[0], in_one([page, page], "TIFF"), "two.tiff")

    assert reading.reason_code == "several_pages"


def test_two_sheets_in_one_picture_where_one_belongs_are_refused_and_are_both_read_in_a_pile(pool, pile, scans):
    sheet = Image.open(scans / "marked_003.jpg").convert("L")
    both = Image.new("L", (2 * sheet.width, sheet.height))
    both.paste(sheet, (0, 0))
    both.paste(sheet, (sheet.width, 0))

    alone = pool.read(pile[0], in_one([both], "PNG"), "both.png")
    readings = list(pool.read_document(pile, in_one([both], "PNG"), "both.png"))

    assert alone.reason_code == "several_sheets"
    assert [(each.page, each.sheet, each.status) for each in readings] == [(1, 1, "read"), (1, 2, "read")]


def test_a_reading_process_cannot_take_more_memory_than_its_share(pile):
    with ReadingPool(1) as pool:
        pool.read(pile[0], b"", "empty.jpg")
        child = pool._idle.get()
        limits = Path(f"/proc/{child._process.pid}/limits").read_text()
        pool._idle.put(child)

    [limit] = [int(line.split()[3]) for line in limits.splitlines() if line.startswith("Max address space")]
    assert MEMORY_LIMIT < limit < MEMORY_LIMIT + 800_000_000
