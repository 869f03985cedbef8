"""What does this picture of forms say? Find the sheets, clean, read, check."""

from collections.abc import Sequence
from dataclasses import replace

import cv2

from forms.definition import FormDefinition
from forms.layout import Blanks, PaperLayout
from ocr.blankness import is_blank
from ocr.covers import Cover
from ocr.decode import Grey, decode
from ocr.engine import Engines
from ocr.known_form import KnownForm
from ocr.my_numbers import MY_NUMBER
from ocr.paddle import PaddleEngine
from ocr.page import PageReading, one_sheet, refused
from ocr.refusal import PageRefusedError
from ocr.sheet import SheetReader
from ocr.sorting import Found, find_sheets
from ocr.streaks import without_streaks
from ocr.tesseract import TesseractEngine
from ocr.unsorted import unsorted_page


def shipped_engines() -> Engines:
    """Start PP-OCRv6 and Tesseract in this process (about a second)."""
    return Engines(PaddleEngine(), TesseractEngine())


_LONGEST = 8  # times as long as wide: four sheets in a row are under 3, and a till's receipt is no form


class PileReader:
    """Reads pages of several forms, each sorted to its own. Not for several threads at once: the engines hold state."""

    def __init__(self, forms: Sequence[KnownForm], engines: Engines | None = None) -> None:
        # One thread each: a process a core is the unit of work here, more threads only wait for each other.
        cv2.setNumThreads(1)
        self._forms = forms
        self._engines = engines or shipped_engines()
        self._readers = [SheetReader(form, self._engines) for form in forms]

    def read(self, picture: Grey, file: str, page: int = 1) -> tuple[PageReading, ...]:
        """Read one page, a reading a sheet; `file` and `page` are only carried into the answer.

        A sheet that cannot be read is answered with status `refused` and its reason; nothing is raised for it.
        """
        if max(picture.shape) > _LONGEST * min(picture.shape):
            return (self._refused(PageRefusedError("not_registered"), picture, PageReading(file, page, "refused")),)
        if is_blank(picture):
            return (PageReading(file, page, "blank"),)
        picture = without_streaks(picture)
        sheets = find_sheets(picture, self._forms)
        return tuple(
            self._sheet(sheet, picture, PageReading(file, page, "read", sheet=number))
            for number, sheet in enumerate(sheets, 1)
        )

    def _sheet(self, sheet: Cover | Found | PageRefusedError, picture: Grey, told: PageReading) -> PageReading:
        if isinstance(sheet, Cover):
            return replace(told, status="cover", cover=sheet.number)
        if isinstance(sheet, PageRefusedError):
            return self._refused(sheet, picture, told)
        layout = self._forms[sheet.form].layout
        sorted_to = replace(
            told,
            form=layout.form,
            form_version=layout.version,
            form_page=layout.page,
            form_number=sheet.form,
            serial=sheet.serial,
        )
        return self._readers[sheet.form].read(sheet.registered, picture, sorted_to)

    def _refused(self, refusal: PageRefusedError, picture: Grey, told: PageReading) -> PageReading:
        """Refuse a sheet, with the picture for people to look at."""
        page_jpeg, covered = unsorted_page(picture, self._engines)
        reading = refused(told.file, refusal, told.page, told.sheet)
        return replace(reading, page_jpeg=page_jpeg, codes=(MY_NUMBER,) if covered else ())


class Reader:
    """Reads pictures of one form, one sheet each."""

    def __init__(
        self,
        layout: PaperLayout,
        blanks: Blanks,
        definition: FormDefinition | None = None,
        engines: Engines | None = None,
    ) -> None:
        self._pile = PileReader([KnownForm(layout, blanks, definition)], engines)

    def read(self, data: bytes, file: str) -> PageReading:
        """Read one picture, file contents in `data`; a picture of two sheets is refused."""
        try:
            return one_sheet(self._pile.read(decode(data), file))
        except PageRefusedError as refusal:
            return refused(file, refusal)
