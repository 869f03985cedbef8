"""An empty form that somebody brings: laid straight, its places to write found, its labels read."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from forms import catalogue
from forms.field_types import FieldType
from forms.layout import Box
from forms.paper.composition import compose
from forms.paper.printing import pictures_of
from forms.zones import MOST_CELLS, MOST_ZONES, Proposal, Writing
from ocr.empty_form import EmptyForm, askew, empty_page
from ocr.paddle import PaddleEngine
from ocr.pool import ReadingPool
from ocr.proposals import every_box, proposals_on
from ocr.refusal import PageRefusedError
from tests.ocr.test_my_numbers import FONT
from tests.ocr.test_printed_by_the_house import FORM

A4 = EmptyForm((210.0, 297.0))
SHIPPED = catalogue.find("shugaku-enjo")


@pytest.fixture(scope="module")
def engine() -> PaddleEngine:
    return PaddleEngine()


def grey(png: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)


def blank() -> Image.Image:
    return Image.open(io.BytesIO(SHIPPED.blanks.without_markers)).convert("L")


def scanned(image: Image.Image, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70, **how)
    return file.getvalue()


def covers(one: Box, other: Box) -> float:
    """The share that two boxes have in common of what both take up together."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0.0, across) * max(0.0, down)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def found_and_right(truth: list[Box], proposed: list[Box]) -> tuple[int, int]:
    found = sum(any(covers(box, other) > 0.8 for other in proposed) for box in truth)
    right = sum(any(covers(box, other) > 0.8 for other in truth) for box in proposed)
    return found, right


def by_label(proposals: tuple[Proposal, ...]) -> dict[str, Proposal]:
    return {one.label: one for one in proposals}


@pytest.mark.parametrize("turn", [1.7, -3.2])
def test_every_zone_of_the_shipped_form_is_proposed_and_no_other(engine, turn):
    image = blank().rotate(turn, Image.Resampling.BICUBIC, fillcolor=253).filter(ImageFilter.GaussianBlur(0.7))
    page = empty_page(np.asarray(image), A4, engine)

    # Turned about its middle, each page comes back where it lay.
    truth = [field.box_mm for field in SHIPPED.layout.fields]
    assert found_and_right(truth, every_box(page.proposals)) == (28, 28)
    assert not page.asks_my_number


def test_labels_types_and_cells_of_the_shipped_form_are_read(engine):
    proposed = proposals_on(np.asarray(blank()), engine).proposals

    said = [one.label for one in proposed]
    wanted = [field.label for field in SHIPPED.layout.fields]
    kinds = {one.label: one.type for one in proposed}
    assert sum(label in said for label in wanted) >= len(wanted) - 1
    assert (kinds["生年月日"], kinds["郵便番号"]) == (FieldType.DATE, FieldType.POSTAL_CODE)
    combs = {one.label: (one.writing, one.many) for one in proposed if one.writing is Writing.COMB}
    assert combs == {"被保険者番号": (Writing.COMB, 8), "口座番号": (Writing.COMB, 7)}


def test_what_the_house_prints_is_found_with_its_choices_and_its_lines(engine):
    pages = compose(FORM)
    proposed = proposals_on(grey(pictures_of(list(pages))[0]), engine).proposals

    truth = [
        box for field in pages[0].layout.fields for box in ([one.box_mm for one in field.options] or [field.box_mm])
    ]
    assert found_and_right(truth, every_box(proposed)) == (len(truth), len(truth))
    found = by_label(proposed)
    assert found["利用の区分"].type is FieldType.CHOICE
    assert [option.label for option in found["使う部屋"].options] == ["講堂", "和室", "調理室", "会議室"]
    assert found["使う部屋"].type is FieldType.CHOICES
    assert (found["ご希望"].writing, found["ご希望"].many) == (Writing.LINES, 3)


def test_a_page_that_lies_on_its_side_is_turned_as_asked(engine):
    aside = np.asarray(blank().rotate(90, expand=True))
    page = empty_page(aside, EmptyForm((210.0, 297.0), quarters=1), engine)

    assert page.page_mm == (210.0, 297.0)
    assert len(page.proposals) == len(SHIPPED.layout.fields)


