"""One record: what is meant and what was stored, the proof, the timeline, and what a person may do about it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import pages, queries, service
from backoffice.automation.by_day import runs
from backoffice.automation.events import ItemFileSeen, ItemPictureSeen, ItemSeen
from backoffice.automation.inputs import SettleInput
from backoffice.automation.models import WorkItem
from backoffice.automation.queue import following
from backoffice.automation.queue.feeding import told
from backoffice.automation.queue.order import PRIORITY_NAMES, Priority
from backoffice.automation.routes import NIGHTS
from backoffice.automation.taken import taking
from backoffice.automation.taken.shown import TakenHome, TakenPage
from backoffice.automation.workflow import OUTCOME_NAMES, ItemState
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.file_names import safe_name
from backoffice.web.translations import _
from backoffice.work import Work
from rpa_bots.file_kinds import MEDIA_TYPES
from rpa_bots.target import reconcile_not_before

EXCEPTIONS = Crumb(_("人の判断待ち"), "/exceptions")

staff = StaffRouter()


@staff.page("/items/{item_id}", Permission.ITEM_READ)
def one_item(request: Request, work: Reading, item_id: int) -> HTMLResponse:
    item = queries.find_item(work.session, work.actor, item_id)
    work.seen(ItemSeen(item.id))
    return render(request, "automation/item.html", _page(work, item))


@staff.page("/items/{item_id}/evidence/{evidence_id}", Permission.ITEM_READ)
def picture(work: Reading, item_id: int, evidence_id: int) -> Response:
    item = queries.find_item(work.session, work.actor, item_id)
    evidence = queries.find_evidence(work.session, item, evidence_id)
    work.seen(ItemPictureSeen(item.id, evidence.id))
    content = work.office.files.read(evidence.file)
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, no-store"})


@staff.page("/items/{item_id}/taken", Permission.ITEM_READ)
def taken_home(request: Request, work: Reading, item_id: int) -> HTMLResponse:
    item = queries.find_item(work.session, work.actor, item_id)
    work.seen(ItemSeen(item.id))
    readings, files = taking.readings_of(work.session, item.id), taking.files_of(work.session, item.id)
    shown = TakenPage(
        title=_("対象システムから持ち帰ったもの"),
        crumbs=(NIGHTS, Crumb(item.reference, f"/items/{item.id}")),
        item=item,
        taken=TakenHome.of(
            readings, files, taking.records_of(work.session, item.id), taking.count_waiting(work.session, item.id)
        ),
    )
    return render(request, "automation/item_taken.html", shown)


@staff.page("/items/{item_id}/files/{item_file_id}", Permission.ITEM_READ)
def taken_file(work: Reading, item_id: int, item_file_id: int) -> Response:
    """Hand a file out that the target gave: under the recording's name for it, and never shown inside a page."""
    item = queries.find_item(work.session, work.actor, item_id)
    found = taking.find_file(work.session, item, item_file_id)
    work.seen(ItemFileSeen(item.id, found.id))
    name = quote(safe_name(f"{item.reference}-{found.name}.{found.kind}"))
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(work.office.files.read(found.file), media_type=MEDIA_TYPES[found.kind], headers=headers)


@staff.action("/items/{item_id}/keyed", Permission.ITEM_SETTLE)
def call_keyed(request: Request, work: Writing, item_id: int, form: SettleInput) -> Response:
    def act(item: WorkItem) -> None:
        service.call_keyed(work, item, form.look, form.receipt)

    return _settled(request, work, item_id, form, act, _("登録済としました。"))


@staff.action("/items/{item_id}/put-back", Permission.ITEM_SETTLE)
def put_back(request: Request, work: Writing, item_id: int, form: SettleInput) -> Response:
    def act(item: WorkItem) -> None:
        service.put_back(work, item, form.look)

    return _settled(
        request, work, item_id, form, act, _("入力待ちに戻しました。次の夜間の入力で、照会してから入力します。")
    )


