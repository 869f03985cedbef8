"""A sheet for the years: its pictures untouched, its words beneath, nothing that a reader of 2056 has to fetch."""

import io
from datetime import date

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from forms.paper.archiving import PicturePage, Words, archive_pdf

DAY = date(2026, 11, 28)


def picture(grey: int) -> bytes:
    made = io.BytesIO()
    Image.fromarray(np.full((2339, 1654), grey, np.uint8)).save(made, "JPEG", quality=85)
    return made.getvalue()


def page(grey: int, *words: Words) -> PicturePage:
    return PicturePage(picture(grey), 1654, 2339, "R8-利用-0001 1ページ", words)


def stored(pdf: PdfReader) -> list[bytes]:
    """The pictures of each page as they lie in the file, not as they are drawn."""
    found = [each.get_object() for one in pdf.pages for each in one["/Resources"]["/XObject"].values()]
    return [each._data for each in found if each["/Subtype"] == "/Image"]


def test_a_file_says_that_it_is_pdf_a_2u_and_holds_what_that_asks_for():
    pdf = PdfReader(io.BytesIO(archive_pdf("R8-利用-0001", DAY, [page(200, Words("髙﨑 花子", 300, 400, 500, 60))])))

    told = pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    fonts = [font.get_object() for font in pdf.pages[0]["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert "<pdfaid:part>2<" in told
    assert "<pdfaid:conformance>U<" in told
    assert pdf.trailer["/Root"]["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "/DestOutputProfile" in pdf.trailer["/Root"]["/OutputIntents"][0]
    assert fonts
    assert all("/ToUnicode" in font for font in fonts)
    assert all({"/FontFile2", "/FontFile3"} & set(each) for each in descriptors)
    assert not pdf.is_encrypted
    assert pdf.metadata.title == "R8-利用-0001"


def test_pictures_lie_in_it_byte_for_byte_and_each_file_has_its_own():
    first = archive_pdf("一", DAY, [page(200), page(120)])
    second = archive_pdf("二", DAY, [page(90)])

    assert stored(PdfReader(io.BytesIO(first))) == [picture(200), picture(120)]
    assert stored(PdfReader(io.BytesIO(second))) == [picture(90)]
    assert len(first) < len(picture(200)) + len(picture(120)) + 20_000


def test_words_are_found_on_the_page_on_which_they_stand():
    words = Words("福岡市博多区", 300, 400, 500, 60)

    pdf = PdfReader(io.BytesIO(archive_pdf("一", DAY, [page(200, words), page(120)])))

    assert [one.extract_text().strip().replace(" ", "") for one in pdf.pages] == ["福岡市博多区", ""]
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]


def test_the_same_pages_of_the_same_day_are_the_same_bytes():
    pages = [page(200, Words("福岡市", 300, 400, 500, 60))]

    assert archive_pdf("一", DAY, pages) == archive_pdf("一", DAY, pages)


@pytest.mark.parametrize("pages", [[], [PicturePage(b"\xff\xd8 broken", 1654, 2339, "一")]])
def test_nothing_is_made_of_no_picture_or_of_a_broken_one(pages):
    with pytest.raises(ValueError, match=r"picture|pages"):
        archive_pdf("一", DAY, pages)
