"""How does what a file says come true? Departments from the top down, then people; all in the unit that was begun."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from backoffice.accounts import devices
from backoffice.accounts.events import (
    DepartmentAdded,
    MailChanged,
    RoleEnded,
    RoleGranted,
    StaffAdded,
    StaffSwitched,
)
from backoffice.accounts.hr_import.differences import Differences, GrantNow, PersonChange, PersonNow, UnitChange
from backoffice.accounts.hr_import.events import (
    DepartmentClosed,
    DepartmentMoved,
    DepartmentRenamed,
    StaffLeft,
    StaffMoved,
    StaffRenamed,
)
from backoffice.accounts.hr_import.models import HrPlan
from backoffice.accounts.hr_import.roster import MOST_SHORT, Person, Unit
from backoffice.identity import Department, Role, RoleGrant, Staff
from backoffice.identity.sessions import end_all_sessions
from backoffice.work import Work

NO_PASSWORD = ""
"""Opens to nothing: an administrator sets one, or the city's identity provider is asked."""


def apply(work: Work, plan: HrPlan, differences: Differences) -> None:
    """Let everything happen that `differences` name."""
    Applying(work, plan).all_of(differences)


class Applying:
    """One file on its day: holds the rows while they change."""

    def __init__(self, work: Work, plan: HrPlan) -> None:
        self.work = work
        self.plan = plan
        self.day: date = plan.effective_on
        rows = work.session.scalars(select(Department)).all()
        self.units: dict[int, Department] = {row.id: row for row in rows}
        self.by_code: dict[str, Department] = {row.code: row for row in rows if row.code}
        self.people: dict[int, Staff] = {row.id: row for row in work.session.scalars(select(Staff))}
        self.grants: dict[int, RoleGrant] = {}

    def all_of(self, differences: Differences) -> None:
        ids = [grant.id for change in differences.changes for grant in change.lost]
        ids += [grant.id for person in differences.leaves for grant in person.grants]
        for start in range(0, len(ids), 500):
            chunk = select(RoleGrant).where(RoleGrant.id.in_(ids[start : start + 500]))
            self.grants |= {row.id: row for row in self.work.session.scalars(chunk)}
        self._units(differences)
        for left in differences.leaves:
            self._leave(left)
        for change in differences.changes:
            self._change(change)
        self._join(differences.joins)
        for closing in differences.closing:
            self.units[closing.id].closed = True
            self.work.record(DepartmentClosed(closing.id))

    def _units(self, differences: Differences) -> None:
        for change in differences.unit_changes:
            self.units[change.now.id].code = change.then.code
            self.by_code[change.then.code] = self.units[change.now.id]
        for unit in differences.new_units:
            self._add_unit(unit)
        for change in differences.unit_changes:
            self._change_unit(change)
        self._lay_paths()

    def _add_unit(self, unit: Unit) -> None:
        above = self.by_code.get(unit.parent)
        row = Department(
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name or unit.name[:MOST_SHORT],
            parent_id=above.id if above else None,
            path=f"/new/{unit.code}/",
            depth=0,
        )
        self.work.session.add(row)
        self.work.session.flush()
        self.units[row.id] = self.by_code[unit.code] = row
        self.work.record(DepartmentAdded(row.id))

    def _change_unit(self, change: UnitChange) -> None:
        row = self.units[change.now.id]
        row.closed = False
        if change.renamed:
            row.name, row.short_name = change.then.name, change.then.short_name or row.short_name
            self.work.record(DepartmentRenamed(row.id))
        if change.moves:
            row.parent_id = self.by_code[change.then.parent].id
            self.work.record(DepartmentMoved(row.id, row.parent_id))

    def _lay_paths(self) -> None:
        """Write every department's path anew from the one above it."""
        below: dict[int | None, list[Department]] = {}
        for row in self.units.values():
            below.setdefault(row.parent_id, []).append(row)
        waiting: list[tuple[Department, str, int]] = [(row, "/", 0) for row in below.get(None, [])]
        while waiting:
            row, above, depth = waiting.pop()
            row.path, row.depth = f"{above}{row.id}/", depth
            waiting += [(each, row.path, depth + 1) for each in below.get(row.id, [])]

    def _join(self, people: Sequence[Person]) -> None:
        """Everybody gets a row before anybody's events are recorded: a flush a person took minutes for a whole city."""
        rows = [
            Staff(
                account=person.account,
                name=person.name,
                department_id=self.by_code[person.unit].id,
                password_hash=NO_PASSWORD,
                mail=person.mail,
                created_at=self.work.now,
            )
            for person in people
        ]
        self.work.session.add_all(rows)
        self.work.session.flush()
        for row, person in zip(rows, people, strict=True):
            home = self.by_code[person.unit]
            self.work.record(StaffAdded(row.id, home.id))
            self._give(row, person, person.roles, home)

    def _change(self, change: PersonChange) -> None:
        row, home = self.people[change.now.id], self.by_code[change.then.unit]
        for lost in change.lost:
            self._end(lost)
        if change.renamed:
            row.name = change.then.name
            self.work.record(StaffRenamed(row.id))
        if change.mail_changes:
            row.mail = change.then.mail
            self.work.record(MailChanged(row.id))
        if change.returns:
            row.active = True
            self.work.record(StaffSwitched(row.id, active=True))
        if change.moves:
            row.department_id = home.id
            self.work.record(StaffMoved(row.id, change.now.unit_id, home.id))
        self._give(row, change.then, change.gained, home)

    def _leave(self, left: PersonNow) -> None:
        row = self.people[left.id]
        for grant in left.grants:
            self._end(grant)
        row.active = False
        end_all_sessions(self.work.session, row.id)
        devices.forget(self.work.session, row.id)
        self.work.record(StaffLeft(row.id, row.department_id))

    def _give(self, row: Staff, person: Person, roles: tuple[Role, ...], home: Department) -> None:
        for role in roles:
            grant = RoleGrant(
                staff_id=row.id,
                role=str(role),
                department_id=home.id,
                starts=max(self.day, person.starts or self.day),
                ends=person.ends,
                granted_by_id=self.plan.uploaded_by_id,
            )
            self.work.session.add(grant)
            self.work.record(RoleGranted(row.id, home.id, str(role)))

    def _end(self, lost: GrantNow) -> None:
        row = self.grants[lost.id]
        row.ends = self.day - timedelta(days=1)
        self.work.record(RoleEnded(row.staff_id, row.department_id, row.role))
