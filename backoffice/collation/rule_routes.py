"""The page on which a department says which paper answers a question for a file, and what on it is compared."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.collation import pages, queries, service
from backoffice.collation.models import PaperRule
from backoffice.errors import Invalid
from backoffice.form_designs import queries as designs
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Actor, Permission
from backoffice.intake.known_papers import forms_on_paper
from backoffice.records import documents
from backoffice.records import queries as records
from backoffice.records.pages import ListLink
from backoffice.records.routes import RECORDS
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType

PREFIX = "pair_"


def _may_set(actor: Actor, definition: FormDefinition) -> bool:
    return actor.may(Permission.FORM_BUILD) and bool(documents.questions_of(definition))


IN_LISTS = ListLink(_("添付書類の読み方"), "papers", _may_set)

staff = StaffRouter()


@staff.page("/records/{design_id}/papers", Permission.FORM_BUILD)
def rules(request: Request, work: Reading, design_id: int, key: str = "", paper: str | None = None) -> HTMLResponse:
    """Show which papers are compared, and for the question `key` what on a `paper` is."""
    design, definition = records.find_form(work.session, work.actor, design_id)
    return _page(request, work, design, definition, key, paper)


@staff.action("/records/{design_id}/papers", Permission.FORM_BUILD)
def set_rule(request: Request, work: Writing, design_id: int, form: FormData) -> Response:
    designs.find_own(work.session, work.actor, design_id)
    design, definition = records.find_form(work.session, work.actor, design_id)
    key, paper = form.get("key", ""), form.get("paper", "")
    if key not in {one.key for one in documents.questions_of(definition)}:
        raise Invalid(_("添付の欄を選んでください。"))
    try:
        _must_be_offered(work, design, paper)
        service.set_rule(work, design, key, paper, _pairs(work, definition, paper, form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _page(request, work, design, definition, key, paper, refusal)
    return go_to(f"/records/{design.id}/papers", _("添付書類の読み方を保存しました。"))


def comparable(definition: FormDefinition) -> list[FormField]:
    """Give the questions that a paper can answer, too."""
    alone = (one for one in definition.questions if one.key not in definition.row_of)
    return [one for one in alone if one.type not in (FieldType.FILE, FieldType.TABLE)]


def guessed(asked: FormField, on_paper: Sequence[FormField]) -> str:
    """Guess which question of a paper says the same: of the same kind, one label within the other; "" for none."""
    same = (
        one for one in on_paper if one.type is asked.type and (asked.label in one.label or one.label in asked.label)
    )
    return next((one.key for one in same), "")


def _must_be_offered(work: Work, design: FormDesign, paper: str) -> None:
    if paper and paper not in dict(forms_on_paper(work.session, design.department_id)):
        raise Invalid(_("この様式の用紙は、この部署では受け取れません。"))


def _pairs(work: Work, definition: FormDefinition, paper: str, form: Mapping[str, str]) -> list[tuple[str, str]]:
    there = {one.key for one in _on_paper(work, paper)}
    wanted = ((one.key, form.get(PREFIX + one.key, "")) for one in comparable(definition))
    return [(key, on_paper) for key, on_paper in wanted if on_paper in there]


def _on_paper(work: Work, paper: str) -> list[FormField]:
    known = newest_definitions(work.session, [paper]).get(paper) if paper else None
    return comparable(known) if known else []


def _page(  # what is shown, what is being set, what was refused
    request: Request,
    work: Work,
    design: FormDesign,
    definition: FormDefinition,
    key: str,
    paper: str | None,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    set_now = {rule.key: rule for rule in queries.rules_of(work.session, design.id)}
    offered = forms_on_paper(work.session, design.department_id)
    questions = {one.key: one for one in documents.questions_of(definition)}
    named = set_now.get(key)
    code = paper if paper is not None else named.paper_code if named else ""
    if code not in {*dict(offered), named.paper_code if named else ""}:
        code = ""
    on_paper = _on_paper(work, code)
    shown = pages.RulesPage(
        title=_("添付書類の読み方"),
        title_text=f"{translate(_('添付書類の読み方'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")),
        design=design,
        rows=[_rule_row(one, set_now.get(one.key), dict(offered)) for one in questions.values()],
        key=key if key in questions else "",
        label=label_of(questions[key]) if key in questions else "",
        papers=[("", translate(_("読み取らない"))), *offered],
        paper=code,
        choices=[("", translate(_("突き合わせない"))), *((one.key, label_of(one)) for one in on_paper)],
        pairs=[
            _choice(one, named if named and named.paper_code == code else None, on_paper)
            for one in comparable(definition)
        ]
        if on_paper
        else (),
        wrong=translate(refusal.message, **refusal.params) if refusal else "",
    )
    return render(request, "collation/rules.html", shown, status=422 if refusal else 200)


def _choice(asked: FormField, kept: PaperRule | None, on_paper: Sequence[FormField]) -> pages.PairChoice:
    chosen = dict(kept.pairs).get(asked.key, "") if kept else guessed(asked, on_paper)
    return pages.PairChoice(asked.key, label_of(asked), chosen)


def _rule_row(question: FormField, rule: PaperRule | None, titles: Mapping[str, str]) -> pages.RuleRow:
    paper = titles.get(rule.paper_code, rule.paper_code) if rule else ""
    return pages.RuleRow(question.key, label_of(question), paper, len(rule.pairs) if rule else 0)
