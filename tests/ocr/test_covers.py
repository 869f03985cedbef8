"""The cover of a pile is found however it lies and however poor the scan, and nothing else is taken for one."""

from datetime import date

import cv2
import numpy as np
import pytest

from forms.cover_codes import cover_code, cover_in
from forms.paper.cover_sheet import Cover, cover_sheet
from forms.paper.printing import pictures_of
from ocr.decode import decode
from ocr.engine import Engines
from ocr.reader import PileReader
from ocr.refusal import PageRefusedError
from ocr.sorting import find_sheets
from tests.ocr.invented_forms import HIGH, WIDE, invented, scanned

NUMBER = "R8-表紙-0012"


class NoEngine:
    """An engine that nobody may ask."""

    def __getattr__(self, name):
        raise AssertionError(f"a cover was read: {name}")


@pytest.fixture(scope="module")
def cover():
    leaf = cover_sheet(Cover(NUMBER, "11月分 東区", "利用の申込", "みどり課", date(2026, 11, 28)))
    return decode(pictures_of([leaf])[0])


def askew(picture, degrees):
    turn = cv2.getRotationMatrix2D((WIDE / 2, HIGH / 2), degrees, 0.92)
    return cv2.warpAffine(picture, turn, (WIDE, HIGH), borderValue=250)


def on_a_poor_scanner(picture):
    """A fax: 100 dpi, blurred, grainy, either black or white."""
    small = cv2.GaussianBlur(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), (5, 5), 0)
    grain = np.random.default_rng(7).normal(0, 30, small.shape)
    return np.where(small + grain > 128, 255, 0).astype(np.uint8)


def faint(picture):
    return (255 - (255 - picture.astype(np.float32)) * 0.3).astype(np.uint8)


def holed(picture):
    """Two holes of a file and a stain on the code."""
    marked = picture.copy()
    for place, radius in (((60, 1000), 30), ((60, 1600), 30), ((760, 820), 60)):
        cv2.circle(marked, place, radius, 40, -1)
    return marked


SCANS = {
    "upright": lambda page: page,
    "upside down": lambda page: np.rot90(page, 2),
    "sideways": np.rot90,
    "askew": lambda page: askew(page, 17),
    "poor": on_a_poor_scanner,
    "poor and upside down": lambda page: on_a_poor_scanner(askew(np.rot90(page, 2), -6)),
    "faint": faint,
    "holed": holed,
    "through the paper": lambda page: faint(np.fliplr(page)),
}


@pytest.mark.parametrize("scan", SCANS)
def test_a_cover_is_known_by_its_code_and_no_engine_reads_it(cover, scan):
    forms = [invented(3), invented(5, marked=True)]
    reader = PileReader(forms, Engines(NoEngine(), NoEngine()))

    [reading] = reader.read(np.ascontiguousarray(SCANS[scan](cover)), "pile.pdf", 4)

    assert (reading.status, reading.cover, reading.page) == ("cover", NUMBER, 4)
    assert (reading.fields, reading.page_jpeg) == ((), b"")


def test_a_cover_whose_code_is_gone_is_a_page_that_fits_no_form(cover):
    torn = cover.copy()
    torn[600:900, 500:1200] = 255

    [refused] = find_sheets(torn, [invented(3), invented(5, marked=True)])

    assert isinstance(refused, PageRefusedError)
    assert refused.code == "not_registered"


def test_the_small_code_of_a_cover_on_a_sheet_makes_no_cover_of_it():
    form = invented(4)

    [sheet] = find_sheets(scanned(form, code=cover_code(NUMBER)), [form])

    assert sheet.form == 0


def test_a_sheet_that_lies_beside_a_cover_on_the_glass_is_not_lost(cover):
    form = invented(4, marked=True)

    beside = find_sheets(np.hstack([cover, scanned(form)[:HIGH]]), [form, invented(6)])
    unknown = find_sheets(np.hstack([cover, scanned(invented(77))[:HIGH]]), [form, invented(6)])

    assert [getattr(one, "number", None) for one in beside] == [NUMBER, None]
    assert beside[1].form == 0
    assert [type(one).__name__ for one in unknown] == ["Cover", "PageRefusedError"]


def test_covers_side_by_side_are_each_told_and_empty_glass_is_no_sheet(cover):
    glass = np.full_like(cover, 245)

    assert [one.number for one in find_sheets(np.hstack([cover, cover]), [invented(3)])] == [NUMBER, NUMBER]
    assert [one.number for one in find_sheets(np.hstack([cover, glass]), [invented(3)])] == [NUMBER]


@pytest.mark.parametrize("number", [NUMBER, "R8-表紙-MEDT2-0001", "R12-表紙-10234"])
def test_a_code_says_the_number_in_letters_that_every_scanner_reads(number):
    assert cover_code(number).isascii()
    assert cover_in(cover_code(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "GIJO/cover/",
        "GIJO/cover/R8-1",
        "GIJO/cover/R8-0001/x",
        "GIJO/cover/R８-0001",
        f"GIJO/cover/R{'8' * 40}-0001",
        "GIJO/form-7/v1/p1/R8-0001",
    ],
)
def test_any_other_code_is_no_cover(text):
    assert cover_in(text) is None
