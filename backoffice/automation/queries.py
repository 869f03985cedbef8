"""Which target systems, nights and records does a person see, and what awaits whom?"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from backoffice.automation.models import (
    AWAITS_PEOPLE,
    DEFERRED,
    HELD,
    ITEMS,
    ITEMS_OF_NIGHT,
    ITEMS_QUEUED,
    NIGHTS,
    Evidence,
    ItemMove,
    Lease,
    Night,
    TargetSystem,
    WorkItem,
)
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.workflow import FOR_PEOPLE, OPEN, UNSETTLED, ItemState, NightState
from backoffice.db import tallies
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Department, Permission, within
from backoffice.recordings.models import RecordedBot
from backoffice.web.lists import PAGE_SIZE

LEFT_OUT_OF_LISTS = (defer(WorkItem.record, raiseload=True), defer(WorkItem.read_back, raiseload=True))
"""Whole records, which no list shows."""
LATER = "later:"
"""So the marks of what is deferred begin in the tally of what is queued."""
BEHIND, STUCK = "b:", "s:"
"""And those of what waits for another item."""
RECENT = 200
"""So many records tell how long one takes."""


def visible_targets(actor: Actor, permission: Permission = Permission.NIGHT_VIEW) -> Select[TargetSystem]:
    return select(TargetSystem).where(within(actor, permission, TargetSystem.department_id))


def list_targets(
    session: Session, actor: Actor, permission: Permission = Permission.NIGHT_VIEW
) -> Sequence[TargetSystem]:
    return session.scalars(
        visible_targets(actor, permission)
        .options(joinedload(TargetSystem.department), joinedload(TargetSystem.credential))
        .order_by(TargetSystem.id)
    ).all()


def find_target(
    session: Session, actor: Actor, target_id: int, permission: Permission = Permission.NIGHT_VIEW
) -> TargetSystem:
    """Give a target system with its account; raises NotThere when the actor may not see it."""
    return one_or_not_there(
        session,
        visible_targets(actor, permission)
        .where(TargetSystem.id == target_id)
        .options(joinedload(TargetSystem.department), joinedload(TargetSystem.credential)),
    )


def target_of_procedure(session: Session, procedure: str) -> TargetSystem | None:
    return session.scalars(
        select(TargetSystem).where(TargetSystem.procedure == procedure).options(joinedload(TargetSystem.credential))
    ).one_or_none()


def list_departments(session: Session, actor: Actor) -> Sequence[Department]:
    """Give the departments in which the actor may register systems."""
    return session.scalars(
        select(Department).where(within(actor, Permission.TARGET_EDIT, Department.id)).order_by(Department.path)
    ).all()


def used_procedures(session: Session) -> set[str]:
    return set(session.scalars(select(TargetSystem.procedure)))


def visible_nights(actor: Actor, permission: Permission = Permission.NIGHT_VIEW) -> Select[Night]:
    return (
        select(Night)
        .join(Night.target)
        .where(within(actor, permission, TargetSystem.department_id))
        .options(contains_eager(Night.target))
    )


def count_nights(session: Session, actor: Actor) -> int:
    seen = select(TargetSystem.id).where(within(actor, Permission.NIGHT_VIEW, TargetSystem.department_id))
    return sum(tallies.amounts(session, NIGHTS, Tally.about_id.in_(seen)).values())


def list_nights(session: Session, actor: Actor, offset: int) -> Sequence[Night]:
    seen = select(TargetSystem.id).where(within(actor, Permission.NIGHT_VIEW, TargetSystem.department_id))
    return session.scalars(
        # "+ 0" keeps the index of systems out of it: all their nights would be sorted for the newest fifty.
        select(Night)
        .where((Night.target_id + 0).in_(seen))
        .options(joinedload(Night.target), joinedload(Night.started_by))
        .order_by(Night.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def find_night(session: Session, actor: Actor, night_id: int, permission: Permission = Permission.NIGHT_VIEW) -> Night:
    return one_or_not_there(
        session, visible_nights(actor, permission).where(Night.id == night_id).options(joinedload(Night.started_by))
    )


def open_night(session: Session, target_id: int) -> Night | None:
    """Give the night of a system that has not ended, if there is one."""
    return session.scalars(
        select(Night).where(Night.target_id == target_id, Night.state != NightState.ENDED)
    ).one_or_none()


def is_rehearsed(session: Session, target: TargetSystem, now: datetime) -> bool:
    """Say whether somebody rehearses with a system's account (with its credential): it is held, and by no night."""
    if target.credential is None:
        return False
    held = (Lease.target_id == target.id, Lease.account == target.credential.account, Lease.until > now)
    return session.scalar(select(Lease.id).where(*held, Lease.worker != "", Lease.night_id.is_(None))) is not None


