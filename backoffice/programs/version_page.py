"""How is the page of a version put together: what it says, whom its rule is for, what it still lacks?"""

from collections.abc import Sequence
from datetime import date

from backoffice.consents.names import CONSENTS
from backoffice.identity import Permission
from backoffice.programs import conditions, pages, queries, service
from backoffice.programs.checking import ExampleResult, Looked, look, names_for
from backoffice.programs.models import ProgramVersion
from backoffice.programs.previewing import may_look
from backoffice.programs.rule_pages import VERDICT_CHIPS, ExampleLine, FindingLine
from backoffice.programs.sheets import definition, rule_kept, values_of
from backoffice.programs.workflow import VersionState, standing_of
from backoffice.web import Crumb
from backoffice.web.answer_rows import given_answers
from backoffice.web.showing import day
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work
from workflows.rules.examples import ExampleRefusedError, read_someone
from workflows.rules.facts import CITY_FACTS
from workflows.rules.facts_in_english import ground_of, meaning_of, source_of
from workflows.rules.lints import facts_of
from workflows.rules.lowering import NEVER
from workflows.rules.sentences import Language, Names, sentence
from workflows.rules.tree import Node, leaves
from workflows.rules.vocabulary import GRANTED, ConsentClass, Fact, FactKind

PROGRAMS = Crumb(_("制度"), "/programs")


def title_of(version: ProgramVersion) -> str:
    return translate(_("%(name)s 第%(n)s版"), name=version.name, n=version.number)


def crumbs_to(version: ProgramVersion) -> tuple[Crumb, ...]:
    return (
        PROGRAMS,
        Crumb(version.program.number, f"/programs/{version.program_id}"),
        Crumb(title_of(version), f"/programs/versions/{version.id}"),
    )


def version_page(work: Work, version: ProgramVersion) -> pages.VersionPage:
    """Give the page of a version with everything that was found about it."""
    looked = look(work, version)
    current = queries.in_force(work.session, version.program_id, work.today)
    row = row_of(work, version, current)
    path = version.program.department.path
    reaches = work.actor.reaches(Permission.PROGRAM_WORDING, path)
    is_draft = version.state == VersionState.DRAFT
    return pages.VersionPage(
        title=_("制度の版"),
        title_text=title_of(version),
        crumbs=crumbs_to(version)[:2],
        row=row,
        rows=given_answers(definition(), values_of(version)),
        sentence=read_aloud(looked.rule, looked.names),
        facts=facts_looked_at(looked.rule),
        findings=[FindingLine.of(finding) for finding in looked.findings],
        examples=example_lines(looked.results),
        undone=undone(looked) if is_draft else (),
        current_id=None if current is None or current.id == version.id else current.id,
        may_word=service.may_write(work, version, Permission.PROGRAM_WORDING),
        may_rule=service.may_write(work, version, Permission.PROGRAM_RULE),
        may_submit=is_draft and reaches,
        may_carry_on=version.state == VersionState.APPROVED and reaches,
        may_copy=version.state != VersionState.SUBMITTED and not is_draft and reaches,
        may_preview=looked.rule is not None and may_look(work.actor, version, Permission.PROGRAM_PREVIEW),
        may_ask=version.state == VersionState.APPROVED and may_look(work.actor, version, Permission.PROGRAM_WHY),
    )


def row_of(work: Work, version: ProgramVersion, current: ProgramVersion | None) -> pages.VersionRow:
    is_in_force = current is not None and current.id == version.id
    return pages.VersionRow.of(
        version, standing_of(version.state, version.effective_from, work.today, is_in_force=is_in_force)
    )


def read_aloud(rule: Node | None, names: Names) -> str:
    return "" if rule is None else sentence(rule, names, Language(language_now()))


