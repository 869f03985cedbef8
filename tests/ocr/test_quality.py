"""What the person at the scanner could do better is told by what was measured, and only then."""

import cv2
import numpy as np
import pytest

from forms.layout import Blanks
from ocr.advice import ADVICE
from ocr.alike import SAME_SHEET, distance
from ocr.decode import decode
from ocr.known_form import KnownForm
from ocr.reader import PileReader


@pytest.fixture(scope="module")
def pile(form):
    return PileReader([KnownForm(form.layout, form.blanks, form.definition)])


@pytest.fixture(scope="module")
def sheet(scans):
    return decode((scans / "marked_003.jpg").read_bytes())


@pytest.fixture(scope="module")
def read(pile, sheet):
    return pile.read(sheet, "x")[0]


def smaller(page):
    return cv2.resize(page, None, fx=0.42, fy=0.42, interpolation=cv2.INTER_AREA)


def blurred(page):
    return cv2.GaussianBlur(page, (0, 0), 2.4)


def paler(page):
    return (page * 0.3 + 235 * 0.7).astype(np.uint8)


def cut(page):
    return np.ascontiguousarray(page[page.shape[0] // 6 :])


def shone_through(page):
    back = cv2.GaussianBlur(np.ascontiguousarray(page[:, ::-1]), (0, 0), 2.5).astype(float)
    return (page - (245 - np.minimum(back, 245)) * 0.42).clip(0, 255).astype(np.uint8)


def test_a_good_scan_gets_no_advice(read):
    assert read.advice == ()
    assert 190 < read.quality.dpi < 215


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (smaller, "low_resolution"),
        (blurred, "blurred"),
        (paler, "faint"),
        (cut, "cut_off"),
        (shone_through, "bleed_through"),
    ],
)
def test_each_trouble_has_its_own_advice(pile, sheet, change, code):
    [reading] = pile.read(change(sheet), "x")

    assert code in reading.advice
    assert ADVICE[code]


def test_a_form_printed_in_a_pale_colour_is_no_faint_scan(form, sheet):
    def in_colour(page):
        return (page * 0.6 + 255 * 0.4).astype(np.uint8)

    blank = cv2.imencode(".png", in_colour(decode(form.blanks.with_markers)))[1].tobytes()
    coloured = KnownForm(form.layout, Blanks(with_markers=blank), form.definition)

    [reading] = PileReader([coloured]).read((in_colour(sheet) * 0.6 + 80).astype(np.uint8), "x")

    assert "faint" not in reading.advice
    assert any(field.passes for field in reading.fields)


def test_nothing_passes_on_a_page_so_faint_that_wrong_values_were_seen_to_pass(pile, sheet):
    [reading] = pile.read(paler(sheet), "x")

    assert all("faint" in field.why_not for field in reading.fields)


@pytest.mark.parametrize(
    "change", [lambda page: cv2.resize(page, None, fx=0.7, fy=0.7), lambda page: cv2.rotate(page, 1)]
)
def test_a_sheet_scanned_again_with_other_settings_is_the_same_sheet(pile, sheet, read, change):
    [again] = pile.read(np.ascontiguousarray(change(sheet)), "x")

    assert distance(read.likeness, again.likeness) <= SAME_SHEET
    assert read.likeness.content != again.likeness.content


def test_sheets_of_different_people_are_not_alike(pile, read, scans):
    [other] = pile.read(decode((scans / "marked_001.jpg").read_bytes()), "x")

    assert distance(read.likeness, other.likeness) > SAME_SHEET


def test_brothers_whose_sheets_differ_in_the_child_alone_are_not_alike(form, pile, read, scans):
    [other] = pile.read(decode((scans / "marked_008.jpg").read_bytes()), "x")
    mine, others = decode(read.page_jpeg).copy(), decode(other.page_jpeg)
    for field in form.layout.fields:
        if field.key.startswith("child_"):
            x, y, wide, high = next(each.box_px for each in read.fields if each.key == field.key)
            mine[y : y + high, x : x + wide] = others[y : y + high, x : x + wide]

    [brother] = pile.read(mine, "x")

    assert distance(read.likeness, brother.likeness) > SAME_SHEET
