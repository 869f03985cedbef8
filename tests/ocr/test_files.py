"""Every file a scanner sends is opened, page by page; a page that is broken costs itself only."""

import io
from contextlib import closing

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from ocr.decode import decode
from ocr.files import document_of
from ocr.headers import FileKind, kind_of
from ocr.refusal import REASONS, PageRefusedError

SHEETS = ("marked_003.jpg", "plain_003.jpg", "marked_008.jpg")


@pytest.fixture(scope="module")
def sheets(scans):
    return [Image.open(scans / name).convert("L") for name in SHEETS]


def saved(sheets, kind, **how):
    file = io.BytesIO()
    first, *others = (sheet.copy() for sheet in sheets)
    first.save(file, kind, save_all=True, append_images=others, **how)
    return file.getvalue()


def pages_of(data):
    with closing(document_of(data)) as document:
        return [document.page(page) for page in range(1, document.pages + 1)]


def likeness(one, other):
    small = [np.asarray(Image.fromarray(page).resize((200, 280)), dtype=float) for page in (one, other)]
    return np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1]


@pytest.mark.parametrize("compression", ["raw", "group3", "group4", "tiff_lzw", "jpeg", "tiff_adobe_deflate"])
def test_a_tiff_of_any_compression_has_all_its_pages(sheets, compression):
    pages = [sheet.convert("1") for sheet in sheets] if compression.startswith("group") else sheets

    read = pages_of(saved(pages, "TIFF", compression=compression))

    assert len(read) == 3
    assert all(likeness(page, np.asarray(sheet)) > 0.8 for page, sheet in zip(read, sheets, strict=True))


def test_a_preview_inside_a_tiff_is_no_page(sheets):
    small = sheets[0].resize((200, 280))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    file = io.BytesIO()
    sheets[0].save(file, "TIFF", save_all=True, append_images=[small])

    pages = pages_of(file.getvalue())

    assert len(pages) == 1


def test_a_scanned_pdf_has_all_its_pages_at_the_resolution_that_is_read_best(sheets):
    read = pages_of(saved(sheets, "PDF", resolution=200))

    assert len(read) == 3
    assert abs(max(read[0].shape) - sheets[0].height * 300 / 200) < 3
    assert all(likeness(page, np.asarray(sheet)) > 0.95 for page, sheet in zip(read, sheets, strict=True))


def test_a_page_said_to_be_as_large_as_a_house_is_drawn_coarser(sheets):
    [page] = pages_of(saved(sheets[:1], "PDF", resolution=10))

    assert page.size <= 18_100_000


def changed(data, change):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def scripted(pdf):
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("while (true) {}")}
    pdf.root_object[NameObject("/OpenAction")] = DictionaryObject(script)


def test_a_pdf_with_a_script_is_drawn_and_the_script_is_not_run(sheets):
    data = changed(saved(sheets[:1], "PDF", resolution=200), scripted)

    assert len(pages_of(data)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: changed(data, lambda pdf: pdf.encrypt("ひみつ")), "password"),
        (lambda data: data[:40], "broken"),
        (lambda data: data[:0], "empty"),
        (lambda data: data[100:2000], "not_an_image"),
        (lambda data: b"RIFF    WEBP" + bytes(2000) + data, "unsupported_format"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(sheets, change, code):
    with pytest.raises(PageRefusedError) as refusal:
        document_of(change(saved(sheets[:1], "PDF", resolution=200)))

    assert refusal.value.reason == REASONS[code]


def test_a_pdf_that_anybody_may_open_is_read_though_its_owner_locked_changes(sheets):
    data = changed(saved(sheets[:1], "PDF", resolution=200), lambda pdf: pdf.encrypt("", "ひみつ"))

    assert len(pages_of(data)) == 1


def test_a_broken_page_of_a_document_costs_itself_only(sheets):
    data = saved(sheets, "PDF", resolution=200)
    starts = [place for place in range(len(data)) if data.startswith(b"\xff\xd8", place)]
    broken = bytearray(data)
    broken[starts[1] : starts[1] + 30_000] = bytes(30_000)

    with closing(document_of(bytes(broken))) as document:
        first, third = document.page(1), document.page(3)
        with pytest.raises(PageRefusedError) as refusal:
            document.page(2)

    assert refusal.value.code == "broken"
    assert first.shape == third.shape


def test_a_pdf_page_on_which_nothing_is_drawn_is_not_taken_for_blank_paper():
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    file = io.BytesIO()
    writer.write(file)

    with pytest.raises(PageRefusedError) as refusal:
        pages_of(file.getvalue())

    assert refusal.value.code == "nothing_drawn"


def test_a_scan_of_white_paper_in_a_pdf_is_drawn():
    [page] = pages_of(saved([Image.new("1", (1654, 2339), 1)], "PDF", resolution=200))

    assert page.min() == 255


def test_more_pages_than_anybody_feeds_at_once_are_refused():
    page = Image.new("1", (700, 700))

    with pytest.raises(PageRefusedError) as refusal:
        document_of(saved([page] * 501, "TIFF", compression="group4"))

    assert refusal.value.code == "too_many_pages"


def test_the_header_alone_tells_what_a_file_is(sheets, scans):
    jpeg = (scans / SHEETS[0]).read_bytes()
    files = jpeg, saved(sheets[:1], "PNG"), saved(sheets[:2], "TIFF"), saved(sheets[:1], "PDF")

    assert [kind_of(file) for file in files] == [FileKind.JPEG, FileKind.PNG, FileKind.TIFF, FileKind.PDF]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_without_its_end_is_seen_without_decoding_it(sheets, kind):
    file = io.BytesIO()
    sheets[0].save(file, kind)
    data = file.getvalue()

    with pytest.raises(PageRefusedError) as refusal:
        kind_of(data[: len(data) // 2])

    assert refusal.value.code == "broken"


def test_what_lies_behind_a_photographs_end_does_not_matter(scans):
    data = (scans / SHEETS[0]).read_bytes() + bytes(5000)

    assert kind_of(data) is FileKind.JPEG
    assert decode(data).size
