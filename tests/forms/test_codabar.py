"""The bars of a library card: another library reads them back, from a screen and from the picture of a phone."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from forms.codabar import QUIET, NotCodabarError, bars, passes, svg, with_check

INSIDE = "0123456789-$:/.+"
numbers = st.text(INSIDE, min_size=1, max_size=16)
ends = st.sampled_from("ABCD")
texts = st.builds("{}{}{}".format, ends, numbers, ends)
CARD = with_check("A1020304050A")
SVG = "{http://www.w3.org/2000/svg}"


def picture(drawn: str) -> Image.Image:
    """Paint what an SVG of bars says, pixel by pixel."""
    root = ET.fromstring(drawn)  # noqa: S314 - our own drawing
    modules = int(root.get("viewBox").split()[2])
    width, height = int(root.get("width")), int(root.get("height"))
    white, black = root.findall(f"{SVG}path")
    assert (white.get("fill"), black.get("fill")) == ("#fff", "#000")
    image = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(image)
    scale = width // modules
    for x, wide in re.findall(r"M(\d+) 0h(\d+)", black.get("d")):
        pen.rectangle((int(x) * scale, 0, (int(x) + int(wide)) * scale - 1, height), fill=0)
    return image


def phone(image: Image.Image, degrees: float, blur: float, grain: random.Random) -> Image.Image:
    """Take a picture of a screen: larger, held a little askew, not quite sharp, in the dim light of a counter."""
    framed = Image.new("L", (image.width + 200, image.height + 200), 235)
    framed.paste(image, (100, 100))
    framed = framed.resize((framed.width * 2, framed.height * 2), Image.Resampling.BICUBIC)
    framed = framed.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=235)
    framed = framed.filter(ImageFilter.GaussianBlur(blur))
    noise = Image.frombytes("L", framed.size, grain.randbytes(framed.width * framed.height))
    return Image.blend(framed.point(lambda level: 40 + level * 180 // 255), noise, 0.08)


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image) if found.format == zxingcpp.BarcodeFormat.Codabar]


@given(texts, st.integers(1, 4))
def test_whatever_can_be_shown_is_read_back_by_another_library_at_every_size(text, module):
    # The reader takes no symbol that is shorter than a few characters for one.
    shown = f"{text[0]}12{text[1:]}"

    assert read(picture(svg(shown, "バーコード", module))) == [shown]


@pytest.mark.parametrize("degrees", [-12, -4, 0, 4, 12])
@pytest.mark.parametrize("blur", [0.6, 1.5])
def test_a_card_is_read_from_the_picture_of_a_phone(degrees, blur):
    grain = random.Random(7)  # noqa: S311 - grain of a picture
    cards = [with_check(f"A{grain.randrange(10**9, 10**10)}A") for _ in range(8)]

    seen = [read(phone(picture(svg(card, "図書館カード")), degrees, blur, grain)) for card in cards]

    assert seen == [[card] for card in cards]


def test_the_check_character_is_that_of_modulus_16():
    assert with_check("A37859B") == "A37859+B"
    assert with_check("A0A") == "A00A"


@given(texts)
def test_a_number_with_its_check_character_passes(text):
    assert passes(with_check(text))


@given(texts, st.data())
def test_one_character_read_wrongly_does_not_pass(text, data):
    checked = with_check(text)
    place = data.draw(st.integers(1, len(checked) - 2))
    other = data.draw(st.sampled_from([each for each in INSIDE if each != checked[place]]))

    assert not passes(f"{checked[:place]}{other}{checked[place + 1 :]}")


@given(texts)
def test_bars_are_narrow_or_thrice_as_wide_and_part_the_characters(text):
    widths = bars(text)

    assert set(widths) <= {1, 3}
    assert len(widths) == 8 * len(text) - 1
    assert all(gap == 1 for gap in widths[7::8])


@given(texts)
def test_there_is_a_quiet_zone_at_both_ends(text):
    image = picture(svg(text, "バーコード", 1))
    row = [image.getpixel((x, 0)) for x in range(image.width)]

    assert row[:QUIET] == [255] * QUIET
    assert row[-QUIET:] == [255] * QUIET
    assert row[QUIET] == row[-QUIET - 1] == 0
    assert sum(one != other for one, other in pairwise(row)) == len(bars(text)) + 1


def test_it_says_what_it_is_and_needs_no_style():
    drawn = svg(CARD, "図書館カード <1>")

    assert 'role="img"' in drawn
    assert "<title>図書館カード &lt;1&gt;</title>" in drawn
    assert "style" not in drawn


@pytest.mark.parametrize("text", ["", "A", "AB", "1234", "A1234", "1234B", "E1234E", "a1234a", "T1N"])
def test_without_a_start_and_a_stop_there_are_no_bars(text):
    with pytest.raises(NotCodabarError, match="始まり"):
        bars(text)


@pytest.mark.parametrize("inside", ["12X4", "1A2", "1 2", "12*", "１２", "福岡"])
def test_a_character_outside_the_set_is_refused(inside):
    for does in (bars, with_check, passes, lambda text: svg(text, "バーコード")):
        with pytest.raises(NotCodabarError, match="使えるのは"):
            does(f"A{inside}A")
