"""How does a list leave the house? As CSV that Excel opens, or as a workbook with numbers and dates as such."""

import io
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

import xlsxwriter
from fastapi.responses import Response

from backoffice.records.crosstab import Crosstab
from backoffice.records.pages import said
from backoffice.records.queries import RowOut
from backoffice.records.workflow import RecordState, chip_of
from backoffice.services import TOKYO
from backoffice.web.csv_out import csv_response
from backoffice.web.translations import _, translate
from forms.definition import FormDefinition, FormField
from forms.field_types import NUMBERS, FieldType

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH = 16
IN_MEMORY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Nothing of it ever lies in a temporary file."""
FIRST_DAY_OF_EXCEL = "1900-03-01"
"""A workbook counts days from here; before, and on its invented 29 February 1900, it shows another day or none."""


def as_csv(title: str, definition: FormDefinition, records: Sequence[RowOut]) -> Response:
    rows = [[*_about(record), *(_plain(one, record) for one in definition.questions)] for record in records]
    return csv_response(f"{title}.csv", _headings(definition), rows)


def as_excel(title: str, definition: FormDefinition, records: Sequence[RowOut]) -> Response:
    """Answer with a workbook: dates are dates, amounts numbers, everything else text and never a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, IN_MEMORY) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        day, amount = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0"})
        headings = _headings(definition)
        sheet.write_row(0, 0, headings, bold)
        for number, record in enumerate(records, 1):
            about = _about(record)
            for column, text in enumerate(about):
                sheet.write_string(number, column, text)
            for column, question in enumerate(definition.questions, len(about)):
                value = record.values.get(question.key)
                if value is None:
                    continue
                if question.type in NUMBERS:
                    sheet.write_number(number, column, value, amount)
                elif question.type is FieldType.DATE and str(value) >= FIRST_DAY_OF_EXCEL:
                    sheet.write_datetime(number, column, date.fromisoformat(str(value)), day)
                else:
                    sheet.write_string(number, column, said(question, value))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(records), 1), len(headings) - 1)
        sheet.set_column(0, len(headings) - 1, _WIDTH)
    return _workbook(title, file)


def crosstab_as_excel(title: str, heading: str, corner: str, table: Crosstab) -> Response:
    """Answer with a table of sums, as it stands on the page: what was not reported stays empty."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, IN_MEMORY) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1, "num_format": "#,##0"})
        amount = book.add_format({"num_format": "#,##0"})
        all_ = translate(_("合計"))
        sheet.write_string(0, 0, heading)
        if table.remark:
            sheet.write_string(1, 0, translate(table.remark))
        sheet.write_row(2, 0, [corner, *table.columns, all_], bold)
        for number, (label, cells, total) in enumerate(table.rows, 3):
            sheet.write_string(number, 0, label)
            for column, cell in enumerate([*cells, total], 1):
                if cell is not None:
                    sheet.write_number(number, column, cell, amount)
        sheet.write_row(3 + len(table.rows), 0, [all_, *table.sums, table.total], bold)
        sheet.freeze_panes(3, 1)
        sheet.set_column(0, len(table.columns) + 1, _WIDTH)
    return _workbook(title, file)


def _workbook(title: str, file: io.BytesIO) -> Response:
    return Response(
        file.getvalue(),
        media_type=EXCEL,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(title)}.xlsx",
            "Cache-Control": "no-store",
        },
    )


def _headings(definition: FormDefinition) -> list[str]:
    about = [translate(text) for text in (_("受付番号"), _("状態"), _("部署"), _("入力日"))]
    return [*about, *(question.label for question in definition.questions)]


def _about(record: RowOut) -> list[str]:
    state = translate(chip_of(RecordState(record.state), routed=record.routed).text)
    return [record.number, state, record.department, record.entered_at.astimezone(TOKYO).date().isoformat()]


def _plain(question: FormField, record: RowOut) -> object:
    """A date in ISO 8601, so that an import reads it back; an amount as a number."""
    value = record.values.get(question.key)
    if value is None:
        return ""
    if question.type in NUMBERS or question.type is FieldType.DATE:
        return value
    return said(question, value)
