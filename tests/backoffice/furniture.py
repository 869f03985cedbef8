"""What stands in an office before a test looks at its pages: sheets in every state, jobs, people, a long trail.

The rows are put there as they are, not through the services: these tests ask how pages show them, not how they came.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import Engine, event

from backoffice.accounts import service as accounts
from backoffice.automation.alarms.models import NightAlarm
from backoffice.automation.by_day.models import ChosenItem, LiveScreen, Watcher
from backoffice.automation.by_day.runs import MOST_AT_ONCE
from backoffice.automation.models import Credential, Evidence, Lease, Night, TargetSystem, WorkItem
from backoffice.automation.queue.change_models import QueueChange
from backoffice.automation.systems.stop_models import ServiceStop
from backoffice.automation.taken.models import ItemFile, ItemReading
from backoffice.automation.watch import watching
from backoffice.automation.workflow import FINISHED, ItemState, NightState
from backoffice.consents.models import RegistrantLook
from backoffice.demo.papers import SCANS
from backoffice.identity import Department, Permission, Role, RoleGrant, Staff
from backoffice.jobs import JobName
from backoffice.night_reports.models import NightReport, NightReportPart
from backoffice.vault import StoredFile
from backoffice.work import Work
from forms import catalogue
from tests.backoffice.archive.shelves import add_archive
from tests.backoffice.audiences.furniture import add_runs
from tests.backoffice.audiences.schedule_furniture import add_schedules
from tests.backoffice.breaches.furniture import add_breaches
from tests.backoffice.clients.machines import add_clients
from tests.backoffice.consents.counter import add_registrants
from tests.backoffice.crowding.furniture import add_counts
from tests.backoffice.data_links.furniture import add_link_consents, add_links
from tests.backoffice.digital_id.wallets import add_digital_ids
from tests.backoffice.form_designs.furniture import add_forms
from tests.backoffice.inbox.furniture import add_cases, drafter_of
from tests.backoffice.intake.furniture import add_sheets
from tests.backoffice.mail_in.furniture import add_letters
from tests.backoffice.notices.furniture import add_notices
from tests.backoffice.office import City
from tests.backoffice.paperless.furniture import add_papers
from tests.backoffice.programs.furniture import add_programs
from tests.backoffice.reachability.furniture import add_reach
from tests.backoffice.recordings.furniture import add_bots
from tests.backoffice.records.furniture import add_records
from tests.backoffice.rehearsals.furniture import add_rehearsals
from tests.backoffice.residents.cities import add_residents
from tests.backoffice.rights.furniture import add_requests

FORM = catalogue.find("shugaku-enjo")
MOST_LINKS = 500
MOST_PROGRAMS = 500
"""Five times the push services that the city aims at: more sheets than that do not bring more programs."""
PICTURE = (SCANS / "marked_003.jpg").read_bytes()
NOT_THERE = 2_000_000_000
IN_FULL = 30
"""So many records have pictures and fields of their own; beyond, rows are for counting."""


@dataclass(frozen=True)
class Furnished:
    """A department at work: whoever looks at it may see its sheet, staff and job."""

    department: Department
    person: Staff
    job_id: str
    grant_id: int
    target_id: int
    night_id: int
    item_id: int
    evidence_id: int
    item_file_id: int
    queue_change_id: int
    service_stop_id: int
    day_run_id: int
    cases: dict[str, object] = field(default_factory=dict)
    """Ids of cases and of what hangs on them."""
    residents: dict[str, object] = field(default_factory=dict)
    """Ids of snapshots and of the desk for protected residents."""
    programs: dict[str, object] = field(default_factory=dict)
    """Ids of a program, its draft, its example, a threshold."""
    consents: dict[str, object] = field(default_factory=dict)
    """Ids of a look at a registrant and of a consent."""
    links: dict[str, object] = field(default_factory=dict)
    """Ids of an agreement on a data link and of its draft."""
    wrongs: dict[str, object] = field(default_factory=dict)
    """Ids of a leak and of what a person asked about what is held of them."""
    clients: dict[str, object] = field(default_factory=dict)
    """Ids of a machine client and of its key."""
    paper: dict[str, int] = field(default_factory=dict)
    """Ids of a sheet that `person` has claimed, of its batch, of what is checked of it blindly, of how it is kept."""

    @property
    def sheet_id(self) -> int:
        return self.paper["sheet_id"]

    def fill(self, path: str) -> str:
        """Give a route's address with ids of what is there."""
        known = {
            "staff_id": self.person.id,
            "job_id": self.job_id,
            "grant_id": self.grant_id,
            "target_id": self.target_id,
            "night_id": self.night_id,
            "item_id": self.item_id,
            "evidence_id": self.evidence_id,
            "item_file_id": self.item_file_id,
            "queue_change_id": self.queue_change_id,
            "day_run_id": self.day_run_id,
            "service_stop_id": self.service_stop_id,
            "key": "name",
            **self.cases,
            **self.residents,
            **self.programs,
            **self.consents,
            **self.links,
            "link_consent": "a" * 16,
            "consent_reference": "a" * 16,
            **self.clients,
            **self.wrongs,
            **self.paper,
        }
        if path.startswith("/programs/versions/"):
            known["version_id"] = self.programs.get("program_version_id", NOT_THERE)
        if path.endswith(("/edit", "/discard")):
            known["case_id"] = self.cases.get("draft_id", NOT_THERE)
        if "{vote_id}" in path:
            known["case_id"] = self.cases.get("review_case_id", NOT_THERE)
        return filled(path, known, otherwise="unknown-to-the-furniture")


