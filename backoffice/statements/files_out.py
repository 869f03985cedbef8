"""How do statements leave the house? A page a payee as PDF, the list as a workbook or CSV."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import quote

import xlsxwriter
from fastapi.responses import Response

from backoffice.records.files_out import EXCEL, IN_MEMORY
from backoffice.web.csv_out import csv_response
from backoffice.web.translations import _, translate
from forms.paper.payment_statement import LINES, Line, PaperStatement, payment_statement
from forms.paper.printing import pdf_of
from forms.wareki import show_wareki
from workflows.withholding import Statement

CITY = ("福岡市中央区天神1丁目8番1号", "福岡市")
"""Who pays, as it stands on the statement."""
_MORE = "ほかの種類"


def year_said(year: int) -> str:
    """Write a calendar year as the tax office does: that of its last day."""
    return show_wareki(date(year, 12, 31)).partition("年")[0] + "年分"


def as_pdf(year: int, department: str, statements: Sequence[Statement], today: date) -> Response:
    """Answer with a page for each payee of whom the tax office is told."""
    leaves = [payment_statement(_on_paper(year, department, each)) for each in statements if each.is_told]
    title = f"{year_said(year)} 支払調書"
    return _file(pdf_of(title, today, leaves), "application/pdf", f"{title}.pdf")


def as_csv(year: int, statements: Sequence[Statement]) -> Response:
    return csv_response(f"{year_said(year)} 支払調書.csv", _headings(), list(_rows(statements)))


def as_excel(year: int, statements: Sequence[Statement]) -> Response:
    """Answer with a workbook: amounts are numbers, everything else text and never a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, IN_MEMORY) as book:
        sheet = book.add_worksheet()
        bold, amount = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0"})
        headings = _headings()
        sheet.write_row(0, 0, headings, bold)
        for number, row in enumerate(_rows(statements), 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell, amount)
                else:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(headings) - 1, 18)
    return _file(file.getvalue(), EXCEL, f"{year_said(year)} 支払調書.xlsx")


def _headings() -> list[str]:
    return [
        translate(each)
        for each in (
            *(_("受取人カナ"), _("受取人氏名"), _("受取人住所"), _("区分"), _("回数")),
            *(_("支払金額"), _("源泉徴収税額"), _("提出"), _("税額の合わない支払い")),
        )
    ]


def _rows(statements: Sequence[Statement]) -> Iterator[list[str | int]]:
    for each in statements:
        wrong = "、".join(payment.number for payment in each.payments if payment.is_wrong)
        told = translate(_("要")) if each.is_told else translate(_("不要"))
        kinds, times = "、".join(one.kind for one in each.kinds), sum(one.times for one in each.kinds)
        yield [
            *(each.payee.kana, each.payee.name, each.payee.address, kinds, times),
            *(each.paid, each.withheld, told, wrong),
        ]


def _on_paper(year: int, department: str, each: Statement) -> PaperStatement:
    lines = [Line(one.kind, f"{one.times}回", one.paid, one.withheld) for one in each.kinds]
    shown, rest = lines[: LINES - 1], lines[LINES - 1 :]
    if len(rest) > 1:
        rest = [Line(_MORE, "", sum(one.paid for one in rest), sum(one.withheld for one in rest))]
    payer = (CITY[0], f"{CITY[1]} {department}")
    who = each.payee
    return PaperStatement(year_said(year), who.address, who.name, who.kana, [*shown, *rest], payer, "")


def _file(content: bytes, kind: str, name: str) -> Response:
    said = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=said)
