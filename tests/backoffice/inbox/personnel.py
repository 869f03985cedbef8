"""A personnel file for a test: the office as it stands, but for who leaves and who moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from backoffice.accounts.hr_import import service as hr_import
from backoffice.accounts.hr_import.roster import read_roster
from backoffice.identity import Department, Role, RoleGrant, Staff
from backoffice.identity.permissions import ROLE_NAMES
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.office import City

HEADINGS = "所属コード,所属名,上位所属コード,職員ID,氏名,役割"


def first_of_april(
    bureau: Bureau,
    *,
    leave: Collection[str] = (),
    move: Mapping[str, Department] | None = None,
    roles: Mapping[str, Collection[Role]] | None = None,
) -> None:
    """Let a file of the whole city come true, in which some leave, move or hold other roles."""
    city = bureau.city
    administrator = city.person(Role.ADMINISTRATOR, department=_top(city), account="jinji")
    content = _file(city, leave, move or {}, roles or {})
    actor = city.actor(administrator)
    roster, troubles = read_roster(content.encode())
    assert troubles == []
    with city.unit(actor) as work:
        plan = hr_import.bring(work, roster, city.office.services.today())
        work.session.flush()
        hr_import.plan_for_its_day(work, plan.id)
    done = hr_import.do_what_is_due(city.office)
    assert (done.state, done.trouble) == ("done", "")


def _top(city: City) -> Department:
    with city.look() as work:
        return work.session.scalars(select(Department).where(Department.depth == 0)).one()


def _file(city: City, leave, move, roles) -> str:
    with city.look() as work:
        departments = {row.id: row for row in work.session.scalars(select(Department))}
        people = work.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)).all()
        held: dict[int, list[str]] = {}
        for grant in work.session.scalars(select(RoleGrant)):
            held.setdefault(grant.staff_id, []).append(grant.role)
    top_first = sorted(departments.values(), key=lambda each: each.depth)
    lines = [HEADINGS, *(f"{_unit(departments, row)},,," for row in top_first)]
    for person in people:
        if person.account in leave:
            continue
        home = move.get(person.account, departments[person.department_id])
        own = roles.get(person.account, held.get(person.id, ()))
        names = "・".join(ROLE_NAMES[Role(role)] for role in own)
        lines.append(f"{_unit(departments, departments[home.id])},{person.account},{person.name},{names}")
    return "\r\n".join(lines) + "\r\n"


def _unit(departments: Mapping[int, Department], row: Department) -> str:
    above = f"D{row.parent_id:04d}" if row.parent_id else ""
    return f"D{row.id:04d},{row.name},{above}"