@staff.action("/items/{item_id}/finished", Permission.DAY_RUN)
def call_finished(request: Request, work: Writing, item_id: int, form: SettleInput) -> Response:
    """Whoever keyed to the end what the bot let go of says so, with the number that the system gave."""

    def act(item: WorkItem) -> None:
        service.must_be_handed_over(item)
        service.call_keyed(work, item, form.look, form.receipt)

    return _settled(
        request, work, item_id, form, act, _("人が入力したものとして、登録済にしました。"), Permission.DAY_RUN
    )


@staff.action("/items/{item_id}/returned", Permission.DAY_RUN)
def give_back(request: Request, work: Writing, item_id: int, form: SettleInput) -> Response:
    """Whoever took a record from the bot lets it wait again."""

    def act(item: WorkItem) -> None:
        service.must_be_handed_over(item)
        service.put_back(work, item, form.look)

    return _settled(request, work, item_id, form, act, _("入力待ちに戻しました。"), Permission.DAY_RUN)


@staff.action("/items/{item_id}/cancel", Permission.ITEM_SETTLE)
def cancel(request: Request, work: Writing, item_id: int, form: SettleInput) -> Response:
    def act(item: WorkItem) -> None:
        service.cancel(work, item, form.look, form.reason)

    return _settled(request, work, item_id, form, act, _("取り消しました。"))


def _settled(
    request: Request,
    work: Work,
    item_id: int,
    form: SettleInput,
    act: Callable[[WorkItem], None],
    flash: str,
    permission: Permission = Permission.ITEM_SETTLE,
) -> Response:
    """Do what the person decided; a refusal brings the page back with what was typed."""
    item = queries.find_item(work.session, work.actor, item_id, permission)
    try:
        act(item)
    except Invalid as refusal:
        work.refused = True
        wrong = refusal.fields or {"": refusal.message}
        page = _page(work, item, wrong, {"receipt": form.receipt, "reason": form.reason}, form.opened_at)
        return render(request, "automation/item.html", page, status=422)
    return go_to(f"/items/{item_id}", flash)


def _page(
    work: Work,
    item: WorkItem,
    wrong: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    opened_at: float = 0.0,
) -> pages.ItemPage:
    return pages.ItemPage(
        title=_("案件"),
        title_text=item.reference,
        crumbs=(NIGHTS, EXCEPTIONS),
        item=item,
        chip=pages.chip_of_item(item.state),
        outcome=OUTCOME_NAMES.get(item.outcome, item.outcome),
        priority=PRIORITY_NAMES[Priority(item.priority)],
        rows=pages.value_rows(item, told(work.session, item.target)),
        moves=[pages.MoveRow.of(move) for move in item.moves],
        evidence=item.evidence,
        before=pages.Neighbour.of(item.before, work.actor) if item.before else None,
        behind=[pages.Neighbour.of(each, work.actor) for each in following.behind(work.session, item.id)],
        handed_on=_handed_on(work, item),
        took_home=item.took_home,
        may_settle=service.may_settle(work.actor, item),
        may_key=_may_key(work, item),
        may_export=work.actor.reaches(Permission.EVIDENCE_EXPORT, item.department.path),
        may_finish=service.may_finish(work.actor, item),
        may_see_sheet=item.sheet_id is not None and work.actor.may(Permission.SHEET_READ),
        may_see_record=item.record_id is not None and work.actor.may(Permission.RECORD_READ),
        opened_at=opened_at or work.now.timestamp(),
        sure_at=_sure_at(work, item),
        wrong=wrong or {},
        typed=typed or {},
    )


def _handed_on(work: Work, item: WorkItem) -> pages.HandedOn | None:
    kept = item.handed_on
    if kept is None:
        return None
    may_read, may_mend = work.actor.may(Permission.RECORD_READ), work.actor.may(Permission.RECORD_WRITE)
    return pages.HandedOn.of(kept, may_read=may_read, may_mend=may_mend)


def _may_key(work: Work, item: WorkItem) -> bool:
    may = item.target.by_day and work.actor.reaches(Permission.DAY_RUN, item.department.path)
    return may and runs.why_not_now(item) is None


def _sure_at(work: Work, item: WorkItem) -> datetime | None:
    if item.state != ItemState.UNKNOWN or item.unknown_at is None:
        return None
    sure_at = reconcile_not_before(item.unknown_at, item.target.late_commit_seconds)
    return sure_at if work.now < sure_at else None
