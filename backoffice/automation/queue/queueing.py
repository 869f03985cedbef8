"""How does what is settled become an item to be keyed, and what when its settling is undone? Paper and lists alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backoffice.automation import queries
from backoffice.automation.bots import PROCEDURES
from backoffice.automation.events import ItemCancelled, ItemQueued
from backoffice.automation.models import RECORD_SCHEMA, TargetSystem, WorkItem
from backoffice.automation.queue import following
from backoffice.automation.queue.order import NO_DEADLINE
from backoffice.automation.timeline import move, note
from backoffice.automation.workflow import ItemState
from backoffice.errors import Invalid
from backoffice.intake.events import SheetReopened, SheetSettled
from backoffice.intake.models import Sheet
from backoffice.intake.workflow import SheetState
from backoffice.web.translations import _
from backoffice.work import Work

TAKES_A_NEW_RECORD = frozenset({ItemState.WAITING, ItemState.CANCELLED, ItemState.EXCEPTION, ItemState.FAILED})
REOPENED = "reopened"


@dataclass(frozen=True)
class Whence:
    """Where an item comes from, and within how many days it is due; None: as its system says."""

    sheet_id: int | None = None
    record_id: int | None = None
    due_days: int | None = None
    before_id: int | None = None
    """The item by which it was handed on."""


NOWHERE = Whence()


def queue_application(work: Work, event: SheetSettled) -> None:
    """Queue a settled sheet for the system that takes its form; where there is none yet, `add_target` will.

    Done twice it changes nothing: the reference is the sheet's number, and there is one record a reference.
    """
    sheet = work.session.scalars(
        select(Sheet).where(Sheet.id == event.sheet_id).options(selectinload(Sheet.fields))
    ).one()
    target = queries.target_of_procedure(work.session, sheet.form_code)
    if target is not None and sheet.form_code in PROCEDURES:  # a built form's sheet is in its list, which feeds
        queue_sheet(work, sheet, target)


def queue_sheet(work: Work, sheet: Sheet, target: TargetSystem) -> WorkItem:
    """Queue what a sheet (with its fields) says. Raises Invalid when the target has, or may have, it already."""
    values = {field.key: field.value for field in sheet.fields}
    return queue_values(work, sheet.number, values, target, sheet.department_id, Whence(sheet_id=sheet.id))


def queue_values(
    work: Work,
    reference: str,
    values: Mapping[str, object],
    target: TargetSystem,
    department_id: int,
    whence: Whence = NOWHERE,
) -> WorkItem:
    """Queue what is settled under its number, again where it was withdrawn or is mended; its deadline stays.

    Done twice it changes nothing. Raises Invalid when the target has, or may have, it already.
    """
    item = queries.item_of_reference(work.session, reference)
    record = {"schema": RECORD_SCHEMA, "values": dict(values)}
    if item is None:
        return queue_record(work, reference, record, target, department_id, whence)
    if item.record == record and item.state != ItemState.CANCELLED:
        return item
    if item.state not in TAKES_A_NEW_RECORD or item.receipt:
        raise Invalid(_("対象システムに登録されているか、登録の途中です。"))
    item.record, item.target_id, item.tries, item.not_before = record, target.id, 0, None
    if item.state != ItemState.WAITING:
        move(work, item, ItemState.WAITING, "queued")
    following.pass_on(work, item)
    work.record(ItemQueued(item.id))
    return item


def queue_record(
    work: Work,
    reference: str,
    record: dict[str, object],
    target: TargetSystem,
    department_id: int,
    whence: Whence = NOWHERE,
) -> WorkItem:
    """Put a record, `{"schema": 1, "values": {…}}`, among those that wait for the night."""
    days = target.due_days if whence.due_days is None else whence.due_days
    item = WorkItem(
        reference=reference,
        sheet_id=whence.sheet_id,
        record_id=whence.record_id,
        before_id=whence.before_id,
        target_id=target.id,
        department_id=department_id,
        record=record,
        state=ItemState.WAITING,
        due_on=NO_DEADLINE if days is None else work.today + timedelta(days=days),
        outcome="queued",
        reason="",
        queued_at=work.now,
        changed_at=work.now,
    )
    work.session.add(item)
    work.session.flush()
    note(work, item)
    work.record(ItemQueued(item.id))
    return item


def queue_settled_sheets(work: Work, target: TargetSystem) -> int:
    """Queue the sheets that were settled before their system was known, and give how many."""
    if target.procedure not in PROCEDURES:
        return 0
    waiting = work.session.scalars(
        select(Sheet)
        .outerjoin(WorkItem, WorkItem.sheet_id == Sheet.id)
        .where(Sheet.form_code == target.procedure, Sheet.state == SheetState.SETTLED, WorkItem.id.is_(None))
        .options(selectinload(Sheet.fields))
        .order_by(Sheet.id)
    ).all()
    for sheet in waiting:
        queue_sheet(work, sheet, target)
    return len(waiting)


def withdraw_application(work: Work, event: SheetReopened) -> None:
    """Take the record of a reopened sheet out of the queue. Raises Invalid once it is, or may be, keyed."""
    withdraw(work, work.session.scalars(select(WorkItem).where(WorkItem.sheet_id == event.sheet_id)).one_or_none())


def withdraw(work: Work, item: WorkItem | None) -> None:
    """Take an item out of the queue, if there is one. Raises Invalid once it is, or may be, keyed."""
    if item is None:
        return
    if item.state == ItemState.CANCELLED:
        if item.outcome != REOPENED:  # who cancelled it may still undo that: no more
            item.outcome = REOPENED
            note(work, item)
        return
    if item.state == ItemState.SUBMITTING:
        raise Invalid(_("いま夜間の入力が登録しているため、確定を取り消せません。"))
    if item.state == ItemState.UNKNOWN:
        raise Invalid(_("夜間の入力の結果が不明なため、確定を取り消せません。先に結果を確かめてください。"))
    if item.state not in TAKES_A_NEW_RECORD or item.receipt:
        raise Invalid(_("対象システムに登録済みのため、確定を取り消せません。対象システムで訂正してください。"))
    move(work, item, ItemState.CANCELLED, REOPENED)
    work.record(ItemCancelled(item.id))
