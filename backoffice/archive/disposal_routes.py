"""The pages of throwing away: what is due, what is proposed and approved, the register of what went."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.archive import disposing, pages, queries
from backoffice.archive.events import DisposalsExported
from backoffice.archive.models import ArchivedSheet, Disposal
from backoffice.archive.routes import ARCHIVE, titles_of
from backoffice.archive.workflow import BASIS_NAMES, DisposalBasis, kept_from
from backoffice.db.numbering import fiscal_year_of
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.services import TOKYO
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.lists import PAGE_SIZE
from backoffice.web.translations import _, translate
from backoffice.work import Work

DISPOSALS = Crumb(_("文書の廃棄"), "/archive/disposals")
YEARS_BACK = 10
COLUMNS = (
    *(_("受付番号"), _("様式"), _("部署"), _("ページ"), "SHA-256", _("確定日"), _("起算日"), _("廃棄日")),
    *(_("理由"), _("廃棄番号"), _("提案者"), _("承認者"), _("利用停止の案件")),
)

staff = StaffRouter()


@staff.page("/archive/disposals", Permission.ARCHIVE_READ)
def disposals(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    number = min(max(1, page), 10_000)
    found = queries.list_disposals(work.session, work.actor, (number - 1) * PAGE_SIZE, PAGE_SIZE + 1)
    rules = queries.rules(work.session, work.actor)
    titles = titles_of(work, {rule.form_code for rule in rules})
    this_year = fiscal_year_of(work.today)
    shown = pages.DisposalsPage(
        title=_("文書の廃棄"),
        crumbs=(ARCHIVE,),
        due=[
            pages.DueRow(rule, titles.get(rule.form_code, rule.form_code), year, count)
            for rule, year, count in queries.due(work.session, work.actor, rules, work.today)
        ],
        rows=[_row(each, titles) for each in found[:PAGE_SIZE]],
        number=number,
        has_next=len(found) > PAGE_SIZE,
        years=[(str(year), translate(_("%(year)s年度"), year=year)) for year in _register_years(this_year)],
        may_keep=work.actor.may(Permission.ARCHIVE_KEEP),
    )
    return render(request, "archive/disposals.html", shown)


@staff.action("/archive/disposals", Permission.ARCHIVE_KEEP)
def propose(work: Writing, form: FormData) -> Response:
    rule = queries.find_rule(work.session, work.actor, whole_number(form.get("rule", "")) or 0)
    disposal = disposing.propose(work, rule, whole_number(form.get("year", "")) or work.today.year)
    return go_to(f"/archive/disposals/{disposal.id}", _("廃棄を提案しました。ほかの職員が承認します。"))


@staff.action("/archive/disposals/export", Permission.ARCHIVE_READ)
def export(work: Writing, form: FormData) -> Response:
    """Write out what was thrown away in a fiscal year, a row a sheet; no value of any stands in it."""
    year = whole_number(form.get("year", ""))
    if year not in _register_years(fiscal_year_of(work.today)):
        raise Invalid(_("入力を確認してください"), {"year": _("年度を選んでください。")})
    found = queries.register(work.session, work.actor, year)
    work.record(DisposalsExported(len(found)))
    titles = titles_of(work, {each.sheet.form_code for each in found})
    asked = {each.disposal.request_id for each in found if each.disposal and each.disposal.request_id}
    cases = queries.case_numbers(work.session, asked)
    rows = [
        _line(each, each.disposal, titles.get(each.sheet.form_code, ""), cases.get(each.disposal.request_id or 0, ""))
        for each in found
        if each.disposal is not None
    ]
    return csv_response(f"廃棄簿{year}年度.csv", [translate(each) for each in COLUMNS], rows)


@staff.page("/archive/disposals/{disposal_id}", Permission.ARCHIVE_READ)
def one_disposal(request: Request, work: Reading, disposal_id: int) -> HTMLResponse:
    disposal = queries.find_disposal(work.session, work.actor, disposal_id)
    titles = titles_of(work, {disposal.rule.form_code})
    cases = queries.case_numbers(work.session, [disposal.request_id] if disposal.request_id else [])
    shown = pages.DisposalPage(
        title=_("文書の廃棄"),
        title_text=disposal.number,
        crumbs=(ARCHIVE, DISPOSALS),
        row=_row(disposal, titles, cases.get(disposal.request_id or 0, "")),
        sheets=queries.sheets_in_disposal(work.session, disposal.id),
        may_keep=work.actor.may(Permission.ARCHIVE_KEEP),
        may_approve=work.actor.may(Permission.ARCHIVE_DISPOSE) and disposing.may_approve(work, disposal),
        own=disposal.proposed_by_id == work.actor.staff_id,
    )
    return render(request, "archive/disposal.html", shown)


@staff.action("/archive/disposals/{disposal_id}/approve", Permission.ARCHIVE_DISPOSE)
def approve(work: Writing, disposal_id: int) -> Response:
    disposing.approve(work, _locked(work, disposal_id, Permission.ARCHIVE_DISPOSE))
    return go_to(f"/archive/disposals/{disposal_id}", _("廃棄しました。廃棄簿に残ります。"))


@staff.action("/archive/disposals/{disposal_id}/withdraw", Permission.ARCHIVE_KEEP)
def withdraw(work: Writing, disposal_id: int) -> Response:
    disposing.withdraw(work, _locked(work, disposal_id, Permission.ARCHIVE_KEEP))
    return go_to(f"/archive/disposals/{disposal_id}", _("廃棄を取りやめました。用紙はそのまま保存します。"))


def _locked(work: Work, disposal_id: int, permission: Permission) -> Disposal:
    return queries.find_disposal(work.session, work.actor, disposal_id, permission, lock=True)


def _row(disposal: Disposal, titles: dict[str, str], case_number: str = "") -> pages.DisposalRow:
    return pages.DisposalRow(disposal, titles.get(disposal.rule.form_code, disposal.rule.form_code), case_number)


def _register_years(this_year: int) -> list[int]:
    return list(range(this_year, this_year - YEARS_BACK, -1))


def _line(archived: ArchivedSheet, disposal: Disposal, form_title: str, case_number: str) -> tuple[object, ...]:
    decided = disposal.decided_at.astimezone(TOKYO).date().isoformat() if disposal.decided_at else ""
    return (
        archived.sheet.number,
        form_title,
        archived.department.name,
        archived.pages,
        archived.file.sha256 if archived.file else "",
        archived.settled_on.isoformat(),
        kept_from(archived.fiscal_year).isoformat(),
        decided,
        translate(BASIS_NAMES[DisposalBasis(disposal.basis)]),
        disposal.number,
        disposal.proposed_by.name if disposal.proposed_by else "",
        disposal.decided_by.name if disposal.decided_by else "",
        case_number,
    )
