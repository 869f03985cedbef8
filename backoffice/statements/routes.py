"""The page of a year's statements: who was paid what, who is told to the tax office, where the tax is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Actor, Permission
from backoffice.records import queries as records
from backoffice.records.events import RecordsExported, RecordsListed
from backoffice.records.pages import ListLink
from backoffice.records.routes import RECORDS
from backoffice.statements import files_out, pages, reading
from backoffice.statements.reading import Ledger
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, render
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition
from workflows.withholding import Nature, Payment, Statement, statements

PREFIX = "nature_"
YEARS = 5
"""So many can be asked for: the tax office asks no further back."""
LAST_YEARS_MONTHS = 3
"""January, when statements are due, and those after it: then people ask for the year that has ended."""
FIRST_YEAR, LAST_YEAR = 2013, 2037
"""Of 復興特別所得税: before and after, other rates hold."""
NATURES = {
    Nature.FEE: _("報酬・料金(支払調書)"),
    Nature.SALARY: _("給与等(源泉徴収票)"),
    Nature.NEITHER: _("どちらでもない"),
}


def _is_a_ledger(_actor: Actor, definition: FormDefinition) -> bool:
    return reading.ledger_of(definition) is not None


IN_LISTS = ListLink(_("支払調書"), "statements", _is_a_ledger)

staff = StaffRouter()


@dataclass(frozen=True)
class _Year:
    """A ledger's year, read."""

    design: FormDesign
    ledger: Ledger
    definition: FormDefinition
    year: int
    natures: Mapping[str, Nature]
    payments: Sequence[Payment]
    incomplete: int

    @property
    def statements(self) -> list[Statement]:
        """Give those who got fees, whoever is told to the tax office first."""
        paid = [each for each in statements(self.payments, self.year) if each.kinds]
        return sorted(paid, key=lambda each: not each.is_told)


@staff.page("/records/{design_id}/statements", Permission.RECORD_READ)
def year_of_statements(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    """Show the year that is asked for, else the one whose statements are made now."""
    asked = dict(request.query_params)
    design, definition = records.find_form(work.session, work.actor, design_id)
    if reading.ledger_of(definition) is None:
        return render(request, "statements/no_ledger.html", _nothing(design))
    told = _read(work, design, definition, asked)
    work.seen(RecordsListed(design.id, len(told.payments)))
    return render(request, "statements/statements.html", _page(work, told))


@staff.action("/records/{design_id}/statements/export", Permission.RECORD_READ)
def export(actor: SignedIn, office: TheOffice, design_id: int, form: FormData) -> Response:
    """Give the year as a file, written with no unit open; the trail says so before anybody has it."""
    with office.look(actor) as work:
        design, definition = records.find_form(work.session, actor, design_id)
        told = _read(work, design, definition, form)
    found = told.statements
    match form.get("as", ""):
        case "pdf":
            if not any(each.is_told for each in found):
                raise Invalid(_("提出が要る人はいません。"))
            answer = files_out.as_pdf(told.year, design.department.name, found, office.services.today())
        case "excel":
            answer = files_out.as_excel(told.year, found)
        case _:
            answer = files_out.as_csv(told.year, found)
    with office.unit(actor) as work:
        work.record(RecordsExported(design.id, len(found)))
    return answer


def _read(work: Work, design: FormDesign, definition: FormDefinition, asked: Mapping[str, str]) -> _Year:
    ledger = reading.ledger_of(definition)
    if ledger is None:
        raise Invalid(_("この様式は、報償費の台帳として読めません。"))
    year = whole_number(asked.get("year", "")) or work.today.year - (work.today.month <= LAST_YEARS_MONTHS)
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    natures = reading.natures_of(ledger, {name.removeprefix(PREFIX): text for name, text in asked.items()})
    rows = reading.payments_of(work.session, work.actor, design.id, definition, ledger, year)
    payments = reading.as_payments(ledger, rows, natures)
    return _Year(design, ledger, definition, year, natures, payments, len(rows) - len(payments))


def _page(work: Work, told: _Year) -> pages.StatementsPage:
    found = told.statements
    this_year = work.today.year
    years = dict.fromkeys([told.year, *range(this_year, this_year - YEARS, -1)])
    return pages.StatementsPage(
        title=_("支払調書"),
        title_text=f"{files_out.year_said(told.year)} {translate(_('支払調書'))}",
        crumbs=(RECORDS, Crumb(told.design.title, f"/records/{told.design.id}")),
        design=told.design,
        year=told.year,
        year_said=files_out.year_said(told.year),
        years=[(str(each), files_out.year_said(each)) for each in sorted(years, reverse=True)],
        kinds=[pages.KindRow(one.code, one.label, told.natures[one.code]) for one in told.ledger.kind.options],
        natures=[(str(nature), translate(name)) for nature, name in NATURES.items()],
        statements=found,
        wrong=[_wrong(each) for each in told.payments if each.is_wrong],
        told=sum(each.is_told for each in found),
        paid=sum(each.paid for each in found),
        withheld=sum(each.withheld for each in found),
        undated=reading.undated(work.session, work.actor, told.design.id, told.definition, told.ledger),
        incomplete=told.incomplete,
        salaries=sum(each.nature is Nature.SALARY for each in told.payments),
    )


def _nothing(design: FormDesign) -> pages.NoLedgerPage:
    return pages.NoLedgerPage(
        title=_("支払調書"), crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")), design=design
    )


def _wrong(payment: Payment) -> pages.WrongRow:
    return pages.WrongRow(
        payment.number, payment.payee.name, payment.kind, payment.paid, payment.withheld, payment.wanted or 0
    )
