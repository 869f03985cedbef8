"""What becomes of the record at hand that a person asked the bot for? It is theirs, however the bot let go of it.

A bot that fails before it registers, a worker that dies, a run that ends: without this the record would wait again,
and be keyed a second time beside the person.
"""

from collections.abc import Collection

from sqlalchemy import select

from backoffice.automation.events import ItemMoved
from backoffice.automation.models import Lease, WorkItem
from backoffice.automation.timeline import move
from backoffice.automation.workflow import HANDED_OVER, ItemState
from backoffice.web.translations import _
from backoffice.work import Work

LET_GO = _("登録の前に職員が引き取りました。対象システムには登録されていません。")
HAND_OVER_SCHEMA = 1


def give(work: Work, lease: Lease, item: WorkItem, night_id: int, entered: Collection[str] = ()) -> None:
    """Give a record that waits to people, with the names of what stood on the screen; nothing was registered."""
    lease.handed_over_by_id = lease.item_id = lease.item_since = None
    item.entered = {"schema": HAND_OVER_SCHEMA, "keys": sorted(entered)}
    move(work, item, ItemState.EXCEPTION, HANDED_OVER, LET_GO, night_id)
    work.record(ItemMoved(item.id, night_id, item.state, item.outcome))


def give_if_asked(work: Work, lease: Lease) -> None:
    """Give what somebody asked for of a run that nobody is at any more; the lease is locked."""
    if lease.handed_over_by_id is None or lease.item_id is None or lease.night_id is None:
        return
    wanted = select(WorkItem).where(WorkItem.id == lease.item_id, WorkItem.state == ItemState.WAITING)
    item = work.session.scalars(wanted.with_for_update(of=WorkItem)).one_or_none()
    if item is not None:
        give(work, lease, item, lease.night_id)
