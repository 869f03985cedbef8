"""Two people of the DX office who draw: one draws, the other puts into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.drawing import queries, service
from backoffice.drawing.models import RouteVersion
from backoffice.identity import Role, Staff
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.office import City
from tests.backoffice.staff_client import StaffClient
from workflows.routes import RouteKind

TODAY = date(2026, 11, 24)


@dataclass
class Drawers:
    bureau: Bureau
    drawer: Staff
    second: Staff
    third: Staff

    @property
    def city(self) -> City:
        return self.bureau.city

    def visit(self, person: Staff) -> StaffClient:
        return StaffClient(self.city).sign_in(person)

    def in_force(self, kind: RouteKind, day: date = TODAY) -> RouteVersion:
        with self.city.look() as work:
            return queries.version_in_force(work.session, str(kind), day)

    def version(self, version_id: int) -> RouteVersion:
        with self.city.look() as work:
            return queries.find_version(work.session, version_id)

    def draft(self, kind: RouteKind = RouteKind.PROGRAM_REGISTRATION, *changes: tuple[str, str]) -> int:
        """A copy of the version in force, drawn on: each change is a text of its XML and what stands there instead."""
        original = self.in_force(kind)
        with self.city.unit(self.city.actor(self.drawer)) as work:
            draft = service.copy_version(work, original, "")
        if changes:
            self.draw(self.drawer, draft.id, *changes)
        return draft.id

    def draw(self, person: Staff, version_id: int, *changes: tuple[str, str]) -> None:
        with self.city.unit(self.city.actor(person)) as work:
            version = queries.find_version(work.session, version_id)
            bpmn = version.bpmn
            for old, new in changes:
                assert old in bpmn, old
                bpmn = bpmn.replace(old, new)
            service.save_drawing(work, version, version.version, service.accepted(bpmn.encode(), "xml"), "")

    def propose(self, version_id: int, person: Staff | None = None) -> None:
        with self.city.unit(self.city.actor(person or self.drawer)) as work:
            version = queries.find_version(work.session, version_id)
            service.propose(work, version, version.version)

    def activate(self, version_id: int, person: Staff | None = None, day: date = TODAY) -> None:
        with self.city.unit(self.city.actor(person or self.second)) as work:
            version = queries.find_version(work.session, version_id)
            service.put_into_force(work, version, version.version, day)

    def events(self) -> list[str]:
        with self.city.look() as work:
            return list(
                work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.fiscal_year, AuditEvent.position))
            )


def found_drawers(bureau: Bureau) -> Drawers:
    return Drawers(bureau, bureau.dx, bureau.dx_head, bureau.city.person(Role.DX_OFFICE, account="dx3"))
