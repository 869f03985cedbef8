"""Files that no scanner sends: good ones broken by a seed, and ones that somebody made to do harm. Seeded, endless."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests.ocr.invented_forms import invented, scanned

FORM = invented(21)


def _saved(images, kind, **how):
    file = io.BytesIO()
    first, *others = (image.copy() for image in images)
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(file, kind, **more, **how)
    return file.getvalue()


@cache
def _page(seed=1):
    return Image.fromarray(scanned(FORM, seed)).resize((827, 1170))


@cache
def good_files():
    """Return one small file of every kind that is read."""
    page, other = _page(), _page(2)
    deep = Image.fromarray(np.asarray(page).astype(np.uint16) * 257)
    rgb = page.convert("RGB")
    return {
        "jpeg": _saved([page], "JPEG", quality=60),
        "progressive": _saved([rgb], "JPEG", quality=50, progressive=True),
        "cmyk": _saved([page.convert("CMYK")], "JPEG", quality=50),
        "mpo": _saved([rgb, rgb], "MPO", quality=50),
        "png": _saved([page.quantize(8)], "PNG"),
        "png16": _saved([deep], "PNG", compress_level=1),
        "rgba": _saved([page.convert("RGBA")], "PNG", compress_level=1),
        "apng": _saved([page.convert("1"), other.convert("1")], "PNG"),
        "g3": _saved([page.convert("1"), other.convert("1")], "TIFF", compression="group3"),
        "g4": _saved([page.convert("1"), other.convert("1")], "TIFF", compression="group4"),
        "lzw": _saved([page], "TIFF", compression="tiff_lzw"),
        "tiff_jpeg": _saved([page, other], "TIFF", compression="jpeg"),
        "tiff_cmyk": _saved([page.convert("CMYK")], "TIFF", compression="tiff_adobe_deflate"),
        "pdf": _saved([page], "PDF", resolution=100),
        "pdf_bilevel": _saved([page.convert("1"), other.convert("1")], "PDF", resolution=100),
    }


def _pdf(*objects, root=1):
    """Put together a PDF file from its objects' text, numbered from 1."""
    body, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return (
        body + head + b"trailer <</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, len(body))
    )


def _stream(words, data):
    packed = zlib.compress(data, 9)
    return b"<<%b /Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (words, len(packed), packed)


def _one_page(content, resources=b"", box=b"0 0 595 842", *more):
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R /Resources <<%b>>>>" % (box, resources)
    pages = b"<</Type /Pages /Kids [3 0 R] /Count 1>>"
    return _pdf(b"<</Type /Catalog /Pages 2 0 R>>", pages, page, _stream(b"", content), *more)


def _image_stream(width, height, data):
    words = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
    return _stream(words % (width, height), data)


def _png(width, height, bits, packed, *chunks):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(chunk(*each) for each in chunks)
        + chunk(b"IDAT", packed)
        + chunk(b"IEND", b"")
    )


def _changed(change):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good_files()["pdf"])))
    change(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _scripted(writer):
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("for(;;){app.alert(1)}")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)


