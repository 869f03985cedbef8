"""Which staff, departments and roles does an administrator look at?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Actor, Department, Permission, RoleGrant, Staff, within
from backoffice.web.lists import PAGE_SIZE


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


def list_departments(session: Session, actor: Actor, permission: Permission) -> Sequence[Department]:
    """Give the open departments where the actor holds `permission`, as a tree in reading order."""
    statement = select(Department).where(within(actor, permission, Department.id), ~Department.closed)
    found = session.scalars(statement).all()
    return sorted(found, key=lambda department: [int(part) for part in department.path.strip("/").split("/")])


def is_held(grant: RoleGrant, today: date) -> bool:
    return grant.starts <= today and (grant.ends is None or today <= grant.ends)
