"""The pages of kept paper: the list, one sheet with its file, how long forms are kept."""

from collections.abc import Iterable, Mapping
from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.archive import disposing, keeping, pages, queries
from backoffice.archive.events import ArchiveOpened
from backoffice.archive.models import ArchivedSheet
from backoffice.archive.queries import Wanted
from backoffice.archive.workflow import STATE_CHIPS, YEARS, ArchiveState, kept_from
from backoffice.errors import Invalid, NotThere
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Permission
from backoffice.web import Crumb, MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, read_day, whole_number
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.translations import _, translate
from backoffice.work import Work

MENU = (
    MenuItem(_("保存文書"), "/archive", Permission.ARCHIVE_READ, in_menu=False),
    MenuItem(_("文書の廃棄"), "/archive/disposals", Permission.ARCHIVE_READ, in_menu=False),
)
ARCHIVE = Crumb(_("保存文書"), "/archive")
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/archive", Permission.ARCHIVE_READ)
def archive(request: Request, work: Reading, state: str = "", q: str = "", page: int = 1) -> HTMLResponse:
    typed = {
        "q": q.strip(),
        "form": request.query_params.get("form", ""),
        "department": request.query_params.get("department", ""),
        "from": request.query_params.get("from", ""),
        "to": request.query_params.get("to", ""),
        "state": state if state in set(ArchiveState) else "",
    }
    wrong: dict[str, str] = {}
    wanted = _wanted(typed, wrong)
    counts = queries.count_by_state(work.session, work.actor)
    known = counts.get(ArchiveState(wanted.state), 0) if wanted.state else sum(counts.values())
    total = queries.count_found(work.session, work.actor, wanted) if wanted.narrows else known
    paging = Paging("/archive", total, page, typed)
    found = queries.list_found(work.session, work.actor, wanted, paging.offset)
    rules = queries.rules(work.session, work.actor)
    titles = titles_of(work, {rule.form_code for rule in rules})
    every = (("", translate(_("すべて"))),)
    shown = pages.ArchivePage(
        title=_("保存文書"),
        rows=[pages.ArchivedRow(each, titles.get(each.sheet.form_code, "")) for each in found],
        tabs=_tabs(counts, typed),
        typed=typed,
        wrong=wrong,
        forms=[*every, *sorted(titles.items(), key=lambda each: each[1])],
        departments=[*every, *((str(each.id), each.name) for each in queries.departments(work.session, work.actor))],
        paging=paging,
        narrowed=wanted.narrows,
    )
    return render(request, "archive/archive.html", shown)


@staff.page("/archive/retention", Permission.ARCHIVE_READ)
def retention(request: Request, work: Reading) -> HTMLResponse:
    return _retention_page(request, work)


@staff.action("/archive/retention/{rule_id}", Permission.ARCHIVE_KEEP)
def set_retention(work: Writing, rule_id: int, form: FormData) -> Response:
    rule = queries.find_rule(work.session, work.actor, rule_id)
    keeping.set_retention(work, rule, form)
    return go_to("/archive/retention", _("保存年限を%(years)sにしました。"), years=translate(YEARS[rule.years]))


@staff.page("/archive/{archived_id}", Permission.ARCHIVE_READ)
def one_archived(request: Request, work: Reading, archived_id: int) -> HTMLResponse:
    return _archived_page(request, work, queries.find(work.session, work.actor, archived_id))


@staff.page("/archive/{archived_id}/paper.pdf", Permission.ARCHIVE_READ)
def open_archived(work: Reading, archived_id: int) -> Response:
    """Give the PDF/A of a sheet; that it was opened stands on the trail before the first byte leaves."""
    archived = queries.find(work.session, work.actor, archived_id)
    if archived.file is None or archived.state != ArchiveState.KEPT:
        raise NotThere(_("この用紙の保存文書はありません。"))
    work.seen(ArchiveOpened(archived.sheet_id))
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="archive-{archived.id}.pdf"',
    }
    return Response(work.office.files.read(archived.file), media_type="application/pdf", headers=headers)


