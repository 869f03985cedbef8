"""When does what was deferred wait again? With the night of its day; the worker looks, so that a claim never has to."""

from datetime import date

from sqlalchemy import Select, select

from backoffice.automation.events import ItemsFreed
from backoffice.automation.models import DEFERRED, TargetSystem, WorkItem
from backoffice.automation.queue import following
from backoffice.automation.queue.order import night_of
from backoffice.identity import Actor, Origin
from backoffice.work import Office
from rpa_bots.window import Window

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 500


def tick(office: Office) -> int:
    """Free the items whose night has come, and give how many."""
    with office.look(HOUSE) as work:
        targets = work.session.scalars(select(TargetSystem).order_by(TargetSystem.id)).all()
        nights = {each.id: night_of(work.now, Window(each.opens, each.closes)) for each in targets}
        due = [target_id for target_id, night in nights.items() if work.session.scalar(_due(target_id, night).limit(1))]
    return sum(_free_all(office, target_id, nights[target_id]) for target_id in due)


def _free_all(office: Office, target_id: int, night: date) -> int:
    freed = 0
    while count := _free(office, target_id, night):
        freed += count
    return freed


def _free(office: Office, target_id: int, night: date) -> int:
    with office.unit(HOUSE) as work:
        ids = list(work.session.scalars(_due(target_id, night).limit(AT_ONCE)))
        mine = select(WorkItem).where(DEFERRED, WorkItem.id.in_(ids), WorkItem.not_before <= night)
        items = work.session.scalars(mine.order_by(WorkItem.id).with_for_update()).all()
        for item in items:
            item.not_before = None
            following.pass_on(work, item)
        if items:
            work.record(ItemsFreed(target_id, len(items)))
    return len(items)


def _due(target_id: int, night: date) -> Select[int]:
    due = select(WorkItem.id).where(DEFERRED, WorkItem.target_id == target_id, WorkItem.not_before <= night)
    return due.order_by(WorkItem.not_before, WorkItem.id)
