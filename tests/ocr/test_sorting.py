"""A pile of several forms is sorted sheet by sheet; what could be either of two is refused, never guessed."""

import cv2
import numpy as np
import pytest

from forms.layout import LayoutError, parse_layout
from ocr.blankness import is_blank
from ocr.decode import decode
from ocr.known_form import KnownForm
from ocr.reader import PileReader
from ocr.refusal import PageRefusedError
from ocr.sorting import find_sheets
from tests.ocr.invented_forms import invented, scanned


def told(picture, forms):
    return [
        sheet.code if isinstance(sheet, PageRefusedError) else (sheet.form, sheet.serial)
        for sheet in find_sheets(picture, forms)
    ]


@pytest.fixture(scope="module")
def plain():
    return [invented(seed) for seed in range(12)]


@pytest.fixture(scope="module")
def marked():
    return [invented(seed, marked=True) for seed in range(12)]


@pytest.mark.parametrize("seed", range(0, 12, 3))
def test_a_sheet_without_a_code_goes_to_the_form_whose_print_it_has_whichever_way_up(plain, marked, seed):
    turns = seed // 3

    assert told(scanned(plain[seed], seed, turns=turns), plain) == [(seed, None)]
    assert told(scanned(marked[seed], seed, turns=turns), marked) == [(seed, None)]


def test_real_scans_go_to_their_form_among_others(form, plain, scans):
    pile = [*plain, KnownForm(form.layout, form.blanks)]

    places = [told(decode((scans / f"{name}.jpg").read_bytes()), pile) for name in ("plain_003", "plain_012")]

    assert places == [[(12, None)], [(12, None)]]


def test_a_code_names_the_form_the_page_and_the_serial_of_the_sheet():
    pages = [invented(page, page=page, pages=3, qr_text=f"GIJO/shinsei/v1/p{page}") for page in (1, 2, 3)]
    piled = [(page, scanned(pages[page - 1], code=f"GIJO/shinsei/v1/p{page}/A0{page}")) for page in (3, 1, 2)]

    sorted_to = [told(picture, pages) for _, picture in piled]

    assert sorted_to == [[(2, "A03")], [(0, "A01")], [(1, "A02")]]


def test_an_older_code_without_a_serial_is_the_whole_text():
    form = invented(5, qr_text="MOUSHIKOMI/v1/p1")

    assert told(scanned(form, code="MOUSHIKOMI/v1/p1"), [form]) == [(0, None)]
    assert told(scanned(form, code="MOUSHIKOMI/v1/p12"), [form]) == ["other_form"]


def test_a_form_with_a_code_of_somebody_else_on_it_is_still_that_form(plain):
    assert told(scanned(plain[4], code="https://example.jp/"), plain) == [(4, None)]


def test_a_sheet_of_a_form_that_nobody_knows_is_refused(plain):
    assert told(scanned(invented(77)), plain) == ["not_registered"]


@pytest.mark.parametrize("edition", [0, 1])
def test_two_editions_are_told_apart_by_what_only_one_prints(edition):
    editions = [invented(8, besides=[((1000, 2200), word)]) for word in ("EDITION 4", "FIFTH ED.")]

    assert told(scanned(editions[edition]), editions) == [(edition, None)]


@pytest.mark.parametrize("edition", [0, 1])
def test_an_edition_with_more_on_it_is_told_from_the_one_without(edition):
    editions = [invented(8), invented(8, besides=[((1000, 2200), "EDITION 4")])]

    assert told(scanned(editions[edition]), editions) == [(edition, None)]


def test_a_sheet_that_fits_two_forms_alike_is_refused():
    assert told(scanned(invented(8)), [invented(8), invented(8)]) == ["two_forms"]


@pytest.mark.parametrize("names", [("plain_012", "plain_003"), ("marked_014", "marked_003")])
def test_two_sheets_of_a_form_in_one_picture_are_both_found_from_left_to_right(form, scans, names):
    pictures = [decode((scans / f"{name}.jpg").read_bytes()) for name in names]
    high = max(picture.shape[0] for picture in pictures)
    padded = [cv2.copyMakeBorder(p, 0, high - p.shape[0], 0, 0, cv2.BORDER_CONSTANT, value=240) for p in pictures]

    sheets = find_sheets(np.hstack(padded), [KnownForm(form.layout, form.blanks)])

    assert len(sheets) == 2
    assert sheets[0].registered.outline[:, 0].mean() < sheets[1].registered.outline[:, 0].mean()