def undone(looked: Looked) -> list[str]:
    """Say what keeps a version from being submitted."""
    said = list(looked.missing.values())
    if looked.rule is None:
        said.append(translate(_("ルールがまだありません。")))
    said += [FindingLine.of(finding).text for finding in looked.errors]
    said += [
        translate(_("「%(verdict)s」の例がまだありません。"), verdict=translate(VERDICT_CHIPS[verdict].text))
        for verdict in looked.not_shown
    ]
    said += [
        translate(_("例「%(title)s」のとおりになりません。"), title=result.example.title) for result in looked.failing
    ]
    return said


def facts_looked_at(rule: Node | None) -> Sequence[pages.FactLine]:
    """Give each fact that a rule looks at, once, with the ground on which it may."""
    if rule is None:
        return ()
    columns = [column for leaf in leaves(rule) for column in facts_of(leaf)]
    facts = dict.fromkeys(map(CITY_FACTS.held_in, columns))
    return [fact_line(fact) for fact in facts if fact is not None]


def fact_line(fact: Fact) -> pages.FactLine:
    english = language_now() == "en"
    return pages.FactLine(
        name=fact.en if english else fact.ja,
        meaning=meaning_of(fact) if english else fact.meaning,
        source=source_of(fact) if english else fact.source,
        legal_basis=ground_of(fact) if english else fact.legal_basis,
        consent="" if fact.consent is None else CONSENTS[fact.consent],
        sensitive=fact.sensitive,
    )


def example_lines(results: Sequence[ExampleResult]) -> Sequence[ExampleLine]:
    return [ExampleLine.of(result, facts_in_words(result.example.facts)) for result in results]


def facts_in_words(written: dict[str, object]) -> str:
    """Say what is known of an example's person, in one line."""
    try:
        someone = read_someone(written, CITY_FACTS)
    except ExampleRefusedError as refused:
        return translate(_("読めない例です(%(code)s)。"), code=refused.code)
    said = [_fact_in_words(code, value) for code, value in someone.facts.items()]
    if someone.household:
        said.append(translate(_("ほかの世帯員%(n)s人"), n=len(someone.household)))
    if len(someone.consents) < len(ConsentClass):
        given = [translate(CONSENTS[each]) for each in ConsentClass if each in someone.consents]
        said.append(translate(_("同意: %(given)s"), given=" · ".join(given) or translate(_("なし"))))
    return (", " if language_now() == "en" else "、").join(said) or translate(_("何も分からない人"))


def _fact_in_words(code: str, value: object) -> str:
    fact = CITY_FACTS.held_in(code)
    if fact is None:
        return f"{code}: {value}"
    name = conditions.name_of(fact)
    if fact == CITY_FACTS.grants:
        name = f"{name} {code.removeprefix(GRANTED)}"
    if isinstance(value, date):
        return f"{name}: {translate(_('受けたことがない')) if value == NEVER else day(value)}"
    if fact.kind is FactKind.CHOICE:
        choice = fact.choice(str(value))
        return f"{name}: {(choice.en if language_now() == 'en' else choice.ja) if choice else value}"
    if fact.kind is FactKind.FLAG:
        return f"{name}: {translate(_('あり')) if value else translate(_('なし'))}"
    return f"{name}: {conditions.amount(value, fact.unit)}" if isinstance(value, int) else f"{name}: {value}"


def compare_page(work: Work, before: ProgramVersion, after: ProgramVersion) -> pages.ComparePage:
    """Give two versions side by side, what differs marked."""
    rules = [rule_kept(each) for each in (before, after)]
    names = names_for(work, *rules)
    current = queries.in_force(work.session, after.program_id, work.today)
    old, new = (given_answers(definition(), values_of(each)) for each in (before, after))
    return pages.ComparePage(
        title=_("2つの版を比べる"),
        title_text=title_of(after),
        crumbs=crumbs_to(after),
        before=row_of(work, before, current),
        after=row_of(work, after, current),
        rows=[
            pages.ComparedRow(one.label, one.chosen or one.text, other.chosen or other.text)
            for one, other in zip(old, new, strict=True)
        ],
        rule=pages.ComparedRow(translate(_("ルール")), *(read_aloud(each, names) for each in rules)),
    )
