"""Who hears of a system's troubles? Whoever is on duty for it; where nobody is named, all who may run its nights."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.automation.events import DutyNamed
from backoffice.automation.models import TargetSystem
from backoffice.errors import Invalid
from backoffice.identity import ROLE_PERMISSIONS, Department, Permission, RoleGrant, Staff
from backoffice.web.translations import _
from backoffice.work import Work


def operators(session: Session, department_path: str, today: date) -> dict[int, str]:
    """Give id and name of those who may run the nights of a department's systems today."""
    return holders(session, Permission.NIGHT_RUN, department_path, today)


def holders(session: Session, permission: Permission, department_path: str, today: date) -> dict[int, str]:
    """Give id and name of the active staff whose permission reaches a department today."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    rows = session.execute(
        select(Staff.id, Staff.name, Department.path)
        .join(RoleGrant, RoleGrant.staff_id == Staff.id)
        .join(RoleGrant.department)
        .where(
            RoleGrant.role.in_(roles),
            RoleGrant.starts <= today,
            or_(RoleGrant.ends.is_(None), RoleGrant.ends >= today),
            Staff.active,
        )
        .order_by(Staff.id)
    )
    return {staff_id: name for staff_id, name, path in rows if department_path.startswith(path)}


def on_duty(work: Work, target: TargetSystem) -> set[int]:
    """Give whom to tell of a system's troubles (with its department); whoever is named but may no longer, is not."""
    able = set(operators(work.session, target.department.path, work.today))
    return {target.duty_id} if target.duty_id in able else able


def name_duty(work: Work, target: TargetSystem, staff_id: int) -> None:
    """Let one operator hear of a system's troubles; 0: all of them. Raises Invalid for anybody else."""
    if staff_id and staff_id not in operators(work.session, target.department.path, work.today):
        message = _("夜間の入力を動かせる職員を選んでください。")
        raise Invalid(message, {"duty": message})
    target.duty_id = staff_id or None
    work.record(DutyNamed(target.id, staff_id))
