"""How does a record come from one state to another? Here only, with a line on its timeline."""

from backoffice.automation.models import ItemMove, WorkItem
from backoffice.automation.queue import following
from backoffice.automation.workflow import FINISHED, ItemState, may_become
from backoffice.errors import Overtaken
from backoffice.web.translations import _
from backoffice.work import Work


def move(work: Work, item: WorkItem, to: ItemState, code: str, reason: str = "", night_id: int | None = None) -> None:
    """Move a record on and note when, why and by whom. Raises Overtaken for a step that is not drawn."""
    if not may_become(ItemState(item.state), to):
        raise Overtaken(_("この案件の状態が変わっています。最新の内容を確認してください。"))
    stood = following.stands(item)
    item.state, item.outcome, item.reason, item.changed_at = to, code, reason, work.now
    if to in FINISHED:
        item.finished_at = work.now
    if to is ItemState.UNKNOWN:
        item.unknown_at = work.now
    note(work, item, night_id)
    if following.stands(item) != stood:
        following.pass_on(work, item)


def note(work: Work, item: WorkItem, night_id: int | None = None) -> None:
    """Write the record's present state to its timeline."""
    work.session.add(
        ItemMove(
            item_id=item.id,
            at=work.now,
            state=item.state,
            code=item.outcome,
            reason=item.reason,
            staff_id=work.actor.staff_id,
            night_id=night_id,
        )
    )