def filled(path: str, known: dict[str, object], *, otherwise: object) -> str:
    parts = [
        str(known.get(part.strip("{}").split(":")[0], otherwise)) if part.startswith("{") else part
        for part in path.split("/")
    ]
    return "/".join(parts)


def furnish(city: City, *roles: Role, sheets: int = 6, people: int = 1, jobs: int = 1) -> Furnished:
    """Fill an office: `person` holds `roles` (all of them if none is named) in a department with so many of each."""
    department = city.department("学事課")
    person = city.person(*(roles or tuple(Role)), department=department)
    with city.unit() as work:
        for _ in range(people - 1):
            account = f"neighbour{len(work.events)}"
            neighbour = accounts.add_staff(work, account, f"隣席 {account}", department, city.quick_hash)
            accounts.grant_role(work, neighbour.id, Role.CLERK, department.id, date(2026, 4, 1), None)
        paper = add_paper(work, department, person, sheets)
        job_ids = [work.ask(JobName.READ_SHEET, 1 + number) for number in range(jobs)]
        grant_id = work.session.query(RoleGrant.id).filter(RoleGrant.staff_id == person.id).limit(1).scalar()
        night = add_nights(work, department, person, sheets)
        drafter = drafter_of(work, department, city.quick_hash)
        residents = add_residents(work, person, sheets)
        programs = add_programs(work, department, person, min(sheets, MOST_PROGRAMS))
        if sheets:
            programs |= add_notices(work, int(str(programs["program_id"])), person)
        programs |= add_schedules(work, programs.get("program_id"), person, sheets)
    with city.unit(city.actor(person)) as work:
        consents = add_registrants(work, person, sheets)
        add_digital_ids(work, consents["look_id"], min(sheets, IN_FULL))
        links = add_links(work, department, person, min(sheets, MOST_LINKS))
        if sheets:
            look = work.session.get_one(RegistrantLook, consents["look_id"])
            add_link_consents(work, look.registrant_id, sheets)
    with city.unit(replace(city.actor(person), proved_at=city.clock.moment)) as work:
        clients = add_clients(work, sheets)
    cases = add_cases(city.office, department, person, drafter, sheets)
    with city.unit(city.actor(person)) as work:
        wrongs = add_breaches(work, links["link_id"], min(sheets, IN_FULL))
        wrongs |= add_requests(work, consents["look_id"], min(sheets, IN_FULL))
        wrongs |= add_counts(work, sheets)
        wrongs |= add_papers(work, department, links["link_id"], min(sheets, IN_FULL))
        wrongs |= add_forms(work, department, sheets)
        wrongs |= add_records(work, wrongs["design_id"], sheets)
        wrongs |= add_lessons(work, wrongs["design_id"], night["target_id"], sheets)
        add_reach(work, consents["look_id"], sheets)
        programs |= add_runs(work, department, person, sheets)
    return Furnished(
        department,
        person,
        job_ids[0] if job_ids else "none",
        grant_id or NOT_THERE,
        **night,
        cases=cases,
        residents=residents,
        programs=programs,
        consents=consents,
        links=links,
        clients=clients,
        wrongs=wrongs,
        paper=paper,
    )


