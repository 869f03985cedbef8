"""What are the grey pixels of this picture? Within limits, whatever kind of pixels it holds, or a reason."""

import io
import warnings
from collections.abc import Callable
from typing import IO, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ocr.headers import HEADER, FileKind, begins_as
from ocr.refusal import PageRefusedError

Grey = NDArray[np.uint8]
Found = TypeVar("Found")

PIXEL_LIMIT = 60_000_000  # A4 at 600 dpi has 35 million
SHORT_SIDE_MINIMUM = 700  # A4 at 85 dpi: below it no engine reads kana

FORMATS = ("JPEG", "MPO", "PNG", "TIFF")  # MPO is what telephones call a JPEG with a second picture behind it
_SEE_THROUGH = frozenset(("RGBA", "LA", "PA", "La", "RGBa"))
_SIXTEEN_BITS = frozenset(("I;16", "I;16L", "I;16B", "I;16N"))
_NOT_SQUARE = 1.05  # a fax in its coarse mode has half as many lines as columns an inch
_NO_RESOLUTION = 50  # dots an inch: less is a camera that writes anything there


def decode(data: bytes) -> Grey:
    """Return the picture as grey values, shape (height, width), turned as its EXIF says; the first of several.

    Raises PageRefusedError with the code of what is wrong; nothing else leaves it, whatever the bytes are.
    """
    kind = begins_as(data[:HEADER])
    if kind is FileKind.PDF:
        raise PageRefusedError("pdf")
    if len(data) > kind.limit:
        raise PageRefusedError("too_large")
    return pixels_of(opened(io.BytesIO(data)))


def opened(file: IO[bytes]) -> Image.Image:
    """Open a picture and look at its header only. Raises PageRefusedError for what is none, or none that is read."""
    image = _refusing(lambda: _identified(file))
    if image.format not in FORMATS:
        raise PageRefusedError("animated" if getattr(image, "is_animated", False) else "unsupported_format")
    if image.format == "PNG" and getattr(image, "is_animated", False):
        raise PageRefusedError("animated")
    return image


def _identified(file: IO[bytes]) -> Image.Image:
    image = Image.open(file)
    if image.format in ("JPEG", "MPO"):
        image.draft("L", image.size)  # a JPEG decodes straight to grey, in half the time
    return image


def pixels_of(image: Image.Image) -> Grey:
    """Return the grey pixels of the page an opened picture stands at. Raises PageRefusedError."""
    if image.width * image.height > PIXEL_LIMIT:
        raise PageRefusedError("too_many_pixels")
    if min(image.size) < SHORT_SIDE_MINIMUM:
        raise PageRefusedError("too_few_pixels")
    # One switch for the whole process, and whoever lays out PDF files turns it: half a scan would pass for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return _refusing(lambda: _square(_grey(ImageOps.exif_transpose(image)), image))


def _refusing(work: Callable[[], Found]) -> Found:
    try:
        with warnings.catch_warnings():
            # The limits here are ours; Pillow's own warnings would only repeat them.
            warnings.simplefilter("ignore")
            return work()
    except UnidentifiedImageError as reason:
        raise PageRefusedError("broken") from reason
    except Image.DecompressionBombError as reason:
        raise PageRefusedError("too_many_pixels") from reason
    except MemoryError as reason:
        raise PageRefusedError("too_heavy") from reason
    except Exception as reason:  # the parsers of headers and pixels raise whatever the broken bytes make them
        raise PageRefusedError("broken") from reason


def _grey(image: Image.Image) -> Grey:
    if image.mode in _SIXTEEN_BITS:
        return (np.asarray(image) >> 8).astype(np.uint8)  # Pillow would clip them to white
    if image.mode == "I":
        return (np.asarray(image) >> 8).clip(0, 255).astype(np.uint8)
    if image.mode == "F":
        return _stretched(np.nan_to_num(np.asarray(image)))
    if image.mode == "LAB":
        return np.asarray(image.getchannel("L"), dtype=np.uint8)
    if image.mode in _SEE_THROUGH or "transparency" in image.info:
        image = _on_paper(image)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def _stretched(values: NDArray[np.floating]) -> Grey:
    brightest = float(values.max())
    return np.asarray((values * (255 / brightest if brightest > 0 else 0)).clip(0, 255), dtype=np.uint8)


def _on_paper(image: Image.Image) -> Image.Image:
    """Lay a picture that one can see through on white paper, one grey plane at a time: memory is short here."""
    over = image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    paper = Image.new("L", over.size, 255)
    paper.paste(over.convert("L"), mask=over.getchannel("A"))
    return paper


def _square(picture: Grey, image: Image.Image) -> Grey:
    """Stretch a picture whose dots are not as wide as they are high."""
    across, down = (float(dots) for dots in image.info.get("dpi", (0, 0))[:2])
    coarse, fine = sorted((across, down))
    if coarse < _NO_RESOLUTION or fine / coarse < _NOT_SQUARE or picture.size * fine / coarse > PIXEL_LIMIT:
        return picture
    wide, high = (fine / across, 1.0) if across < down else (1.0, fine / down)
    return np.asarray(cv2.resize(picture, None, fx=wide, fy=high, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
