"""Is this file a picture we read, and what are its grey pixels? JPEG or PNG within limits, or a reason."""

import io
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ocr.refusal import PageRefusedError

Grey = NDArray[np.uint8]

BYTES_LIMIT = 30_000_000
PIXEL_LIMIT = 60_000_000  # A4 at 600 dpi has 35 million
SHORT_SIDE_MINIMUM = 700  # A4 at 85 dpi: below it no engine reads kana

_FORMATS = ("JPEG", "MPO", "PNG")  # MPO is what telephones call a JPEG with a second picture behind it
_PDF_WITHIN = 1024  # a PDF header may follow some bytes of rubbish


def read_file(path: Path) -> bytes:
    """Return the bytes of `path`, looking at its size first.

    Raises PageRefusedError `missing` or `too_large`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_LIMIT + 1)
    except OSError as reason:
        raise PageRefusedError("missing") from reason
    if len(data) > BYTES_LIMIT:
        raise PageRefusedError("too_large")
    return data


def decode(data: bytes) -> Grey:
    """Return the picture as grey values, shape (height, width), turned as its EXIF says.

    Raises PageRefusedError with the code of what is wrong; nothing else leaves it, whatever the bytes are.
    """
    if not data:
        raise PageRefusedError("empty")
    if len(data) > BYTES_LIMIT:
        raise PageRefusedError("too_large")
    if b"%PDF-" in data[:_PDF_WITHIN]:
        raise PageRefusedError("pdf")
    return _pixels(_opened(data))


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # The limit below is ours; Pillow's own warning would only repeat it.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            image.draft("L", image.size)  # a JPEG decodes straight to grey, in half the time
    except UnidentifiedImageError as reason:
        raise PageRefusedError(_kind_of_rubbish(data)) from reason
    except Image.DecompressionBombError as reason:
        raise PageRefusedError("too_many_pixels") from reason
    except Exception as reason:  # header parsers raise whatever the broken bytes make them
        raise PageRefusedError("broken") from reason
    if image.format not in _FORMATS:
        raise PageRefusedError("unsupported_format")
    if image.width * image.height > PIXEL_LIMIT:
        raise PageRefusedError("too_many_pixels")
    if min(image.size) < SHORT_SIDE_MINIMUM:
        raise PageRefusedError("too_few_pixels")
    return image


def _kind_of_rubbish(data: bytes) -> str:
    picture_like = data.startswith((b"\xff\xd8", b"\x89PNG"))
    return "broken" if picture_like else "not_an_image"


def _pixels(image: Image.Image) -> Grey:
    # One switch for the whole process, and whoever lays out PDF files turns it: half a scan would pass for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            turned = ImageOps.exif_transpose(image)
            return _grey(turned)
    except Exception as reason:  # the pixel decoders raise whatever the broken bytes make them
        raise PageRefusedError("broken") from reason


def _grey(image: Image.Image) -> Grey:
    if image.mode.startswith("I"):
        # 16-bit greys: Pillow would clip them to white.
        return (np.asarray(image, dtype=np.float64) / 257).clip(0, 255).astype(np.uint8)
    if image.mode in ("RGBA", "LA", "PA", "P", "La", "RGBa"):
        over = image.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        image = Image.alpha_composite(paper, over)
    return np.asarray(image.convert("L"), dtype=np.uint8)
