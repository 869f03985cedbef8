"""A page is found and straightened, or refused; never guessed."""

import cv2
import numpy as np
import pytest

from ocr.decode import decode
from ocr.known_form import KnownForm
from ocr.refusal import PageRefusedError
from ocr.registration import RESIDUAL_LIMIT_PX
from ocr.sorting import find_sheets


@pytest.fixture(scope="module")
def put_right(form):
    def only_sheet(picture, layout=form.layout):
        [sheet] = find_sheets(picture, [KnownForm(layout, form.blanks)])
        if isinstance(sheet, PageRefusedError):
            raise sheet
        return sheet.registered

    return only_sheet


@pytest.mark.parametrize(
    ("name", "by"), [("marked_001", "markers"), ("marked_005", "markers"), ("plain_014", "orb"), ("plain_005", "orb")]
)
def test_a_scan_or_photo_is_registered_within_a_pixel_or_two(put_right, scans, name, by):
    picture = decode((scans / f"{name}.jpg").read_bytes())

    registered = put_right(picture)

    assert registered.by == by
    assert registered.residual_px < RESIDUAL_LIMIT_PX
    assert registered.page.shape == (2339, 1654)


@pytest.mark.parametrize("name", ["plain_003", "marked_003"])
@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_a_page_upside_down_or_on_its_side_is_turned(put_right, scans, name, turn):
    picture = cv2.rotate(decode((scans / f"{name}.jpg").read_bytes()), turn)

    registered = put_right(picture)

    assert registered.residual_px < 1


def test_a_sheet_with_another_forms_code_is_refused(put_right, form, scans):
    picture = decode((scans / "marked_003.jpg").read_bytes())
    other = form.layout.model_copy(update={"qr_text": "JIDO-TEATE/v1/p1"})

    with pytest.raises(PageRefusedError) as refusal:
        put_right(picture, other)

    assert refusal.value.code == "other_form"


def test_a_picture_of_something_else_is_refused(put_right):
    noise = np.random.default_rng(2).integers(0, 255, (1400, 1000), dtype=np.uint8)
    something = cv2.GaussianBlur(noise, (0, 0), 3)

    with pytest.raises(PageRefusedError) as refusal:
        put_right(something)

    assert refusal.value.code == "not_registered"


def test_a_sheet_with_two_markers_hidden_is_found_by_its_print(put_right, scans):
    picture = decode((scans / "marked_001.jpg").read_bytes()).copy()
    picture[:260, :260] = picture[:260, -260:] = 235

    registered = put_right(picture)

    assert registered.by == "orb"
    assert registered.residual_px < 1


def test_a_small_sheet_on_a_desk_is_not_taken_for_two(put_right, scans):
    sheet = decode((scans / "plain_010.jpg").read_bytes())
    desk = np.full((sheet.shape[0] * 3 // 2, sheet.shape[1] * 3 // 2), 70, dtype=np.uint8)
    desk[300 : 300 + sheet.shape[0], 200 : 200 + sheet.shape[1]] = sheet

    registered = put_right(desk)

    assert registered.residual_px < 1


def test_a_form_with_the_same_markers_and_other_print_is_refused(put_right, form, scans):
    picture = decode((scans / "marked_001.jpg").read_bytes()).copy()
    between = slice(picture.shape[0] // 8, -picture.shape[0] // 8)
    picture[between] = picture[between][::-1].copy()
    uncoded = form.layout.model_copy(update={"qr_text": None})

    with pytest.raises(PageRefusedError) as refusal:
        put_right(picture, uncoded)

    assert refusal.value.code == "not_registered"


def test_half_a_page_is_refused(put_right, scans):
    picture = decode((scans / "plain_015.jpg").read_bytes())

    with pytest.raises(PageRefusedError):
        put_right(np.ascontiguousarray(picture[: picture.shape[0] // 2]))


def test_a_form_whose_rows_have_moved_is_refused(put_right, scans):
    picture = decode((scans / "plain_015.jpg").read_bytes())
    moved = picture.copy()
    moved[900:2200] = picture[860:2160]

    try:
        registered = put_right(moved)
    except PageRefusedError as refusal:
        assert refusal.code in ("residual", "not_registered")  # noqa: PT017  # either end is safe
    else:
        assert registered.details.in_place.mean() > 0.9