def add_lessons(work: Work, design_id: object, target_id: int, bots: int) -> dict[str, object]:
    """Bots that were taught, and how one of them was rehearsed."""
    taught = add_bots(work, design_id, bots)
    file_id = picture_of(work, IN_FULL)
    return taught | add_rehearsals(work, int(str(taught["bot_version_id"])), target_id, file_id, min(bots, IN_FULL))


def add_paper(work: Work, department: Department, person: Staff, sheets: int) -> dict[str, object]:
    """Paper that was read, what is kept of it for years, letters that came with some."""
    pictures = [picture_of(work, number) for number in range(sheets)]
    paper = add_sheets(work, department, person, pictures, IN_FULL)
    paper |= add_archive(work, department, person, paper)
    return paper | add_letters(work, department, pictures)


def picture_of(work: Work, number: int) -> int:
    """A picture in the vault for each of the first records; the others share the last one."""
    kept = work.session.query(StoredFile.id).order_by(StoredFile.id.desc()).limit(1).scalar()
    if number >= IN_FULL and kept:
        return kept
    file = work.office.files.put(PICTURE + str(number).encode(), "image/jpeg", work.now)
    work.session.add(file)
    work.session.flush()
    return file.id


def add_nights(work: Work, department: Department, person: Staff, items: int) -> dict[str, int]:
    """A system, a night that runs and as many that have ended, a record in each state in turn, with its picture."""
    target = TargetSystem(
        name="就学援助システム",
        procedure=FORM.definition.code,
        url="http://127.0.0.1:9",
        department_id=department.id,
        opens=time(20),
        closes=time(5),
        margin_seconds=60,
        late_commit_seconds=30,
        pictures=True,
        created_at=work.now,
    )
    work.session.add(target)
    work.session.flush()
    work.session.add(
        Credential(target_id=target.id, account="gakumu01", sealed_password=b"sealed", set_at=work.now, locked_cause="")
    )
    nights = [
        Night(
            target_id=target.id,
            state=NightState.ENDED if number else NightState.RUNNING,
            started_at=work.now - timedelta(days=number),
            started_by_id=person.id,
            closes_at=work.now + timedelta(hours=9),
            ended_at=work.now if number else None,
            why_ended="finished" if number else "",
        )
        for number in range(max(1, items))
    ]
    work.session.add_all(nights)
    work.session.flush()
    item_ids = [add_item(work, target, nights[0].id, number) for number in range(items)]
    item_id = item_ids[0] if item_ids else NOT_THERE
    day_run_id = add_day_run(work, target, person, item_ids[:MOST_AT_ONCE])
    add_watcher(work, nights[0], person, item_ids[:1])
    add_report(work, nights, department)
    work.session.add(Lease(target_id=target.id, account="gakumu01", night_id=nights[0].id, until=work.now))
    evidence_id = work.session.query(Evidence.id).limit(1).scalar() or NOT_THERE
    return {
        "target_id": target.id,
        "night_id": nights[0].id,
        "item_id": item_id,
        "evidence_id": evidence_id,
        "item_file_id": take_home(work, item_id) if item_ids else NOT_THERE,
        "day_run_id": day_run_id,
        **add_queue_story(work, target, person, items),
    }


def take_home(work: Work, item_id: int) -> int:
    """What a bot read for a record, and a file that it received."""
    taken = [{"支給月": "2026-10", "金額": "12,000"}]
    work.session.get_one(WorkItem, item_id).took_home = True
    work.session.add(ItemReading(item_id=item_id, name="支給の明細", taken=taken, read_at=work.now))
    file_id, about = picture_of(work, 0), {"item_id": item_id, "name": "通知書", "kind": "pdf", "sha256": "ab" * 32}
    file = ItemFile(**about, file_id=file_id, taken_at=work.now, printer="kaikei", printing_at=work.now)
    work.session.add(file)
    work.session.flush()
    return file.id