def test_a_label_for_a_my_number_is_noticed(engine):
    image = blank()
    draw = ImageDraw.Draw(image)
    draw.rectangle((166, 1850, 420, 1930), fill=255, outline=0, width=3)
    draw.rectangle((420, 1850, 1000, 1930), fill=255, outline=0, width=3)
    draw.text((176, 1874), "個人番号", 0, ImageFont.truetype(FONT, 34))

    assert proposals_on(np.asarray(image), engine).asks_my_number


def test_tables_underlines_and_units_of_other_offices_forms_are_found(engine):
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONT, 30)
    for row in range(4):  # a table: a head and three rows
        for column, label in enumerate(("品名", "数量", "金額")):
            box = (150 + 400 * column, 300 + 80 * row, 550 + 400 * column, 380 + 80 * row)
            draw.rectangle(box, outline=0, width=3)
            if row == 0:
                draw.text((box[0] + 20, box[1] + 20), label, 0, font)
    draw.text((150, 750), "氏　名", 0, font)
    draw.line((300, 800, 900, 800), 0, 3)
    draw.rectangle((150, 900, 450, 980), outline=0, width=3)
    draw.text((170, 920), "生年月日", 0, font)
    draw.rectangle((450, 900, 1200, 980), outline=0, width=3)
    for place, unit in ((620, "年"), (820, "月"), (1020, "日")):
        draw.text((place, 920), unit, 0, font)
    draw.rectangle((150, 1100, 1400, 1200), outline=0, width=3)
    draw.text((160, 1110), "使用する理由", 0, font)
    draw.rectangle((150, 1300, 1400, 1400), outline=0, width=3)
    draw.text((160, 1310), "※市処理欄", 0, font)

    proposed = proposals_on(np.asarray(page), engine).proposals

    found = by_label(proposed)
    assert {"品名", "数量", "金額(3行目)", "氏名", "生年月日", "使用する理由"} <= set(found)
    assert len(proposed) == 12
    assert (found["氏名"].type, found["生年月日"].type) == (FieldType.PERSON_NAME, FieldType.DATE)


def test_squared_paper_and_lines_at_the_very_edge_cost_no_more_than_other_pages(engine):
    page = np.full((2339, 1654), 255, np.uint8)
    page[1::26, :] = 0
    page[:, 1::26] = 0
    long_comb = np.full((2339, 1654), 255, np.uint8)
    long_comb[400:403, 20:1620], long_comb[440:443, 20:1620] = 0, 0
    long_comb[400:443, 20:1621:20] = 0

    assert len(proposals_on(page, engine).proposals) <= MOST_ZONES
    assert all((one.many or 0) <= MOST_CELLS for one in proposals_on(long_comb, engine).proposals)


def test_a_page_of_writing_has_no_zones_and_lies_straight(engine):
    page = np.full((2339, 1654), 255, np.uint8)
    page[300:302, 200:1400] = 0
    page[200:240:2, 200:420] = 0

    assert askew(page) == pytest.approx(0, abs=0.05)
    assert all(one.writing is not Writing.TICK for one in proposals_on(page, engine).proposals)


def test_a_file_is_opened_in_a_reading_process_or_refused_with_its_reason():
    files = {
        "broken": b"%PDF-1.7 nothing of the kind",
        "too_few_pixels": scanned(Image.new("L", (1, 1), 255)),
        "nothing_drawn": scanned(Image.new("L", (1654, 2339), 255)),
        "too_many_pages": _tiff(21),
    }
    with ReadingPool(1) as pool:
        pages = pool.empty_pages(A4, _tiff(2), "form.tif", 20)
        reasons = {code: _refusal(pool, data) for code, data in files.items()}

    assert [len(page.proposals) for page in pages] == [28, 28]
    assert reasons == {code: code for code in files}


def _refusal(pool: ReadingPool, data: bytes) -> str:
    with pytest.raises(PageRefusedError) as refusal:
        pool.empty_pages(A4, data, "form", 20)
    return refusal.value.code


def _tiff(pages: int) -> bytes:
    file = io.BytesIO()
    page = blank().convert("1")
    page.save(file, "TIFF", save_all=True, append_images=[page] * (pages - 1), compression="group4", dpi=(200, 200))
    return file.getvalue()
