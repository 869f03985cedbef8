"""Which pages does this file have, and what do they look like? Pictures, TIFF and PDF files, up to 500 pages.

What came from outside is opened in a reading process only; elsewhere its header is looked at (ocr/headers.py).
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from ocr.decode import Grey, opened, pixels_of
from ocr.headers import HEADER, FileKind, begins_as
from ocr.pdf import PdfFile
from ocr.refusal import PageRefusedError

PAGES_LIMIT = 500

_SUBFILE_TYPE, _REDUCED = 254, 1


class Document:
    """An opened file. It takes `descriptor` over and closes it. Raises PageRefusedError for a file that is not read."""

    def __init__(self, descriptor: int) -> None:
        # Opened anew: a descriptor that came from another process shares the place where that one reads.
        self._file: BinaryIO = Path(f"/proc/self/fd/{descriptor}").open("rb")  # noqa: SIM115  # close() does it
        os.close(descriptor)
        self._close: list[Callable[[], object]] = [self._file.close]
        try:
            self._open()
        except PageRefusedError:
            self.close()
            raise

    def _open(self) -> None:
        size = os.fstat(self._file.fileno()).st_size
        kind = begins_as(self._file.read(HEADER))
        if size > kind.limit:
            raise PageRefusedError("too_large")
        self._file.seek(0)
        if kind is FileKind.PDF:
            pdf = PdfFile(f"/proc/self/fd/{self._file.fileno()}")
            self._close.insert(0, pdf.close)
            self._page: Callable[[int], Grey] = pdf.page
            self.pages = len(pdf)
        else:
            image = opened(self._file)
            frames = _frames(image) if kind is FileKind.TIFF else [0]
            self._page = lambda number: _frame(image, frames[number - 1])
            self.pages = len(frames)
        if self.pages > PAGES_LIMIT:
            raise PageRefusedError("too_many_pages")

    def page(self, number: int) -> Grey:
        """Return page `number`, counted from 1, as grey values. Raises PageRefusedError for this page alone."""
        return self._page(number)

    def close(self) -> None:
        for close in self._close:
            close()


def document_of(data: bytes) -> Document:
    """Open a file that is in memory."""
    return Document(kept_in_memory(data))


def kept_in_memory(data: bytes) -> int:
    """Return the descriptor of a file without a name that holds `data` and never touches a disk."""
    descriptor = os.memfd_create("page")
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(data)
    return descriptor


def _frames(image: Image.Image) -> list[int]:
    """Return which frames of a TIFF are pages: all but small previews, one more than the limit at most.

    A frame whose directory is broken ends the file, as nobody knows where the next one begins; it counts as a page, so
    that what is lost is told.
    """
    found: list[int] = []
    for frame in range(2 * PAGES_LIMIT):
        try:
            image.seek(frame)
            if not int(image.tag_v2.get(_SUBFILE_TYPE, 0)) & _REDUCED:  # type: ignore[attr-defined]  # of TIFF pictures only
                found.append(frame)
        except EOFError:
            break
        except Exception:  # noqa: BLE001  # whatever the broken directory makes it raise; the page is refused when read
            found.append(frame)
            break
        if len(found) > PAGES_LIMIT:
            break
    return found or [0]


def _frame(image: Image.Image, number: int) -> Grey:
    try:
        image.seek(number)
    except Exception as reason:  # as above
        raise PageRefusedError("broken") from reason
    return pixels_of(image)
