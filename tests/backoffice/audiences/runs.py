"""A department that sends a notice: an approved wording of a program in force, an invented city, and runs of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from backoffice.audiences import queries, service
from backoffice.audiences.freezing import freeze
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.service import Plan
from backoffice.identity import Staff
from backoffice.programs import queries as programs
from backoffice.programs import rolling_over
from backoffice.programs.models import ProgramVersion
from backoffice.programs.workflow import VersionState
from tests.backoffice.audiences.town import Person, register
from tests.backoffice.founding import founded
from tests.backoffice.notices.wordings import Desk, found_desk
from tests.backoffice.office import City
from tests.backoffice.programs.cities import take_in_residents
from tests.backoffice.programs.offices import Office
from workflows.notices.metering import Pace
from workflows.rules.vocabulary import ConsentClass

ALL = tuple(ConsentClass)


@dataclass
class Sending:
    """Where runs are made. `residents`: the frame of everybody in the snapshot."""

    desk: Desk
    version_id: int
    residents: Any

    @property
    def office(self) -> Office:
        return self.desk.office

    @property
    def city(self) -> City:
        return self.desk.office.city

    @property
    def drafter(self) -> Staff:
        return self.office.drafter

    def begin(self, person: Staff | None = None, **said: Any) -> int:
        """Begin a run as somebody would: from now on, for a month."""
        now = self.city.clock()
        usual = {
            "send_from": now,
            "last_day": (now + timedelta(days=30)).date(),
            "period": "2026",
            "pace": Pace(100_000),
        }
        with self.city.unit(self.city.actor(person or self.drafter)) as work:
            version = programs.find_version(work.session, self.version_id)
            return service.begin_run(work, version, Plan(**{**usual, **said})).id

    def frozen(self, **said: Any) -> int:
        run_id = self.begin(**said)
        freeze(self.city.office, run_id)
        return run_id

    def run(self, run_id: int) -> NoticeRun:
        with self.city.look() as work:
            return queries.find_run(work.session, run_id)

    def act(self, act: Callable[..., Any], run_id: int, person: Staff | None = None) -> Any:
        """Let somebody do something with a run as they see it now."""
        with self.city.unit(self.city.actor(person or self.drafter)) as work:
            run = queries.find_run(work.session, run_id)
            return act(work, run, run.version) if act is service.submit else act(work, run_id, run.version)

    def women_over_forty(self, count: int) -> list[str]:
        """Pseudonyms of people whom the rule of the program hits, if they consent."""
        hit = self.residents.filter(
            (self.residents["sex"] == "female") & (self.residents["birth_date"].dt.year() < 1980)
        )
        return list(hit["pseudonym"][:count])

    def register(self, names: list[str], *, line: bool = False, language: str = "ja") -> list[Person]:
        some = [Person(name, line=line, language=language) for name in names]
        register(self.city.office, some, ALL)
        return some


def found_sending(office: Office, people: int = 400, **sheet: object) -> Sending:
    """Found all that a run needs: residents, a program in force and confirmed for the year, an approved wording."""
    if (people, sheet) != (400, {}):
        return _sending(office, people, **sheet)
    return founded(office.city, _sending, office)


def _sending(office: Office, people: int = 400, **sheet: object) -> Sending:
    desk = found_desk(office, **sheet)
    desk.approved()
    with office.city.unit() as work:
        in_force = {"state": VersionState.APPROVED, "approved_at": work.now, "effective_from": work.today}
        work.session.execute(
            update(ProgramVersion).where(ProgramVersion.program_id == desk.program_id).values(in_force)
        )
    residents = take_in_residents(office.city, people)
    with office.city.look() as work:
        version_id = programs.in_force(work.session, desk.program_id, work.today).id
    _confirm_all(office, version_id)
    return Sending(desk, version_id, residents)


def _confirm_all(office: Office, version_id: int) -> None:
    with office.city.unit(office.city.actor(office.drafter)) as work:
        version = programs.find_version(work.session, version_id)
        for item in rolling_over.turn_of(work, version).open_items:
            rolling_over.confirm_item(work, version, item.key, item.fingerprint)
