"""The page on which invented people are put beside a rule: suggested at its borders, or written by hand."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.consents.names import CONSENTS
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.programs import conditions, exampling, pages, queries, service
from backoffice.programs.checking import names_for
from backoffice.programs.models import ProgramVersion
from backoffice.programs.rule_pages import VERDICT_CHIPS
from backoffice.programs.sheets import rule_kept
from backoffice.programs.version_page import crumbs_to, example_lines, facts_in_words, title_of
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormLists, read_day, seen_of, whole_number
from backoffice.web.showing import day_typed
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.rules.examples import MOST_MEMBERS, Someone, Value, written_someone
from workflows.rules.facts import CITY_FACTS, RELATIONS
from workflows.rules.vocabulary import ConsentClass, Fact, FactKind

ROWS_OF_MEMBERS = 5

staff = StaffRouter()


@staff.page("/programs/versions/{version_id}/examples", Permission.PROGRAM_RULE)
def examples(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    version = queries.find_version(work.session, version_id)
    service.must_be_writable(work, version, Permission.PROGRAM_RULE, version.version)
    return _page(request, work, version)


@staff.action("/programs/versions/{version_id}/examples/suggested", Permission.PROGRAM_RULE)
def keep_suggested(request: Request, work: Writing, version_id: int, form: FormLists) -> Response:
    version = queries.find_version(work.session, version_id)
    chosen = {key: _one(form, f"verdict-{key}") for key in form.get("chosen", ())}
    try:
        kept = exampling.keep_suggested(work, version, seen_of(_last(form)), chosen)
    except Invalid as refusal:
        return _refused(request, work, version_id, form, refusal)
    return go_to(f"/programs/versions/{version_id}/examples", _("例を%(n)s人置きました。"), n=kept)


@staff.action("/programs/versions/{version_id}/examples", Permission.PROGRAM_RULE)
def keep_example(request: Request, work: Writing, version_id: int, form: FormLists) -> Response:
    version = queries.find_version(work.session, version_id)
    try:
        someone, as_of = _read_someone(form), read_day(_last(form), "as_of")
        title, verdict = _one(form, "title"), _one(form, "verdict")
        exampling.keep_example(work, version, seen_of(_last(form)), title, verdict, someone, as_of)
    except Invalid as refusal:
        return _refused(request, work, version_id, form, refusal)
    return go_to(f"/programs/versions/{version_id}/examples", _("例を置きました。"))


@staff.action("/programs/versions/{version_id}/examples/{example_id}/remove", Permission.PROGRAM_RULE)
def remove_example(work: Writing, version_id: int, example_id: int, form: FormLists) -> Response:
    version = queries.find_version(work.session, version_id)
    exampling.remove_example(work, version, seen_of(_last(form)), example_id)
    return go_to(f"/programs/versions/{version_id}/examples", _("例を消しました。"))


def _page(
    request: Request,
    work: Work,
    version: ProgramVersion,
    typed: Mapping[str, Sequence[str]] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    names = names_for(work, rule_kept(version))
    results, suggestions = exampling.judged(version, names, work.today)
    shown = pages.ExamplesPage(
        title=_("例を置く"),
        title_text=title_of(version),
        crumbs=crumbs_to(version),
        version=version,
        examples=example_lines(results),
        suggestions=[
            pages.SuggestionLine(
                exampling.key_of(each),
                exampling.title_for(each),
                facts_in_words(written_someone(each.someone)),
                VERDICT_CHIPS[each.verdict],
                each.verdict,
            )
            for each in suggestions
        ],
        verdicts=[(str(verdict), translate(chip.text)) for verdict, chip in VERDICT_CHIPS.items()],
        questions=[_question(fact) for fact in CITY_FACTS],
        consents=[(str(each), translate(name)) for each, name in CONSENTS.items()],
        relations=[("", "—"), *((each.code, conditions.choice_name(each)) for each in RELATIONS)],
        members=range(ROWS_OF_MEMBERS),
        today=day_typed(work.today),
        typed=typed or {},
        wrong=wrong or {},
    )
    return render(request, "programs/examples.html", shown, status=422 if wrong else 200)


def _question(fact: Fact) -> pages.FactQuestion:
    yes_or_no = [("yes", translate(_("あり"))), ("no", translate(_("なし")))]
    listed = [(each.code, conditions.choice_name(each)) for each in fact.choices]
    choices = yes_or_no if fact.kind is FactKind.FLAG else listed
    return pages.FactQuestion(
        fact.code, conditions.name_of(fact), [("", translate(_("分からない"))), *choices] if choices else ()
    )


def _read_someone(form: Mapping[str, Sequence[str]]) -> Someone:
    """Read an invented person; a field left empty is unknown. Raises Invalid naming the field."""
    facts = {
        fact.code: _read_value(fact, _one(form, f"fact-{fact.code}"), f"fact-{fact.code}")
        for fact in CITY_FACTS
        if _one(form, f"fact-{fact.code}")
    }
    members = []
    for place in range(MOST_MEMBERS):
        member = _read_member(form, place)
        if member:
            members.append(member)
    given = {ConsentClass(text) for text in form.get("consents", ()) if text in set(ConsentClass)}
    return Someone(facts, frozenset(given), tuple(members))


def _read_member(form: Mapping[str, Sequence[str]], place: int) -> dict[str, Value]:
    relation, birth = _one(form, f"relation-{place}"), _one(form, f"birth-{place}")
    member: dict[str, Value] = {}
    if relation in {each.code for each in RELATIONS}:
        member["relation"] = relation
    if birth:
        member["birth_date"] = read_day({f"birth-{place}": birth}, f"birth-{place}")
    return member


def _read_value(fact: Fact, text: str, field: str) -> Value:
    if fact.kind is FactKind.DATE:
        return read_day({field: text}, field)
    if fact.kind is FactKind.FLAG:
        return text == "yes"
    if fact.kind is FactKind.CHOICE and fact.choice(text) is not None:
        return text
    number = _number(text.replace(",", ""))
    if fact.kind is FactKind.NUMBER and number is not None and fact.can_be(number):
        return number
    raise Invalid(_("入力を確認してください"), {field: _("この項目に入る整数を入れてください。")})


def _number(text: str) -> int | None:
    """Give a whole number, also a negative one: an income after losses."""
    number = whole_number(text.removeprefix("-"))
    return -number if number is not None and text.startswith("-") else number


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()


def _last(form: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in form.items() if values}


def _refused(
    request: Request, work: Work, version_id: int, form: Mapping[str, Sequence[str]], refusal: Invalid
) -> HTMLResponse:
    """Answer with the page once more, what was typed kept (422)."""
    work.refused = True
    work.session.rollback()
    wrong = refusal.fields or {"title": translate(refusal.message, **refusal.params)}
    return _page(request, work, queries.find_version(work.session, version_id), form, wrong)
