"""What does this picture of a form say? Decode, register, clean, read, check."""

from dataclasses import dataclass

import cv2
import numpy as np

from forms.definition import FormDefinition
from forms.field_types import FieldType
from forms.layout import Blanks, PaperField, PaperLayout
from ocr.blanks import blank_page
from ocr.cleaning import flat_paper, placed, printed_in, writing_in
from ocr.crosscheck import distinct, places_checked, rules_checked
from ocr.decode import Grey, decode
from ocr.engine import Engine
from ocr.evidence import Evidence, first_sight, second_opinion
from ocr.features import FormPrint
from ocr.gate import lone_doubts, reasons
from ocr.geometry import box_px
from ocr.paddle import PaddleEngine
from ocr.page import FieldReading, PageReading, refused
from ocr.refusal import PageRefusedError
from ocr.registration import Registered, register
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


class Reader:
    """Reads pages of one form. Not for several threads at once: the engines hold state."""

    def __init__(
        self,
        layout: PaperLayout,
        blanks: Blanks,
        definition: FormDefinition | None = None,
        engines: Engines | None = None,
    ) -> None:
        # One thread each: a process a core is the unit of work here, more threads only wait for each other.
        cv2.setNumThreads(1)
        self._layout = layout
        self._definition = definition
        self._blank = blank_page(layout, blanks)
        self._print = FormPrint(self._blank.half)
        self._printed = {field.key: printed_in(self._blank.common, box_px(field.box_mm)) for field in layout.fields}
        self._engines = engines or shipped_engines()

    def read(self, data: bytes, file: str) -> PageReading:
        """Read one picture, file contents in `data`; `file` is only carried into the answer.

        A picture that cannot be read is answered with status `refused` and its reason; nothing is raised for it.
        """
        try:
            registered = register(decode(data), self._layout, self._blank, self._print)
        except PageRefusedError as refusal:
            return refused(file, refusal)
        return PageReading(
            file=file,
            page=1,
            status="read",
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
        writing = writing_in(flat, self._printed[field.key], box, registered.details.nudge(box))
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
