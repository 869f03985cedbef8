"""The pages of nights: what waits for which system, a night while it runs and afterwards, what it left for people."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import pages, queries, service
from backoffice.automation.by_day import choices
from backoffice.automation.events import ItemsExported
from backoffice.automation.leasing import may_be_given_up
from backoffice.automation.models import Night
from backoffice.automation.plan.pace import forecast
from backoffice.automation.systems.credentials import runs_out_on
from backoffice.automation.watch.beside import beside
from backoffice.automation.workflow import (
    FINISHED,
    FOR_PEOPLE,
    OUTCOME_NAMES,
    STATE_NAMES,
    WHY_NAMES,
    ItemState,
    NightState,
    RunKind,
    WhyEnded,
)
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.services import TOKYO
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work

MENU = (
    MenuItem(_("夜間の入力"), "/nights", Permission.NIGHT_VIEW),
    MenuItem(_("人の判断待ち"), "/exceptions", Permission.ITEM_READ),
)
NIGHTS = Crumb(_("夜間の入力"), "/nights")

staff = StaffRouter()


@staff.page("/nights", Permission.NIGHT_VIEW)
def nights(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    session, actor = work.session, work.actor
    paging = Paging("/nights", queries.count_nights(session, actor), page)
    found = queries.list_nights(session, actor, paging.offset)
    counts = queries.counts_of_nights(session, actor, found)
    shown = pages.NightsPage(
        title=_("夜間の入力"),
        targets=_target_rows(work),
        rows=[pages.NightRow.of(night, counts[night.id]) for night in found],
        paging=paging,
        paused=service.is_paused(work.office),
        may_run=actor.may(Permission.NIGHT_RUN),
        may_edit=actor.may(Permission.TARGET_EDIT),
        may_read=actor.may(Permission.ITEM_READ),
    )
    return render(request, "automation/nights.html", shown)


@staff.action("/nights/start/{target_id}", Permission.NIGHT_RUN)
def start(request: Request, actor: SignedIn, target_id: int) -> Response:
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            night = service.start_night(work, target_id)
    except Invalid as refusal:
        return go_to("/nights", refusal.message, tone="error", **refusal.params)
    return go_to(f"/nights/{night.id}", _("夜間の入力を始めました。"))


@staff.action("/nights/reopen", Permission.NIGHT_RUN)
def reopen(request: Request, actor: SignedIn) -> Response:
    """After a restore: a person who has checked the target systems opens the nights again."""
    service.reopen_nights(request.app.state.office, actor)
    return go_to("/nights", _("夜間の入力を再開しました。"))


@staff.page("/nights/{night_id}", Permission.NIGHT_VIEW)
def one_night(request: Request, work: Reading, night_id: int, state: str = "", page: int = 1) -> HTMLResponse:
    night = queries.find_night(work.session, work.actor, night_id)
    shown = _night_page(work, night, state if state in set(ItemState) else "", page)
    return render(request, "automation/night.html", shown, block="live" if request.headers.get("HX-Request") else "")


@staff.action("/nights/{night_id}/stop", Permission.NIGHT_RUN)
def stop(work: Writing, night_id: int) -> Response:
    service.ask_stop(work, queries.find_night(work.session, work.actor, night_id, Permission.NIGHT_RUN))
    return go_to(f"/nights/{night_id}", _("いまの1件が終わったところで止まります。"))


@staff.action("/nights/{night_id}/end", Permission.NIGHT_RUN)
def end_abandoned(work: Writing, night_id: int) -> Response:
    service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id, Permission.NIGHT_RUN))
    return go_to(f"/nights/{night_id}", _("夜間の入力を終えました。登録中だった案件は結果不明になりました。"))


@staff.action("/nights/{night_id}/export", Permission.ITEM_READ)
def export(work: Writing, night_id: int, form: FormData) -> Response:
    night = queries.find_night(work.session, work.actor, night_id)
    found = queries.list_all_of_night(work.session, work.actor, night.id, form.get("state", ""))
    work.record(ItemsExported(night.id, len(found)))
    headings = (_("受付番号"), _("状態"), _("結果"), _("登録番号"), _("理由"), _("登録日時"), _("秒"))
    rows = [
        (
            item.reference,
            translate(STATE_NAMES[ItemState(item.state)]),
            translate(OUTCOME_NAMES.get(item.outcome, item.outcome)),
            item.receipt,
            item.reason,
            item.finished_at,
            item.seconds,
        )
        for item in found
    ]
    return csv_response("夜間入力の案件一覧.csv", [translate(text) for text in headings], rows)


@staff.page("/exceptions", Permission.ITEM_READ)
def exceptions(request: Request, work: Reading, state: str = "", page: int = 1) -> HTMLResponse:
    counts = queries.count_for_people(work.session, work.actor)
    state = state if state in FOR_PEOPLE else ""
    total = counts.get(ItemState(state), 0) if state else sum(counts.values())
    paging = Paging("/exceptions", total, page, {"state": state})
    shown = pages.ExceptionsPage(
        title=_("人の判断待ち"),
        rows=[
            pages.ItemRow.of(item) for item in queries.list_for_people(work.session, work.actor, state, paging.offset)
        ],
        tabs=_tabs("/exceptions", {each: counts.get(each, 0) for each in pages.ORDER if each in FOR_PEOPLE}, state),
        paging=paging,
    )
    return render(request, "automation/exceptions.html", shown)


def _target_rows(work: Work) -> list[pages.TargetRow]:
    counts = queries.open_by_target(work.session, work.actor)
    running = queries.open_nights(work.session, work.actor)
    return [
        pages.TargetRow(
            target,
            counts.get(target.id, {}),
            running.get(target.id),
            work.actor.reaches(Permission.NIGHT_RUN, target.department.path),
            runs_out_on(target.credential, work.today) if target.credential else None,
        )
        for target in queries.list_targets(work.session, work.actor)
    ]


def _night_page(work: Work, night: Night, state: str, page: int) -> pages.NightPage:
    counts = queries.count_of_night(work.session, work.actor, night.id)
    path = f"/nights/{night.id}"
    total = counts.get(ItemState(state), 0) if state else sum(counts.values())
    paging = Paging(path, total, page, {"state": state})
    finished = sum(counts.get(each, 0) for each in FINISHED)
    others = sum(count for each, count in counts.items() if each not in FINISHED | {ItemState.WAITING})
    moving = night.state != NightState.ENDED
    waiting = _count_left(work, night) if moving else 0
    lease = queries.lease_of_night(work.session, night.id) if moving else None
    seconds = queries.recent_seconds(work.session, night.target_id) if moving else []
    return pages.NightPage(
        title=_("夜間の入力"),
        title_text=f"{night.target.name} {night.started_at.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        crumbs=(NIGHTS,),
        night=night,
        chip=pages.chip_of_night(night),
        why=WHY_NAMES[WhyEnded(night.why_ended)] if night.why_ended else "",
        counts=pages.counts_in_order(counts),
        finished=finished,
        total=finished + others + waiting,
        waiting=waiting,
        now=lease.item if lease else None,
        now_since=lease.item_since if lease else None,
        last=_last_line(work, night.id),
        forecast=forecast(work.now, waiting, seconds, night.closes_at, night.target.margin_seconds),
        elapsed_seconds=((night.ended_at or work.now) - night.started_at).total_seconds(),
        rows=[
            pages.ItemRow.of(item)
            for item in queries.list_of_night(work.session, work.actor, night.id, state, paging.offset)
        ],
        tabs=_tabs(path, counts, state),
        state=state,
        paging=paging,
        paused=service.is_paused(work.office),
        may_run=work.actor.may(Permission.NIGHT_RUN),
        may_read=work.actor.may(Permission.ITEM_READ),
        abandoned=moving and may_be_given_up(work, night, lease),
        may_export=work.actor.may(Permission.EVIDENCE_EXPORT),
        kind=pages.kind_of(night),
        watched=beside(work, night, lease.item_id if lease else None),
    )


def _count_left(work: Work, night: Night) -> int:
    """Count what a run may still take up: all that is ready, or what was chosen of it."""
    if night.kind == RunKind.NIGHT:
        return queries.count_ready_of(work.session, night.target_id)
    return choices.count_left(work.session, night.id)


def _last_line(work: Work, night_id: int) -> pages.LastLine | None:
    found = queries.last_move(work.session, night_id)
    if found is None:
        return None
    move, reference = found
    return pages.LastLine(move.at, reference, OUTCOME_NAMES.get(move.code, move.code))


def _tabs(path: str, counts: Mapping[ItemState, int], state: str) -> list[Tab]:
    every = Tab(_("すべて"), path, not state, sum(counts.values()))
    return [every] + [
        Tab(STATE_NAMES[each], address(path, {"state": each}), state == each, counts[each])
        for each in pages.ORDER
        if each in counts
    ]
