"""What does the reader say about a page and about each of its fields? The shapes that leave this package."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.field_types import FieldType, Value
from ocr.advice import advice_on
from ocr.alike import Likeness
from ocr.geometry import BoxPx
from ocr.quality import Quality
from ocr.refusal import PageRefusedError


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field as read. `value` is the normal form, None when nothing is written or nothing is sure.

    `why_not` is empty when the field passes without a person; `candidates` are other texts for the clerk, best first;
    `confidence` is the least probability of any letter, 0 to 1; `box_px` lies on the registered page (200 dpi);
    `second_text` is what the independent engine read.
    """

    key: str
    type: FieldType
    value: Value
    text: str
    confidence: float
    why_not: tuple[str, ...]
    candidates: tuple[str, ...]
    box_px: BoxPx
    second_text: str = ""

    @property
    def passes(self) -> bool:
        return not self.why_not

    def as_json(self) -> dict[str, Any]:
        """Return the documented shape of a field; `why_not` is null or its codes, comma-joined."""
        return {
            "key": self.key,
            "type": self.type.value,
            "value": self.value,
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "passes": self.passes,
            "why_not": ",".join(self.why_not) or None,
        }


@dataclass(frozen=True, slots=True)
class PageReading:
    """One sheet as read, or refused with `reason` (a sentence) and `reason_code` (stable), or `blank`, or a `cover`.

    `page` counts within the file, `sheet` the sheets in one picture. `form` is the title of the form that the sheet was
    sorted to, with its version, its page and the `serial` that its code carries; `form_number` is its place in the
    list that the sheet was sorted to. `cover` is the number of a cover. `codes` holds for the whole sheet: `my_number`
    where one was covered. `page_jpeg` is the registered page (200 dpi, grey), or the page as it came where it
    is refused, for people to look at.
    """

    file: str
    page: int
    status: str
    reason: str | None = None
    reason_code: str | None = None
    registered_by: str | None = None
    residual_px: float | None = None
    fields: tuple[FieldReading, ...] = ()
    page_jpeg: bytes = field(default=b"", repr=False)
    sheet: int = 1
    form: str | None = None
    form_version: int | None = None
    form_page: int | None = None
    form_number: int | None = None
    serial: str | None = None
    quality: Quality | None = None
    likeness: Likeness | None = None
    codes: tuple[str, ...] = ()
    cover: str | None = None

    @property
    def advice(self) -> tuple[str, ...]:
        """Return codes of what the person at the scanner could do better (ocr/advice.py)."""
        return advice_on(self.quality) if self.quality else ()

    def as_json(self) -> dict[str, Any]:
        """Return the documented shape of a page (docs/reading.md)."""
        return {
            "file": self.file,
            "page": self.page,
            "sheet": self.sheet,
            "status": self.status,
            "reason": self.reason,
            "reason_code": self.reason_code,
            "form": self.form,
            "form_version": self.form_version,
            "form_page": self.form_page,
            "serial": self.serial,
            "cover": self.cover,
            "registered_by": self.registered_by,
            "residual_px": self.residual_px,
            "codes": list(self.codes),
            "quality": self.quality.as_json() if self.quality else None,
            "advice": list(self.advice),
            "likeness": self.likeness.as_json() if self.likeness else None,
            "fields": [reading.as_json() for reading in self.fields],
        }


def refused(file: str, refusal: PageRefusedError, page: int = 1, sheet: int = 1) -> PageReading:
    """Return the reading of a page that is not read."""
    return PageReading(file, page, "refused", reason=refusal.reason, reason_code=refusal.code, sheet=sheet)


def one_sheet(readings: Sequence[PageReading]) -> PageReading:
    """Return the only sheet of a page, or the page refused where it shows several: none may be lost without a word."""
    first = readings[0]
    return first if len(readings) == 1 else refused(first.file, PageRefusedError("several_sheets"), first.page)
