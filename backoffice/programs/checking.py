"""Is a version whole enough to go on its route? Sheet, rule, thresholds and examples are looked at together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.errors import Invalid
from backoffice.programs import queries
from backoffice.programs.models import Example, ProgramVersion
from backoffice.programs.sheets import definition, rule_kept, values_of
from backoffice.web.answers_in import sentence as said
from backoffice.web.translations import _, language_now
from backoffice.work import Work
from forms.problems import Severity as FormSeverity
from forms.validation import validate
from workflows.rules import Verdict
from workflows.rules.examples import Asked, ExampleRefusedError, Someone, read_someone, verdicts_of
from workflows.rules.facts import CITY_FACTS
from workflows.rules.findings import Finding, Severity
from workflows.rules.lints import look_at
from workflows.rules.sentences import Language, Names
from workflows.rules.tree import Node, NotGranted, leaves

VERDICTS_TO_SHOW = (Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE)
"""Each must be shown by an example: a rule nobody has seen say no may say yes to everybody."""


@dataclass(frozen=True)
class ExampleResult:
    """What the rule says of an example; None where it cannot be asked."""

    example: Example
    verdict: Verdict | None

    @property
    def passes(self) -> bool:
        return self.verdict == self.example.verdict


@dataclass(frozen=True)
class Looked:
    """What was found about a version. `missing`: what its sheet lacks, by field."""

    names: Names
    rule: Node | None
    findings: Sequence[Finding]
    results: Sequence[ExampleResult]
    missing: Mapping[str, str]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def failing(self) -> list[ExampleResult]:
        return [result for result in self.results if not result.passes]

    @property
    def not_shown(self) -> list[Verdict]:
        """The verdicts of which there is no example yet."""
        shown = {result.example.verdict for result in self.results}
        return [verdict for verdict in VERDICTS_TO_SHOW if verdict not in shown]

    @property
    def is_whole(self) -> bool:
        return self.rule is not None and not (self.errors or self.failing or self.not_shown or self.missing)


def names_for(work: Work, rule: Node | None, *others: Node | None) -> Names:
    """Give what facts, thresholds and the programs that the rules ask about are called."""
    asked = {leaf.program for each in (rule, *others) if each for leaf in leaves(each) if isinstance(leaf, NotGranted)}
    programs = queries.program_names(work.session, asked) if asked else {}
    return Names(CITY_FACTS, queries.parameters(work.session), programs)


def look(work: Work, version: ProgramVersion) -> Looked:
    """Look a version through as it stands today."""
    rule = rule_kept(version)
    names = names_for(work, rule)
    findings = [] if rule is None else look_at(rule, names, work.today, Language(language_now()))
    return Looked(names, rule, findings, results_of(rule, version.examples, names), _missing(version))


def results_of(rule: Node | None, examples: Sequence[Example], names: Names) -> list[ExampleResult]:
    """Say what the rule says of each example on the example's own day."""
    return tried(rule, examples, (), names)[0]


def tried(
    rule: Node | None, examples: Sequence[Example], others: Sequence[Asked], names: Names
) -> tuple[list[ExampleResult], list[Verdict | None]]:
    """Say what the rule says of the examples and of others besides, who are all asked together."""
    if rule is None:
        return [ExampleResult(each, None) for each in examples], [None] * len(others)
    asked = {each.id: Asked(someone, each.as_of) for each in examples if (someone := _read(each)) is not None}
    verdicts = verdicts_of(rule, [*asked.values(), *others], names.parameters, CITY_FACTS)
    found = dict(zip(asked, verdicts, strict=False))
    return [ExampleResult(each, found.get(each.id)) for each in examples], verdicts[len(asked) :]


def _read(example: Example) -> Someone | None:
    try:
        return read_someone(example.facts, CITY_FACTS)
    except ExampleRefusedError:
        return None


def must_be_whole(work: Work, version: ProgramVersion) -> Names:
    """Give the names for a version that may be submitted. Raises Invalid, saying the first thing that is not."""
    looked = look(work, version)
    if looked.missing:
        raise Invalid(_("登録票に足りない項目があります。登録票を開いて直してください。"), dict(looked.missing))
    if looked.rule is None:
        raise Invalid(_("ルールがまだありません。"))
    if looked.errors:
        raise Invalid(looked.errors[0].message, {}, **looked.errors[0].params)
    if looked.not_shown:
        raise Invalid(_("「該当」と「非該当」の例を1つ以上置いてください。"))
    if looked.failing:
        raise Invalid(_("例のとおりにならない人がいます。例かルールを直してください。"))
    return looked.names


def _missing(version: ProgramVersion) -> dict[str, str]:
    found = validate(definition(), values_of(version))
    return {problem.key: said(problem) for problem in found if problem.severity is FormSeverity.REFUSE}
