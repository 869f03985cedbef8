"""What do people change about many items at once? What moved on meanwhile is left and named; the rest can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import select

from backoffice.automation import queries, service
from backoffice.automation.events import ItemChangeUndone, ItemDeferred, ItemDueSet, ItemPutBehind, ItemRanked
from backoffice.automation.models import WorkItem
from backoffice.automation.queue import following, waiting
from backoffice.automation.queue.change_models import QueueChange, QueueChangeItem
from backoffice.automation.queue.order import NO_DEADLINE, Priority
from backoffice.automation.service import Look
from backoffice.automation.timeline import move
from backoffice.automation.workflow import ItemState
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work

MOST_AT_ONCE = 500
SCHEMA = 2
"""1: what was put behind another item was not changed by the many, and is left as it stands."""
MOVED_ON = _("ほかの職員か夜間の入力が先に動かしました。")
WAITS_FOR_ANOTHER = frozenset({ItemState.WAITING, ItemState.EXCEPTION, ItemState.FAILED})
STILL_TO_BE_KEYED = frozenset({ItemState.WAITING, ItemState.EXCEPTION, ItemState.FAILED, ItemState.UNKNOWN})


class ChangeKind(StrEnum):
    PRIORITY = "priority"
    DEADLINE = "deadline"
    DEFER = "defer"
    BEFORE = "before"
    PUT_BACK = "put_back"
    CANCEL = "cancel"


KIND_NAMES = {
    ChangeKind.PRIORITY: _("優先度の変更"),
    ChangeKind.DEADLINE: _("期限の変更"),
    ChangeKind.DEFER: _("先送り"),
    ChangeKind.BEFORE: _("前の仕事の変更"),
    ChangeKind.PUT_BACK: _("入力待ちに戻す"),
    ChangeKind.CANCEL: _("取消"),
}
Act = Callable[[Work, WorkItem], None]
"""Changes one item, or raises Invalid or Overtaken before it has changed anything."""


@dataclass
class Kept:
    """What came of an act: how many it changed, and which items it left, each with the reason."""

    changed: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def rank(priority: Priority) -> Act:
    return partial(_rank, priority)


def set_deadline(day: date | None) -> Act:
    return partial(_set_deadline, day)


def defer(day: date | None, today: date) -> Act:
    """Let no night before that of `day` take an item up; None: any may. Raises Invalid for a day that has come."""
    if day is not None and day <= today:
        message = _("明日よりあとの日を入れてください。")
        raise Invalid(message, {"day": message})
    return partial(_defer, day)


def wait_for(work: Work, reference: str) -> Act:
    """Let items wait until the one of this number is done; "": for none. Raises Invalid where the person sees none."""
    following.lock_order(work)
    if not reference:
        return partial(_wait_for, None)
    before = queries.find_reference(work.session, work.actor, reference)
    if before is None:
        message = _("この受付番号の案件はありません。")
        raise Invalid(message, {"before": message})
    return partial(_wait_for, before)


def put_back() -> Act:
    return _put_back


def cancel(reason: str) -> Act:
    """Take items out for good. Raises Invalid without a reason."""
    reason_given(reason, "reason")
    return partial(_cancel, reason)


def change_many(work: Work, target_id: int, seen: Mapping[int, int | None], kind: ChangeKind, act: Act) -> Kept:
    """Do the same to many items of a system, and remember how each stood.

    `seen`: the version of each that the person had before them; None where they asked for a whole pile unseen. Raises
    Invalid for more than MOST_AT_ONCE.
    """
    if len(seen) > MOST_AT_ONCE:
        raise Invalid(_("一度に変えられるのは%(most)s件までです。"), most=MOST_AT_ONCE)
    kept, changed = Kept(), list[tuple[WorkItem, dict[str, Any]]]()
    items = waiting.lock_items(work.session, work.actor, seen)
    versions = _versions_of(items)
    for item in items:
        before = standing(item)
        if item.target_id != target_id or seen[item.id] not in {None, versions[item.id]}:
            kept.left.append((item.reference, MOVED_ON))
            continue
        try:
            act(work, item)
        except (Invalid, Overtaken) as refusal:
            kept.left.append((item.reference, refusal.message))
            continue
        if standing(item) != before:
            changed.append((item, before))
    kept.changed = len(changed)
    if changed:
        _remember(work, target_id, kind, changed)
    return kept


def undo(work: Work, change: QueueChange) -> Kept:
    """Put back exactly those items that nobody and no night has moved since.

    Raises Overtaken the second time, and NotPermitted where some of them are not the person's to settle.
    """
    if change.undone_at is not None:
        raise Overtaken(_("この変更はもう元に戻されています。"))
    following.lock_order(work)
    rows = work.session.scalars(select(QueueChangeItem).where(QueueChangeItem.change_id == change.id)).all()
    after = {row.item_id: row for row in rows}
    items = waiting.lock_items(work.session, work.actor, after)
    if len(items) < len(after):
        raise NotPermitted(_("この変更には、受け持ちでない部署の案件があります。"))
    kept, versions = Kept(), _versions_of(items)
    for item in items:
        row = after[item.id]
        if versions[item.id] != row.version_after:
            kept.left.append((item.reference, MOVED_ON))
            continue
        try:
            _restore(work, item, row.before)
        except Invalid as refusal:
            kept.left.append((item.reference, refusal.message))
            continue
        work.record(ItemChangeUndone(item.id, change.id))
        kept.changed += 1
    change.undone_at = work.now
    return kept


def standing(item: WorkItem) -> dict[str, Any]:
    """Give what a change may alter of an item, as it is kept for the undo."""
    return {
        "schema": SCHEMA,
        "priority": item.priority,
        "due_on": item.due_on.isoformat(),
        "not_before": item.not_before.isoformat() if item.not_before else None,
        "before_id": item.before_id,
        "state": item.state,
        "tries": item.tries,
        "outcome": item.outcome,
        "reason": item.reason,
        "unknown_at": item.unknown_at.isoformat() if item.unknown_at else None,
    }


def as_number(day: date | None) -> int:
    """Give a day as the trail holds it: 20261124; 0 for none."""
    return int(f"{day:%Y%m%d}") if day else 0


def _versions_of(items: Sequence[WorkItem]) -> dict[int, int]:
    """Give the versions before anything is changed: an act tells those behind an item, which are written by it too."""
    return {item.id: item.version for item in items}


def _remember(work: Work, target_id: int, kind: ChangeKind, changed: Sequence[tuple[WorkItem, dict[str, Any]]]) -> None:
    change = QueueChange(
        target_id=target_id, kind=kind, made_by_id=work.actor.staff_id, made_at=work.now, items=len(changed)
    )
    work.session.add(change)
    work.session.flush()  # the items have their new versions now
    work.session.add_all(
        QueueChangeItem(change_id=change.id, item_id=item.id, before=before, version_after=item.version)
        for item, before in changed
    )


def _restore(work: Work, item: WorkItem, before: Mapping[str, Any]) -> None:
    """Raises Invalid, and changes nothing, where what was before it waits for it by now."""
    if before["schema"] == SCHEMA and before["before_id"] != item.before_id:
        first = work.session.get(WorkItem, before["before_id"]) if before["before_id"] else None
        following.set_before(work, item, first)
    if item.state != before["state"]:
        move(work, item, ItemState(before["state"]), "undone")
    item.priority, item.due_on = before["priority"], date.fromisoformat(before["due_on"])
    item.not_before = date.fromisoformat(before["not_before"]) if before["not_before"] else None
    item.tries, item.outcome, item.reason = before["tries"], before["outcome"], before["reason"]
    item.unknown_at = datetime.fromisoformat(before["unknown_at"]) if before["unknown_at"] else None
    following.pass_on(work, item)


def _rank(priority: Priority, work: Work, item: WorkItem) -> None:
    _must_be_in(item, STILL_TO_BE_KEYED)
    if item.priority != priority:
        item.priority = priority
        work.record(ItemRanked(item.id, priority))


def _set_deadline(day: date | None, work: Work, item: WorkItem) -> None:
    _must_be_in(item, STILL_TO_BE_KEYED)
    due_on = day or NO_DEADLINE
    if item.due_on != due_on:
        item.due_on = due_on
        work.record(ItemDueSet(item.id, as_number(day)))


def _defer(day: date | None, work: Work, item: WorkItem) -> None:
    _must_be_in(item, frozenset({ItemState.WAITING}))
    if item.not_before != day:
        item.not_before = day
        following.pass_on(work, item)
        work.record(ItemDeferred(item.id, as_number(day)))


def _wait_for(before: WorkItem | None, work: Work, item: WorkItem) -> None:
    _must_be_in(item, WAITS_FOR_ANOTHER)
    if item.before_id != (before.id if before else None):
        following.set_before(work, item, before)
        work.record(ItemPutBehind(item.id, item.before_id or 0))


def _put_back(work: Work, item: WorkItem) -> None:
    _must_be_in(item, service.SETTLED_BY_PEOPLE)
    service.put_back(work, item, _just_seen(work, item))


def _cancel(reason: str, work: Work, item: WorkItem) -> None:
    service.cancel(work, item, _just_seen(work, item), reason)


def _just_seen(work: Work, item: WorkItem) -> Look:
    """Nobody looked at this item alone: no time of people's is counted."""
    return Look(item.version, work.now.timestamp())


def _must_be_in(item: WorkItem, states: frozenset[ItemState]) -> None:
    if item.state not in states:
        raise Overtaken(_("この案件の状態では変えられません。"))
