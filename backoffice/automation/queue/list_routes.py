"""The page on which a department says into which system the settled records of its list are keyed at night."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import pages
from backoffice.automation.inputs import read_due_days
from backoffice.automation.models import TargetSystem
from backoffice.automation.queue import feeding
from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Permission
from backoffice.records import queries as records
from backoffice.records.routes import RECORDS
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition

PREFIX = "to_"

staff = StaffRouter()


@dataclass(frozen=True)
class Said:
    """What stands on the page: the system, which question goes where, within how many days."""

    target_id: int
    mapping: Mapping[str, str]
    due_days: str


@staff.page("/records/{design_id}/keying", Permission.FORM_BUILD)
def keying(request: Request, work: Reading, design_id: int, target: int | None = None) -> HTMLResponse:
    """Show the system that is named, or the one that is being chosen, and what it is to be told."""
    design, definition = records.find_form(work.session, work.actor, design_id)
    named = feeding.target_named(work.session, design.id, work.actor.department_id)
    target_id = target if target is not None else named.target_id if named else 0
    kept = None
    if named and named.target_id == target_id:
        mapping, kept = named.mapping, named.due_days
    else:
        chosen = _chosen(work, target_id)
        mapping = feeding.matched(feeding.told(work.session, chosen), definition) if chosen else {}
    return _page(request, work, design, definition, Said(target_id, mapping, "" if kept is None else str(kept)))


@staff.action("/records/{design_id}/keying", Permission.FORM_BUILD)
def name_target(request: Request, work: Writing, design_id: int, form: FormData) -> Response:
    design, definition = records.find_form(work.session, work.actor, design_id)
    target_id = whole_number(form.get("target", "")) or 0
    mapping = {name.removeprefix(PREFIX): key for name, key in form.items() if name.startswith(PREFIX)}
    try:
        due_days = read_due_days(form.get("due_days", ""))
        feeding.name_target(work, design, definition, target_id, mapping, due_days)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _page(request, work, design, definition, Said(target_id, mapping, form.get("due_days", "")), refusal)
    return go_to(f"/records/{design.id}/keying", _("夜間の入力への受け渡しを保存しました。"))


def _chosen(work: Work, target_id: int) -> TargetSystem | None:
    return next((each for each in feeding.targets_to_choose(work.session, work.actor) if each.id == target_id), None)


def _page(
    request: Request,
    work: Work,
    design: FormDesign,
    definition: FormDefinition,
    said: Said,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    targets = feeding.targets_to_choose(work.session, work.actor)
    target = _chosen(work, said.target_id)
    shown = pages.KeyingPage(
        title=_("夜間の入力への受け渡し"),
        title_text=f"{translate(_('夜間の入力への受け渡し'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")),
        design=design,
        targets=[("0", translate(_("受け渡さない"))), *((str(each.id), each.name) for each in targets)],
        target=target,
        wanted=feeding.questions_of(work.session, target) if target else (),
        asked=[("", translate(_("(入力しない)"))), *((one.key, label_of(one)) for one in definition.questions)],
        mapping=dict(said.mapping),
        due_days=said.due_days,
        wrong=refusal.fields if refusal else {},
    )
    return render(request, "automation/keying.html", shown, status=422 if refusal else 200)
