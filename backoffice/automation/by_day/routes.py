"""A clerk has chosen records keyed at once: what was chosen is shown, then begun, then watched to its end."""

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import pages, queries
from backoffice.automation.by_day import choices, runs
from backoffice.automation.by_day import shown as day_pages
from backoffice.automation.models import Night, WorkItem
from backoffice.automation.queue.routes import QUEUE, seen_in
from backoffice.automation.queue.waiting import READY_PILE
from backoffice.automation.watch.beside import beside
from backoffice.automation.workflow import FINISHED, WHY_NAMES, NightState, RunKind, WhyEnded
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.records import queries as records
from backoffice.records.choosing import chosen, inside, one_of
from backoffice.records.pages import ListAction
from backoffice.web import Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.forms_in import FormLists, whole_number
from backoffice.web.lists import address
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, translate
from backoffice.work import Work

IN_LISTS = ListAction(_("いま入力する"), "day-run", choices.feeds_by_day)
"""A list whose system may be used by day has the button."""

staff = StaffRouter()


@staff.action("/records/{design_id}/day-run", Permission.DAY_RUN)
def choose_in_list(request: Request, work: Reading, design_id: int, form: FormLists) -> Response:
    """Show what of the records that were chosen in a list can be keyed now."""
    design, definition = records.find_form(work.session, work.actor, design_id)
    back = inside(one_of(form, "address"), design)
    found = chosen(work, design, definition, form, Permission.RECORD_READ, runs.MOST_AT_ONCE)
    if not found:
        return go_to(back, _("記録を選んでください。"), tone="warning")
    items = choices.items_of_records(work.session, work.actor, [record.id for record in found])
    if not items:
        said = _("選んだ記録は、まだ入力待ちに並んでいません。完了した(承認された)記録を選んでください。")
        return go_to(back, said, tone="warning")
    queued = {item.record_id for item in items}
    missing = [(record.number, _("入力待ちに並んでいません。")) for record in found if record.id not in queued]
    return _asked(request, work, items, back, missing)


@staff.action("/items/day-run", Permission.DAY_RUN)
def choose_in_queue(request: Request, work: Reading, form: FormLists) -> Response:
    """Show what of the items that were chosen in the queue, or of one item's page, can be keyed now."""
    target_id = whole_number(one_of(form, "target")) or 0
    back = address(QUEUE, {"target": str(target_id), "pile": READY_PILE})
    seen = seen_in(work, form, target_id, READY_PILE, Permission.DAY_RUN)
    items = choices.items_named(work.session, work.actor, seen)
    if not items:
        return go_to(back, _("案件を選んでください。"), tone="warning")
    return _asked(request, work, items, back)


@staff.action("/day-runs", Permission.DAY_RUN)
def start(request: Request, actor: SignedIn, office: TheOffice, form: FormLists) -> Response:
    target_id, back = whole_number(one_of(form, "target")) or 0, one_of(form, "back")
    with office.look(actor) as work:
        seen = {item_id: version or 0 for item_id, version in seen_in(work, form, target_id, READY_PILE).items()}
    try:
        with office.unit(actor) as work:
            night = runs.start(work, target_id, seen)
    except Invalid as refusal:
        with office.look(actor) as work:
            return _refused(request, work, target_id, seen, back, refusal)
    return go_to(pages.address_of(night), _("入力を始めました。1件ずつ、結果がここに出ます。"))


@staff.page("/day-runs/{day_run_id}", Permission.ITEM_READ)
def one_run(request: Request, work: Reading, day_run_id: int) -> HTMLResponse:
    night = choices.find_run(work.session, work.actor, day_run_id)
    block = "live" if request.headers.get("HX-Request") else ""
    return render(request, "automation/day_run.html", _run_page(work, night), block=block)


def _refused(
    request: Request, work: Work, target_id: int, seen: dict[int, int], back: str, refusal: Invalid
) -> Response:
    """Whoever pressed twice, or in two tabs, comes to the run that is under way; anybody else sees why not."""
    under_way = queries.open_night(work.session, target_id)
    if under_way is not None and choices.is_seen(work.session, work.actor, under_way.id):
        return go_to(pages.address_of(under_way), refusal.message, tone="warning", **refusal.params)
    items = choices.items_named(work.session, work.actor, seen)
    if not items:
        return go_to(_inside(back), refusal.message, tone="warning", **refusal.params)
    return _asked(request, work, items, back, refusal=refusal)


def _asked(
    request: Request,
    work: Work,
    items: Sequence[WorkItem],
    back: str,
    missing: Sequence[tuple[str, str]] = (),
    refusal: Invalid | None = None,
) -> HTMLResponse:
    choice = runs.choose(work, items)
    trouble = translate(choice.trouble, **choice.params) if choice.trouble else ""
    shown = day_pages.ChoicePage(
        title=_("いま入力する"),
        title_text=choice.target.name,
        target=choice.target,
        items=choice.items,
        left=[*choice.left, *missing],
        seconds=choice.seconds,
        refused=translate(refusal.message, **refusal.params) if refusal and not trouble else "",
        trouble=trouble,
        back=_inside(back),
    )
    return render(request, "automation/day_run_new.html", shown, status=422 if refusal else 200)


def _inside(back: str) -> str:
    """Only ever back to a list of ours: an address from a form could name anything."""
    return back if back.startswith(("/records/", f"{QUEUE}?")) else QUEUE


def _run_page(work: Work, night: Night) -> day_pages.DayRunPage:
    session, actor = work.session, work.actor
    items = choices.list_chosen(session, actor, night.id)
    moving = night.state != NightState.ENDED
    lease = queries.lease_of_night(session, night.id) if moving else None
    at_hand = lease.item_id if lease else None
    under_way = beside(work, night, at_hand)
    ended = [item for item in items if day_pages.has_ended(item)]
    return day_pages.DayRunPage(
        title=day_pages.TITLES[RunKind(night.kind)],
        title_text=f"{night.target.name} {day_pages.moment_of(night)}",
        night=night,
        chip=day_pages.AT_HAND if under_way.may_take else pages.chip_of_night(night),
        why=WHY_NAMES[WhyEnded(night.why_ended)] if night.why_ended else "",
        rows=[day_pages.ChosenRow.of(item, night, at_hand) for item in items],
        ended=len(ended),
        finished=sum(item.state in FINISHED for item in items),
        rests=moving and at_hand is not None and any(item.id == at_hand for item in ended),
        watched=under_way,
        may_export=actor.may(Permission.EVIDENCE_EXPORT),
        back=choices.list_of(session, items) or address(QUEUE, {"target": str(night.target_id)}),
    )
