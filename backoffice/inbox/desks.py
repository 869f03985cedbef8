"""Whose in-tray is a task in? A desk is a person, or a role held in one department, or held anywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.identity import Actor, Department, Grant, Role, RoleGrant, Staff
from backoffice.inbox.models import Absence
from workflows.routes import ANYWHERE, COORDINATING, DRAFTER, Assignment


def person_desk(staff_id: int) -> str:
    return f"person:{staff_id}"


def role_desk(role: str, department_id: int) -> str:
    return f"{role}@{department_id}"


def city_desk(role: str) -> str:
    """Give the tray of a role wherever it is held."""
    return f"{role}@*"


@dataclass(frozen=True)
class Chair:
    """One person in whose name the actor may decide: their own, or a principal's whose deputy they are today."""

    staff_id: int
    name: str
    desks: frozenset[str]
    is_own: bool


def desks_of(staff_id: int, grants: Iterable[Grant]) -> frozenset[str]:
    """Give the trays that lie open to a person with these roles."""
    own = {person_desk(staff_id)}
    for grant in grants:
        own.add(role_desk(grant.role, int(grant.department_path.rstrip("/").rsplit("/", 1)[-1])))
        own.add(city_desk(grant.role))
    return frozenset(own)


def chairs_of(session: Session, actor: Actor, today: date) -> tuple[Chair, ...]:
    """Give the actor's own chair, then those of the people they stand in for today."""
    if actor.staff_id is None:
        return ()
    own = Chair(actor.staff_id, actor.name, desks_of(actor.staff_id, actor.grants), is_own=True)
    principals = session.execute(
        select(Staff.id, Staff.name)
        .join(Absence, Absence.staff_id == Staff.id)
        .where(
            Absence.deputy_id == actor.staff_id,
            Absence.starts <= today,
            Absence.ends >= today,
            Absence.cancelled_at.is_(None),
            Staff.active,
        )
        .distinct()
        .order_by(Staff.id)
    ).all()
    if not principals:
        return (own,)
    grants = grants_today(session, today, [staff_id for staff_id, _ in principals])
    return (own, *(Chair(sid, name, desks_of(sid, grants.get(sid, ())), is_own=False) for sid, name in principals))


def grants_today(session: Session, today: date, staff_ids: list[int] | None = None) -> dict[int, list[Grant]]:
    """Give the roles that these people hold today; without `staff_ids`, everybody's."""
    found: dict[int, list[Grant]] = {}
    statement = (
        select(RoleGrant.staff_id, RoleGrant.role, Department.path)
        .join(RoleGrant.department)
        .where(RoleGrant.starts <= today, or_(RoleGrant.ends.is_(None), RoleGrant.ends >= today))
    )
    if staff_ids is not None:
        statement = statement.where(RoleGrant.staff_id.in_(staff_ids))
    rows = session.execute(statement)
    for staff_id, role, path in rows:
        found.setdefault(staff_id, []).append(Grant(Role(role), path))
    return found


@dataclass(frozen=True)
class Standpoint:
    """From where a case looks for the people it asks: who answers for it, whose it is, which department is asked."""

    responsible_id: int
    department_id: int
    coordinating_department_id: int | None = None


def desk_asked(session: Session, asked: Assignment, of: Standpoint, today: date) -> str:
    """Give the tray that an assignment of a route means for a case."""
    if asked.person == DRAFTER:
        if session.scalar(select(Staff.active).where(Staff.id == of.responsible_id)):
            return person_desk(of.responsible_id)
        # Whoever answered for it has left: the heads see it, and hand it over to someone (backoffice.inbox.leaving).
        return role_desk(Role.HEAD, nearest_holder(session, Role.HEAD, of.department_id, today))
    if asked.person:
        staff_id = session.scalar(select(Staff.id).where(Staff.account == asked.person, Staff.active))
        return person_desk(staff_id) if staff_id else city_desk(Role.DX_OFFICE)
    role = asked.role or Role.DX_OFFICE
    if asked.place == ANYWHERE:
        return city_desk(role)
    department_id = of.department_id
    if asked.place == COORDINATING:
        department_id = of.coordinating_department_id or of.department_id
    return role_desk(role, nearest_holder(session, role, department_id, today))


def holders_of(session: Session, desk: str, today: date) -> list[tuple[int, str]]:
    """Give id and name of the people in whose in-tray a desk lies today, without their deputies."""
    if desk.startswith("person:"):
        statement = select(Staff.id, Staff.name).where(Staff.id == int(desk.removeprefix("person:")))
    else:
        role, _at, place = desk.partition("@")
        held = [RoleGrant.department_id == int(place)] if place.isdigit() else []
        statement = (
            select(Staff.id, Staff.name)
            .join(RoleGrant, RoleGrant.staff_id == Staff.id)
            .where(
                RoleGrant.role == role,
                RoleGrant.starts <= today,
                or_(RoleGrant.ends.is_(None), RoleGrant.ends >= today),
                *held,
            )
            .distinct()
        )
    return [(row.id, row.name) for row in session.execute(statement.where(Staff.active).order_by(Staff.id))]


def nearest_holder(session: Session, role: str, department_id: int, today: date) -> int:
    """Give the department at or above this one in which someone active holds `role` today; else this one.

    A 課 without a head of its own is decided for by the head above it.
    """
    line = _line_of(session, department_id)
    held = _held_in(session, role, line, today)
    return next((each for each in reversed(line) if each in held), department_id)


def holder_above(session: Session, role: str, department_id: int, today: date) -> int | None:
    """Give the nearest department above this one in which someone active holds `role` today; None where nobody does."""
    above = _line_of(session, department_id)[:-1]
    held = _held_in(session, role, above, today)
    return next((each for each in reversed(above) if each in held), None)


def is_held(session: Session, role: str, department_id: int, today: date) -> bool:
    """Say whether someone active holds the role in this very department today."""
    return bool(_held_in(session, role, [department_id], today))


def _line_of(session: Session, department_id: int) -> list[int]:
    """Give the departments from the city down to this one."""
    path: str = session.scalars(select(Department.path).where(Department.id == department_id)).one()
    return [int(part) for part in path.strip("/").split("/")]


def _held_in(session: Session, role: str, departments: list[int], today: date) -> set[int]:
    return set(
        session.scalars(
            select(RoleGrant.department_id)
            .join(RoleGrant.staff)
            .where(
                RoleGrant.department_id.in_(departments),
                RoleGrant.role == role,
                RoleGrant.starts <= today,
                or_(RoleGrant.ends.is_(None), RoleGrant.ends >= today),
                Staff.active,
            )
        )
    )
