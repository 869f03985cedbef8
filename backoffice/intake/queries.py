"""Which sheets does a person see, and which is the next to check?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.db import tallies
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Permission, within
from backoffice.intake.models import SHEETS, Sheet
from backoffice.intake.workflow import SheetState
from backoffice.services import TOKYO
from backoffice.vault import StoredFile
from backoffice.web.lists import PAGE_SIZE


def visible_sheets(actor: Actor, permission: Permission = Permission.SHEET_READ) -> Select[Sheet]:
    return select(Sheet).where(within(actor, permission, Sheet.department_id))


def _filtered(actor: Actor, state: str, keyword: str) -> Select[Sheet]:
    statement = visible_sheets(actor)
    if state:
        statement = statement.where(Sheet.state == state)
    if keyword:
        found = Sheet.number.contains(keyword, autoescape=True) | Sheet.original_name.contains(keyword, autoescape=True)
        statement = statement.where(found)
    return statement


def count_by_state(session: Session, actor: Actor) -> dict[SheetState, int]:
    counted = tallies.amounts(session, SHEETS, within(actor, Permission.SHEET_READ, Tally.department_id))
    return {SheetState(state): count for (_, state), count in counted.items()}


def count_found(session: Session, actor: Actor, state: str, keyword: str) -> int:
    """Count the sheets in which a keyword was found; without one `count_by_state` knows."""
    return session.scalar(select(func.count()).select_from(_filtered(actor, state, keyword).subquery())) or 0


def list_sheets(session: Session, actor: Actor, state: str, keyword: str, offset: int) -> Sequence[Sheet]:
    return session.scalars(
        _filtered(actor, state, keyword)
        .options(joinedload(Sheet.department), joinedload(Sheet.claimed_by))
        .order_by(Sheet.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def list_all_sheets(session: Session, actor: Actor, state: str, keyword: str) -> Sequence[Sheet]:
    """Give every sheet of a list, for its export."""
    return session.scalars(
        _filtered(actor, state, keyword).options(joinedload(Sheet.department)).order_by(Sheet.id)
    ).all()


def find_sheet(session: Session, actor: Actor, sheet_id: int, permission: Permission = Permission.SHEET_READ) -> Sheet:
    """Give a sheet with its fields and files; raises NotThere when the actor may not see it."""
    return one_or_not_there(
        session,
        visible_sheets(actor, permission)
        .where(Sheet.id == sheet_id)
        .options(
            joinedload(Sheet.department),
            joinedload(Sheet.claimed_by),
            joinedload(Sheet.file),
            joinedload(Sheet.page_file),
            selectinload(Sheet.fields),
        ),
    )


def next_to_verify(session: Session, actor: Actor, now: datetime) -> Sheet | None:
    """Give the oldest sheet that waits for a person and that nobody else holds; locked for this unit."""
    return session.scalars(
        visible_sheets(actor, Permission.SHEET_VERIFY)
        .where(Sheet.state == SheetState.TO_VERIFY, _free(actor, now))
        .order_by(Sheet.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _free(actor: Actor, now: datetime) -> ColumnElement[bool]:
    return or_(Sheet.claimed_by_id.is_(None), Sheet.claimed_by_id == actor.staff_id, Sheet.claimed_until <= now)


def count_waiting(session: Session, actor: Actor) -> int:
    """Count the sheets that wait for a person with the actor's permission to check them."""
    may = within(actor, Permission.SHEET_VERIFY, Tally.department_id)
    return sum(tallies.amounts(session, SHEETS, may, Tally.mark == SheetState.TO_VERIFY).values())


def count_done_today(session: Session, actor: Actor, now: datetime) -> int:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    done = select(func.count()).where(
        Sheet.settled_by_id == actor.staff_id,
        Sheet.settled_at >= midnight,
        Sheet.settled_at < midnight + timedelta(days=1),
    )
    return session.scalar(done) or 0


def same_picture(session: Session, actor: Actor, sha256: str) -> Sheet | None:
    """Give the sheet that already carries the same picture in a department the actor may see."""
    return session.scalars(
        visible_sheets(actor, Permission.SHEET_UPLOAD)
        .join(StoredFile, StoredFile.id == Sheet.file_id)
        .where(StoredFile.sha256 == sha256)
        .limit(1)
    ).first()
