"""How does a page become a file again? As JPEG, to be looked at, or on paper; whatever was covered on it is gone."""

from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
import pydyf
from PIL import Image, ImageOps

from ocr.decode import Grey

_JPEG_QUALITY = 85
_PRINTED_QUALITY = 75
_A4 = (1654, 2339)  # pixels at 200 dpi, upright
_POINTS = 0.36  # a pixel of these


def jpeg(page: Grey, quality: int = _JPEG_QUALITY) -> bytes:
    _, encoded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(encoded, dtype=np.uint8).tobytes()


def jpeg_to_print(page: Grey) -> bytes:
    """Lay a page on A4 at 200 dpi, upright or lying as it is."""
    height, width = page.shape
    size = _A4 if height >= width else _A4[::-1]
    return jpeg(np.asarray(ImageOps.pad(Image.fromarray(page), size, color=255)), _PRINTED_QUALITY)


def pdf_to_print(pictures: Sequence[bytes]) -> bytes:
    """Bind pictures of `jpeg_to_print` to a PDF, as they are: none is decoded, however many there are."""
    pdf, written = pydyf.PDF(), BytesIO()
    for picture in pictures:
        _add_page(pdf, picture, *Image.open(BytesIO(picture)).size)
    pdf.write(written)
    return written.getvalue()


def _add_page(pdf: pydyf.PDF, picture: bytes, width: int, height: int) -> None:
    size = {"Width": width, "Height": height, "ColorSpace": "/DeviceGray", "BitsPerComponent": 8}
    image = pydyf.Stream([picture], {"Type": "/XObject", "Subtype": "/Image", "Filter": "/DCTDecode", **size})
    drawn = pydyf.Stream()
    drawn.set_matrix(width * _POINTS, 0, 0, height * _POINTS, 0, 0)
    drawn.draw_x_object("Page")
    pdf.add_object(image)
    pdf.add_object(drawn)
    page = {
        "Type": "/Page",
        "Parent": pdf.pages.reference,
        "MediaBox": pydyf.Array([0, 0, width * _POINTS, height * _POINTS]),
        "Resources": pydyf.Dictionary({"XObject": pydyf.Dictionary({"Page": image.reference})}),
        "Contents": drawn.reference,
    }
    pdf.add_page(pydyf.Dictionary(page))
