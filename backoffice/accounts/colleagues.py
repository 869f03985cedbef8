"""Who else is to hear of it at once? Some things one officer does alone; all who could have done them are told."""

from sqlalchemy import or_, select

from backoffice.accounts.models import AccountEntry
from backoffice.audit import Event
from backoffice.identity import Permission, RoleGrant
from backoffice.identity.permissions import ROLE_PERMISSIONS
from backoffice.work import Work


def tell_holders(permission: Permission, work: Work, happened: Event) -> None:
    """Write the event into the account of everybody else who holds a permission, in the same unit."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    holders = (
        select(RoleGrant.staff_id)
        .where(
            RoleGrant.role.in_(roles),
            RoleGrant.starts <= work.today,
            or_(RoleGrant.ends.is_(None), RoleGrant.ends >= work.today),
        )
        .distinct()
    )
    work.session.add_all(
        AccountEntry(
            staff_id=staff_id,
            at=work.now,
            kind=happened.kind,
            by_id=work.actor.staff_id,
            origin=str(work.actor.origin),
            address=work.actor.address,
            data=happened.data(),
        )
        for staff_id in work.session.scalars(holders)
        if staff_id != work.actor.staff_id
    )