def open_nights(session: Session, actor: Actor) -> dict[int, int]:
    """Give the nights that have not ended, by the id of their system."""
    rows = session.execute(
        select(Night.target_id, Night.id)
        .join(Night.target)
        .where(Night.state != NightState.ENDED, within(actor, Permission.NIGHT_VIEW, TargetSystem.department_id))
    )
    return dict(rows.all())


def counts_of_nights(session: Session, actor: Actor, nights: Sequence[Night]) -> dict[int, dict[ItemState, int]]:
    """Give the records of several nights by state, in one statement."""
    ids = [night.id for night in nights]
    seen = within(actor, Permission.NIGHT_VIEW, Tally.department_id)
    found = _by_state(tallies.amounts(session, ITEMS_OF_NIGHT, Tally.about_id.in_(ids), seen))
    return {night_id: found.get(night_id, {}) for night_id in ids}


def is_night_over(session: Session, night_id: int) -> bool:
    state = session.scalar(select(Night.state).where(Night.id == night_id))
    return state == NightState.ENDED


def lease_of_night(session: Session, night_id: int) -> Lease | None:
    return session.scalars(
        select(Lease).where(Lease.night_id == night_id).options(joinedload(Lease.item))
    ).one_or_none()


def visible_items(actor: Actor, permission: Permission = Permission.ITEM_READ) -> Select[WorkItem]:
    return select(WorkItem).where(within(actor, permission, WorkItem.department_id))


def find_item(session: Session, actor: Actor, item_id: int, permission: Permission = Permission.ITEM_READ) -> WorkItem:
    """Give a record with its proof and timeline; raises NotThere when the actor may not see it."""
    return one_or_not_there(
        session,
        visible_items(actor, permission)
        .where(WorkItem.id == item_id)
        .options(
            joinedload(WorkItem.target),
            joinedload(WorkItem.department),
            joinedload(WorkItem.settled_by),
            joinedload(WorkItem.before).options(joinedload(WorkItem.department), *LEFT_OUT_OF_LISTS),
            joinedload(WorkItem.handed_on).options(
                joinedload(HandOn.record), joinedload(HandOn.bot).joinedload(RecordedBot.design)
            ),
            joinedload(WorkItem.evidence).joinedload(Evidence.file),
            selectinload(WorkItem.moves).options(joinedload(ItemMove.staff), joinedload(ItemMove.night)),
        ),
    )


def item_of_reference(session: Session, reference: str) -> WorkItem | None:
    return session.scalars(select(WorkItem).where(WorkItem.reference == reference)).one_or_none()


def find_reference(session: Session, actor: Actor, reference: str) -> WorkItem | None:
    """Give the record of this number where the actor may read it."""
    return session.scalars(visible_items(actor).where(WorkItem.reference == reference)).one_or_none()


def open_by_target(session: Session, actor: Actor) -> dict[int, dict[ItemState, int]]:
    """Count each system's records that are not finished, by state."""
    seen = within(actor, Permission.NIGHT_VIEW, Tally.department_id)
    return _by_state(tallies.amounts(session, ITEMS, seen, Tally.mark.in_(OPEN)))


def count_for_target(session: Session, actor: Actor, target_id: int) -> dict[ItemState, int]:
    """Count a system's records by state."""
    seen = within(actor, Permission.NIGHT_VIEW, Tally.department_id)
    return _by_state(tallies.amounts(session, ITEMS, Tally.about_id == target_id, seen)).get(target_id, {})


def _by_state(counted: Mapping[tuple[int, str], int]) -> dict[int, dict[ItemState, int]]:
    counts: dict[int, dict[ItemState, int]] = {}
    for (about_id, state), count in counted.items():
        counts.setdefault(about_id, {})[ItemState(state)] = count
    return counts


def _of_night(actor: Actor, night_id: int, state: str, permission: Permission) -> Select[WorkItem]:
    statement = visible_items(actor, permission).where(WorkItem.night_id == night_id)
    return statement.where(WorkItem.state == state) if state else statement


