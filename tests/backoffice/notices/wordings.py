"""A department with a program whose notice is worded: one writes, a head approves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select

from backoffice.identity import Role, Staff
from backoffice.notices import queries, service
from backoffice.notices.models import NoticeVersion
from backoffice.programs.models import ProgramVersion
from backoffice.programs.queries import find_program
from tests.backoffice.founding import founded
from tests.backoffice.programs.offices import SHEET, Office
from workflows.notices.template import Content

FULL_SHEET = {
    **SHEET,
    "name_easy": "おっぱいの がんの 検査(けんさ)",
    "name_en": "Breast cancer screening",
    "summary_easy": "2年(ねん)に 1回(かい) 検査(けんさ)を 受(う)けられます。",
    "summary_en": "Women aged 40 or over can be screened every other year.",
    "ends": "2027-03-31",
    "url": "https://www.city.fukuoka.lg.jp/kenko/nyu.html",
    "telephone": "092-711-4111",
}


@dataclass
class Desk:
    """Where a notice is worded."""

    office: Office
    program_id: int
    head: Staff

    @property
    def drafter(self) -> Staff:
        return self.office.drafter

    def begin(self, person: Staff | None = None) -> int:
        with self.office.city.unit(self._actor(person)) as work:
            return service.begin(work, find_program(work.session, self.program_id)).id

    def act(self, act: Callable[..., object], notice_id: int, *said: object, person: Staff | None = None) -> object:
        """Let somebody do something with a wording as they see it now."""
        with self.office.city.unit(self._actor(person)) as work:
            version = queries.find_version(work.session, notice_id)
            return act(work, version, version.version, *said)

    def copy(self, notice_id: int, person: Staff | None = None) -> int:
        with self.office.city.unit(self._actor(person)) as work:
            return service.copy(work, queries.find_version(work.session, notice_id)).id

    def write(self, notice_id: int, change: Callable[[Content], Content], person: Staff | None = None) -> None:
        self.act(service.write, notice_id, change(self.version(notice_id).wording), person=person)

    def approved(self) -> int:
        notice_id = self.begin()
        self.act(service.submit, notice_id)
        self.act(service.approve, notice_id, person=self.head)
        return notice_id

    def version(self, notice_id: int) -> NoticeVersion:
        with self.office.city.look() as work:
            return queries.find_version(work.session, notice_id)

    def current(self) -> int | None:
        with self.office.city.look() as work:
            found = queries.current(work.session, self.program_id)
            return None if found is None else found.id

    def _actor(self, person: Staff | None):
        return self.office.city.actor(person or self.drafter)


def found_desk(office: Office, **sheet: object) -> Desk:
    return _desk(office, **sheet) if sheet else founded(office.city, _desk, office)


def _desk(office: Office, **sheet: object) -> Desk:
    version_id = office.begin(sheet={**FULL_SHEET, **sheet})
    with office.city.look() as work:
        program_id = work.session.scalars(
            select(ProgramVersion.program_id).where(ProgramVersion.id == version_id)
        ).one()
    head = office.city.person(Role.HEAD, account="another-head", department=office.bureau.department)
    return Desk(office, program_id, head)


def with_subject(subject: str) -> Callable[[Content], Content]:
    return lambda content: replace(content, ja=replace(content.ja, subject=subject))
