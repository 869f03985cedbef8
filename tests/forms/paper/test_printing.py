"""What comes out of the printer: an archive file with its words, marks that others read, answers in their boxes."""

import io
import json
from datetime import date

import cv2
import numpy as np
import pypdf
import pytest
import zxingcpp
from PIL import Image

from forms import catalogue
from forms.definition import parse_definition
from forms.paper.composition import compose
from forms.paper.filling import filled
from forms.paper.marks import page_code
from forms.paper.printing import pdf_of, pictures_of

DAY = date(2026, 11, 27)
FORM = catalogue.find("shugaku-enjo").definition
FIELDS = [
    {"key": "who", "label": "氏名", "label_en": "Name", "type": "person_name"},
    {"key": "day", "label": "日付", "label_en": "Day", "type": "date"},
    {"key": "fee", "label": "金額", "label_en": "Fee", "type": "yen"},
    {"key": "no", "label": "番号", "label_en": "No.", "type": "digits", "comb": 6},
]
SMALL = parse_definition(
    json.dumps({"schema": 2, "code": "x", "title": "小さな様式", "title_en": "x", "version": 1, "fields": FIELDS})
)


def picture(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def ink_in(image: np.ndarray, box: tuple[float, float, float, float]) -> int:
    x, y, width, height = (round(mm * 200 / 25.4) for mm in box)
    return int((image[y + 4 : y + height - 4, x + 4 : x + width - 4] < 128).sum())


def test_a_form_prints_as_an_archive_file_with_its_words_in_it():
    file = pypdf.PdfReader(io.BytesIO(pdf_of("小さな様式", DAY, compose(SMALL))))
    meta = file.trailer["/Root"]["/Metadata"].get_data().decode()

    assert "小さな様式" in file.pages[0].extract_text()
    assert "<pdfaid:part>3</pdfaid:part>" in meta
    assert file.metadata.title == "小さな様式"
    assert [round(float(edge) / 72 * 25.4) for edge in file.pages[0].mediabox[2:]] == [210, 297]


def test_the_same_pages_of_the_same_day_are_the_same_file():
    assert pdf_of("x", DAY, compose(SMALL)) == pdf_of("x", DAY, compose(SMALL))


def test_another_library_finds_the_markers_where_the_layout_says():
    (page,) = compose(SMALL)
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))

    corners, ids, _ = detector.detectMarkers(picture(pictures_of([page])[0]))

    assert sorted(int(one) for one in ids.ravel()) == [0, 1, 2, 3]
    wanted = dict(zip(page.layout.markers.ids, page.layout.markers.corners_mm, strict=True))
    for found, name in zip(corners, ids.ravel(), strict=True):
        top_left = found[0][0] * 25.4 / 200
        assert np.allclose(top_left, wanted[int(name)], atol=0.2)


def test_the_code_names_form_version_page_and_copy():
    (page,) = compose(SMALL)
    copy = page.with_([page_code(page.layout.qr_text, "K7Q2M9X4")])

    (found,) = zxingcpp.read_barcodes(picture(pictures_of([copy])[0]))

    assert found.text == "GIJO/x/v1/p1/K7Q2M9X4"


def test_answers_stand_inside_their_boxes_and_nowhere_else():
    (page,) = compose(SMALL)
    given = {"who": "福岡 花子", "fee": 1_234_567, "no": "012345"}

    empty, written = (picture(png) for png in pictures_of([page, filled(page, given)]))

    for field in page.layout.fields:
        assert (ink_in(written, field.box_mm) > ink_in(empty, field.box_mm)) is (field.key in given)
    changed = np.argwhere(empty != written) * 25.4 / 200
    boxes = [field.box_mm for field in page.layout.fields if field.key in given]
    inside = [any(x <= at[1] <= x + w and y <= at[0] <= y + h for x, y, w, h in boxes) for at in changed]
    assert all(inside)


def test_a_date_is_printed_in_its_era_and_an_amount_with_commas():
    (page,) = compose(SMALL)

    file = pypdf.PdfReader(io.BytesIO(pdf_of("x", DAY, [filled(page, {"day": "2026-11-27", "fee": 1234567})])))

    assert "令和8年11月27日" in file.pages[0].extract_text().replace(" ", "")
    assert "1,234,567" in file.pages[0].extract_text()


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', "*太* _x_ = 見出し", "$x^2$ \\ // 終", "<b>&amp;", "@who #1"])
def test_what_people_write_is_text_and_never_a_command(text):
    (page,) = compose(SMALL)

    file = pypdf.PdfReader(io.BytesIO(pdf_of(text, DAY, [filled(page, {"who": text})])))

    assert "".join(text.split()) in "".join(file.pages[0].extract_text().split())


def test_a_tick_stands_in_its_box():
    (page,) = compose(FORM)
    ticked = next(field for field in page.layout.fields if field.key == "cb0")
    plain = next(field for field in page.layout.fields if field.key == "cb1")

    image = picture(pictures_of([filled(page, {"cb0": True, "cb1": False})])[0])

    assert ink_in(image, ticked.box_mm) > 50
    assert ink_in(image, plain.box_mm) == 0