def count_of_night(session: Session, actor: Actor, night_id: int) -> dict[ItemState, int]:
    seen = within(actor, Permission.NIGHT_VIEW, Tally.department_id)
    return _by_state(tallies.amounts(session, ITEMS_OF_NIGHT, Tally.about_id == night_id, seen)).get(night_id, {})


def list_of_night(session: Session, actor: Actor, night_id: int, state: str, offset: int) -> Sequence[WorkItem]:
    """Give a page of a night's records, the one that changed last first."""
    return session.scalars(
        _of_night(actor, night_id, state, Permission.NIGHT_VIEW)
        .options(selectinload(WorkItem.evidence), *LEFT_OUT_OF_LISTS)
        .order_by(WorkItem.changed_at.desc(), WorkItem.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def list_all_of_night(session: Session, actor: Actor, night_id: int, state: str) -> Sequence[WorkItem]:
    """Give every record of a night, for its export."""
    found = _of_night(actor, night_id, state, Permission.ITEM_READ).options(*LEFT_OUT_OF_LISTS)
    return session.scalars(found.order_by(WorkItem.id)).all()


def last_move(session: Session, night_id: int) -> tuple[ItemMove, str] | None:
    """Give the last line of a night's timeline with the reference of its record."""
    row = session.execute(
        select(ItemMove, WorkItem.reference)
        .join(WorkItem, WorkItem.id == ItemMove.item_id)
        .where(ItemMove.night_id == night_id)
        .order_by(ItemMove.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def recent_seconds(session: Session, target_id: int) -> list[float]:
    """Give how long the last records of a system took."""
    taken = (
        select(WorkItem.seconds)
        .where(WorkItem.target_id == target_id, WorkItem.finished_at.is_not(None), WorkItem.seconds.is_not(None))
        .order_by(WorkItem.finished_at.desc())
        .limit(RECENT)
    )
    return [seconds for seconds in session.scalars(taken) if seconds is not None]


def count_waiting(session: Session, actor: Actor) -> int:
    """Count the records that wait for a night."""
    seen = within(actor, Permission.NIGHT_VIEW, Tally.department_id)
    return sum(tallies.amounts(session, ITEMS, seen, Tally.mark == ItemState.WAITING).values())


def count_ready_of(session: Session, target_id: int) -> int:
    """Count what a night may take up."""
    not_now = or_(*(Tally.mark.startswith(each) for each in (LATER, BEHIND, STUCK)))
    ready = tallies.amounts(session, ITEMS_QUEUED, Tally.about_id == target_id, ~not_now)
    return sum(ready.values())


def has_deferred(session: Session, target_id: int) -> bool:
    return session.scalar(select(WorkItem.id).where(DEFERRED, WorkItem.target_id == target_id).limit(1)) is not None


def has_held(session: Session, target_id: int) -> bool:
    return session.scalar(select(WorkItem.id).where(HELD, WorkItem.target_id == target_id).limit(1)) is not None


def count_unsettled_of_night(session: Session, night_id: int) -> int:
    unsettled = (WorkItem.night_id == night_id, WorkItem.state.in_(UNSETTLED))
    return session.scalar(select(func.count()).select_from(WorkItem).where(*unsettled)) or 0


def count_for_people(
    session: Session, actor: Actor, permission: Permission = Permission.ITEM_READ
) -> dict[ItemState, int]:
    """Count by state what awaits people among the records to which the permission reaches."""
    counts = dict.fromkeys(FOR_PEOPLE, 0)
    may = within(actor, permission, Tally.department_id)
    for (_, state), count in tallies.amounts(session, ITEMS, may, Tally.mark.in_(FOR_PEOPLE)).items():
        counts[ItemState(state)] += count
    return counts


def list_for_people(session: Session, actor: Actor, state: str, offset: int) -> Sequence[WorkItem]:
    """Give a page of what awaits people, the longest waiting first."""
    statement = visible_items(actor).where(AWAITS_PEOPLE)
    if state:
        statement = statement.where(WorkItem.state == state)
    return session.scalars(
        statement.options(joinedload(WorkItem.target), joinedload(WorkItem.department), *LEFT_OUT_OF_LISTS)
        .order_by(WorkItem.changed_at, WorkItem.id)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def find_evidence(session: Session, item: WorkItem, evidence_id: int) -> Evidence:
    return one_or_not_there(
        session,
        select(Evidence)
        .where(Evidence.id == evidence_id, Evidence.item_id == item.id)
        .options(joinedload(Evidence.file)),
    )
