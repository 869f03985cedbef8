"""Has this sheet come before? Scanned twice it comes in other bytes: its writing is compared, not the file."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from backoffice.intake.known_papers import KnownPaper
from backoffice.intake.models import PaperFile, Sheet, SheetPage
from backoffice.intake.workflow import SheetState
from backoffice.work import Work
from forms.field_types import FieldType
from ocr.alike import SAME_SHEET, Likeness, distance
from ocr.page import FieldReading, PageReading

LOOKED_BACK = timedelta(days=90)
MOST_COMPARED = 2_000
"""Sheets of one page of one form, the newest: about a second."""
_TELLING = 3
"""Fields: with fewer than that written on, pages of two people may well be alike."""


def find_alike(work: Work, file: PaperFile, paper: KnownPaper, reading: PageReading) -> int | None:
    """Return the earlier sheet of the same department that is written on alike, None where there is none."""
    if reading.likeness is None or sum(map(_is_written, reading.fields)) < _TELLING:
        return None
    for sheet_id, kept in _earlier(work, file, paper, reading):
        if distance(reading.likeness, Likeness(**kept)) <= SAME_SHEET:
            return sheet_id
    return None


def _is_written(field: FieldReading) -> bool:
    return bool(field.value) if field.type is FieldType.CHECKBOX else bool(field.text)


def _earlier(
    work: Work, file: PaperFile, paper: KnownPaper, reading: PageReading
) -> Sequence[tuple[int, dict[str, str]]]:
    own = (
        (SheetPage.paper_file_id == file.id)
        & (SheetPage.file_page == reading.page)
        & (SheetPage.place == reading.sheet)
    )
    rows = work.session.execute(
        select(SheetPage.sheet_id, SheetPage.likeness)
        .join(Sheet, Sheet.id == SheetPage.sheet_id)
        .where(
            Sheet.department_id == file.department_id,
            Sheet.form_code == paper.code,
            Sheet.form_version == paper.version,
            Sheet.state != SheetState.EXCLUDED,
            Sheet.uploaded_at >= work.now - LOOKED_BACK,
            SheetPage.number == paper.layout.page,
            SheetPage.likeness.is_not(None),
            ~own,
        )
        .order_by(SheetPage.id.desc())
        .limit(MOST_COMPARED)
    )
    return [(sheet_id, likeness) for sheet_id, likeness in rows]
