"""The pages of the in-tray: what waits for a person, decided one by one or many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Permission
from backoffice.inbox import alerting, filters, pages, queries, trays
from backoffice.inbox.deciding import decide_many, task_before
from backoffice.inbox.desks import Chair, chairs_of
from backoffice.inbox.inputs import read_ids, read_said, read_wanted, wanted_params, whole_numbers
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import SavedFilter
from backoffice.inbox.taking_back import take_back_many
from backoffice.inbox.trays import COUNT_TO, Tray, Wanted, wanted_by
from backoffice.inbox.workflow import may_take_back
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, FormLists
from backoffice.web.lists import PAGE_SIZE, Paging, Tab, address
from backoffice.web.showing import number
from backoffice.web.translations import _
from backoffice.work import Work

MENU = (MenuItem(_("承認"), "/inbox", Permission.CASE_DECIDE),)
TRAY_NAMES = {
    Tray.OWN: _("自分の承認待ち"),
    Tray.OVERDUE: _("期限超過"),
    Tray.DEPUTY: _("代理分"),
    Tray.RETURNED: _("差戻し分"),
    Tray.HELD: _("保留中"),
}

MOST_PAGES = 200
"""Nobody leafs further; what lies deeper is found by a filter."""

staff = StaffRouter()


def chairs_for(work: Work) -> tuple[Chair, ...]:
    return chairs_of(work.session, work.actor, work.today)


@staff.page("/inbox", Permission.CASE_DECIDE)
def inbox(request: Request, work: Reading, page: int = 1, batch: str = "") -> HTMLResponse:
    wanted = read_wanted(request.query_params)
    return render(request, "inbox/inbox.html", _inbox_page(work, wanted, page, batch=batch))


@staff.action("/inbox/decide", Permission.CASE_DECIDE)
def decide_chosen(request: Request, work: Writing, form: FormLists) -> Response:
    """Decide all that were ticked. What is refused stays ticked, with its reason; the rest is done."""
    typed = {name: values[-1] for name, values in form.items() if values}
    wanted, chairs = read_wanted(typed), chairs_for(work)
    try:
        ids = read_ids(form.get("task", []))
        tasks = [task_before(work, chairs, task_id) for task_id in ids]
        _must_go_in_bulk([task.case.kind for task in tasks])
        said = read_said(typed, {}, work.office.services.token())
        votes, refused = decide_many(work, tasks, said)
    except (Invalid, NotPermitted) as refusal:
        work.refused = True
        wrong = getattr(refusal, "fields", None) or {"task": refusal.message}
        shown = _inbox_page(work, wanted, chosen=form.get("task", []), reason=typed.get("reason", ""), wrong=wrong)
        return render(request, "inbox/inbox.html", shown, status=int(refusal.status))
    if refused:
        work.session.flush()
        told = [(task.case.number, refusal.message, refusal.params) for task, refusal in refused]
        left = [str(task.id) for task, _refusal in refused]
        shown = _inbox_page(
            work, wanted, chosen=left, reason=said.reason, refused=told, batch=said.batch, decided=len(votes)
        )
        return render(request, "inbox/inbox.html", shown, status=422 if not votes else 200)
    params = {**wanted_params(wanted), "batch": said.batch}
    return go_to(address("/inbox", params), _("%(n)s件を決定しました。1分以内なら取り消せます。"), n=len(votes))


@staff.action("/inbox/undo", Permission.CASE_DECIDE)
def undo_batch(work: Writing, form: FormData) -> Response:
    votes = queries.votes_in_batch(work.session, work.actor, form.get("batch", "") or "-")
    undone, kept = take_back_many(work, votes)
    back = address("/inbox", wanted_params(read_wanted(form)))
    if kept or not undone:
        said = _("%(undone)s件を取り消しました。%(kept)s件は、時間を過ぎたか先へ進んだため取り消せません。")
        return go_to(back, said, tone="warning", undone=undone, kept=kept)
    return go_to(back, _("%(undone)s件の決定を取り消しました。"), undone=undone)


@staff.page("/inbox/filters", Permission.CASE_DECIDE)
def kept_filters(request: Request, work: Reading) -> HTMLResponse:
    """Give the kept conditions with how many tasks each leaves."""
    wanted, chairs = read_wanted(request.query_params), chairs_for(work)
    rows = []
    for saved in trays.saved_filters(work.session, work.actor):
        left = trays.search(work.session, work.actor, chairs, wanted_by(saved), work.now, COUNT_TO + 1)
        rows.append(replace(_saved_tab(saved, wanted), count=_many(len(left))))
    shown = pages.FiltersPage(title=_("保存した条件"), tabs=_all_tabs(""), rows=rows)
    block = "kept" if request.headers.get("HX-Request") else ""
    return render(request, "inbox/filters.html", shown, block=block)


@staff.action("/inbox/filters", Permission.CASE_DECIDE)
def save_filter(request: Request, work: Writing, form: FormData) -> Response:
    wanted = read_wanted(form)
    try:
        saved = filters.save(work, form.get("name", ""), wanted)
    except Invalid as refusal:
        work.refused = True
        return render(request, "inbox/inbox.html", _inbox_page(work, wanted, wrong=refusal.fields), status=422)
    return go_to(address("/inbox", wanted_params(wanted)), _("条件「%(name)s」を保存しました。"), name=saved.name)


@staff.action("/inbox/filters/{filter_id}/remove", Permission.CASE_DECIDE)
def remove_filter(work: Writing, filter_id: int) -> Response:
    filters.remove(work, filter_id)
    return go_to("/inbox", _("保存した条件を消しました。"))


@staff.page("/inbox/opinions", Permission.CASE_DECIDE)
def opinions(request: Request, work: Reading) -> HTMLResponse:
    shown = pages.OpinionsPage(
        title=_("意見照会"),
        tabs=_all_tabs("/inbox/opinions"),
        rows=queries.opinions_waiting(work.session, work.actor),
    )
    return render(request, "inbox/opinions.html", shown)


@staff.page("/inbox/mentions", Permission.CASE_DECIDE)
def mentions(request: Request, work: Reading) -> HTMLResponse:
    rows = queries.mentions_unread(work.session, work.actor)
    shown = pages.MentionsPage(title=_("あなたへの言及"), tabs=_all_tabs("/inbox/mentions"), rows=rows)
    return render(request, "inbox/mentions.html", shown)


@staff.page("/inbox/reviews", Permission.CASE_DECIDE)
def reviews(request: Request, work: Reading) -> HTMLResponse:
    rows = queries.votes_to_review(work.session, work.actor)
    shown = pages.ReviewsPage(title=_("後閲"), tabs=_all_tabs("/inbox/reviews"), rows=rows)
    return render(request, "inbox/reviews.html", shown)


def _must_go_in_bulk(kinds: list[str]) -> None:
    for kind in kinds:
        if not KINDS[kind].in_bulk:
            trouble = _("データ連携・配信先・ロボットの案件は、まとめて決められません。一件ずつ開いてください。")
            raise Invalid(trouble, {"task": trouble})


def _inbox_page(  # noqa: PLR0913 -- one page, in all the states that a refused form can leave it in
    work: Work,
    wanted: Wanted,
    page: int = 1,
    *,
    chosen: list[str] | None = None,
    reason: str = "",
    wrong: Mapping[str, str] | None = None,
    refused: Sequence[tuple[str, str, Mapping[str, object]]] = (),
    batch: str = "",
    decided: int = 0,
) -> pages.InboxPage:
    chairs = chairs_for(work)
    upto = max(COUNT_TO + 1, min(page, MOST_PAGES) * PAGE_SIZE + 1)
    lying = trays.look_into(work.session, work.actor, chairs, work.now, upto=upto)
    counts = {tray: len(found) for tray, found in lying.items()}
    here = lying[wanted.tray]
    if wanted.is_filtered:
        here = trays.search(work.session, work.actor, chairs, wanted, work.now, upto)
    paging = Paging("/inbox", len(here), page, wanted_params(wanted))
    found = trays.tasks_with(work.session, here[paging.offset : paging.offset + PAGE_SIZE])
    undoable = bool(batch) and any(
        may_take_back(vote.at, work.now) for vote in queries.votes_in_batch(work.session, work.actor, batch)
    )
    may_hand_over = work.actor.may(Permission.WORK_HAND_OVER)
    return pages.InboxPage(
        title=_("承認待ち"),
        may_hand_over=may_hand_over,
        stayed=queries.count_stayed(work.session, work.actor),
        unattended=sum(each[2] for each in queries.unattended(work.session, work.actor)) if may_hand_over else 0,
        alerts=alerting.open_alerts(work.session, work.actor),
        rows=[pages.TaskRow.of(task, work.now) for task in found],
        tabs=[*_tabs(counts, wanted), *_more_tabs("")],
        saved=[_saved_tab(each, wanted) for each in trays.saved_filters(work.session, work.actor)],
        saved_address=address("/inbox/filters", wanted_params(wanted)),
        tray=str(wanted.tray),
        keyword=wanted.keyword,
        kind=wanted.kind,
        due=wanted.due,
        paging=paging,
        total=_many(counts[Tray.OWN]),
        overdue=_many(counts[Tray.OVERDUE]),
        chosen=frozenset(whole_numbers(chosen or [])),
        reason=reason,
        wrong=wrong or {},
        refused=refused,
        batch=batch if undoable else "",
        decided=decided,
    )


def _saved_tab(saved: SavedFilter, wanted: Wanted) -> pages.SavedTab:
    kept = wanted_by(saved)
    return pages.SavedTab(saved, address("/inbox", wanted_params(kept)), current=kept == wanted)


def _many(count: int) -> str:
    return f"{COUNT_TO:,}+" if count > COUNT_TO else number(count)


def _tabs(counts: Mapping[Tray, int], wanted: Wanted) -> list[Tab]:
    return [
        Tab(
            name,
            address("/inbox", wanted_params(Wanted(tray))),
            wanted.tray is tray,
            min(counts[tray], COUNT_TO),
            more=counts[tray] > COUNT_TO,
        )
        for tray, name in TRAY_NAMES.items()
    ]


def _all_tabs(here: str) -> list[Tab]:
    fixed = [
        Tab(name, address("/inbox", wanted_params(Wanted(tray))), current=False) for tray, name in TRAY_NAMES.items()
    ]
    return [*fixed, *_more_tabs(here)]


def _more_tabs(here: str) -> list[Tab]:
    return [
        Tab(label, href, href == here)
        for label, href in (
            (_("意見照会"), "/inbox/opinions"),
            (_("言及"), "/inbox/mentions"),
            (_("後閲"), "/inbox/reviews"),
        )
    ]