@staff.action("/archive/{archived_id}/hold", Permission.ARCHIVE_KEEP)
def hold(request: Request, work: Writing, archived_id: int, form: FormData) -> Response:
    archived = queries.find(work.session, work.actor, archived_id, Permission.ARCHIVE_KEEP)
    try:
        keeping.hold(work, archived, form.get("reason", ""))
    except Invalid as refusal:
        work.refused = True
        return _archived_page(request, work, archived, form, refusal.fields)
    return go_to(f"/archive/{archived_id}", _("廃棄を停止しました。"))


@staff.action("/archive/{archived_id}/end-hold", Permission.ARCHIVE_KEEP)
def end_hold(work: Writing, archived_id: int) -> Response:
    keeping.end_hold(work, queries.find(work.session, work.actor, archived_id, Permission.ARCHIVE_KEEP))
    return go_to(f"/archive/{archived_id}", _("廃棄停止を解きました。"))


@staff.action("/archive/{archived_id}/dispose", Permission.ARCHIVE_KEEP)
def dispose(request: Request, work: Writing, archived_id: int, form: FormData) -> Response:
    archived = queries.find(work.session, work.actor, archived_id, Permission.ARCHIVE_KEEP)
    try:
        disposal = disposing.propose_as_asked(work, archived, form.get("case_number", ""))
    except Invalid as refusal:
        if not refusal.fields:
            # The page has no such form any more where the sheet is held or proposed by now.
            raise
        work.refused = True
        return _archived_page(request, work, archived, form, refusal.fields)
    return go_to(f"/archive/disposals/{disposal.id}", _("廃棄を提案しました。ほかの職員が承認します。"))


def titles_of(work: Work, codes: Iterable[str]) -> dict[str, str]:
    """Give what the forms of these codes are called now."""
    return {code: each.title for code, each in newest_definitions(work.session, set(codes)).items()}


def _retention_page(request: Request, work: Work) -> HTMLResponse:
    rules = queries.rules(work.session, work.actor)
    titles = titles_of(work, {rule.form_code for rule in rules})
    shown = pages.RetentionPage(
        title=_("保存年限"),
        crumbs=(ARCHIVE,),
        rows=[pages.RuleRow(rule, titles.get(rule.form_code, rule.form_code)) for rule in rules],
        may_keep=work.actor.may(Permission.ARCHIVE_KEEP),
    )
    return render(request, "archive/retention.html", shown)


def _archived_page(
    request: Request,
    work: Work,
    archived: ArchivedSheet,
    typed: Mapping[str, str] = NOTHING,
    wrong: Mapping[str, str] = NOTHING,
) -> HTMLResponse:
    titles = titles_of(work, {archived.sheet.form_code})
    shown = pages.ArchivedPage(
        title=_("保存文書"),
        title_text=archived.sheet.number,
        crumbs=(ARCHIVE,),
        row=pages.ArchivedRow(archived, titles.get(archived.sheet.form_code, "")),
        years=YEARS[archived.rule.years],
        begins=kept_from(archived.fiscal_year),
        may_keep=work.actor.may(Permission.ARCHIVE_KEEP),
        reason=typed.get("reason", ""),
        case_number=typed.get("case_number", ""),
        wrong=wrong,
    )
    return render(request, "archive/archived.html", shown, status=422 if wrong else 200)


def _wanted(typed: Mapping[str, str], wrong: dict[str, str]) -> Wanted:
    """Read what is looked for; a day that is none is named in `wrong` and narrows nothing."""
    return Wanted(
        number=typed["q"],
        form=typed["form"],
        department_id=whole_number(typed["department"]),
        settled_from=_day(typed, "from", wrong),
        settled_to=_day(typed, "to", wrong),
        state=typed["state"],
    )


def _day(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> date | None:
    if not typed[name].strip():
        return None
    try:
        return read_day(typed, name)
    except Invalid as refusal:
        wrong.update(refusal.fields)
        return None


def _tabs(counts: Mapping[ArchiveState, int], typed: Mapping[str, str]) -> list[Tab]:
    def href(state: str) -> str:
        return address("/archive", {**typed, "state": state})

    every = Tab(_("すべて"), href(""), not typed["state"], sum(counts.values()))
    return [every] + [
        Tab(chip.text, href(state), typed["state"] == state, counts.get(state, 0))
        for state, chip in STATE_CHIPS.items()
    ]
