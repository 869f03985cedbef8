"""What does a page of a PDF file look like? The only door to PDFium: drawn, never run, never filled in.

The library is built without JavaScript; no form environment is opened, so that nothing in the file can act.
"""

import math

import numpy as np
import pypdfium2
from pypdfium2 import raw

from ocr.decode import SHORT_SIDE_MINIMUM, Grey
from ocr.refusal import PageRefusedError

_DPI = 300
_POINTS_PER_INCH = 72
_PIXELS = 18_000_000  # A3 at 300 dpi; a page said to be larger is drawn coarser
_JPEG_ENDS = b"\xff\xd9"
_TAIL = 256  # bytes: some programs pad the picture


class PdfFile:
    """An opened PDF file. Raises PageRefusedError for one that is locked or broken."""

    def __init__(self, place: str) -> None:
        try:
            with open(place, "rb") as file:  # noqa: PTH123  # PDFium wants the bytes of what may have no name
                self._document = pypdfium2.PdfDocument(file.read())
        except pypdfium2.PdfiumError as reason:
            locked = reason.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
            raise PageRefusedError("password" if locked else "broken") from reason
        except MemoryError as reason:
            raise PageRefusedError("too_heavy") from reason

    def __len__(self) -> int:
        return len(self._document)

    def page(self, number: int) -> Grey:
        """Draw page `number`, counted from 1. Raises PageRefusedError."""
        try:
            return self._drawn(number)
        except pypdfium2.PdfiumError as reason:
            raise PageRefusedError("broken") from reason
        except MemoryError as reason:
            raise PageRefusedError("too_heavy") from reason

    def _drawn(self, number: int) -> Grey:
        page = self._document[number - 1]
        try:
            scale = _scale(*page.get_size())
            bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
            picture = np.asarray(bitmap.to_numpy(), dtype=np.uint8).copy()
            bitmap.close()
            _check_drawn(page, picture)
        finally:
            page.close()
        return picture

    def close(self) -> None:
        self._document.close()


def _scale(width: float, height: float) -> float:
    if not (math.isfinite(width * height) and min(width, height) > 0):
        raise PageRefusedError("broken")
    scale = min(_DPI / _POINTS_PER_INCH, math.sqrt(_PIXELS / (width * height)))
    if min(width, height) * scale < SHORT_SIDE_MINIMUM:
        raise PageRefusedError("too_few_pixels")
    return scale


def _check_drawn(page: pypdfium2.PdfPage, drawn: Grey) -> None:
    """Raise PageRefusedError where a picture on the page is cut off or missing: it would pass for a half or empty page.

    PDFium leaves out what it cannot decode or find, and says nothing. So a page on which nothing is drawn is empty only
    where a picture of empty paper lies on it.
    """
    pictures = list(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))
    if any(_is_cut_off(picture) for picture in pictures):
        raise PageRefusedError("broken")
    if int(np.ptp(drawn)) == 0:
        if not pictures:
            raise PageRefusedError("nothing_drawn")
        if any(int(np.ptp(picture.get_bitmap().to_numpy())) for picture in pictures):
            raise PageRefusedError("broken")


def _is_cut_off(picture: pypdfium2.PdfImage) -> bool:
    return picture.get_filters()[-1:] == ["DCTDecode"] and _JPEG_ENDS not in bytes(picture.get_data()[-_TAIL:])