@pytest.mark.parametrize("turned", [0, 1, 2])
def test_a_page_of_no_known_form_beside_a_sheet_is_told_and_not_left_out(turned):
    form, stranger = invented(4), np.rot90(scanned(invented(77)), turned)
    sheet = scanned(form)
    high = max(sheet.shape[0], stranger.shape[0])
    laid = np.full((high, sheet.shape[1] + stranger.shape[1]), 235, np.uint8)
    laid[: sheet.shape[0], : sheet.shape[1]] = sheet
    laid[: stranger.shape[0], sheet.shape[1] :] = stranger

    assert told(laid, [form, invented(6)]) == [(0, None), "not_registered"]


@pytest.mark.parametrize("brightness", [40, 150, 235])
def test_a_desk_a_lid_or_bare_glass_beside_a_sheet_is_no_page(brightness):
    form = invented(4)
    sheet = scanned(form)
    grain = np.random.default_rng(4).normal(0, 12, (sheet.shape[0] // 4, sheet.shape[1]))
    wood = cv2.resize(brightness + cv2.GaussianBlur(grain, (1, 61), 0), (sheet.shape[1], sheet.shape[0]))
    cv2.line(wood, (200, 300), (1200, 900), float(brightness // 2), 14)  # a pen

    laid = np.hstack([sheet, wood.clip(0, 255).astype(np.uint8)])

    assert told(laid, [form, invented(6)]) == [(0, None)]


def test_two_sheets_of_two_forms_one_above_the_other_are_both_found():
    forms = [invented(seed, qr_text=f"GIJO/f{seed}/v1/p1") for seed in range(3)]
    lower, upper = (scanned(forms[seed], code=f"GIJO/f{seed}/v1/p1/{seed}") for seed in (0, 2))

    assert told(np.vstack([upper, lower]), forms) == [(2, "2"), (0, "0")]


def test_a_code_beside_the_sheets_that_were_found_tells_of_one_that_was_not():
    forms = [invented(seed, qr_text=f"GIJO/f{seed}/v1/p1") for seed in range(2)]
    sheet = scanned(forms[0], code="GIJO/f0/v1/p1/7")
    torn = np.full_like(sheet, 250)
    torn[:400] = scanned(forms[1], code="GIJO/f1/v1/p1/8")[:400]

    assert told(np.hstack([sheet, torn]), forms) == [(0, "7"), "not_registered"]


def paper(noise, tone=240):
    dice = np.random.default_rng(3)
    shade = np.linspace(tone, tone - 25, 2339)[:, None] + dice.normal(0, noise, (2339, 1654))
    return shade.clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [0, 2, 6])
def test_an_empty_back_is_blank_whatever_its_grain_and_shade(noise):
    assert is_blank(paper(noise))


def test_a_picture_that_is_black_all_over_is_not_called_blank_paper():
    assert not is_blank(np.zeros((2339, 1654), np.uint8))


def test_a_strip_is_no_sheet(form):
    strip = np.full((30_000, 720), 240, np.uint8)

    [reading] = PileReader([KnownForm(form.layout, form.blanks)]).read(strip, "strip.png")

    assert reading.reason_code == "not_registered"


def test_specks_and_the_scanners_edge_are_no_writing():
    page = paper(2)
    page[:, :30] = 60
    for place in range(200, 2000, 150):
        cv2.circle(page, (place * 7 % 1600, place), 2, 90, -1)

    assert is_blank(page)


@pytest.mark.parametrize(("noise", "darker"), [(0, 12), (2, 25), (5, 60)])
def test_a_page_with_faint_writing_is_not_blank(noise, darker):
    page = paper(noise).astype(int)
    ink = np.zeros((2339, 1654), np.uint8)
    cv2.putText(ink, "tel 092", (500, 1200), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, 255, 2, cv2.LINE_AA)
    faint = (page - (ink / 255 * darker)).clip(0, 255).astype(np.uint8)

    assert not is_blank(faint)


def test_a_layout_stands_on_one_of_the_forms_pages():
    with pytest.raises(LayoutError):
        parse_layout(
            '{"form": "申請書", "version": 1, "page_mm": [210, 297], "pages": 2, "page": 3,'
            ' "fields": [{"key": "a", "type": "text", "box_mm": [10, 10, 50, 10]}]}'
        )
