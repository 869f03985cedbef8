"""Kept paper for tests: a department whose sheets are settled, and the worker that makes their files."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.archive.making import make_archive
from backoffice.archive.models import ArchivedSheet, Disposal, RetentionRule
from backoffice.archive.workflow import ArchiveState, DisposalBasis, DisposalState
from backoffice.db.numbering import next_number
from backoffice.identity import Department, Role, Staff
from backoffice.intake.models import Sheet
from backoffice.work import Work
from tests.backoffice.intake.furniture import NOBODY
from tests.backoffice.intake.piles import Office, StepsAtOnce, hand_in, office_with_a_form, page, read
from tests.backoffice.staff_client import StaffClient

SURE = {"a1": "山田 花子", "a2": "2026-11-01", "a3": 12, "a4": "o1", "a5": "o1"}


def picture(grey: int = 200) -> bytes:
    made = io.BytesIO()
    Image.fromarray(np.full((2339, 1654), grey, np.uint8)).save(made, "JPEG", quality=85)
    return made.getvalue()


PICTURE = picture()


@dataclass
class Shelf:
    """An office whose paper is kept, and two people who may throw it away together."""

    office: Office
    people: tuple[Staff, Staff]
    clerk: StaffClient
    head: StaffClient

    @property
    def city(self):
        return self.office.city

    def settle(self, *pages, name: bytes = b"%PDF-1") -> list[Sheet]:
        """Let a file come whose sheets settle by themselves, and its files be made."""
        hand_in(self.office, name)
        found = read(self.office, *(pages or (self.page(1),)))
        self.make()
        return found

    def page(self, number: int, **more):
        return page(self.office, number, SURE, **({"page_jpeg": PICTURE} | more))

    def make(self) -> None:
        """Let the worker make what waits."""
        for each in self.archived(ArchiveState.WAITING):
            make_archive(self.city.office, each.id, StepsAtOnce())

    def archived(self, *states: ArchiveState) -> list[ArchivedSheet]:
        with self.city.look() as work:
            found = work.session.scalars(
                select(ArchivedSheet)
                .options(joinedload(ArchivedSheet.file), joinedload(ArchivedSheet.sheet))
                .order_by(ArchivedSheet.id)
            ).all()
            return [each for each in found if not states or each.state in states]

    def pass_years(self, years: int) -> None:
        """Let years go by; both sign in anew."""
        self.city.clock.pass_(days=years * 366)
        self.clerk, self.head = (StaffClient(self.city).sign_in(each) for each in self.people)


def shelf(city) -> Shelf:
    office = office_with_a_form(city)
    clerk = city.person(Role.CLERK, department=office.department)
    head = city.person(Role.HEAD, department=office.department)
    return Shelf(office, (clerk, head), *(StaffClient(city).sign_in(each) for each in (clerk, head)))


def add_archive(work: Work, department: Department, person: Staff, paper: dict[str, int]) -> dict[str, int]:
    """A row for every sheet, the first proposed to be thrown away; give the ids of it and of what hangs on it."""
    sheets = work.session.scalars(select(Sheet).where(Sheet.department_id == department.id).order_by(Sheet.id)).all()
    if not sheets:
        return dict.fromkeys(("archived_id", "rule_id", "disposal_id"), NOBODY)
    rule = RetentionRule(department_id=department.id, form_code=sheets[0].form_code, years=5)
    file = work.office.files.put(b"%PDF-1.7", "application/pdf", work.now)
    work.session.add_all((rule, file))
    work.session.flush()
    disposal = _disposal(work, rule, person)
    rows = [_row(work, rule, sheet, file.id) for sheet in sheets]
    rows[0].disposal_id = disposal.id
    work.session.add_all(rows)
    work.session.flush()
    assert rows[0].sheet_id == paper["sheet_id"]
    return {"archived_id": rows[0].id, "rule_id": rule.id, "disposal_id": disposal.id}


def _disposal(work: Work, rule: RetentionRule, person: Staff) -> Disposal:
    disposal = Disposal(
        number=next_number(work.session, "廃棄", work.today),
        department_id=rule.department_id,
        rule_id=rule.id,
        basis=DisposalBasis.EXPIRED,
        fiscal_year=2019,
        years=5,
        state=DisposalState.PROPOSED,
        sheets=1,
        proposed_by_id=person.id,
        proposed_at=work.now,
        decided_at=None,
    )
    work.session.add(disposal)
    work.session.flush()
    return disposal


def _row(work: Work, rule: RetentionRule, sheet: Sheet, file_id: int) -> ArchivedSheet:
    return ArchivedSheet(
        sheet_id=sheet.id,
        department_id=rule.department_id,
        rule_id=rule.id,
        state=ArchiveState.KEPT,
        attempt=1,
        settled_on=work.today,
        fiscal_year=2019,
        pages=1,
        file_id=file_id,
        held_at=None,
        disposal_id=None,
    )
