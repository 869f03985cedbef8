"""The pages on which a file becomes records: brought, its columns matched, looked at, taken in, its rest mended."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.records import importing, pages, queries
from backoffice.records.entry_routes import PREFIX
from backoffice.records.events import RecordsListed
from backoffice.records.import_models import QuarantinedRow, RecordImport
from backoffice.records.importing import Brought, ImportState
from backoffice.records.matching import askable
from backoffice.records.outlook import Finding, check_row, outlook
from backoffice.records.reports_in import MOST_FILES, brought_of, must_be_news, read_files
from backoffice.records.routes import RECORDS
from backoffice.records.sheets_in import MOST_BYTES, read_sheet
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import answer_rows
from backoffice.web.answers_in import Checked, label_of
from backoffice.web.file_names import safe_name
from backoffice.web.forms_in import FormData, FormLists, whole_number
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Office, Work
from forms.definition import FormDefinition
from forms.field_types import FieldType

MOST_SHOWN = 50
_TOO_MANY = _("一度に選べるのは%(most)s件までです。")

staff = StaffRouter()


@staff.page("/records/{design_id}/imports", Permission.RECORD_WRITE)
def imports(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    return _imports(request, work, design_id)


@staff.action("/records/{design_id}/imports", Permission.RECORD_WRITE, files=1)
def bring(request: Request, actor: SignedIn, design_id: int, file: Annotated[UploadFile, File()]) -> Response:
    """The file is read and checked before a unit is opened: both are slow, and nobody waits for it."""
    office: Office = request.app.state.office
    try:
        content = file.file.read(MOST_BYTES + 1)
        sheet = read_sheet(content)
        with office.look(actor) as work:
            design, definition = queries.find_form(work.session, work.actor, design_id)
            mapping = importing.read(work.session, actor, design_id, definition, sheet)
        found = outlook(definition, mapping, sheet.rows)
        name, digest = safe_name(file.filename or ""), hashlib.sha256(content).hexdigest()
        with office.unit(actor) as work:
            brought = importing.bring(work, design, definition, Brought(name, digest, sheet, mapping, found))
    except Invalid as refusal:
        with office.look(actor) as work:
            return _imports(request, work, design_id, translate(refusal.message, **refusal.params))
    return go_to(f"/records/{design_id}/imports/{brought.id}")


@staff.action("/records/{design_id}/imports/reports", Permission.RECORD_WRITE, files=MOST_FILES)
def bring_reports(
    request: Request, actor: SignedIn, design_id: int, files: Annotated[list[UploadFile], File()]
) -> Response:
    """Bring workbooks of which each is one record; they are read and checked before a unit is opened."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        _design, definition = queries.find_form(work.session, work.actor, design_id)
        if len(files) > MOST_FILES:
            return _imports(request, work, design_id, translate(_TOO_MANY, most=MOST_FILES))
    try:
        read = read_files(
            definition, ((safe_name(file.filename or ""), file.file.read(MOST_BYTES + 1)) for file in files)
        )
        with office.unit(actor) as work:
            design, _definition = queries.find_form(work.session, work.actor, design_id)
            found = brought_of(work.session, definition, design.id, actor.department_id, read)
            brought = importing.bring(work, design, definition, found)
    except Invalid as refusal:
        with office.look(actor) as work:
            return _imports(request, work, design_id, translate(refusal.message, **refusal.params))
    return go_to(f"/records/{design_id}/imports/{brought.id}")


@staff.page("/records/{design_id}/imports/{import_id}", Permission.RECORD_WRITE)
def one_import(request: Request, work: Reading, design_id: int, import_id: int) -> HTMLResponse:
    return _one(request, work, *_find(work, design_id, import_id))


