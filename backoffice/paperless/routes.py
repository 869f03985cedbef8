"""The pages of the register of needless papers: progress and list, one paper with its story, the list as CSV."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.data_links.pages import LINKS
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.paperless import pages, queries, service
from backoffice.paperless.importing import COLUMNS
from backoffice.paperless.models import NeedlessPaper, PaperChange
from backoffice.paperless.service import Told
from backoffice.paperless.workflow import AREA_NAMES, HOW_NAMES, STATE_CHIPS, Area, How, PaperState, done_in
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import FormData, read_day, seen_of, whole_number
from backoffice.web.lists import Paging
from backoffice.web.showing import day_typed
from backoffice.web.translations import _, translate
from backoffice.work import Work

MENU = (MenuItem(_("添付書類の削減"), "/paperless", Permission.PAPER_VIEW, in_menu=False),)
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/paperless", Permission.PAPER_VIEW)
def papers(request: Request, work: Reading, area: str = "", state: str = "", page: int = 1) -> HTMLResponse:
    area, state = area if area in set(Area) else "", state if state in set(PaperState) else ""
    paging = Paging("/paperless", queries.count_papers(work.session, area, state), page, {"area": area, "state": state})
    counted = done_in(queries.standings(work.session))
    shown = pages.PapersPage(
        title=_("添付書類の削減"),
        crumbs=(LINKS,),
        progress=[pages.Progress.of(each, counted[each]) for each in Area],
        rows=[pages.PaperRow.of(each) for each in queries.list_papers(work.session, area, state, paging.offset)],
        areas=[("", translate(_("すべて"))), *_areas()],
        states=[("", translate(_("すべて"))), *_states()],
        area=area,
        state=state,
        paging=paging,
        may_edit=work.actor.may(Permission.PAPER_EDIT),
    )
    return render(request, "paperless/papers.html", shown)


@staff.page("/paperless/export.csv", Permission.PAPER_VIEW)
def export(work: Reading) -> Response:
    """Give the register as an import reads it, in Japanese as the file is; nobody's data stands in it."""
    rows = [
        (
            AREA_NAMES[Area(each.area)],
            each.procedure,
            each.document,
            each.department.name,
            each.link.code if each.link else "",
            each.means,
            STATE_CHIPS[PaperState(each.state)].text,
            each.since.isoformat(),
        )
        for each in queries.every_paper(work.session)
    ]
    return csv_response("添付書類の台帳.csv", COLUMNS, rows)


@staff.page("/paperless/new", Permission.PAPER_EDIT)
def new_paper(request: Request, work: Reading) -> HTMLResponse:
    return _page(request, work, None, {"department": str(work.actor.department_id or "")}, NOTHING)


@staff.action("/paperless/new", Permission.PAPER_EDIT)
def enter(request: Request, work: Writing, form: FormData) -> Response:
    try:
        paper = service.enter(work, _told(work, form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _page(request, work, None, form, refusal.fields)
    return go_to(f"/paperless/{paper.id}", _("台帳に入れました。"))


@staff.page("/paperless/{paper_id}", Permission.PAPER_VIEW)
def one_paper(request: Request, work: Reading, paper_id: int) -> HTMLResponse:
    return _page(request, work, queries.find_paper(work.session, paper_id), NOTHING, NOTHING)


@staff.action("/paperless/{paper_id}/edit", Permission.PAPER_EDIT)
def change(request: Request, work: Writing, paper_id: int, form: FormData) -> Response:
    try:
        service.change(work, queries.find_paper(work.session, paper_id), seen_of(form), _told(work, form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _page(request, work, queries.find_paper(work.session, paper_id), form, refusal.fields)
    return go_to(f"/paperless/{paper_id}", _("直しました。取り消せます。"))


@staff.action("/paperless/{paper_id}/undo", Permission.PAPER_EDIT)
def undo(work: Writing, paper_id: int, form: FormData) -> Response:
    service.undo(work, queries.find_paper(work.session, paper_id), seen_of(form))
    return go_to(f"/paperless/{paper_id}", _("直前の変更を取り消しました。"))


def _told(work: Work, form: Mapping[str, str]) -> Told:
    """Read what was typed. Raises Invalid."""
    wrong: dict[str, str] = {}
    if form.get("area") not in set(Area):
        wrong["area"] = _("分野を選んでください。")
    if form.get("state") not in set(PaperState):
        wrong["state"] = _("状態を選んでください。")
    since = work.today
    try:
        since = read_day(form, "since") if form.get("since", "").strip() else work.today
    except Invalid as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Invalid(service.WRONG, wrong)
    return Told(
        Area(form["area"]),
        _words(form, "procedure"),
        _words(form, "document"),
        whole_number(form.get("department", "")) or 0,
        whole_number(form.get("link", "")),
        _words(form, "means"),
        PaperState(form["state"]),
        since,
    )


def _words(form: Mapping[str, str], field: str) -> str:
    return " ".join(form.get(field, "").split())


def _page(
    request: Request, work: Work, paper: NeedlessPaper | None, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    changes = () if paper is None else queries.changes_of(work.session, paper.id)
    departments = [each for each in queries.departments(work.session) if service.may_edit(work, each)]
    shown = pages.PaperPage(
        title=_("添付書類を台帳に入れる") if paper is None else _("添付書類"),
        title_text=translate(_("添付書類を台帳に入れる")) if paper is None else f"{paper.procedure} · {paper.document}",
        crumbs=(LINKS, pages.PAPERS),
        paper=paper,
        row=None if paper is None else pages.PaperRow.of(paper),
        changes=[_change(each) for each in changes],
        may_edit=paper is None or service.may_edit(work, paper.department),
        areas=_areas(),
        states=_states(),
        links=[("", "—"), *((str(each.id), f"{each.name} {each.code}") for each in queries.links(work.session))],
        departments=[("", "—"), *((str(each.id), each.name) for each in departments)],
        typed=typed or _typed(paper),
        wrong=wrong,
    )
    return render(request, "paperless/paper.html", shown, status=422 if wrong else 200)


def _typed(paper: NeedlessPaper | None) -> Mapping[str, str]:
    if paper is None:
        return NOTHING
    return {
        "area": paper.area,
        "procedure": paper.procedure,
        "document": paper.document,
        "department": str(paper.department_id),
        "link": str(paper.link_id or ""),
        "means": paper.means,
        "state": paper.state,
        "since": day_typed(paper.since),
    }


def _change(change: PaperChange) -> pages.ChangeRow:
    said: Mapping[str, Any] = change.said
    chip = None if said["is_out"] else STATE_CHIPS[PaperState(said["state"])]
    return pages.ChangeRow(change, HOW_NAMES[How(change.how)], chip)


def _areas() -> list[tuple[str, str]]:
    return [(str(area), translate(name)) for area, name in AREA_NAMES.items()]


def _states() -> list[tuple[str, str]]:
    return [(str(state), translate(chip.text)) for state, chip in STATE_CHIPS.items()]
