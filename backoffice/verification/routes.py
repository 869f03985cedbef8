"""The pages of checking in volume: one field of many sheets in a row, samples of what passed, the ledger."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs.shelf import definition_of, newest_definitions
from backoffice.identity import Permission
from backoffice.verification import fields, pages, queries, samples
from backoffice.verification.events import SampleShown
from backoffice.verification.models import FieldSample
from backoffice.verification.queries import FieldKey
from backoffice.verification.workflow import CHIPS, SampleState
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import question_row
from backoffice.web.answers_in import label_of, read_aloud, typed_text
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.lists import address
from backoffice.web.translations import _
from backoffice.work import Work
from forms.definition import FormField

DESK = Crumb(_("読取確認"), "/verify")
FIELDS = Crumb(_("欄ごとの確認"), "/verify/fields")
SAMPLES = Crumb(_("抜き取り確認"), "/verify/samples")
VALUE = "value--"
SAID = {
    SampleState.AGREED: _("通った内容と一致しました。"),
    SampleState.DIFFERS: _("通った内容と違います。ほかの職員が両方を見て決めます。"),
    SampleState.READ_RIGHT: _("読取が正しかったと数えました。"),
}

staff = StaffRouter()


@staff.page("/verify/fields", Permission.SHEET_VERIFY)
def waiting_fields(request: Request, work: Reading) -> HTMLResponse:
    waiting = queries.waiting_by_field(work.session, work.actor, work.now)
    forms = {(code, version): definition_of(work.session, code, version) for code, version, _key in waiting}
    rows = [
        pages.Waiting(asked.title, label_of(question), (code, version, question.key), count)
        for (code, version), asked in forms.items()
        for question in asked.questions
        if (count := waiting.get((code, version, question.key)))
    ]
    shown_page = pages.FieldsPage(title=_("欄ごとの確認"), crumbs=(DESK,), rows=rows)
    return render(request, "verification/fields.html", shown_page)


@staff.action("/verify/fields", Permission.SHEET_VERIFY)
def begin(work: Writing, form: FormData) -> Response:
    wanted = _wanted(form)
    if not fields.hold(work, wanted):
        return go_to("/verify/fields", _("この欄の確認を待つ用紙は、もうありません。"))
    return go_to(_row_address(wanted))


@staff.page("/verify/fields/row", Permission.SHEET_VERIFY)
def row(request: Request, work: Reading, form: str = "", version: int = 0, key: str = "") -> Response:
    wanted = (form, version, key)
    if not queries.fields_held(work.session, work.actor, work.now, wanted):
        return go_to("/verify/fields", _("あなたの手元に、この欄はありません。"), tone="warning")
    return render(request, "verification/row.html", _row_page(work, wanted, {}, {}))


@staff.action("/verify/fields/row", Permission.SHEET_VERIFY)
def confirm(request: Request, work: Writing, form: FormData) -> Response:
    wanted = _wanted(form)
    done = fields.confirm(work, wanted, form)
    if done.wrong:
        work.session.flush()
        return render(request, "verification/row.html", _row_page(work, wanted, form, done.wrong), status=422)
    more = fields.hold(work, wanted)
    if done.gone:
        said = _("%(n)s欄を確かめました。%(gone)s欄は、もう確かめられているか、ほかの職員に移っています。")
        following = _row_address(wanted) if more else "/verify/fields"
        return go_to(following, said, tone="warning", n=done.confirmed, gone=done.gone)
    if more:
        said = _("%(n)s欄を確かめ、%(sheets)s枚が確定しました。")
        return go_to(_row_address(wanted), said, n=done.confirmed, sheets=done.settled)
    said = _("%(n)s欄を確かめ、%(sheets)s枚が確定しました。この欄の確認は終わりです。")
    return go_to("/verify/fields", said, n=done.confirmed, sheets=done.settled)


@staff.action("/verify/fields/give-back", Permission.SHEET_VERIFY)
def give_back(work: Writing, form: FormData) -> Response:
    fields.give_back(work, _wanted(form))
    return go_to("/verify/fields", _("確認していた欄を戻しました。"))


@staff.page("/verify/samples", Permission.SHEET_VERIFY)
def sample_desk(request: Request, work: Reading) -> HTMLResponse:
    counted = queries.count_samples(work.session, work.actor)
    lines = queries.ledger(work.session, work.actor)
    definitions = newest_definitions(work.session, {line.form_code for line in lines})
    shown_page = pages.SamplesPage(
        title=_("抜き取り確認"),
        crumbs=(DESK,),
        states=[(CHIPS[state], counted[state]) for state in SampleState if counted.get(state)],
        waiting=counted.get(SampleState.WAITING, 0),
        differing=counted.get(SampleState.DIFFERS, 0),
        may_key=queries.next_sample(work.session, work.actor, SampleState.WAITING) is not None,
        may_decide=queries.next_sample(work.session, work.actor, SampleState.DIFFERS) is not None,
        rows=pages.ledger_rows(lines, definitions),
    )
    return render(request, "verification/samples.html", shown_page)


@staff.action("/verify/samples/next", Permission.SHEET_VERIFY)
def next_sample(work: Writing, form: FormData) -> Response:
    state = SampleState.DIFFERS if form.get("differing") else SampleState.WAITING
    sample = queries.next_sample(work.session, work.actor, state)
    if sample is None:
        return go_to("/verify/samples", _("あなたが確かめられる欄は、もうありません。ほかの職員が確かめます。"))
    return go_to(f"/verify/samples/{sample.id}")


@staff.page("/verify/samples/{sample_id}", Permission.SHEET_VERIFY)
def one_sample(request: Request, work: Reading, sample_id: int) -> Response:
    if not samples.may_answer(work.actor, queries.find_sample(work.session, work.actor, sample_id)):
        return go_to("/verify/samples", samples.FOR_OTHERS, tone="warning")
    page = _sample_page(work, sample_id, "", "")
    work.seen(SampleShown(sample_id))
    return render(request, "verification/sample.html", page)


@staff.action("/verify/samples/{sample_id}", Permission.SHEET_VERIFY)
def check_sample(request: Request, work: Writing, sample_id: int, form: FormData) -> Response:
    sample = queries.find_sample(work.session, work.actor, sample_id)
    typed = typed_text(_question(work, sample), form, VALUE)
    asked = SampleState.DIFFERS if form.get("differing") else SampleState.WAITING
    try:
        act = samples.decide if asked == SampleState.DIFFERS else samples.check
        state = act(work, sample, typed)
    except Invalid as refusal:
        work.refused = True
        page = _sample_page(work, sample_id, typed, refusal.fields.get("value", refusal.message))
        return render(request, "verification/sample.html", page, status=422)
    if state == SampleState.READ_WRONG:
        said = _("読取の誤りとして数えました。この用紙の確定を取り消して、内容を直してください。")
        return go_to(f"/sheets/{sample.sheet_id}", said, tone="warning")
    work.session.flush()
    following = queries.next_sample(work.session, work.actor, asked)
    return go_to(f"/verify/samples/{following.id}" if following else "/verify/samples", SAID[state])


def _question(work: Work, sample: FieldSample) -> FormField:
    return definition_of(work.session, sample.sheet.form_code, sample.sheet.form_version).field(sample.key)


def _sample_page(work: Work, sample_id: int, typed: str, wrong: str) -> pages.SamplePage:
    """Show a sample blindly, or, where two differ, with what passed and what was keyed."""
    sample = queries.find_sample(work.session, work.actor, sample_id)
    field, question = samples.field_of(sample), _question(work, sample)
    differs = sample.state == SampleState.DIFFERS
    return pages.SamplePage(
        title=_("抜き取り確認"),
        title_text=sample.sheet.number,
        crumbs=(DESK, SAMPLES),
        sample=sample,
        number=sample.sheet.number,
        crop=pages.Crop.of(sample.sheet, field),
        answer=replace(question_row(question, VALUE), text=typed, problem=wrong),
        passed=read_aloud(question.type, field.read_value) if differs else "",
        keyed=read_aloud(question.type, sample.keyed) if differs else "",
    )


def _row_page(work: Work, wanted: FieldKey, typed: Mapping[str, str], wrong: Mapping[int, str]) -> pages.RowPage:
    definition = definition_of(work.session, wanted[0], wanted[1])
    question = definition.field(wanted[2])
    held = queries.fields_held(work.session, work.actor, work.now, wanted)
    return pages.RowPage(
        title=_("欄ごとの確認"),
        title_text=label_of(question),
        crumbs=(DESK, FIELDS),
        form_title=definition.title,
        label=label_of(question),
        wanted=wanted,
        fields=pages.held_fields(question, held, typed, wrong),
    )


def _wanted(form: Mapping[str, str]) -> FieldKey:
    return form.get("form", ""), whole_number(form.get("version", "")) or 0, form.get("key", "")


def _row_address(wanted: FieldKey) -> str:
    return address("/verify/fields/row", {"form": wanted[0], "version": str(wanted[1]), "key": wanted[2]})