@staff.action("/records/{design_id}/imports/{import_id}/match", Permission.RECORD_WRITE)
def match(request: Request, actor: SignedIn, design_id: int, import_id: int, form: FormData) -> Response:
    """Match the columns, and look at what would come of it; checking is slow, so that no unit is open meanwhile."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        brought, definition = _find(work, design_id, import_id)
        mapping = [form.get(f"column_{place}", "") for place in range(len(brought.header))]
        try:
            importing.must_fit(definition, brought, mapping)
        except Invalid as refusal:
            return _one(request, work, brought, definition, translate(refusal.message), mapping)
    found = outlook(definition, mapping, brought.rows)
    with office.unit(actor) as work:
        brought, _definition = _find(work, design_id, import_id)
        importing.match(work, brought, definition, mapping, found)
    return go_to(f"/records/{design_id}/imports/{import_id}", _("列の対応を覚えました。結果を確かめてください。"))


@staff.action("/records/{design_id}/imports/{import_id}/take", Permission.RECORD_WRITE)
def take(request: Request, actor: SignedIn, design_id: int, import_id: int) -> Response:
    """A refusal shows the page anew, and that it was seen is noted: no unit that writes may wait for that."""
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            brought, definition = _find(work, design_id, import_id)
            left = len(brought.waiting)
            must_be_news(work.session, definition, brought)
            importing.take(work, brought, definition)
    except Invalid as refusal:
        with office.look(actor) as work:
            said = translate(refusal.message, **refusal.params)
            return _one(request, work, *_find(work, design_id, import_id), said)
    if left:
        said = _("%(n)s件を取り込みました。%(left)s行は保留です。直すか捨ててください。")
        return go_to(f"/records/{design_id}/imports/{import_id}", said, tone="warning", n=brought.taken, left=left)
    return go_to(
        f"/records/{design_id}", _("%(n)s件を取り込みました。「最近の変更」から取り消せます。"), n=brought.taken
    )


@staff.action("/records/{design_id}/imports/{import_id}/drop", Permission.RECORD_WRITE)
def drop(work: Writing, design_id: int, import_id: int) -> Response:
    importing.drop(work, _find(work, design_id, import_id)[0])
    return go_to(f"/records/{design_id}/imports", _("取り込みをやめました。何も入っていません。"))


@staff.action("/records/{design_id}/imports/{import_id}/rows/discard", Permission.RECORD_WRITE)
def discard_rows(work: Writing, design_id: int, import_id: int, form: FormLists) -> Response:
    brought, _definition = _find(work, design_id, import_id)
    ids = [number for number in (whole_number(text) for text in form.get("row", [])) if number is not None]
    many = importing.throw_away(work, brought, ids)
    return go_to(f"/records/{design_id}/imports/{import_id}", _("%(n)s行を捨てました。"), n=many)


@staff.page("/records/{design_id}/imports/{import_id}/rows/{row_id}", Permission.RECORD_WRITE)
def one_row(request: Request, work: Reading, design_id: int, import_id: int, row_id: int) -> HTMLResponse:
    brought, definition = _find(work, design_id, import_id)
    row = importing.find_row(work.session, import_id, row_id)
    work.seen(RecordsListed(design_id, 1))
    return _row(request, brought, row, definition, row.typed, check_row(definition, row.typed), status=200)


@staff.action("/records/{design_id}/imports/{import_id}/rows/{row_id}", Permission.RECORD_WRITE)
def mend(request: Request, work: Writing, design_id: int, import_id: int, row_id: int, form: FormData) -> Response:
    brought, definition = _find(work, design_id, import_id)
    row = importing.find_row(work.session, import_id, row_id)
    typed = {name.removeprefix(PREFIX): text for name, text in form.items() if name.startswith(PREFIX)}
    checked = check_row(definition, typed)
    if checked.refusing:
        work.refused = True
        return _row(request, brought, row, definition, typed, checked, status=422)
    record = importing.mend(work, brought, row, definition, checked)
    return go_to(f"/records/{design_id}/imports/{import_id}", _("%(number)s を受け付けました。"), number=record.number)


def _find(work: Work, design_id: int, import_id: int) -> tuple[RecordImport, FormDefinition]:
    brought = importing.find_import(work.session, work.actor, import_id)
    _design, definition = queries.find_form(work.session, work.actor, design_id)
    if brought.design_id != design_id:
        raise NotThere(_("この取り込みはありません。"))
    return brought, definition


def _imports(request: Request, work: Work, design_id: int, wrong: str = "") -> HTMLResponse:
    design, definition = queries.find_form(work.session, work.actor, design_id)
    shown = pages.ImportsPage(
        title=_("ファイルから取り込む"),
        title_text=f"{translate(_('ファイルから取り込む'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")),
        design=design,
        rows=[(one, pages.name_of(one)) for one in importing.list_imports(work.session, work.actor, design.id)],
        labels=[label_of(one) for one in askable(definition)],
        most_files=MOST_FILES,
        wrong=wrong,
    )
    return render(request, "records/imports.html", shown, status=422 if wrong else 200)


def _one(
    request: Request,
    work: Work,
    brought: RecordImport,
    definition: FormDefinition,
    wrong: str = "",
    mapping: Sequence[str] = (),
) -> HTMLResponse:
    looked_at = brought.state == ImportState.LOOKED_AT
    waiting = [] if looked_at else importing.waiting_rows(work.session, brought.id)
    work.seen(RecordsListed(brought.design_id, len(brought.rows) or len(waiting)))
    chosen = mapping or brought.mapping
    labels = {one.key: label_of(one) for one in definition.questions}
    reasons = {line: _said(findings, labels) for line, _typed, findings in brought.waiting}
    shown = pages.ImportPage(
        title=_("取り込み"),
        title_text=f"{translate(_('取り込み'))}: {pages.name_of(brought)}",
        crumbs=(
            RECORDS,
            Crumb(brought.design.title, f"/records/{brought.design_id}"),
            Crumb(translate(_("ファイルから取り込む")), f"/records/{brought.design_id}/imports"),
        ),
        brought=brought,
        looked_at=looked_at,
        columns=[
            (place, heading, chosen[place], [row[1][place] for row in brought.rows[:2]])
            for place, heading in enumerate(brought.header)
        ],
        questions=[("", translate(_("(取り込まない)"))), *((one.key, label_of(one)) for one in askable(definition))],
        missing=[
            label_of(one)
            for one in askable(definition)
            if one.required and one.key not in chosen and looked_at and not brought.sources
        ],
        fine=len(brought.fine) if looked_at else brought.taken,
        waiting=len(brought.waiting) if looked_at else len(waiting),
        troubles=[] if brought.sources else list(reasons.items())[:MOST_SHOWN],
        reports=[(name, reasons.get(line, "")) for line, (name, _digest) in enumerate(brought.sources, 1)],
        rows=[(row, pages.row_name(brought, row.line), _said(row.findings, labels)) for row in waiting],
        wrong=wrong,
    )
    return render(request, "records/import.html", shown, status=422 if wrong else 200)


def _said(findings: Sequence[Finding], labels: Mapping[str, str]) -> str:
    place = 2 if language_now() == "en" else 1
    return " ".join(f"{labels[each[0]]}: {each[place]}" if each[0] in labels else each[place] for each in findings)


def _row(
    request: Request,
    brought: RecordImport,
    row: QuarantinedRow,
    definition: FormDefinition,
    typed: dict[str, str],
    checked: Checked,
    *,
    status: int,
) -> HTMLResponse:
    back = f"/records/{brought.design_id}/imports/{brought.id}"
    title = translate(_("%(row)sを直す"), row=pages.row_name(brought, row.line))
    rows = answer_rows(definition, {}, {PREFIX + key: text for key, text in typed.items()}, checked, PREFIX)
    shown = pages.RowPage(
        title=_("保留の行"),
        title_text=title,
        crumbs=(
            RECORDS,
            Crumb(brought.design.title, f"/records/{brought.design_id}"),
            Crumb(pages.name_of(brought), back),
        ),
        action=f"{back}/rows/{row.id}",
        rows=[row for row in rows if row.type != FieldType.FILE],
        back=back,
    )
    return render(request, "records/row.html", shown, status=status)
