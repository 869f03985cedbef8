"""Which runs over chosen records does a person see, what was chosen for them, and what may they have keyed by day?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from backoffice.automation.by_day.models import ChosenItem, LiveScreen, Watcher
from backoffice.automation.models import READY, Night, TargetSystem, WorkItem
from backoffice.automation.queries import LEFT_OUT_OF_LISTS, visible_items
from backoffice.automation.queue.list_models import ListTarget
from backoffice.automation.workflow import RunKind
from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Actor, Permission, within
from backoffice.records.models import Record


@dataclass(frozen=True)
class Beside:
    """Of a run: whether the person may stop it, until when they watch it, its screen, the record at hand if theirs."""

    steers: bool
    watches_until: datetime | None
    screen: LiveScreen | None
    item: WorkItem | None


def find_run(session: Session, actor: Actor, night_id: int) -> Night:
    """Give a run over chosen records; raises NotThere unless the person began it, or may read one of them."""
    wanted = select(Night).join(Night.target).where(Night.id == night_id, Night.kind != RunKind.NIGHT, _seen_by(actor))
    return one_or_not_there(session, wanted.options(contains_eager(Night.target), joinedload(Night.started_by)))


def is_seen(session: Session, actor: Actor, night_id: int) -> bool:
    """Say whether `find_run` would give it."""
    wanted = select(Night.id).where(Night.id == night_id, Night.kind != RunKind.NIGHT, _seen_by(actor))
    return session.scalar(wanted) is not None


def find_steered(session: Session, actor: Actor, night_id: int) -> Night:
    """Give a run that the person may stop, pause and take records from; raises NotThere for any other."""
    wanted = select(Night).join(Night.target).where(Night.id == night_id, _steered_by(actor))
    return one_or_not_there(session, wanted.options(contains_eager(Night.target)))


def beside(session: Session, actor: Actor, night_id: int, at_hand: int | None) -> Beside:
    """Give what concerns a person of a run under way, in one statement."""
    may_read = within(actor, Permission.ITEM_READ, WorkItem.department_id)
    row = session.execute(
        select(_steered_by(actor), Watcher.until, LiveScreen, WorkItem)
        .select_from(Night)
        .join(Night.target)
        .outerjoin(Watcher, and_(Watcher.night_id == Night.id, Watcher.staff_id == actor.staff_id))
        .outerjoin(LiveScreen, LiveScreen.night_id == Night.id)
        .outerjoin(WorkItem, and_(WorkItem.id == at_hand, may_read))
        .options(*LEFT_OUT_OF_LISTS)
        .where(Night.id == night_id)
    ).one()
    return Beside(*row)


def find_watched(session: Session, actor: Actor, night_id: int) -> Night:
    """Give a run whose page the person sees; raises NotThere for any other."""
    by_system = within(actor, Permission.NIGHT_VIEW, TargetSystem.department_id)
    mine = or_(by_system, and_(Night.kind != RunKind.NIGHT, _seen_by(actor)))
    wanted = select(Night).join(Night.target).where(Night.id == night_id, mine)
    return one_or_not_there(session, wanted.options(contains_eager(Night.target)))


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    return or_(Night.started_by_id == actor.staff_id, _one_chosen(actor, Permission.ITEM_READ))


def _steered_by(actor: Actor) -> ColumnElement[bool]:
    """Whoever runs a system's nights; of a run by day also who began it, or could have."""
    by_day = or_(Night.started_by_id == actor.staff_id, _one_chosen(actor, Permission.DAY_RUN))
    by_system = within(actor, Permission.NIGHT_RUN, TargetSystem.department_id)
    return or_(by_system, and_(Night.kind == RunKind.BY_DAY, by_day))


def _one_chosen(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    chosen = select(ChosenItem.item_id).join(ChosenItem.item).where(ChosenItem.night_id == Night.id)
    return chosen.where(within(actor, permission, WorkItem.department_id)).correlate(Night).exists()


def list_of(session: Session, items: Sequence[WorkItem]) -> str:
    """Give the address of the list from which items came, where it is one; "" otherwise."""
    ids = [item.record_id for item in items if item.record_id is not None]
    if not ids:
        return ""
    designs = session.scalars(select(Record.design_id).where(Record.id.in_(ids)).distinct()).all()
    return f"/records/{designs[0]}" if len(designs) == 1 else ""


def list_chosen(session: Session, actor: Actor, night_id: int) -> Sequence[WorkItem]:
    """Give what was chosen for a run, as far as the person may read it, in the order in which it is taken."""
    chosen = select(ChosenItem.item_id).where(ChosenItem.night_id == night_id)
    return session.scalars(
        visible_items(actor)
        .where(WorkItem.id.in_(chosen))
        .options(selectinload(WorkItem.evidence), *LEFT_OUT_OF_LISTS)
        .order_by(WorkItem.priority, WorkItem.due_on, WorkItem.id)
    ).all()


def count_left(session: Session, night_id: int) -> int:
    """Count what of the chosen is still to be taken up: twenty at most."""
    chosen = select(ChosenItem.item_id).where(ChosenItem.night_id == night_id)
    return session.scalar(select(func.count()).select_from(WorkItem).where(READY, WorkItem.id.in_(chosen))) or 0


def items_of_records(session: Session, actor: Actor, record_ids: Collection[int]) -> Sequence[WorkItem]:
    """Give the items of records of a list that the person may have keyed."""
    return _in_turn(session, actor, WorkItem.record_id.in_(record_ids))


def items_named(session: Session, actor: Actor, ids: Collection[int]) -> Sequence[WorkItem]:
    """Give the items with these ids that the person may have keyed."""
    return _in_turn(session, actor, among(WorkItem.id, ids))


def feeds_by_day(actor: Actor, design_id: int) -> ColumnElement[bool]:
    """Give the condition that what is settled in the person's list of a form goes into a system for use by day."""
    fed = (
        select(ListTarget.id)
        .join(ListTarget.target)
        .where(ListTarget.design_id == design_id, ListTarget.department_id == actor.department_id, TargetSystem.by_day)
    )
    return fed.exists() if actor.may(Permission.DAY_RUN) else false()


def _in_turn(session: Session, actor: Actor, which: ColumnElement[bool]) -> Sequence[WorkItem]:
    wanted = visible_items(actor, Permission.DAY_RUN).where(which).options(*LEFT_OUT_OF_LISTS)
    return session.scalars(wanted.order_by(WorkItem.priority, WorkItem.due_on, WorkItem.id)).all()
