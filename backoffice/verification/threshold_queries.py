"""What does the ledger know of the forms of a person's departments, type by type, and what was set there?"""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Actor, Department, Permission, within
from backoffice.intake.models import LedgerLine, PassedLine, ReadingThreshold
from backoffice.intake.thresholds import Key, Lines, settings_now

READ = Permission.SHEET_READ


def lines_by_key(session: Session, actor: Actor) -> Mapping[Key, Lines]:
    """Give what the ledgers of the person's departments say of each type of field of their forms."""
    found: dict[Key, Lines] = defaultdict(lambda: Lines([], []))
    places = (
        LedgerLine.department_id,
        LedgerLine.form_code,
        LedgerLine.type,
        LedgerLine.seen_by,
        LedgerLine.confidence,
    )
    seen = session.execute(
        select(*places, func.sum(LedgerLine.right), func.sum(LedgerLine.wrong))
        .where(within(actor, READ, LedgerLine.department_id))
        .group_by(*places)
    )
    for department, code, kind, seen_by, confidence, right, wrong in seen:
        found[department, code, kind].seen.append((seen_by, confidence, int(right), int(wrong)))
    where = (PassedLine.department_id, PassedLine.form_code, PassedLine.type, PassedLine.confidence)
    passed = session.execute(
        select(*where, func.sum(PassedLine.passed))
        .where(within(actor, READ, PassedLine.department_id))
        .group_by(*where)
    )
    for department, code, kind, confidence, count in passed:
        found[department, code, kind].passed.append((confidence, int(count)))
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
