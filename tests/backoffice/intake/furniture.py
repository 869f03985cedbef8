"""Sheets for tests that look at pages: in every state; the first is claimed, a field of it is to be keyed blindly."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta

from backoffice.identity import Department, Staff
from backoffice.intake.cover_models import CoverSheet, FoundCover
from backoffice.intake.cover_rules import CoverVerdict
from backoffice.intake.ledger import SAMPLE, Place, note
from backoffice.intake.models import PaperBatch, PaperFile, Sheet, SheetField, SheetPage
from backoffice.intake.workflow import BatchSource, FileState, SheetState
from backoffice.verification.models import FieldSample
from backoffice.verification.workflow import SampleState
from backoffice.work import Work
from forms import catalogue
from ocr.geometry import page_size

FORM = catalogue.find("shugaku-enjo")
NOBODY = 2_000_000_000
READ = {SheetState.TO_VERIFY, SheetState.HELD, SheetState.UNREADABLE, SheetState.SETTLED}


def add_sheets(
    work: Work, department: Department, person: Staff, pictures: Sequence[int], in_full: int
) -> dict[str, int]:
    """A sheet for each picture, the first `in_full` with fields; give the ids of what hangs on the first."""
    if not pictures:
        return dict.fromkeys(("sheet_id", "batch_id", "cover_id", "sample_id"), NOBODY)
    states = itertools.islice(itertools.cycle((SheetState.TO_VERIFY, *SheetState)), len(pictures))
    sheets = [
        _sheet(_batch(work, department, person, number), number, state, picture, with_fields=number < in_full)
        for number, (picture, state) in enumerate(zip(pictures, states, strict=True))
    ]
    first = sheets[0]
    first.claimed_by_id, first.claimed_at, first.claimed_until = person.id, work.now, work.now + timedelta(minutes=10)
    for sheet in sheets:
        work.session.add(sheet)
        work.session.flush()
    ids = {"sheet_id": first.id, "batch_id": first.batch_id, "sample_id": _sample(work, first)}
    return ids | {"cover_id": _covers(work, person, first, len(sheets))}


def _covers(work: Work, person: Staff, sheet: Sheet, many: int) -> int:
    """So many covers; the first lies in the file of `sheet` and began its batch, behind one that nobody knows."""
    covers = [
        CoverSheet(
            number=f"R8-表紙-{number + 1:04d}",
            department_id=sheet.department_id,
            form_code=FORM.definition.code if number % 2 else "",
            title=f"束の名前 {number}",
            made_by_id=person.id,
            made_at=work.now,
        )
        for number in range(many)
    ]
    work.session.add_all(covers)
    work.session.flush()
    known = {"number": covers[0].number, "cover_id": covers[0].id, "batch_id": sheet.batch_id}
    unknown = {"number": "R8-表紙-9999", "cover_id": None, "batch_id": None}
    file_id = sheet.pages[0].paper_file_id
    for file_page, cover, verdict in ((1, unknown, CoverVerdict.UNKNOWN), (2, known, CoverVerdict.HOLDS)):
        work.session.add(FoundCover(paper_file_id=file_id, file_page=file_page, place=1, verdict=verdict, **cover))
    work.session.flush()
    return covers[0].id


def _batch(work: Work, department: Department, person: Staff, number: int) -> PaperBatch:
    return PaperBatch(
        number=f"R8-束-{number + 1:04d}",
        department_id=department.id,
        source=BatchSource.UPLOAD,
        received_by_id=person.id,
        received_at=work.now - timedelta(minutes=number),
    )


def _sheet(batch: PaperBatch, number: int, state: SheetState, picture: int, *, with_fields: bool) -> Sheet:
    file = PaperFile(
        batch=batch,
        department_id=batch.department_id,
        name=f"scan{number:03d}.jpg",
        file_id=picture,
        state=FileState.READ,
        blank_pages=[2] if number == 0 else [],
    )
    has_fields = with_fields and state in READ
    return Sheet(
        number=f"R8-就援-{number + 1:04d}",
        department_id=batch.department_id,
        batch=batch,
        form_code=FORM.definition.code,
        form_version=FORM.definition.version,
        state=state,
        original_name=file.name,
        readings=1,
        uploaded_at=batch.received_at,
        pages=[_page(file, number, picture)],
        refusal="not_registered" if state == SheetState.REFUSED else "",
        fields=[_field(field.key) for field in FORM.definition.fields] if has_fields else [],
    )


def _page(file: PaperFile, number: int, picture: int) -> SheetPage:
    width, height = page_size(FORM.layout)
    return SheetPage(
        number=1,
        paper_file=file,
        file_page=1,
        place=1,
        picture_id=picture,
        width=width,
        height=height,
        registered_by="markers",
        advice=["blurred"] if number == 0 else [],
        covered=False,
    )


def _field(key: str) -> SheetField:
    return SheetField(
        key=key,
        read_text="あ",
        confidence=0.7,
        passes=False,
        why_not=["engines_differ"],
        candidates=["い", "う"],
        box=[10, 10, 200, 40],
    )


def _sample(work: Work, sheet: Sheet) -> int:
    key = FORM.definition.fields[1].key
    sample = FieldSample(
        sheet_id=sheet.id,
        key=key,
        department_id=sheet.department_id,
        state=SampleState.WAITING,
        drawn_at=work.now,
    )
    work.session.add(sample)
    place = Place(sheet.department_id, FORM.definition.code, key, "katakana", SAMPLE, 98)
    note(work.session, [(place, True), (place, False)])
    work.session.flush()
    return sample.id
