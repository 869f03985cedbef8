"""The desk on which a rule is built: conditions put in, moved, grouped, negated, taken away; each act can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.programs import conditions, pages, queries, ruling, service
from backoffice.programs.checking import look
from backoffice.programs.models import ProgramVersion
from backoffice.programs.rule_pages import TOP, FindingLine, lines_of, path_of
from backoffice.programs.version_page import crumbs_to, fact_line, read_aloud, title_of
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, FormLists, seen_of
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work
from workflows.rules import editing
from workflows.rules.findings import Path
from workflows.rules.parameters import LookupTable, Parameter
from workflows.rules.tree import All, AnyOf, Leaf, Not
from workflows.rules.vocabulary import FactKind

staff = StaffRouter()

ACTS: Mapping[str, Callable[[Path], ruling.Act]] = {
    "remove": lambda path: lambda rule: editing.remove(rule, path),
    "up": lambda path: lambda rule: editing.move(rule, path, -1),
    "down": lambda path: lambda rule: editing.move(rule, path, 1),
    "negate": lambda path: lambda rule: editing.negate(rule, path),
    "all": lambda path: lambda rule: editing.regroup(rule, path, All),
    "any": lambda path: lambda rule: editing.regroup(rule, path, AnyOf),
    "group": lambda path: lambda rule: editing.wrap(rule, path, AnyOf),
    "ungroup": lambda path: lambda rule: editing.unwrap(rule, path),
    "add_group": lambda path: lambda rule: editing.add(rule, path, AnyOf(())),
}
"""What a button beside a line does."""


@staff.page("/programs/versions/{version_id}/rule", Permission.PROGRAM_RULE)
def rule_desk(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    version = queries.find_version(work.session, version_id)
    service.must_be_writable(work, version, Permission.PROGRAM_RULE, version.version)
    return _desk(request, work, version)


@staff.action("/programs/versions/{version_id}/rule", Permission.PROGRAM_RULE)
def change_rule(request: Request, work: Writing, version_id: int, form: FormData) -> Response:
    """Do what the pressed button says: an act and a place, `negate 0.2`."""
    version = queries.find_version(work.session, version_id)
    word, _space, place = form.get("act", "").partition(" ")
    path = path_of(place or TOP)
    try:
        if word == "undo":
            ruling.undo(work, version, seen_of(form))
        elif word == "redo":
            ruling.redo(work, version, seen_of(form))
        elif word in ACTS and path is not None:
            ruling.change_rule(work, version, seen_of(form), ACTS[word](path))
        else:
            raise NotThere("お探しの記録は見つかりませんでした。")
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        trouble = translate(refusal.message, **refusal.params)
        return _desk(request, work, queries.find_version(work.session, version_id), trouble)
    return go_to(f"/programs/versions/{version_id}/rule")


@staff.page("/programs/versions/{version_id}/rule/condition", Permission.PROGRAM_RULE)
def condition(
    request: Request, work: Reading, version_id: int, place: str = TOP, what: str = "", replaces: str = ""
) -> HTMLResponse:
    """Ask what a condition is about, then for its settings; with `replaces=yes`, those that stand there are shown."""
    version = queries.find_version(work.session, version_id)
    service.must_be_writable(work, version, Permission.PROGRAM_RULE, version.version)
    typed: Mapping[str, Sequence[str]] = {}
    standing = _leaf_at(version, place) if replaces == "yes" else None
    if standing is not None and what in ("", conditions.what_of(standing)):
        what, typed = conditions.what_of(standing), conditions.typed_of(standing)
    what = what if conditions.is_known(what) else ""
    return _condition_page(request, work, version, _Placing(place, what, replaces == "yes"), typed)


@staff.action("/programs/versions/{version_id}/rule/condition", Permission.PROGRAM_RULE)
def keep_condition(request: Request, work: Writing, version_id: int, form: FormLists) -> Response:
    version = queries.find_version(work.session, version_id)
    one = {name: values[-1] for name, values in form.items() if values}
    asked = _Placing(one.get("place", TOP), one.get("what", ""), replaces=one.get("replaces") == "yes")
    path = path_of(asked.place)
    if path is None or not conditions.is_known(asked.what):
        raise NotThere("お探しの記録は見つかりませんでした。")
    try:
        leaf = conditions.read_condition(asked.what, form)
        put = editing.put if asked.replaces else editing.add
        ruling.change_rule(work, version, seen_of(one), lambda rule: put(rule, path, leaf))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        wrong = refusal.fields or {"condition": translate(refusal.message, **refusal.params)}
        again = queries.find_version(work.session, version_id)
        return _condition_page(request, work, again, asked, form, wrong)
    return go_to(f"/programs/versions/{version_id}/rule")


@dataclass(frozen=True)
class _Placing:
    """Where a condition goes and what it is about."""

    place: str
    what: str
    replaces: bool


def _leaf_at(version: ProgramVersion, place: str) -> Leaf | None:
    path = path_of(place)
    try:
        node = None if path is None else editing.at(ruling.rule_in(version), path)
    except editing.NoSuchPlaceError as gone:
        raise NotThere("お探しの記録は見つかりませんでした。") from gone
    return None if node is None or isinstance(node, All | AnyOf | Not) else node


def _desk(request: Request, work: Work, version: ProgramVersion, trouble: str = "") -> HTMLResponse:
    looked = look(work, version)
    rule = ruling.rule_in(version)
    steps = queries.rule_steps(work.session, version.id)
    shown = pages.RulePage(
        title=_("ルールを組む"),
        title_text=title_of(version),
        crumbs=crumbs_to(version),
        version=version,
        lines=lines_of(rule, looked),
        sentence=read_aloud(rule, looked.names),
        findings=[FindingLine.of(finding) for finding in looked.findings],
        may_undo=version.rule_place - 1 in steps,
        may_redo=version.rule_place + 1 in steps,
        trouble=trouble,
    )
    block = "desk" if request.headers.get("HX-Request") else ""
    return render(request, "programs/rule.html", shown, status=422 if trouble else 200, block=block)


def _condition_page(
    request: Request,
    work: Work,
    version: ProgramVersion,
    asked: _Placing,
    typed: Mapping[str, Sequence[str]],
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    fact = conditions.fact_in(asked.what)
    shown = pages.ConditionPage(
        title=_("条件を直す") if asked.replaces else _("条件を加える"),
        title_text=title_of(version),
        crumbs=(*crumbs_to(version), _rule_crumb(version)),
        version=version,
        place=asked.place,
        replaces=asked.replaces,
        what=asked.what,
        offers=_offers(),
        fact=None if fact is None else fact_line(fact),
        choices=_choices(work, asked.what),
        typed=typed,
        wrong=wrong or {},
    )
    return render(request, "programs/condition.html", shown, status=422 if wrong else 200)


def _rule_crumb(version: ProgramVersion) -> Crumb:
    return Crumb(_("ルールを組む"), f"/programs/versions/{version.id}/rule")


def _offers() -> list[tuple[str, list[tuple[str, str]]]]:
    """Give what can be asked, under its headings, in the order in which these first come."""
    headed: dict[str, list[tuple[str, str]]] = {}
    for offer in conditions.offers():
        headed.setdefault(offer.group, []).append((offer.what, offer.name))
    return list(headed.items())


def _choices(work: Work, what: str) -> dict[str, list[tuple[str, str]]]:
    """Give what the select boxes of a condition offer; where a choice must be made, nothing is chosen before."""
    blank = [("", "—")]
    fact = conditions.fact_in(what)
    ops = conditions.SINCE_OPS if what.startswith("since") else conditions.OPS
    if what.startswith("compare") and fact is not None and fact.kind is FactKind.DATE:
        ops = conditions.DAY_OPS
    known = queries.parameters(work.session)
    programs = queries.program_names(work.session) if what == "not_granted" else {}
    return {
        "op": _translated(ops),
        "counted": blank + _translated(conditions.COUNTED),
        "unit": _translated(conditions.UNITS),
        "within": _translated(conditions.PERIODS),
        "grade": conditions.grades(),
        "being": [("", translate(_("年齢を問わない"))), ("age", translate(_("年齢"))), ("grade", translate(_("学年")))],
        "parameter": blank
        + [(each.code, _name(each)) for each in known.single.values() if fact is None or each.unit == fact.unit],
        "table": blank + [(each.code, _name(each)) for each in known.tables.values()],
        "program": blank + [(number, f"{name} {number}") for number, name in sorted(programs.items())],
        "values": [] if fact is None else [(each.code, conditions.choice_name(each)) for each in fact.choices],
    }


def _translated(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(word), translate(name)) for word, name in words.items()]


def _name(named: Parameter | LookupTable) -> str:
    return named.en if language_now() == "en" else named.ja
