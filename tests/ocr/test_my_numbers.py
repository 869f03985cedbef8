"""No 個人番号 leaves the reader: its place on the picture is black, its digits are masked. Numbers are made up here."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from forms.field_types import FieldType
from forms.layout import PaperField
from forms.my_number import check_digit
from ocr.decode import decode
from ocr.geometry import box_px
from ocr.known_form import KnownForm
from ocr.my_numbers import without_my_numbers
from ocr.page import FieldReading
from ocr.reader import PileReader, shipped_engines

FONT = "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"


def number(seed=7, *, right=True):
    eleven = "".join(str(digit) for digit in np.random.default_rng(seed).integers(0, 10, 11))
    return eleven + str(check_digit(eleven) if right else (check_digit(eleven) + 1) % 10)


@pytest.fixture(scope="module")
def known(form):
    return KnownForm(form.layout, form.blanks, form.definition)


@pytest.fixture(scope="module")
def engines():
    return shipped_engines()


@pytest.fixture(scope="module")
def pile(known, engines):
    return PileReader([known], engines)


@pytest.fixture(scope="module")
def blank(form):
    return Image.open(io.BytesIO(form.blanks.without_markers)).convert("L")


def sheet(blank, *written):
    page = blank.copy()
    pen = ImageDraw.Draw(page)
    for place, text, size in written:
        pen.text(place, text, font=ImageFont.truetype(FONT, size), fill=40)
    soft = cv2.GaussianBlur(np.asarray(page), (3, 3), 0).astype(float)
    return (soft + np.random.default_rng(1).normal(0, 3, soft.shape)).clip(0, 255).astype(np.uint8)


def black(reading, x, y):
    return decode(reading.page_jpeg)[y, x] < 20


def in_field(form, key):
    x, y, _, height = box_px(next(field for field in form.layout.fields if field.key == key).box_mm)
    return x + 14, y + height // 5, x, y


@pytest.mark.parametrize("right", [True, False])
def test_twelve_digits_in_a_field_are_masked_in_the_picture_and_in_every_text(form, pile, blank, right):
    left, top, x, y = in_field(form, "address")
    digits = number(right=right)

    [reading] = pile.read(sheet(blank, ((left, top), digits, 34)), "x")

    field = next(field for field in reading.fields if field.key == "address")
    assert "my_number" in field.why_not
    assert field.value is None
    assert not any(letter.isdigit() for letter in "".join((field.text, field.second_text, *field.candidates)))
    assert black(reading, x + 30, y + 20)
    assert reading.codes == ("my_number",)
    assert digits not in str(reading.as_json())


def read(kind, text, second="", *, certainty=0.99, why=()):
    """A field that is read so by the two engines."""
    value = None if "phone_shape" in why else text
    return FieldReading(kind, FieldType(kind), value, text, certainty, why, (second,), (0, 0, 9, 9), second)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (read("digits", "9706051255", "118796051255"), False),
        (read("phone", "090-2740-4593", "090-27401-4593", why=("misplaced",)), False),
        (read("phone", "090-2740-4593", "090-27401-4593", certainty=0.9), True),
        (read("phone", "090-2740-4593", "090-27401-4593", why=("ink_unread",)), True),
        (read("phone", "090-2740-4593", number(seed=11)), True),
        (read("phone", "0902 7401 4593", certainty=0.5, why=("phone_shape",)), True),
        (read("text", "0902-7401-4593"), True),
    ],
)
def test_twelve_digits_that_only_the_second_engine_counts_are_none_where_the_first_is_sure(
    known, engines, field, shown
):
    box = PaperField(key=field.key, type=field.type, box_mm=(20, 20, 60, 8))
    asking = KnownForm(known.layout.model_copy(update={"fields": (box,)}), known.blanks)

    (told,), covered = without_my_numbers((field,), known.blank.common, asking, engines)

    assert (len(covered), "my_number" in told.why_not) == (shown, shown)


def test_twelve_digits_where_kana_belong_are_covered_too(form, pile, blank):
    left, top, x, y = in_field(form, "kana")

    [reading] = pile.read(sheet(blank, ((left, top), number(right=False), 34)), "x")

    assert reading.codes == ("my_number",)
    assert black(reading, x + 30, y + 20)


def test_a_number_of_the_offices_own_stays(form, blank):
    fields = [field.model_copy(update={"business_key": field.key == "address"}) for field in form.layout.fields]
    layout = form.layout.model_copy(update={"fields": tuple(fields)})
    left, top, _, _ = in_field(form, "address")

    [reading] = PileReader([KnownForm(layout, form.blanks)]).read(sheet(blank, ((left, top), number(), 34)), "x")

    assert reading.codes == ()


@pytest.fixture(scope="module")
def free(blank):
    """Where the form prints nothing, 900 pixels wide and 120 high."""
    left, top = 300, 2040
    assert np.asarray(blank)[top : top + 120, left : left + 900].min() > 200
    return left, top


@pytest.mark.parametrize("parted", ["", " ", "-"])
def test_a_number_written_outside_every_field_is_found_by_its_check_digit_and_covered(pile, blank, free, parted):
    left, top = free
    digits = number()
    text = parted.join((digits[:4], digits[4:8], digits[8:]))

    [reading] = pile.read(sheet(blank, ((left, top), text, 44)), "x")

    assert reading.codes == ("my_number",)
    assert black(reading, left + 100, top + 25)
    assert not any(field.passes for field in reading.fields)


@pytest.mark.parametrize("label", ["個人番号", "マイナンバー"])
def test_twelve_digits_beside_a_label_for_it_are_covered_whatever_their_check_digit(pile, blank, free, label):
    left, top = free

    beside = sheet(blank, ((left, top), f"{label} {number(right=False)}", 44))
    above = sheet(blank, ((left, top), label, 40), ((left, top + 52), number(right=False), 44))

    assert [pile.read(page, "x")[0].codes for page in (beside, above)] == [("my_number",)] * 2


def test_other_notes_outside_the_fields_stay(pile, blank, free):
    left, top = free

    [reading] = pile.read(sheet(blank, ((left, top), "受付 092-711-0000 係 山田 11/28", 44)), "x")

    assert reading.codes == ()
    assert not black(reading, left + 100, top + 25)


def test_no_scan_of_the_demonstration_is_taken_to_show_one(form, pile, scans):
    readings = [pile.read(decode((scans / name).read_bytes()), name)[0] for name in ("plain_014.jpg", "marked_005.jpg")]

    assert [reading.codes for reading in readings] == [(), ()]


def test_a_page_that_fits_no_form_is_shown_to_people_without_the_number_on_it(pile):
    page = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(page)
    pen.text((200, 300), "マイナンバーのお知らせ", font=ImageFont.truetype(FONT, 50), fill=30)
    pen.text((200, 600), number(), font=ImageFont.truetype(FONT, 50), fill=30)

    [reading] = pile.read(np.asarray(page), "x")

    assert (reading.status, reading.codes) == ("refused", ("my_number",))
    assert black(reading, 300, 625)
    assert not black(reading, 205, 500)
