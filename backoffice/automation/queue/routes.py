"""The page of what waits for a system: in the order of the night, many changed at once, everything put back again."""

from collections.abc import Mapping
from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import pages, queries
from backoffice.automation.queue import changes as queue_changes
from backoffice.automation.queue import next_work, waiting
from backoffice.automation.queue.changes import KIND_NAMES, Act, ChangeKind, Kept
from backoffice.automation.queue.order import PRIORITY_NAMES, Priority
from backoffice.automation.queue.waiting import DEFERRED_PILE, HELD_PILE, PILES, READY_PILE
from backoffice.automation.routes import NIGHTS
from backoffice.automation.workflow import STATE_NAMES, ItemState
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormLists, read_day, whole_number
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _, translate
from backoffice.work import Work

QUEUE = "/items"
NAMED = 5
"""So many of the items that were left are named in one sentence."""

staff = StaffRouter()


@staff.page("/items", Permission.ITEM_READ)
def queue(request: Request, work: Reading, target: int = 0, pile: str = READY_PILE, page: int = 1) -> HTMLResponse:
    return render(request, "automation/queue.html", _page(work, target, pile, page))


@staff.page("/nights/next-work", Permission.ITEM_READ)
def waiting_next_work(request: Request, work: Reading) -> HTMLResponse:
    rows = [(each, next_work.REASONS[each.reason]) for each in next_work.list_waiting(work.session, work.actor)]
    shown = pages.NextWorkPage(title=_("次の仕事に渡せない案件"), crumbs=(NIGHTS,), rows=rows)
    return render(request, "automation/next_work.html", shown)


@staff.action("/items/many", Permission.ITEM_SETTLE)
def change_many(request: Request, work: Writing, form: FormLists) -> Response:
    typed = {name: values[-1] for name, values in form.items()}
    target_id = whole_number(typed.get("target", "")) or 0
    pile = typed.get("pile", "") if typed.get("pile", "") in PILES else READY_PILE
    queries.find_target(work.session, work.actor, target_id, Permission.ITEM_SETTLE)
    seen = seen_in(work, form, target_id, pile)
    if not seen:
        return go_to(_back(target_id, pile), _("案件を選んでください。"), tone="warning")
    try:
        kind, act = _act(work, typed)
        kept = queue_changes.change_many(work, target_id, seen, kind, act)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        shown = _page(work, target_id, pile, 1, refusal, typed, frozenset(seen))
        return render(request, "automation/queue.html", shown, status=422)
    if kept.left:
        said = _("%(n)s件を変えました。%(left)s件(%(shown)s)は変えていません: %(why)s")
        return _told(target_id, pile, kept, said)
    return go_to(_back(target_id, pile), _("%(n)s件を変えました。下の「最近の変更」から元に戻せます。"), n=kept.changed)


@staff.action("/items/changes/{queue_change_id}/undo", Permission.ITEM_SETTLE)
def undo(work: Writing, queue_change_id: int) -> Response:
    change = waiting.find_change(work.session, work.actor, queue_change_id)
    kept = queue_changes.undo(work, change)
    if kept.left:
        said = _("%(n)s件を元に戻しました。%(left)s件(%(shown)s)はそのままです: %(why)s")
        return _told(change.target_id, READY_PILE, kept, said)
    return go_to(_back(change.target_id, READY_PILE), _("%(n)s件を元に戻しました。"), n=kept.changed)


def _told(target_id: int, pile: str, kept: Kept, said: str) -> Response:
    shown = "、".join(reference for reference, _why in kept.left[:NAMED])
    more = "…" if len(kept.left) > NAMED else ""
    params = {"n": kept.changed, "left": len(kept.left), "shown": shown + more, "why": translate(kept.left[0][1])}
    return go_to(_back(target_id, pile), said, tone="warning", **params)


