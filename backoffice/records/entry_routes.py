"""The pages on which a record is entered, seen, changed, finished and removed; what is half typed is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Actor, Permission
from backoffice.records import documents, pages, queries, service
from backoffice.records.documents_in import put_away
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
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import AnswerRow, answer_rows, given_answers
from backoffice.web.answers_in import Checked, check_answers, sentence
from backoffice.web.forms_in import MOST_FILES, FilledForm, FormData, FormWithFiles, seen_of, whole_number
from backoffice.web.showing import clock
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms.definition import FormDefinition
from forms.problems import Problem

PREFIX = "f_"
"""Before the key of each question, so that no field of a form is mistaken for one of ours."""
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/records/{design_id}/new", Permission.RECORD_WRITE)
def new_record(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    return _entry(request, work, _Sheet(*queries.find_form(work.session, work.actor, design_id)))


@staff.action("/records/{design_id}/new", Permission.RECORD_WRITE, files=MOST_FILES)
def enter(request: Request, actor: SignedIn, design_id: int, sent: FormWithFiles) -> Response:
    """Keep a record. Files are checked and put away before its unit opens: disks are slow."""
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design, definition = queries.find_form(work.session, actor, design_id)
    form, wrong = _with_files(office, actor, design_id, definition, sent)
    with office.unit(actor) as work:
        checked = _checked(work, _Sheet(design, definition), form, wrong)
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
    links: Sequence[pages.RecordLink] = request.app.state.record_links
    offered = queries.which_hold(work.session, [each.is_offered(record) for each in links])
    shown = pages.RecordPage(
        title=_("記録"),
        title_text=record.number,
        crumbs=(RECORDS, Crumb(record.design.title, f"/records/{record.design_id}")),
        record=record,
        chip=chip_of(RecordState(record.state), routed=routed),
        source=SOURCE_NAMES[Source(record.source)],
        rows=given_answers(definition, record.values),
        files=documents.names(work, record, definition, record.values),
        steps=steps,
        links=list(compress(links, offered)),
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


@staff.action("/records/entries/{record_id}/edit", Permission.RECORD_WRITE, files=MOST_FILES)
def change(request: Request, actor: SignedIn, record_id: int, sent: FormWithFiles) -> Response:
    office: Office = request.app.state.office
    with office.look(actor) as work:
        record = queries.find_record(work.session, actor, record_id, Permission.RECORD_WRITE)
        design, definition = queries.find_form(work.session, actor, record.design_id)
    form, wrong = _with_files(office, actor, design.id, definition, sent)
    with office.unit(actor) as work:
        record = queries.find_record(work.session, actor, record_id, Permission.RECORD_WRITE)
        sheet = _Sheet(design, definition, record)
        checked = _checked(work, sheet, form, wrong)
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


def _with_files(
    office: Office, actor: Actor, design_id: int, definition: FormDefinition, sent: FilledForm
) -> tuple[Mapping[str, str], Mapping[str, Problem]]:
    """Give what was typed, with the numbers of the files that came as answers, and what is wrong with other files."""
    brought = put_away(office, actor, design_id, definition, sent)
    return {**sent.texts, **{PREFIX + key: text for key, text in brought.answers.items()}}, brought.problems


def _checked(work: Work, sheet: "_Sheet", form: Mapping[str, str], wrong: Mapping[str, Problem]) -> Checked:
    checked = check_answers(sheet.definition, _typed(form))
    foreign = documents.foreign_answers(work, sheet.design.id, sheet.record, sheet.definition, checked.values)
    return replace(checked, refusing={**checked.refusing, **foreign, **wrong})


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
    rows = _rows(definition, record, typed, checked)
    answers = {row.name.removeprefix(PREFIX): row.text for row in rows}
    title = _("入力") if record is None else _("記録の変更")
    shown = pages.EntryPage(
        title=title,
        title_text=f"{translate(title)}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}"), *_crumb_of(record)),
        design=design,
        record=record,
        rows=rows,
        wrong=bool(checked and checked.refusing),
        asking=[sentence(problem) for problem in checked.asking] if checked and not checked.refusing else (),
        changes=any(field.shown_if or field.required_if or field.computed for field in definition.questions),
        takes_files=bool(documents.questions_of(definition)),
        files=documents.names(work, record, definition, answers),
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
