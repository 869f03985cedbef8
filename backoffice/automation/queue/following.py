"""What waits until another item is done? Each says how it stands, so that a claim reads one entry however many wait.

Whoever moves an item passes on what that means for those behind it. Rows that somebody else is writing are stepped
over, since a night must not wait for a person nor both for one another; the worker's tick frees what was left so.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased, joinedload

from backoffice.automation.models import HELD, Night, TargetSystem, WorkItem
from backoffice.automation.queries import LEFT_OUT_OF_LISTS
from backoffice.automation.queue.order import Hold, hold_behind
from backoffice.automation.workflow import FINISHED, ItemState, NightState
from backoffice.errors import Invalid
from backoffice.identity import Actor, Origin
from backoffice.web.translations import _
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 500
IN_TURN = (ItemState.WAITING, ItemState.SUBMITTING)
SHOWN = 20
GIVEN_UP = _("取り消された案件のあとには入れられません。")
IN_A_CIRCLE = _("この案件が済むのを待っている案件です。互いに待つことになるため、選べません。")


def stands(item: WorkItem) -> Hold:
    """Give how whatever is behind an item stands."""
    return hold_behind(ItemState(item.state), item.not_before, Hold(item.hold))


def pass_on(work: Work, item: WorkItem) -> None:
    """Let those behind an item stand as it now means, and those behind them."""
    moved = [item]
    while moved:
        before = moved.pop()
        hold = stands(before)
        for follower in _to_be_told(work.session, before, hold):
            follower.hold = hold
            moved.append(follower)


def lock_order(work: Work) -> None:
    """Let no two people say at once what comes after what: two halves of a circle would not see one another."""
    every = select(TargetSystem.id).order_by(TargetSystem.id)
    work.session.scalars(every.with_for_update(key_share=True)).all()


def set_before(work: Work, item: WorkItem, before: WorkItem | None) -> None:
    """Let an item wait for another, or for none any more. Raises Invalid for a circle, or what was given up.

    The order must be locked.
    """
    if before is not None and before.state == ItemState.CANCELLED:
        raise Invalid(GIVEN_UP)
    if before is not None and item.id in _all_before(work.session, before):
        raise Invalid(IN_A_CIRCLE)
    item.before_id, item.hold = (before.id, stands(before)) if before is not None else (None, Hold.NONE)
    pass_on(work, item)


def behind(session: Session, item_id: int) -> Sequence[WorkItem]:
    """Give what comes right after an item, whether it waits still or not; the first of it."""
    mine = select(WorkItem).where(WorkItem.before_id == item_id).order_by(WorkItem.id).limit(SHOWN)
    return session.scalars(mine.options(joinedload(WorkItem.department), *LEFT_OUT_OF_LISTS)).all()


def is_coming(session: Session, target_id: int) -> bool:
    """Say whether a run at another system is at what an item here waits for: it may be free in a moment.

    All that stands between the two is in its turn at a system with a run of its own: otherwise two nights would wait
    for one another, and both for what nobody is at.
    """
    before, further = aliased(WorkItem), aliased(WorkItem)
    running = select(Night.target_id).where(Night.state == NightState.RUNNING)
    held = select(WorkItem.before_id).where(HELD, WorkItem.target_id == target_id, WorkItem.hold == Hold.BEHIND)
    chain = (
        select(before.before_id, before.hold, before.target_id)
        .where(before.id.in_(held))
        .where(before.state.in_(IN_TURN), before.not_before.is_(None), before.target_id.in_(running))
        .cte(recursive=True)
    )
    on = (
        select(further.before_id, further.hold, further.target_id)
        .join(chain, chain.c.before_id == further.id)
        .where(chain.c.hold == Hold.BEHIND)
        .where(further.state.in_(IN_TURN), further.not_before.is_(None), further.target_id.in_(running))
    )
    chain = chain.union(on)
    first = select(chain.c.target_id).where(chain.c.hold == Hold.NONE, chain.c.target_id != target_id)
    return session.scalar(first.limit(1)) is not None


def tick(office: Office) -> int:
    """Free what waits for an item that is done, and give how much: nobody else could while its row was written."""
    with office.look(HOUSE) as work:
        ids = work.session.scalars(select(WorkItem.id).where(HELD, _is_over()).limit(AT_ONCE)).all()
    if not ids:
        return 0
    with office.unit(HOUSE) as work:
        mine = select(WorkItem).where(HELD, WorkItem.id.in_(ids), _is_over()).order_by(WorkItem.id)
        items = work.session.scalars(mine.with_for_update(of=WorkItem)).all()
        for item in items:
            item.hold = Hold.NONE
            pass_on(work, item)
    return len(items)


def _is_over() -> ColumnElement[bool]:
    before = aliased(WorkItem)
    return select(before.id).where(before.id == WorkItem.before_id, before.state.in_(FINISHED)).exists()


def _to_be_told(session: Session, before: WorkItem, hold: Hold) -> Sequence[WorkItem]:
    return session.scalars(
        select(WorkItem)
        .where(WorkItem.before_id == before.id, WorkItem.hold != Hold.NONE, WorkItem.hold != hold)
        .order_by(WorkItem.id)
        .with_for_update(skip_locked=True)
    ).all()


def _all_before(session: Session, item: WorkItem) -> set[int]:
    """Give the item and all that must be done before it."""
    found: set[int] = set()
    next_id: int | None = item.id
    while next_id is not None and next_id not in found:
        found.add(next_id)
        next_id = session.scalar(select(WorkItem.before_id).where(WorkItem.id == next_id))
    return found
