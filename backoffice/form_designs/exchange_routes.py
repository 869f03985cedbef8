"""How does a form come from a file, and how does it leave? As JSON, or as a list of questions for a spreadsheet."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs import files_in, pages, queries, service, words
from backoffice.form_designs.routes import FORMS
from backoffice.identity import Permission
from backoffice.web import Reading, SignedIn, StaffRouter, render
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms.exporting import COLUMNS, definition_json, field_rows
from forms.field_types import FieldType

TYPE = COLUMNS.index("種類")

staff = StaffRouter()


@staff.page("/forms/import", Permission.FORM_BUILD)
def import_page(request: Request, work: Reading) -> HTMLResponse:
    return _import_page(request, work, {"department": str(work.actor.department_id or "")})


@staff.action("/forms/import", Permission.FORM_BUILD, files=1)
def bring(
    request: Request,
    actor: SignedIn,
    file: Annotated[UploadFile, File()],
    title: Annotated[str, Form()] = "",
    series: Annotated[str, Form()] = "",
    department: Annotated[str, Form()] = "",
) -> Response:
    """Begin a form with what a file says; the page after it tells all that was guessed or left out, row by row."""
    office: Office = request.app.state.office
    try:
        brought = files_in.read(file.filename or "", file.file.read(files_in.MOST_BYTES + 1))
        with office.unit(actor) as work:
            named = title.strip() or brought.draft.title
            design = service.begin(work, named, series, whole_number(department) or 0, brought.draft)
    except Invalid as refusal:
        with office.look(actor) as work:
            said = translate(refusal.message, **refusal.params)
            typed = {"title": title, "series": series, "department": department}
            return _import_page(request, work, typed, refusal.fields or {"file": said})
    shown = pages.BroughtPage(
        title=_("取り込みました"),
        crumbs=(FORMS,),
        design=design,
        fields=len(brought.draft.fields),
        notes=[(note.row, words.finding_said(note.message_ja, note.message_en)) for note in brought.notes],
    )
    return render(request, "form_designs/brought.html", shown)


def _import_page(
    request: Request, work: Work, typed: Mapping[str, str], wrong: Mapping[str, str] | None = None
) -> HTMLResponse:
    found = queries.departments_to_build_for(work.session, work.actor)
    shown = pages.ImportPage(
        title=_("Excel・CSVから様式を作る"),
        crumbs=(FORMS,),
        departments=[(str(each.id), each.name) for each in found],
        typed=typed,
        wrong=wrong or {},
    )
    return render(request, "form_designs/import.html", shown, status=422 if wrong else 200)


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