def seen_in(
    work: Work,
    form: Mapping[str, list[str]],
    target_id: int,
    pile: str,
    permission: Permission = Permission.ITEM_SETTLE,
) -> dict[int, int | None]:
    """Give the chosen items with the version that stood on the page; of a whole pile without."""
    if form.get("all"):
        most = queue_changes.MOST_AT_ONCE + 1
        return dict.fromkeys(waiting.ids_of_pile(work.session, work.actor, target_id, pile, most, permission))
    chosen: dict[int, int | None] = {}
    for text in form.get("item", []):
        item_id, _colon, version = text.partition(":")
        number = whole_number(item_id)
        if number is not None:
            chosen[number] = whole_number(version) or 0
    return chosen


def _act(work: Work, typed: Mapping[str, str]) -> tuple[ChangeKind, Act]:
    """Read what is to be done. Raises Invalid, naming the field."""
    kind = ChangeKind(typed["do"]) if typed.get("do") in set(ChangeKind) else None
    match kind:
        case ChangeKind.PRIORITY:
            return kind, queue_changes.rank(_priority(typed.get("priority", "")))
        case ChangeKind.DEADLINE:
            return kind, queue_changes.set_deadline(_day(typed, "due"))
        case ChangeKind.DEFER:
            return kind, queue_changes.defer(_day(typed, "day"), work.today)
        case ChangeKind.BEFORE:
            return kind, queue_changes.wait_for(work, typed.get("before", "").strip())
        case ChangeKind.PUT_BACK:
            return kind, queue_changes.put_back()
        case ChangeKind.CANCEL:
            return kind, queue_changes.cancel(typed.get("reason", ""))
        case None:
            raise Invalid(_("変えることを選んでください。"))


def _priority(typed: str) -> Priority:
    """Read a priority. Raises Invalid, naming the field: nobody means ふつう by what is none."""
    rank = whole_number(typed)
    if rank not in set(Priority):
        message = _("優先度を選んでください。")
        raise Invalid(message, {"priority": message})
    return Priority(rank)


def _day(typed: Mapping[str, str], field: str) -> date | None:
    return read_day(typed, field) if typed.get(field, "").strip() else None


def _page(
    work: Work,
    target_id: int,
    pile: str,
    page: int,
    refusal: Invalid | None = None,
    typed: Mapping[str, str] | None = None,
    chosen: frozenset[int] = frozenset(),
) -> pages.QueuePage:
    session, actor = work.session, work.actor
    targets = queries.list_targets(session, actor, Permission.ITEM_READ)
    target = next((each for each in targets if each.id == target_id), targets[0] if targets else None)
    pile = pile if pile in PILES else READY_PILE
    counts = waiting.count_piles(session, actor, target.id) if target else {}
    params = {"target": str(target.id) if target else "", "pile": pile}
    paging = Paging(QUEUE, counts.get(pile, 0), page, params)
    found = waiting.list_pile(session, actor, target.id, pile, paging.offset) if target else ()
    changes = waiting.last_changes(session, target.id) if target else ()
    return pages.QueuePage(
        title=_("夜間の入力の案件"),
        crumbs=(NIGHTS,),
        targets=[(str(each.id), each.name) for each in targets],
        target=target,
        pile=pile,
        tabs=[_tab(target.id, each, pile, counts[each]) for each in PILES] if target else (),
        rows=[pages.ItemRow.of(item) for item in found],
        paging=paging,
        changes=[(change, KIND_NAMES[ChangeKind(change.kind)]) for change in changes],
        priorities=PRIORITY_NAMES,
        may_settle=target is not None and actor.reaches(Permission.ITEM_SETTLE, target.department.path),
        may_key=target is not None and target.by_day and pile == READY_PILE and actor.may(Permission.DAY_RUN),
        today=work.today,
        wrong=(refusal.fields or {"": refusal.message}) if refusal else {},
        wrong_params=refusal.params if refusal else {},
        typed=typed or {},
        chosen=chosen,
    )


def _tab(target_id: int, pile: str, current: str, count: int) -> Tab:
    names = {READY_PILE: STATE_NAMES[ItemState.WAITING], HELD_PILE: _("前の仕事待ち"), DEFERRED_PILE: _("先送り")}
    label = names.get(pile) or STATE_NAMES[ItemState(pile)]
    return Tab(label, _back(target_id, pile), pile == current, count)


def _back(target_id: int, pile: str) -> str:
    return address(QUEUE, {"target": str(target_id), "pile": pile})
