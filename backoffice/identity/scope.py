"""Which departments' records does a permission open to a person?"""

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from backoffice.identity.actor import Actor
from backoffice.identity.models import Department
from backoffice.identity.permissions import Permission


def within(
    actor: Actor,
    permission: Permission,
    department_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """Give the condition that a row's department is one where `actor` holds `permission`.

    The house itself (jobs) sees every row: what a job touches was asked for by staff who may.
    """
    if actor.is_house:
        return true()
    paths = actor.reach(permission)
    if not paths:
        return false()
    return department_id.in_(_departments_below(paths))


def _departments_below(paths: tuple[str, ...]) -> Select[int]:
    return select(Department.id).where(or_(*(Department.path.startswith(path, autoescape=True) for path in paths)))
