"""What does the reader say about a page and about each of its fields? The shapes that leave this package."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forms.field_types import FieldType, Value
from ocr.decode import read_file
from ocr.geometry import BoxPx
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
    """One page as read, or refused with `reason` (a sentence) and `reason_code` (stable).

    `page_jpeg` is the registered page (200 dpi, grey), for people to look at.
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

    def as_json(self) -> dict[str, Any]:
        """Return the documented shape of a page (docs/reading.md)."""
        return {
            "file": self.file,
            "page": self.page,
            "status": self.status,
            "reason": self.reason,
            "reason_code": self.reason_code,
            "registered_by": self.registered_by,
            "residual_px": self.residual_px,
            "fields": [reading.as_json() for reading in self.fields],
        }


def refused(file: str, refusal: PageRefusedError) -> PageReading:
    """Return the reading of a page that is not read."""
    return PageReading(file, 1, "refused", reason=refusal.reason, reason_code=refusal.code)


def read_path(read: Callable[[bytes, str], PageReading], path: Path) -> PageReading:
    """Read the picture at `path` with `read`; a file that cannot be opened is a refused page."""
    try:
        data = read_file(path)
    except PageRefusedError as refusal:
        return refused(str(path), refusal)
    return read(data, str(path))
