"""The page on which a list is added up, by one question or by two, and the same as a workbook."""

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.records import pages, queries, viewing
from backoffice.records.conditions import wish_of
from backoffice.records.crosstab import Crosstab, crosstab, group_label
from backoffice.records.events import RecordsExported
from backoffice.records.files_out import crosstab_as_excel
from backoffice.records.queries import Listing
from backoffice.records.routes import RECORDS, asked, wish_in
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, render
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms.definition import FormDefinition
from forms.field_types import NUMBERS, FieldType

_GROUPABLE = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.CHECKBOX, FieldType.DATE, FieldType.TEXT})

staff = StaffRouter()


@staff.page("/records/{design_id}/totals", Permission.RECORD_READ)
def totals(
    request: Request, work: Reading, design_id: int, by: str = "", across: str = "", adding: str = ""
) -> HTMLResponse:
    design, definition = queries.find_form(work.session, work.actor, design_id)
    wish = wish_of(definition, asked(request))
    groups, amounts = _choices(definition)
    by = by if by in dict(groups) else next(iter(dict(groups)), "")
    across = across if across in dict(groups) and across != by else ""
    adding = adding if adding in dict(amounts) else ""
    path = f"/records/{design.id}"
    listing = Listing(work.actor, design.id, definition, wish)
    count, sums = queries.count_and_sums(work.session, listing)
    shown = pages.TotalsPage(
        title=_("集計"),
        title_text=f"{translate(_('集計'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, path)),
        design=design,
        remarks=viewing.remarks(definition, f"{path}/totals", wish),
        count=count,
        sums=[one for one in sums if one.key not in definition.row_of],
        bars=[] if across else _bars(work, listing, by, adding),
        bars_title=viewing.title_of(definition, by, adding) if by else "",
        table=crosstab(work.session, listing, by, across, adding) if across else None,
        unit=translate(_("合計")) if adding else translate(_("件数")),
        groups=groups,
        amounts=amounts,
        by=by,
        across=across,
        adding=adding,
        hidden=viewing.hidden(wish),
        address=wish.address(path),
    )
    return render(request, "records/totals.html", shown)


@staff.action("/records/{design_id}/totals/export", Permission.RECORD_READ)
def export_totals(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    """Give the table as a workbook, written with no unit open; the trail says so before anybody has it."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design, definition = queries.find_form(work.session, actor, design_id)
        groups, amounts = _choices(definition)
        by, across, adding = (form.get(name, "") for name in ("by", "across", "adding"))
        if not {by, across} <= set(dict(groups)) or by == across or adding not in dict(amounts):
            raise Invalid(_("集計の欄を選び直してください。"))
        listing = Listing(actor, design.id, definition, wish_in(definition, form.get("address", "")))
        table: Crosstab = crosstab(work.session, listing, by, across, adding)
        heading = viewing.title_of(definition, by, adding)
    answer = crosstab_as_excel(design.title, heading, label_of(definition.field(by)), table)
    with office.unit(actor) as work:
        work.record(RecordsExported(design.id, len(table.rows)))
    return answer


def _choices(definition: FormDefinition) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """Give the questions by which a list is added up, and what is added; a table's cells are added up by the form."""
    alone = [one for one in definition.questions if one.key not in definition.row_of]
    groups = [(one.key, label_of(one)) for one in alone if one.type in _GROUPABLE]
    amounts = [(one.key, label_of(one)) for one in alone if one.type in NUMBERS]
    return groups, [("", translate(_("件数"))), *amounts]


def _bars(work: Work, listing: Listing, by: str, adding: str) -> Sequence[pages.Bar]:
    if not by:
        return ()
    question = listing.definition.field(by)
    found = queries.grouped(work.session, listing, by, adding)
    bars = [pages.Bar(group_label(question, answer), many) for answer, many in found]
    return sorted(bars, key=lambda bar: bar.label) if question.type is FieldType.DATE else bars