@cache
def harmful_files():
    """Return files that ask for endless work, memory or trust, each with a name."""
    zeros = zlib.compress(bytes(100_000_000), 9)
    image, a4 = b"/XObject <</I 5 0 R>>", b"0 0 595 842"
    catalogue = b"<</Type /Catalog /Pages 2 0 R>>"
    itself = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</I 5 0 R>>>>"
    draw_image = b"q 595 0 0 842 0 0 cm /I Do Q"
    return {
        "password": _changed(lambda writer: writer.encrypt("ひみつ")),
        "script": _changed(_scripted),
        "png_says_giant": _png(60_000, 60_000, 8, zlib.compress(b"\0" * 1000)),
        "png_just_under_the_limit": _png(7_700, 7_700, 8, zlib.compress(bytes(7_701 * 7_700), 9)),
        "png_sixteen_bits_under_the_limit": _png(7_700, 7_700, 16, zlib.compress(bytes(15_401 * 7_700), 9)),
        "png_bomb": _png(1000, 1000, 8, zeros),
        "png_text_bomb": _png(1000, 1000, 8, zlib.compress(bytes(1_001_000)), (b"zTXt", b"a\0\0" + zeros)),
        "pdf_content_bomb": _one_page(b"0 0 m 9 9 l S " * 5_000_000),
        "pdf_image_bomb": _one_page(draw_image, image, a4, _image_stream(30_000, 30_000, bytes(100_000_000))),
        "pdf_image_says_giant": _one_page(draw_image, image, a4, _image_stream(2**30, 2**30, b"\0")),
        "pdf_giant_page": _one_page(b"", b"", b"0 0 1e9 1e9"),
        "pdf_page_without_size": _one_page(b"", b"", b"0 0 0 0"),
        "pdf_draws_itself": _one_page(b"/I Do", image, a4, _stream(itself, b"/I Do /I Do " * 9)),
        "pdf_pages_in_a_ring": _pdf(catalogue, b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 9>>"),
        "pdf_says_a_million_pages": _pdf(catalogue, b"<</Type /Pages /Kids [] /Count 1000000>>"),
        "pdf_nested": _pdf(catalogue, b"[" * 100_000 + b"]" * 100_000),
        "tiff_ring": b"II*\0\x08\0\0\0\0\0\x08\0\0\0",
        "zip": b"PK\x03\x04" + bytes(1000),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }


def _cut(data, dice, _others):
    return data[: int(dice.integers(0, len(data)))]


def _flipped(data, dice, _others):
    changed = bytearray(data)
    for place in dice.integers(0, len(data), int(dice.choice([1, 3, 10, 100]))):
        changed[place] ^= 1 << int(dice.integers(8))
    return bytes(changed)


def _head_flipped(data, dice, _others):
    changed = bytearray(data)
    for place in dice.integers(0, min(len(data), 200), int(dice.choice([1, 2, 5]))):
        changed[place] = int(dice.integers(256))
    return bytes(changed)


def _numbers_made_large(data, dice, _others):
    """Somewhere in the first bytes or the last stand sizes, counts and places."""
    changed = bytearray(data)
    for _ in range(int(dice.integers(1, 4))):
        place = int(
            dice.integers(0, min(len(data) - 4, 400)) if dice.random() < 0.5 else dice.integers(0, len(data) - 4)
        )
        changed[place : place + 4] = dice.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"9999"])
    return bytes(changed)


def _piece_gone(data, dice, _others):
    start = int(dice.integers(0, len(data)))
    return data[:start] + data[start + int(dice.integers(1, 5000)) :]


def _piece_twice(data, dice, _others):
    start, length = int(dice.integers(0, len(data))), int(dice.integers(1, 20_000))
    return data[: start + length] + data[start:]


def _piece_empty(data, dice, _others):
    start, length = int(dice.integers(0, len(data))), int(dice.integers(1, 5000))
    return data[:start] + bytes(min(length, len(data) - start)) + data[start + length :]


def _another_inside(data, dice, others):
    start = int(dice.integers(0, len(data)))
    return data[:start] + others[int(dice.integers(len(others)))] + data[start:]


def _nothing(data, _dice, _others):
    return data


WAYS: tuple[Callable[..., bytes], ...] = (
    _cut, _flipped, _flipped, _head_flipped, _numbers_made_large, _piece_gone, _piece_twice, _piece_empty,
    _another_inside,
)  # fmt: skip


def mutated(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many named files: each harmful one, then good and harmful ones changed in one way or two."""
    dice = np.random.default_rng(seed)
    good, harmful = good_files(), harmful_files()
    names, others = list(good), list(good.values())
    for number, (name, data) in enumerate(harmful.items()):
        if number < count:
            yield name, data
    for number in range(len(harmful), count):
        name = names[number % len(names)]
        first, second = WAYS[int(dice.integers(len(WAYS)))], _nothing
        if dice.random() < 0.3:
            second = WAYS[int(dice.integers(len(WAYS)))]
        data = second(first(good[name], dice, others) or b"\0" * 8, dice, others)
        yield f"{name} {first.__name__}{second.__name__} {number}", data
