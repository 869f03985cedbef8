"""Which staff, departments and roles does an administrator look at?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.db.lookup import one_or_not_there
from backoffice.errors import NotPermitted
from backoffice.identity import Actor, Department, Permission, RoleGrant, Staff, within
from backoffice.web.lists import PAGE_SIZE
from backoffice.web.translations import _


def visible_staff(actor: Actor, keyword: str = "") -> Select[Staff]:
    statement = select(Staff).where(within(actor, Permission.STAFF_VIEW, Staff.department_id))
    if keyword:
        statement = statement.where(
            Staff.name.contains(keyword, autoescape=True) | Staff.account.contains(keyword, autoescape=True)
        )
    return statement


def count_staff(session: Session, actor: Actor, keyword: str) -> int:
    return session.scalar(select(func.count()).select_from(visible_staff(actor, keyword).subquery())) or 0


def list_staff(session: Session, actor: Actor, keyword: str, offset: int) -> Sequence[Staff]:
    return session.scalars(
        visible_staff(actor, keyword)
        .options(joinedload(Staff.department), selectinload(Staff.grants).joinedload(RoleGrant.department))
        .order_by(Staff.account)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def find_staff(session: Session, actor: Actor, staff_id: int) -> Staff:
    """Give one member of staff; raises NotThere when the actor may not see them."""
    return one_or_not_there(
        session,
        visible_staff(actor)
        .where(Staff.id == staff_id)
        .options(joinedload(Staff.department), selectinload(Staff.grants).joinedload(RoleGrant.department)),
    )


def may_edit(actor: Actor, person: Staff, today: date) -> bool:
    """Say whether `actor` administers a person: where they sit, and wherever they hold a role now or later.

    Else whoever administers one section could take over the account of somebody there who reaches the whole city.
    """
    held = [grant.department.path for grant in person.grants if grant.ends is None or today <= grant.ends]
    return all(actor.reaches(Permission.STAFF_EDIT, path) for path in (person.department.path, *held))


def find_editable(session: Session, actor: Actor, staff_id: int, today: date) -> Staff:
    """Give one member of staff whom the actor administers. Raises NotThere and NotPermitted."""
    person = find_staff(session, actor, staff_id)
    if not may_edit(actor, person, today):
        raise NotPermitted(
            _("この職員は、あなたの受け持ちの外にも役割か席があります。そこも受け持つシステム管理者に頼んでください。")
        )
    return person


def list_departments(session: Session, actor: Actor, permission: Permission) -> Sequence[Department]:
    """Give the open departments where the actor holds `permission`, as a tree in reading order."""
    statement = select(Department).where(within(actor, permission, Department.id), ~Department.closed)
    found = session.scalars(statement).all()
    return sorted(found, key=lambda department: [int(part) for part in department.path.strip("/").split("/")])


def is_held(grant: RoleGrant, today: date) -> bool:
    return grant.starts <= today and (grant.ends is None or today <= grant.ends)
