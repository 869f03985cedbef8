"""Which rehearsals are there, which records may be tried, and what did the system's fields say of themselves?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.automation.models import READY, Lease, TargetSystem, WorkItem
from backoffice.automation.queries import visible_items
from backoffice.automation.workflow import ItemState
from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Actor, Permission, within
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.records.models import Record
from backoffice.records.workflow import RecordState
from backoffice.rehearsals.models import Rehearsal, RehearsedRow, RehearsedStep
from backoffice.rehearsals.workflow import RehearsalState

RECENT = 10
OFFERED = 10
"""So many records are offered to be tried; any other is named by its number."""
SILENT = timedelta(minutes=3)
"""Longer than any step takes: of whom nothing was heard for so long, nothing will be."""


@dataclass(frozen=True)
class Candidate:
    """A record that may be tried. One of the two ids stands."""

    number: str
    item_id: int | None = None
    record_id: int | None = None


def find_rehearsal(session: Session, actor: Actor, rehearsal_id: int) -> Rehearsal:
    """Give a rehearsal with all that was seen; raises NotThere unless the person may teach its bot."""
    mine = (
        select(BotVersion.id)
        .join(RecordedBot, RecordedBot.id == BotVersion.bot_id)
        .where(within(actor, Permission.BOT_TEACH, RecordedBot.department_id))
    )
    wanted = select(Rehearsal).where(Rehearsal.id == rehearsal_id, Rehearsal.version_id.in_(mine))
    return one_or_not_there(
        session,
        wanted.options(
            joinedload(Rehearsal.version_done).joinedload(BotVersion.bot).joinedload(RecordedBot.design),
            joinedload(Rehearsal.version_done).joinedload(BotVersion.bot).joinedload(RecordedBot.department),
            joinedload(Rehearsal.target),
            joinedload(Rehearsal.asked_by),
            selectinload(Rehearsal.rows).selectinload(RehearsedRow.steps),
        ),
    )


def recent_of(session: Session, version_id: int) -> Sequence[Rehearsal]:
    """Give the last rehearsals of a version with their records, the newest first."""
    return session.scalars(
        select(Rehearsal)
        .where(Rehearsal.version_id == version_id)
        .options(joinedload(Rehearsal.asked_by), selectinload(Rehearsal.rows))
        .order_by(Rehearsal.id.desc())
        .limit(RECENT)
    ).all()


def open_of(session: Session, target_id: int) -> Rehearsal | None:
    """Give the rehearsal at a system that has not ended, if there is one."""
    return session.scalars(
        select(Rehearsal).where(Rehearsal.target_id == target_id, Rehearsal.state != RehearsalState.ENDED)
    ).one_or_none()


def is_silent(rehearsal: Rehearsal, now: datetime) -> bool:
    """Say whether nothing is heard of the worker of a rehearsal any more."""
    return rehearsal.alive_at is not None and rehearsal.alive_at + SILENT < now


def candidates(session: Session, actor: Actor, target: TargetSystem | None, design_id: int) -> list[Candidate]:
    """Give some records that wait: what tonight takes up, in its turn, then what is entered in the list."""
    return [*_items(session, actor, target, OFFERED), *_records(session, actor, design_id, OFFERED)][:OFFERED]


def candidates_named(
    session: Session, actor: Actor, target: TargetSystem | None, design_id: int, numbers: Sequence[str]
) -> dict[str, Candidate]:
    """Give the records with these numbers, as far as they wait and the person may read them."""
    found = [
        *_records(session, actor, design_id, len(numbers), numbers),
        *_items(session, actor, target, len(numbers), numbers),
    ]
    return {each.number: each for each in found}


def _items(
    session: Session, actor: Actor, target: TargetSystem | None, limit: int, numbers: Sequence[str] = ()
) -> list[Candidate]:
    if target is None:
        return []
    wanted = visible_items(actor).where(WorkItem.target_id == target.id)
    if numbers:
        wanted = wanted.where(WorkItem.state == ItemState.WAITING, WorkItem.reference.in_(numbers))
    else:
        wanted = wanted.where(READY)
    in_turn = wanted.order_by(WorkItem.priority, WorkItem.due_on, WorkItem.id)
    rows = session.execute(in_turn.with_only_columns(WorkItem.reference, WorkItem.id).limit(limit))
    return [Candidate(number, item_id=item_id) for number, item_id in rows.all()]


def _records(
    session: Session, actor: Actor, design_id: int, limit: int, numbers: Sequence[str] = ()
) -> list[Candidate]:
    wanted = select(Record.number, Record.id).where(waiting_in_the_list(actor, design_id))
    if numbers:
        wanted = wanted.where(Record.number.in_(numbers))
    rows = session.execute(wanted.order_by(Record.id).limit(limit))
    return [Candidate(number, record_id=record_id) for number, record_id in rows.all()]


def waiting_in_the_list(actor: Actor, design_id: int) -> ColumnElement[bool]:
    """Give the condition of a record that is entered and not done yet: no night has it."""
    mine = within(actor, Permission.RECORD_READ, Record.department_id)
    return and_(Record.design_id == design_id, Record.state == RecordState.ENTERED, mine)


def lease_of(session: Session, rehearsal_id: int) -> Lease | None:
    return session.scalars(select(Lease).where(Lease.worker == holder(rehearsal_id)).with_for_update()).one_or_none()


def holder(rehearsal_id: int) -> str:
    """Give the name under which a rehearsal holds an account: another than its worker's, who runs nights as well."""
    return f"rehearsal-{rehearsal_id}"


def last_with_fields(session: Session, bot_id: int) -> tuple[BotVersion, Sequence[RehearsedStep]] | None:
    """Give what fields said of themselves when a version of the bot was rehearsed last, with that version."""
    seen = (
        select(Rehearsal.id, Rehearsal.version_id)
        .join(RehearsedRow, RehearsedRow.rehearsal_id == Rehearsal.id)
        .join(RehearsedStep, RehearsedStep.row_id == RehearsedRow.id)
        .join(BotVersion, BotVersion.id == Rehearsal.version_id)
        .where(BotVersion.bot_id == bot_id, RehearsedStep.charset != "")
    )
    last = session.execute(seen.order_by(Rehearsal.id.desc()).limit(1)).first()
    if last is None:
        return None
    rehearsal_id, version_id = last
    steps = (
        select(RehearsedStep)
        .join(RehearsedRow, RehearsedRow.id == RehearsedStep.row_id)
        .where(RehearsedRow.rehearsal_id == rehearsal_id, RehearsedStep.charset != "")
    )
    return session.get_one(BotVersion, version_id), session.scalars(steps.order_by(RehearsedStep.id)).all()


def find_picture(session: Session, rehearsal: Rehearsal, step_id: int) -> RehearsedStep:
    """Give a step of the rehearsal with its picture; raises NotThere."""
    rows = [row.id for row in rehearsal.rows]
    wanted = select(RehearsedStep).where(
        RehearsedStep.id == step_id, RehearsedStep.row_id.in_(rows), RehearsedStep.file_id.is_not(None)
    )
    return one_or_not_there(session, wanted.options(joinedload(RehearsedStep.file)))
