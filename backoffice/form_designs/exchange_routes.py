"""How does a form leave the house? One version as JSON, and its questions as a list for a spreadsheet."""

from urllib.parse import quote

from fastapi.responses import Response

from backoffice.form_designs import queries, words
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter
from backoffice.web.csv_out import csv_response
from forms.exporting import COLUMNS, definition_json, field_rows
from forms.field_types import FieldType

TYPE = COLUMNS.index("種類")

staff = StaffRouter()


@staff.page("/forms/{design_id}/versions/{number}/export.json", Permission.FORM_VIEW)
def export_definition(work: Reading, design_id: int, number: int) -> Response:
    design = queries.find_design(work.session, work.actor, design_id)
    definition = queries.definition(queries.find_version(work.session, design.id, number))
    name = quote(f"{design.code}-{number}.json")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(definition_json(definition), media_type="application/json", headers=headers)


@staff.page("/forms/{design_id}/versions/{number}/export.csv", Permission.FORM_VIEW)
def export_fields(work: Reading, design_id: int, number: int) -> Response:
    """Give the list that an import reads, with types in the words of the office."""
    design = queries.find_design(work.session, work.actor, design_id)
    definition = queries.definition(queries.find_version(work.session, design.id, number))
    rows = [(*row[:TYPE], words.TYPES[FieldType(row[TYPE])][0], *row[TYPE + 1 :]) for row in field_rows(definition)]
    return csv_response(f"{design.title}の項目.csv", COLUMNS, rows)
