"""What does this picture of forms say? Find the sheets, clean, read, check."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from forms.definition import FormDefinition
from forms.field_types import FieldType
from forms.layout import Blanks, PaperField, PaperLayout
from ocr.blankness import is_blank
from ocr.cleaning import flat_paper, placed, writing_in
from ocr.crosscheck import distinct, places_checked, rules_checked
from ocr.decode import Grey, decode
from ocr.engine import Engine
from ocr.evidence import Evidence, first_sight, second_opinion
from ocr.gate import lone_doubts, reasons
from ocr.geometry import box_px
from ocr.known_form import KnownForm
from ocr.paddle import PaddleEngine
from ocr.page import FieldReading, PageReading, one_sheet, refused
from ocr.refusal import PageRefusedError
from ocr.registration import Registered
from ocr.sorting import Found, find_sheets
from ocr.tesseract import TesseractEngine
from ocr.ticks import tick_in

_SURROUNDINGS = 120  # pixels: 15 mm
_IN_PLACE_MINIMUM = 0.5
_CORNERS_MISSED = 1
_TICK_MARGIN = 12
_JPEG_QUALITY = 85


@dataclass(frozen=True)
class Engines:
    """The engine whose reading counts, and the independent one that must agree."""

    first: Engine
    second: Engine


def shipped_engines() -> Engines:
    """Start PP-OCRv6 and Tesseract in this process (about a second)."""
    return Engines(PaddleEngine(), TesseractEngine())


class PileReader:
    """Reads pages of several forms, each sorted to its own. Not for several threads at once: the engines hold state."""

    def __init__(self, forms: Sequence[KnownForm], engines: Engines | None = None) -> None:
        # One thread each: a process a core is the unit of work here, more threads only wait for each other.
        cv2.setNumThreads(1)
        self._forms = forms
        engines = engines or shipped_engines()
        self._readers = [SheetReader(form, engines) for form in forms]

    def read(self, picture: Grey, file: str, page: int = 1) -> tuple[PageReading, ...]:
        """Read one page, a reading a sheet; `file` and `page` are only carried into the answer.

        A sheet that cannot be read is answered with status `refused` and its reason; nothing is raised for it.
        """
        if is_blank(picture):
            return (PageReading(file, page, "blank"),)
        sheets = find_sheets(picture, self._forms)
        return tuple(self._sheet(sheet, PageReading(file, page, "read", sheet=n)) for n, sheet in enumerate(sheets, 1))

    def _sheet(self, sheet: Found | PageRefusedError, told: PageReading) -> PageReading:
        if isinstance(sheet, PageRefusedError):
            return refused(told.file, sheet, told.page, told.sheet)
        layout = self._forms[sheet.form].layout
        sorted_to = replace(
            told,
            form=layout.form,
            form_version=layout.version,
            form_page=layout.page,
            form_number=sheet.form,
            serial=sheet.serial,
        )
        return self._readers[sheet.form].read(sheet.registered, sorted_to)


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


class SheetReader:
    """Reads straightened sheets of one form."""

    def __init__(self, form: KnownForm, engines: Engines) -> None:
        self._form = form
        self._layout = form.layout
        self._definition = form.definition
        self._engines = engines

    def read(self, registered: Registered, told: PageReading) -> PageReading:
        """Return what stands on a sheet, added to what is `told` of it already."""
        return replace(
            told,
            registered_by=registered.by,
            residual_px=registered.residual_px,
            fields=self._checked(self._fields(registered)),
            page_jpeg=_jpeg(registered.page),
        )

    def _fields(self, registered: Registered) -> tuple[FieldReading, ...]:
        flat = flat_paper(registered.page)
        return tuple(
            self._ticked(field, flat, registered)
            if field.type is FieldType.CHECKBOX
            else self._written(field, flat, registered)
            for field in self._layout.fields
        )

    def _checked(self, fields: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
        placed_right = places_checked(fields)
        return placed_right if self._definition is None else rules_checked(placed_right, self._definition)

    def _ticked(self, field: PaperField, flat: Grey, registered: Registered) -> FieldReading:
        box = box_px(field.box_mm)
        tick = tick_in(placed(flat, box, _TICK_MARGIN, registered.details.nudge(box)), _TICK_MARGIN)
        doubts = ("tick_faint",) if tick.ticked is None else ()
        return FieldReading(
            key=field.key,
            type=field.type,
            value=tick.ticked,
            text="☑" if tick.ticked else "☐",
            confidence=tick.certainty,
            why_not=(*doubts, *_misplaced(registered, field)),
            candidates=(),
            box_px=box,
        )

    def _written(self, field: PaperField, flat: Grey, registered: Registered) -> FieldReading:
        box = box_px(field.box_mm)
        writing = writing_in(flat, self._form.printed[field.key], box, registered.details.nudge(box))
        misplaced = _misplaced(registered, field)
        sight = first_sight(field, writing, self._engines.first)
        may_pass = not (misplaced or lone_doubts(field.type, sight))
        evidence = second_opinion(field, sight, self._engines.second, may_pass=may_pass)
        return FieldReading(
            key=field.key,
            type=field.type,
            value=sight.normal.value,
            text=sight.normal.text,
            confidence=sight.first.least,
            why_not=(*reasons(field.type, evidence), *misplaced),
            candidates=_candidates(evidence),
            box_px=box,
            second_text=evidence.second_normal.text,
        )


def _misplaced(registered: Registered, field: PaperField) -> tuple[str, ...]:
    """A field with few printed details in place around it may be another field of another edition of the form.

    A written field that misses corners of its frame may be cut off or covered. (A tick hides the corners of its box.)
    """
    box = box_px(field.box_mm)
    around = registered.details.around(box, _SURROUNDINGS).in_place
    elsewhere = len(around) > 0 and around.mean() < _IN_PLACE_MINIMUM
    corners = registered.details.near(box).in_place
    cut = field.type is not FieldType.CHECKBOX and (~corners).sum() > _CORNERS_MISSED
    return ("misplaced",) if elsewhere or cut else ()


def _candidates(evidence: Evidence) -> tuple[str, ...]:
    return distinct((evidence.second_normal.text, *evidence.sight.first.others), besides=evidence.sight.normal.text)


def _jpeg(page: Grey) -> bytes:
    _, encoded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return np.asarray(encoded, dtype=np.uint8).tobytes()
