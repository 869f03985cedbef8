"""Many records at once: chosen in the list, given one answer or one state, and everything put back again."""

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Permission
from backoffice.records import pages, queries, service
from backoffice.records.choosing import Lists, chosen, everything, inside, one_of
from backoffice.records.entry_routes import PREFIX
from backoffice.records.models import Record
from backoffice.records.pages import fields_for_many
from backoffice.records.routes import RECORDS
from backoffice.records.workflow import RecordState
from backoffice.web import Crumb, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import answer_rows
from backoffice.web.answers_in import sentence, typed_text, understood
from backoffice.web.forms_in import FormLists
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition, FormField

staff = StaffRouter()

_STATES = {"done": RecordState.DONE, "entered": RecordState.ENTERED, "removed": RecordState.REMOVED}


@staff.action("/records/{design_id}/many", Permission.RECORD_WRITE)
def choose(request: Request, work: Writing, design_id: int, form: FormLists) -> Response:
    """Bring the chosen records into a state, or ask for the answer that they are to be given."""
    design, definition = queries.find_form(work.session, work.actor, design_id)
    back = one_of(form, "address") or f"/records/{design.id}"
    found = _chosen(work, design, definition, form)
    if not found:
        return go_to(inside(back, design), _("記録を選んでください。"), tone="warning")
    state = _STATES.get(one_of(form, "do"))
    if state is not None:
        kept = service.move_many(work, design, found, state)
        if kept.left:
            said = _("%(n)s件の状態を変えました。%(left)s件はその状態にできないため、そのままです。")
            return go_to(inside(back, design), said, tone="warning", n=kept.changed, left=len(kept.left))
        return go_to(
            inside(back, design), _("%(n)s件の状態を変えました。下の「最近の変更」から取り消せます。"), n=kept.changed
        )
    work.refused = True  # nothing is kept yet: the next page asks for the answer
    return _ask(request, design, definition, form, found)


@staff.action("/records/{design_id}/many/apply", Permission.RECORD_WRITE)
def apply(request: Request, work: Writing, design_id: int, form: FormLists) -> Response:
    design, definition = queries.find_form(work.session, work.actor, design_id)
    found = _chosen(work, design, definition, form)
    question = _question(definition, one_of(form, "key"))
    typed = {name: values[-1] for name, values in form.items()}
    answer = understood(question, typed_text(question, typed, PREFIX))
    if answer.problem is not None:
        work.refused = True
        return _ask(request, design, definition, form, found, sentence(answer.problem))
    try:
        kept = service.change_many(work, design, definition, found, question.key, answer.value)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        found = _chosen(work, design, definition, form)
        return _ask(request, design, definition, form, found, translate(refusal.message, **refusal.params))
    back = inside(one_of(form, "address"), design)
    if kept.left:
        shown = "、".join(number for number, _why in kept.left[:5])
        said = _("%(n)s件を変更しました。規則に合わなくなる%(left)s件(%(shown)sなど)は変更していません。")
        return go_to(back, said, tone="warning", n=kept.changed, left=len(kept.left), shown=shown)
    return go_to(back, _("%(n)s件を変更しました。下の「最近の変更」から取り消せます。"), n=kept.changed)


@staff.action("/records/changes/{change_set_id}/undo", Permission.RECORD_WRITE)
def undo(work: Writing, change_set_id: int) -> Response:
    change_set = queries.find_change_set(work.session, work.actor, change_set_id)
    kept = service.undo(work, change_set)
    address = f"/records/{change_set.design_id}"
    if kept.left:
        shown = "、".join(number for number, _why in kept.left[:5])
        said = _("%(n)s件を元に戻しました。そのあとに変更された%(left)s件(%(shown)sなど)はそのままです。")
        return go_to(address, said, tone="warning", n=kept.changed, left=len(kept.left), shown=shown)
    return go_to(address, _("%(n)s件を元に戻しました。"), n=kept.changed)


def _chosen(work: Work, design: FormDesign, definition: FormDefinition, form: Lists) -> Sequence[Record]:
    return chosen(work, design, definition, form, Permission.RECORD_WRITE, service.MOST_AT_ONCE)


def _ask(
    request: Request,
    design: FormDesign,
    definition: FormDefinition,
    form: Lists,
    found: Sequence[Record],
    wrong: str = "",
) -> HTMLResponse:
    question = _question(definition, one_of(form, "key"))
    alone = definition.model_copy(update={"fields": (_unconditional(question),), "rules": (), "sections": ()})
    typed = {name: values[-1] for name, values in form.items() if name.startswith(PREFIX)}
    back = inside(one_of(form, "address"), design)
    shown = pages.ManyPage(
        title=_("まとめて変更"),
        title_text=f"{translate(_('まとめて変更'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")),
        design=design,
        count=len(found),
        ids=[] if everything(form) else [record.id for record in found],
        everything=everything(form),
        row=answer_rows(alone, {}, typed, None, PREFIX)[0],
        key=question.key,
        back=back,
        wrong=wrong,
        examples=[record.number for record in found[:5]],
    )
    return render(request, "records/many.html", shown, status=422 if wrong else 200)


def _question(definition: FormDefinition, key: str) -> FormField:
    """Give a question that many records may be answered by one answer. Raises Invalid."""
    question = next((field for field in fields_for_many(definition) if field.key == key), None)
    if question is None:
        raise Invalid(_("変更する欄を選んでください。"))
    return question


def _unconditional(question: FormField) -> FormField:
    return question.model_copy(
        update={"shown_if": None, "required_if": None, "required": False, "section": None, "bank": None}
    )
