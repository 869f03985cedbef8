"""How does a page become a file again? As JPEG, to be looked at, or on paper; whatever was covered on it is gone."""

from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageOps

from ocr.decode import Grey

_JPEG_QUALITY = 85
_DPI = 200
_A4 = (1654, 2339)  # pixels at 200 dpi, upright


def jpeg(page: Grey) -> bytes:
    _, encoded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return np.asarray(encoded, dtype=np.uint8).tobytes()


def pdf_to_print(pictures: Sequence[bytes]) -> bytes:
    """Return a PDF with each picture on a page of A4, upright or lying as it is; `pictures` are our own JPEGs."""
    pages = [_on_a4(Image.open(BytesIO(picture))) for picture in pictures]
    written = BytesIO()
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=_DPI)
    return written.getvalue()


def _on_a4(picture: Image.Image) -> Image.Image:
    size = _A4 if picture.height >= picture.width else _A4[::-1]
    return ImageOps.pad(picture.convert("L"), size, color=255)
