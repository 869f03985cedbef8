"""Piles of paper for tests: files handed in, and what a reader would say of each of their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select

from backoffice.form_designs import queries as designs
from backoffice.form_designs import service as form_service
from backoffice.form_designs.paper import draw
from backoffice.identity import Role
from backoffice.intake import queries
from backoffice.intake.jobs import WORKER, ReadPaper, read_file
from backoffice.intake.models import PaperFile, Sheet
from backoffice.intake.receiving import Arrived, receive
from backoffice.intake.workflow import BatchSource, FileState
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from ocr.alike import Likeness, content_of, values_of, writing_of
from ocr.page import FieldReading, PageReading

ONE_PAGE = (
    Sketch("団体名", FieldType.TEXT, required=True),
    Sketch("利用日", FieldType.DATE),
    Sketch("人数", FieldType.INTEGER),
    Sketch("区分", FieldType.CHOICE, options=("会議", "体操")),
    Sketch("部屋", FieldType.CHOICES, options=("講堂", "和室")),
)
MANY = tuple(Sketch(f"欄{number}", FieldType.LINES, max_length=600) for number in range(1, 4))
"""Two pages: a1 and a2 stand on the first, a3 on the second."""


class StepsAtOnce:
    def run(self, _name, work):
        return work()


@dataclass(frozen=True)
class Office:
    """A department with a form in use, and somebody who hands in and checks its sheets."""

    city: object
    department: object
    verifier: object
    form_code: str
    definition: object

    @property
    def actor(self):
        return self.city.actor(self.verifier)


def office_with_a_form(
    city,
    asked: Sequence[Sketch] = ONE_PAGE,
    title: str = "利用の申込",
    twice: Sequence[str] = (),
    *,
    by_hand: bool = False,
) -> Office:
    """A form in use that its department calls one in print, unless it is filled in `by_hand`."""
    department = city.department("市民センター")
    verifier = city.person(Role.VERIFIER, department=department)
    builder = city.person(Role.CLERK, department=department)
    with city.unit(city.actor(builder)) as work:
        draft = acts.add(FormDraft(title=title), asked)[0]
        for key in twice:
            draft = acts.put(draft, draft.find(key).model_copy(update={"twice": True}))
        design = form_service.begin(work, title, "利用", department.id, draft)
        paper = draw(form_service.definition_to_draw(work, design))
        form_service.publish(work, design, design.version, "", paper, confirmed=False)
        if not by_hand:
            form_service.write_in_print(work, design, design.version)
        code, definition = design.code, designs.definition(designs.versions_of(work.session, design.id)[0])
    return Office(city, department, verifier, code, definition)


def hand_in(office: Office, *contents: bytes, form: str = "") -> None:
    files = [office.city.office.files.put(content, "application/pdf", office.city.clock()) for content in contents]
    arrived = [Arrived(f"{number}.pdf", file) for number, file in enumerate(files, 1)]
    with office.city.unit(office.actor) as work:
        receive(work, arrived, form, office.department.id, BatchSource.UPLOAD)


def read(office: Office, *told: PageReading) -> list[Sheet]:
    """Let the worker read what waits as a reader that says what it is `told`, and give all sheets with their pages."""
    for file_id in waiting(office):
        read_file(office.city.office, reader(told), file_id, StepsAtOnce())
    return sheets(office)


def waiting(office: Office) -> Sequence[int]:
    with office.city.look() as work:
        waiting = select(PaperFile.id).where(PaperFile.state == FileState.WAITING).order_by(PaperFile.id)
        return work.session.scalars(waiting).all()


def reader(told: Iterable[PageReading]) -> ReadPaper:
    """A reader that says what it is `told`, page after page."""

    def read_paper(forms, _content, _name, page=None):
        for reading in told:
            if page in (None, reading.page):
                yield _numbered(reading, forms)

    return read_paper


def sheets(office: Office) -> list[Sheet]:
    with office.city.look() as work:
        ids = work.session.scalars(select(Sheet.id).order_by(Sheet.id)).all()
        return [queries.find_sheet(work.session, WORKER, sheet_id) for sheet_id in ids]


def _numbered(reading: PageReading, forms) -> PageReading:
    """Let a reader name the form that it was sorted to by its place among those looked for; any other it refuses."""
    if reading.status != "read":
        return reading
    known = [(asked.code, layout.page) for layout, _blanks, asked in forms]
    if (reading.form, reading.form_page) not in known:
        return refused(reading.page, "other_form", sheet=reading.sheet)
    return replace(reading, form_number=known.index((reading.form, reading.form_page)))


def page(
    office: Office,
    number: int,
    written: Mapping[str, object] | None = None,
    *,
    form_page: int = 1,
    serial: str = "",
    like: str = "",
    **more: object,
) -> PageReading:
    """One page of the office's form, every field sure; `like` is the same for pages that are written on alike."""
    fields = [
        FieldReading(key, FieldType.TEXT, value, str(value), 0.99, (), (), (10, 10, 200, 40))
        for key, value in (written or {}).items()
    ]
    facts = {
        "form": office.form_code,
        "form_page": form_page,
        "serial": serial,
        "fields": tuple(fields),
        "page_jpeg": b"\xff\xd8 page",
        "likeness": likeness(like) if like else None,
    }
    return PageReading("x.pdf", number, "read", **(facts | more))


def refused(number: int, code: str = "not_registered", **more: object) -> PageReading:
    return PageReading("x.pdf", number, "refused", reason_code=code, page_jpeg=b"\xff\xd8 page", **more)


def blank(number: int) -> PageReading:
    return PageReading("x.pdf", number, "blank")


def cover(number: int, says: str, **more: object) -> PageReading:
    """A page of a file that is the cover `says`."""
    return PageReading("x.pdf", number, "cover", cover=says, **more)


def likeness(seed: str) -> Likeness:
    """What ocr.alike measures of invented writing."""
    random = np.random.default_rng(sum(seed.encode()))
    crop = np.full((60, 400), 255, np.uint8)
    for place in random.integers(10, 380, 12):
        crop[10:50, place : place + 6] = 0
    return Likeness(content_of(crop), writing_of([crop]), values_of([(seed, True)]))
