"""What does the ledger know of the forms of a person's departments, type by type, and what was set there?"""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Actor, Department, Permission, within
from backoffice.intake.models import LedgerLine, PassedLine, ReadingThreshold
from backoffice.intake.thresholds import Key, settings_now

Lines = tuple[list[LedgerLine], list[PassedLine]]
READ = Permission.SHEET_READ


def lines_by_key(session: Session, actor: Actor) -> Mapping[Key, Lines]:
    """Give the lines of the person's departments: at most a hundred of each kind a question of each form."""
    found: dict[Key, Lines] = defaultdict(lambda: ([], []))
    for seen in session.scalars(select(LedgerLine).where(within(actor, READ, LedgerLine.department_id))):
        found[seen.department_id, seen.form_code, seen.type][0].append(seen)
    for passed in session.scalars(select(PassedLine).where(within(actor, READ, PassedLine.department_id))):
        found[passed.department_id, passed.form_code, passed.type][1].append(passed)
    return dict(sorted(found.items()))


def settings_by_key(session: Session, actor: Actor) -> Mapping[Key, ReadingThreshold]:
    """Give what counts in the person's departments now."""
    own = settings_now().where(within(actor, READ, ReadingThreshold.department_id))
    return {each.key: each for each in session.scalars(own)}


def find_department(session: Session, actor: Actor, department_id: int, permission: Permission = READ) -> Department:
    """Raises NotThere where the person has not that permission."""
    may = within(actor, permission, Department.id)
    return one_or_not_there(session, select(Department).where(Department.id == department_id, may))


def names_of(session: Session, department_ids: set[int]) -> Mapping[int, str]:
    rows = session.execute(select(Department.id, Department.name).where(Department.id.in_(department_ids)))
    return {department_id: name for department_id, name in rows}  # noqa: C416 -- a row is no pair to the type checker
