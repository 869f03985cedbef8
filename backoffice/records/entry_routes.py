"""The pages on which a record is entered, seen, changed, finished and removed; what is half typed is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Permission
from backoffice.records import pages, queries, service
from backoffice.records.events import RecordSeen
from backoffice.records.models import Record
from backoffice.records.routes import RECORDS
from backoffice.records.workflow import (
    CLOSED,
    KIND_NAMES,
    MOVE_NAMES,
    SOURCE_NAMES,
    ChangeKind,
    RecordState,
    Source,
    chip_of,
)
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import AnswerRow, answer_rows, given_answers
from backoffice.web.answers_in import Checked, check_answers, label_of, sentence
from backoffice.web.forms_in import FormData, seen_of, whole_number
from backoffice.web.showing import clock
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition
from forms.field_types import FieldType

PREFIX = "f_"
"""Before the key of each question, so that no field of a form is mistaken for one of ours."""
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/records/{design_id}/new", Permission.RECORD_WRITE)
def new_record(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    return _entry(request, work, _Sheet(*queries.find_form(work.session, work.actor, design_id)))


@staff.action("/records/{design_id}/new", Permission.RECORD_WRITE)
def enter(request: Request, work: Writing, design_id: int, form: FormData) -> Response:
    design, definition = queries.find_form(work.session, work.actor, design_id)
    checked = _checked(definition, form)
    if _is_open(checked, form):
        work.refused = True
        return _entry(request, work, _Sheet(design, definition), form, checked)
    record = service.enter(work, design, definition, checked.values, Source.SCREEN)
    if form.get("do") == "next":
        return go_to(
            f"/records/{design.id}/new", _("%(number)s を受け付けました。続けて入力できます。"), number=record.number
        )
    return go_to(f"/records/entries/{record.id}", _("%(number)s を受け付けました。"), number=record.number)


@staff.action("/records/{design_id}/asked", Permission.RECORD_WRITE)
def asked(request: Request, work: Writing, design_id: int, form: FormData) -> Response:
    """Draw the questions anew, as they follow from what has been answered so far; nothing is kept."""
    design, definition = queries.find_form(work.session, work.actor, design_id)
    work.refused = True
    record_id = whole_number(form.get("record", "")) or 0
    record = queries.find_record(work.session, work.actor, record_id) if record_id else None
    return _entry(request, work, _Sheet(design, definition, record), form, block="questions")


@staff.action("/records/{design_id}/draft", Permission.RECORD_WRITE)
def keep_draft(work: Writing, design_id: int, form: FormData) -> Response:
    """Keep what has been typed so far; the page says when, in a line that is read aloud."""
    design, _definition = queries.find_form(work.session, work.actor, design_id)
    record_id = whole_number(form.get("record", "")) or 0
    service.keep_draft(work, design.id, record_id, _typed(form))
    return HTMLResponse(translate(_("入力途中の内容を保存しました(%(at)s)"), at=clock(work.now)))


@staff.action("/records/{design_id}/draft/discard", Permission.RECORD_WRITE)
def discard_draft(work: Writing, design_id: int, form: FormData) -> Response:
    record_id = whole_number(form.get("record", "")) or 0
    service.forget_draft(work, design_id, record_id)
    back = f"/records/entries/{record_id}" if record_id else f"/records/{design_id}/new"
    return go_to(back, _("入力途中の内容を消しました。"))


@staff.page("/records/entries/{record_id}", Permission.RECORD_READ)
def one_record(request: Request, work: Reading, record_id: int) -> HTMLResponse:
    record = queries.find_record(work.session, work.actor, record_id)
    work.seen(RecordSeen(record.id))
    definition = definition_of(work.session, record.design.code, record.form_version)
    routed = record.department_id in queries.routed_departments(work.session, record.design_id)
    steps = [
        pages.Step(change, KIND_NAMES[ChangeKind(change.change_set.kind)], pages.lines_of(definition, change))
        for change in queries.history_of(work.session, record.id)
    ]
    shown = pages.RecordPage(
        title=_("記録"),
        title_text=record.number,
        crumbs=(RECORDS, Crumb(record.design.title, f"/records/{record.design_id}")),
        record=record,
        chip=chip_of(RecordState(record.state), routed=routed),
        source=SOURCE_NAMES[Source(record.source)],
        rows=given_answers(definition, record.values),
        steps=steps,
        states=[(str(state), translate(MOVE_NAMES[state])) for state in service.moves_of(work, record)],
        may_write=_may_write(work, record),
        may_change=record.state not in CLOSED | {RecordState.REMOVED},
        may_submit=routed and record.state == RecordState.ENTERED,
    )
    return render(request, "records/record.html", shown)


@staff.page("/records/entries/{record_id}/edit", Permission.RECORD_WRITE)
def edit_page(request: Request, work: Reading, record_id: int) -> HTMLResponse:
    record = queries.find_record(work.session, work.actor, record_id, Permission.RECORD_WRITE)
    service.must_take_answers(record)
    work.seen(RecordSeen(record.id))
    return _entry(request, work, _Sheet(*queries.find_form(work.session, work.actor, record.design_id), record))


@staff.action("/records/entries/{record_id}/edit", Permission.RECORD_WRITE)
def change(request: Request, work: Writing, record_id: int, form: FormData) -> Response:
    record = queries.find_record(work.session, work.actor, record_id, Permission.RECORD_WRITE)
    design, definition = queries.find_form(work.session, work.actor, record.design_id)
    sheet = _Sheet(design, definition, record)
    checked = _checked(definition, form)
    if _is_open(checked, form):
        work.refused = True
        return _entry(request, work, sheet, form, checked)
    try:
        service.change(work, record, seen_of(form), definition, checked.values)
    except Overtaken as refusal:
        work.refused = True
        return _entry(request, work, sheet, form, checked, overtaken=refusal.message)
    return go_to(f"/records/entries/{record.id}", _("変更しました。"))


@staff.action("/records/entries/{record_id}/state", Permission.RECORD_WRITE)
def move(work: Writing, record_id: int, form: FormData) -> Response:
    record = queries.find_record(work.session, work.actor, record_id, Permission.RECORD_WRITE)
    state = form.get("state", "")
    if state not in set(RecordState):
        raise Invalid(_("その状態にはできません。"))
    service.move(work, record, seen_of(form), RecordState(state))
    return go_to(f"/records/entries/{record.id}", _("状態を変えました。"))


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(PREFIX): text for name, text in form.items() if name.startswith(PREFIX)}


def _checked(definition: FormDefinition, form: Mapping[str, str]) -> Checked:
    """Read what was typed. A file cannot be brought on this page, so that none is missed."""
    checked = check_answers(definition, _typed(form))
    files = {question.key for question in definition.questions if question.type is FieldType.FILE}
    return replace(checked, refusing={key: one for key, one in checked.refusing.items() if key not in files})


def _is_open(checked: Checked, form: Mapping[str, str]) -> bool:
    """Say whether somebody has still to look: at what is refused, or at what is only asked about, once."""
    return bool(checked.refusing) or (bool(checked.asking) and form.get("accepted") != "yes")


@dataclass(frozen=True)
class _Sheet:
    """What is filled in: a form as it asks now, and the record that is being changed."""

    design: FormDesign
    definition: FormDefinition
    record: Record | None = None


def _entry(
    request: Request,
    work: Work,
    sheet: _Sheet,
    form: Mapping[str, str] | None = None,
    checked: Checked | None = None,
    *,
    overtaken: str = "",
    block: str = "",
) -> HTMLResponse:
    design, definition, record = sheet.design, sheet.definition, sheet.record
    draft = queries.draft_of(work.session, work.actor, design.id, record.id if record else 0) if form is None else None
    typed = form if form is None else {name: text for name, text in form.items() if name.startswith(PREFIX)}
    if draft is not None:
        typed = {PREFIX + key: text for key, text in draft.typed.items()}
    title = _("入力") if record is None else _("記録の変更")
    shown = pages.EntryPage(
        title=title,
        title_text=f"{translate(title)}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}"), *_crumb_of(record)),
        design=design,
        record=record,
        rows=[row for row in _rows(definition, record, typed, checked) if row.type != FieldType.FILE],
        wrong=bool(checked and checked.refusing),
        asking=[sentence(problem) for problem in checked.asking] if checked and not checked.refusing else (),
        changes=any(field.shown_if or field.required_if or field.computed for field in definition.questions),
        files=[label_of(field) for field in definition.questions if field.type is FieldType.FILE],
        draft_at=draft.saved_at if draft else None,
        overtaken=overtaken,
    )
    refused = checked is not None or overtaken
    status = (409 if overtaken else 422) if refused else 200
    return render(request, "records/entry.html", shown, status=status, block=block)


def _rows(
    definition: FormDefinition, record: Record | None, typed: Mapping[str, str] | None, checked: Checked | None
) -> list[AnswerRow]:
    return answer_rows(definition, record.values if record else NOTHING, typed, checked, PREFIX)


def _crumb_of(record: Record | None) -> tuple[Crumb, ...]:
    return () if record is None else (Crumb(record.number, f"/records/entries/{record.id}"),)


def _may_write(work: Work, record: Record) -> bool:
    return work.actor.reaches(Permission.RECORD_WRITE, record.department.path)
