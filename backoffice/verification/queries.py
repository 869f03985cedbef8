"""Which fields wait to be checked in a row, which samples wait, and what does the ledger say?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from backoffice.db import tallies
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Permission, within
from backoffice.intake.models import SHEETS, LedgerLine, Sheet, SheetField
from backoffice.intake.workflow import SheetState
from backoffice.verification.models import SAMPLES, FieldSample
from backoffice.verification.workflow import AT_ONCE, SampleState

FieldKey = tuple[str, int, str]
"""Code and version of a form, and the key of a question."""


def waiting_by_field(session: Session, actor: Actor, now: datetime) -> dict[FieldKey, int]:
    """Count the doubtful fields of the sheets that wait, by form and question. It grows with what waits, no more."""
    rows = session.execute(
        select(Sheet.form_code, Sheet.form_version, SheetField.key, func.count())
        .join(SheetField, SheetField.sheet_id == Sheet.id)
        .where(_offered(actor, now))
        .group_by(Sheet.form_code, Sheet.form_version, SheetField.key)
    )
    return {(code, version, key): count for code, version, key, count in rows}


def fields_to_hold(session: Session, actor: Actor, now: datetime, wanted: FieldKey) -> Sequence[SheetField]:
    """Give the oldest fields of one question that wait and that nobody else holds; locked with their sheets."""
    return session.scalars(
        select(SheetField)
        .join(Sheet, Sheet.id == SheetField.sheet_id)
        .where(_offered(actor, now), _is_of(wanted))
        .order_by(SheetField.id)
        .limit(AT_ONCE)
        .with_for_update(of=(SheetField, Sheet), skip_locked=True)
    ).all()


def fields_held(session: Session, actor: Actor, now: datetime, wanted: FieldKey) -> Sequence[tuple[SheetField, Sheet]]:
    """Give the fields of one question that the person holds, each with its sheet, that one's pages and other fields."""
    return _pairs(session, _held_by(actor, wanted).where(SheetField.held_until > now))


def fields_to_confirm(
    session: Session, actor: Actor, now: datetime, wanted: FieldKey
) -> Sequence[tuple[SheetField, Sheet]]:
    """Give what the person holds, and what they held until nobody else took it on: not in a row, not on a desk.

    Locked: of two people who confirm the last two fields of a sheet, one after another, the second settles it.
    """
    kept = or_(SheetField.held_until > now, _nobody_else_has(actor, now))
    return _pairs(session, _held_by(actor, wanted).where(kept).with_for_update(of=Sheet))


def _held_by(actor: Actor, wanted: FieldKey) -> Select[SheetField, Sheet]:
    return (
        select(SheetField, Sheet)
        .join(Sheet, Sheet.id == SheetField.sheet_id)
        .where(
            within(actor, Permission.SHEET_VERIFY, Sheet.department_id),
            _is_of(wanted),
            Sheet.state == SheetState.TO_VERIFY,
            SheetField.held_by_id == actor.staff_id,
            SheetField.confirmed_at.is_(None),
        )
        .options(selectinload(Sheet.pages), selectinload(Sheet.fields))
        .order_by(Sheet.id)
    )


def _pairs(session: Session, statement: Select[SheetField, Sheet]) -> Sequence[tuple[SheetField, Sheet]]:
    return [(field, sheet) for field, sheet in session.execute(statement)]


def _nobody_else_has(actor: Actor, now: datetime) -> ColumnElement[bool]:
    return or_(Sheet.claimed_by_id.is_(None), Sheet.claimed_by_id == actor.staff_id, Sheet.claimed_until <= now)


def _is_of(wanted: FieldKey) -> ColumnElement[bool]:
    return and_(Sheet.form_code == wanted[0], Sheet.form_version == wanted[1], SheetField.key == wanted[2])


def _offered(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """A doubtful field of a sheet that nobody has on a desk, not confirmed, held by nobody else."""
    free = or_(Sheet.claimed_by_id.is_(None), Sheet.claimed_until <= now)
    mine = or_(SheetField.held_by_id.is_(None), SheetField.held_by_id == actor.staff_id, SheetField.held_until <= now)
    return and_(
        within(actor, Permission.SHEET_VERIFY, Sheet.department_id),
        Sheet.state == SheetState.TO_VERIFY,
        SheetField.passes.is_(False),
        SheetField.confirmed_at.is_(None),
        SheetField.desk_only.is_(False),
        free,
        mine,
    )


def state_of(session: Session, actor: Actor, sheet_id: int) -> str:
    """Give the state of a sheet. Raises NotThere when the actor may not see it."""
    may = within(actor, Permission.SHEET_VERIFY, Sheet.department_id)
    return one_or_not_there(session, select(Sheet.state).where(may, Sheet.id == sheet_id))


def count_for_second(session: Session, actor: Actor) -> int:
    """Count the sheets that wait for a second person, also those on which this person was the first."""
    may = within(actor, Permission.SHEET_VERIFY, Tally.department_id)
    return sum(tallies.amounts(session, SHEETS, may, Tally.mark == SheetState.SECOND_ENTRY).values())


def next_for_second(session: Session, actor: Actor) -> int | None:
    """Give the oldest sheet that waits for a second person and on which this one was not the first."""
    return session.scalar(
        select(Sheet.id)
        .where(
            within(actor, Permission.SHEET_VERIFY, Sheet.department_id),
            Sheet.state == SheetState.SECOND_ENTRY,
            ~Sheet.fields.any(SheetField.first_by_id == actor.staff_id),
        )
        .order_by(Sheet.id)
        .limit(1)
    )


def visible_samples(actor: Actor) -> Select[FieldSample]:
    return select(FieldSample).where(within(actor, Permission.SHEET_VERIFY, FieldSample.department_id))


def count_samples(session: Session, actor: Actor) -> dict[SampleState, int]:
    counted = tallies.amounts(session, SAMPLES, within(actor, Permission.SHEET_VERIFY, Tally.department_id))
    return {SampleState(state): count for (_, state), count in counted.items()}


def next_sample(session: Session, actor: Actor, state: SampleState) -> FieldSample | None:
    """Give the oldest sample in a state; what the person settled or checked themselves is for somebody else."""
    own = or_(Sheet.settled_by_id.is_(None), Sheet.settled_by_id != actor.staff_id)
    other = or_(FieldSample.checked_by_id.is_(None), FieldSample.checked_by_id != actor.staff_id)
    return session.scalars(
        visible_samples(actor)
        .join(Sheet, Sheet.id == FieldSample.sheet_id)
        .where(FieldSample.state == state, Sheet.state == SheetState.SETTLED, own, other)
        .order_by(FieldSample.id)
        .limit(1)
    ).first()


def find_sample(session: Session, actor: Actor, sample_id: int) -> FieldSample:
    """Give a sample with its sheet, that sheet's pages and fields. Raises NotThere."""
    return one_or_not_there(
        session,
        visible_samples(actor)
        .join(FieldSample.sheet)
        .where(FieldSample.id == sample_id)
        .options(
            contains_eager(FieldSample.sheet).options(
                selectinload(Sheet.pages), selectinload(Sheet.fields), joinedload(Sheet.batch)
            )
        ),
    )


def ledger(session: Session, actor: Actor) -> Sequence[LedgerLine]:
    """Give the lines of the person's departments: at most a hundred a field of each form."""
    may = within(actor, Permission.SHEET_VERIFY, LedgerLine.department_id)
    return session.scalars(select(LedgerLine).where(may).order_by(LedgerLine.form_code, LedgerLine.key)).all()
