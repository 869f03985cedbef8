"""What waits for a system, in which order, and what was changed about it last?"""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.automation.models import DEFERRED, HELD, ITEMS_QUEUED, READY, TargetSystem, WorkItem
from backoffice.automation.queries import (
    BEHIND,
    LATER,
    LEFT_OUT_OF_LISTS,
    STUCK,
    count_for_target,
    visible_items,
    visible_targets,
)
from backoffice.automation.queue.change_models import QueueChange
from backoffice.automation.workflow import ItemState
from backoffice.db import tallies
from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Permission, within
from backoffice.web.lists import PAGE_SIZE

READY_PILE, HELD_PILE, DEFERRED_PILE = "ready", "held", "deferred"
PILES = (READY_PILE, HELD_PILE, DEFERRED_PILE, ItemState.EXCEPTION, ItemState.FAILED, ItemState.UNKNOWN)
"""The tabs of the queue's page."""
CHANGES_SHOWN = 5


def count_piles(session: Session, actor: Actor, target_id: int) -> dict[str, int]:
    """Count a system's items by pile, from the tallies."""
    counts: dict[str, int] = dict.fromkeys(PILES, 0)
    for mark, count in queued(session, actor, target_id).items():
        held = mark.startswith((BEHIND, STUCK))
        pile = DEFERRED_PILE if mark.startswith(LATER) else HELD_PILE if held else READY_PILE
        counts[pile] += count
    states = count_for_target(session, actor, target_id)
    return counts | {str(state): states.get(state, 0) for state in ItemState if state in PILES}


def queued(session: Session, actor: Actor, target_id: int) -> dict[str, int]:
    """Give how many wait by the tally's marks: by priority and deadline, behind another item, or until which day."""
    seen = within(actor, Permission.NIGHT_VIEW, Tally.department_id)
    found = tallies.amounts(session, ITEMS_QUEUED, Tally.about_id == target_id, seen)
    return {mark: count for (_target, mark), count in found.items()}


def list_pile(session: Session, actor: Actor, target_id: int, pile: str, offset: int) -> Sequence[WorkItem]:
    """Give a page of a pile: what is ready in the order in which a night takes it."""
    beside = (joinedload(WorkItem.department), selectinload(WorkItem.before).options(*LEFT_OUT_OF_LISTS))
    found = _pile(visible_items(actor), target_id, pile).options(*beside, *LEFT_OUT_OF_LISTS)
    return session.scalars(found.limit(PAGE_SIZE).offset(offset)).all()


def ids_of_pile(
    session: Session, actor: Actor, target_id: int, pile: str, most: int, permission: Permission
) -> Sequence[int]:
    """Give the first `most` items of a pile that the permission reaches."""
    items = _pile(visible_items(actor, permission), target_id, pile)
    return session.scalars(items.with_only_columns(WorkItem.id).limit(most)).all()


def lock_items(session: Session, actor: Actor, ids: Collection[int]) -> Sequence[WorkItem]:
    """Give items that the actor may settle, locked in one order, so that two who change the same wait in line."""
    return session.scalars(
        visible_items(actor, Permission.ITEM_SETTLE)
        .where(among(WorkItem.id, ids))
        .options(joinedload(WorkItem.target))
        .order_by(WorkItem.id)
        .with_for_update(of=WorkItem)
        .execution_options(populate_existing=True)
    ).all()


def last_changes(session: Session, target_id: int) -> Sequence[QueueChange]:
    return session.scalars(
        select(QueueChange)
        .where(QueueChange.target_id == target_id)
        .options(joinedload(QueueChange.made_by))
        .order_by(QueueChange.id.desc())
        .limit(CHANGES_SHOWN)
    ).all()


def find_change(session: Session, actor: Actor, change_id: int) -> QueueChange:
    """Give a change of a system that the actor settles items of, locked; raises NotThere for any other."""
    mine = visible_targets(actor, Permission.ITEM_SETTLE).with_only_columns(TargetSystem.id)
    found = select(QueueChange).where(QueueChange.id == change_id, QueueChange.target_id.in_(mine))
    return one_or_not_there(session, found.with_for_update())


def _pile(items: Select[WorkItem], target_id: int, pile: str) -> Select[WorkItem]:
    mine = items.where(WorkItem.target_id == target_id)
    if pile == READY_PILE:
        return mine.where(READY).order_by(WorkItem.priority, WorkItem.due_on, WorkItem.id)
    if pile == HELD_PILE:
        return mine.where(HELD).order_by(WorkItem.priority, WorkItem.due_on, WorkItem.id)
    if pile == DEFERRED_PILE:
        return mine.where(DEFERRED).order_by(WorkItem.not_before, WorkItem.id)
    return mine.where(WorkItem.state == pile).order_by(WorkItem.id)
