"""Which file is being looked at or waits for its day, and how does the office stand until then?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.accounts.hr_import.differences import GrantNow, Office, PersonNow, UnitNow
from backoffice.accounts.hr_import.models import HrPlan
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import NotThere
from backoffice.identity import Actor, Department, Permission, Role, RoleGrant, Staff

DRAFT, PLANNED, DONE, CANCELLED, FAILED = "draft", "planned", "done", "cancelled", "failed"
OPEN = (DRAFT, PLANNED)
LATEST = 10


def reaches_everyone(session: Session, actor: Actor) -> bool:
    """Say whether the actor gives roles in the whole city: a file speaks of all of it."""
    tops = session.scalars(select(Department.path).where(Department.parent_id.is_(None)))
    return all(actor.reaches(Permission.STAFF_EDIT, path) for path in tops)


def open_plan(session: Session) -> HrPlan | None:
    """Give the file that waits for its day, else the one being looked at."""
    found = session.scalars(
        select(HrPlan)
        .where(HrPlan.state.in_(OPEN))
        .options(joinedload(HrPlan.uploaded_by))
        .order_by(HrPlan.state.desc())
    )
    return found.first()


def find_open(session: Session, actor: Actor, plan_id: int) -> HrPlan:
    """Give a file that is still open, locked. Raises NotThere for another, and for whoever may not see it."""
    if not reaches_everyone(session, actor):
        raise NotThere("お探しの記録は見つかりませんでした。")
    return one_or_not_there(
        session, select(HrPlan).where(HrPlan.id == plan_id, HrPlan.state.in_(OPEN)).with_for_update()
    )


def past_plans(session: Session) -> Sequence[HrPlan]:
    return session.scalars(
        select(HrPlan)
        .where(HrPlan.state.not_in(OPEN))
        .options(joinedload(HrPlan.uploaded_by))
        .order_by(HrPlan.id.desc())
        .limit(LATEST)
    ).all()


def office_on(session: Session, day: date, bringer_id: int) -> Office:
    """Give the office as it will stand on `day` if nothing else happens."""
    departments = session.scalars(select(Department).order_by(Department.depth, Department.id))
    people = session.scalars(select(Staff).order_by(Staff.account)).all()
    grants: dict[int, list[GrantNow]] = {}
    for grant in session.scalars(
        select(RoleGrant).where(or_(RoleGrant.ends.is_(None), RoleGrant.ends >= day)).order_by(RoleGrant.id)
    ):
        grants.setdefault(grant.staff_id, []).append(GrantNow(grant.id, Role(grant.role), grant.department_id))
    return Office(
        units=[UnitNow(d.id, d.code, d.name, d.short_name, d.parent_id, d.closed) for d in departments],
        people=[
            PersonNow(
                id=each.id,
                account=each.account,
                name=each.name,
                unit_id=each.department_id,
                active=each.active,
                mail=each.mail,
                stays=each.break_glass or each.id == bringer_id,
                grants=tuple(grants.get(each.id, ())),
            )
            for each in people
        ],
        bringer=next((each.account for each in people if each.id == bringer_id), ""),
    )