def add_day_run(work: Work, target: TargetSystem, person: Staff, item_ids: list[int]) -> int:
    """What a clerk had keyed by day, and has ended."""
    times = {"started_at": work.now, "closes_at": work.now + timedelta(hours=2), "ended_at": work.now}
    run = Night(target_id=target.id, kind="by_day", state=NightState.ENDED, why_ended="finished", **times)
    run.started_by_id = person.id
    work.session.add(run)
    work.session.flush()
    work.session.add_all(ChosenItem(night_id=run.id, item_id=item_id) for item_id in item_ids)
    return run.id


def add_watcher(work: Work, night: Night, person: Staff, item_ids: list[int]) -> None:
    """Somebody watches the screen of the night that runs."""
    work.session.add(Watcher(night_id=night.id, staff_id=person.id, until=work.now + timedelta(minutes=15)))
    for item_id in item_ids:
        picture = watching.sealed(work.office, night.id, PICTURE)
        shown = LiveScreen(night_id=night.id, item_id=item_id, step=2, steps=9, at=work.now, sealed_picture=picture)
        work.session.add(shown)


def add_queue_story(work: Work, target: TargetSystem, person: Staff, items: int) -> dict[str, int]:
    """What somebody changed about many items at once, and days on which the system is out of service."""
    change = QueueChange(target_id=target.id, kind="priority", made_by_id=person.id, made_at=work.now, items=items)
    stop = ServiceStop(
        target_id=target.id,
        first_day=work.today + timedelta(days=5),
        last_day=work.today + timedelta(days=6),
        reason="庁舎の停電",
        made_at=work.now,
    )
    work.session.add_all([change, stop])
    work.session.flush()
    return {"queue_change_id": change.id, "service_stop_id": stop.id}


def add_report(work: Work, nights: list[Night], department: Department) -> None:
    """This morning's report of the nights that have ended, the first of them with a trouble that was told."""
    report = NightReport(day=work.today, made_at=work.now)
    work.session.add(report)
    work.session.flush()
    work.session.add_all(
        NightReportPart(
            report_id=report.id,
            night_id=night.id,
            department_id=department.id,
            done=3,
            to_decide=1,
            left_waiting=2,
            codes={"keyed": 3, "refused": 1},
            saved_minutes=Decimal("24.0"),
        )
        for night in nights[1:20]
    )
    work.session.add_all(NightAlarm(night_id=night.id, cause="target_down", at=work.now) for night in nights[1:2])


def add_item(work: Work, target: TargetSystem, night_id: int, number: int) -> int:
    """One record; the first awaits a person."""
    states = itertools.cycle((ItemState.EXCEPTION, *ItemState))
    state = next(itertools.islice(states, number, None))
    item = WorkItem(
        reference=f"R8-就援-9{number:03d}",
        target_id=target.id,
        department_id=target.department_id,
        record={"schema": 1, "values": {field.key: None for field in FORM.definition.fields}},
        state=state,
        tries=1,
        queued_at=work.now,
        changed_at=work.now,
        night_id=night_id,
        seconds=20.0,
        finished_at=work.now - timedelta(days=number % 1000) if state in FINISHED else None,
    )
    work.session.add(item)
    work.session.flush()
    file_id = picture_of(work, number)
    work.session.add(Evidence(item_id=item.id, file_id=file_id, stage="found", taken_at=work.now))
    work.session.flush()
    return item.id


@dataclass(frozen=True)
class Door:
    """One route as a person meets it."""

    method: str
    path: str
    permission: Permission | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def doors(app: FastAPI) -> list[Door]:
    """Every route of the application that is a function of ours; signing out last, since it ends the visit."""
    every = [
        Door(method, str(found.path), Permission(named) if named else None)
        for found in iter_route_contexts(app.routes)
        if isinstance(found.original_route, APIRoute)
        for named in [(found.original_route.openapi_extra or {}).get("permission")]
        for method in sorted(found.methods or ())
    ]
    return sorted(every, key=lambda door: door.path == "/sign-out")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What any engine of this process is asked within the block; BEGIN asks nothing and does not count."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def placeholders(sentence: str) -> set[str]:
    """The names that a sentence asks for: `%(sheet_id)s`."""
    return set(re.findall(r"%\((\w+)\)", sentence))
