"""Whatever is uploaded is a picture we read, or is refused in words; nothing else happens."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ocr.decode import decode
from ocr.headers import PICTURE_LIMIT
from ocr.refusal import REASONS, PageRefusedError


def picture(kind="JPEG", size=(800, 1000), mode="L", **saved):
    file = io.BytesIO()
    Image.new(mode, size, "white").save(file, kind, **saved)
    return file.getvalue()


GOOD = picture()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xff\xd8" + b"\0" * PICTURE_LIMIT, "too_large"),
        (b"%PDF-1.7\n...", "pdf"),
        ("これは画像ではありません".encode(), "not_an_image"),
        (GOOD[: len(GOOD) // 2], "broken"),
        (GOOD[:20], "broken"),
        (picture("PNG")[:60], "broken"),
        (picture("GIF"), "unsupported_format"),
        (picture("PNG", save_all=True, append_images=[Image.new("L", (800, 1000))]), "animated"),
        (picture("PNG", (16000, 16000), "1"), "too_many_pixels"),
        (picture("PNG", (7800, 7800), "1"), "too_many_pixels"),
        (picture(size=(300, 400)), "too_few_pixels"),
    ],
)
def test_each_kind_of_rubbish_has_its_own_reason(data, code):
    with pytest.raises(PageRefusedError) as refusal:
        decode(data)

    assert refusal.value.code == code
    assert refusal.value.reason == REASONS[code]


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "LA"])
def test_a_png_of_any_colour_kind_becomes_grey(mode):
    grey = decode(picture("PNG", mode=mode))

    assert grey.shape == (1000, 800)
    assert grey.dtype == np.uint8
    assert grey.min() == 255


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "CMYK", "LAB", "F", "I;16", "RGBA"])
def test_a_tiff_of_any_colour_kind_becomes_grey(mode):
    file = io.BytesIO()
    white = Image.new(mode, (800, 1000)) if mode == "CMYK" else Image.new(mode, (800, 1000), "white")
    (Image.fromarray(np.full((1000, 800), 65535, np.uint16)) if mode == "I;16" else white).save(file, "TIFF")

    grey = decode(file.getvalue())

    assert grey.shape == (1000, 800)
    assert grey.min() >= 254


def test_a_fax_whose_lines_stand_further_apart_than_its_dots_becomes_as_high_as_it_was():
    fax = picture("TIFF", size=(1728, 1100), mode="1", compression="group4", dpi=(204, 98))

    grey = decode(fax)

    assert grey.shape == (2290, 1728)


def test_a_sixteen_bit_png_keeps_its_greys():
    file = io.BytesIO()
    Image.fromarray(np.full((1000, 800), 257 * 100, dtype=np.uint16)).save(file, "PNG")

    grey = decode(file.getvalue())

    assert set(grey.ravel()) == {100}


def test_a_picture_is_turned_as_its_camera_says():
    turned = Image.Exif()
    turned[0x0112] = 6

    grey = decode(picture(exif=turned))

    assert grey.shape == (800, 1000)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=20))
def test_flipped_bytes_give_a_picture_or_a_refusal(flips):
    data = bytearray(GOOD)
    for place, byte in flips:
        data[place] = byte

    try:
        grey = decode(bytes(data))
    except PageRefusedError as refusal:
        assert refusal.code in REASONS  # noqa: PT017  # either end is right
    else:
        assert grey.ndim == 2
