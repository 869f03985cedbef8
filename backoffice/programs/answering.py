"""What does a rule come to for one resident, condition by condition? The same answer, whoever may have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.errors import Invalid
from backoffice.programs.checking import names_for
from backoffice.programs.models import ProgramVersion
from backoffice.programs.sheets import rule_kept
from backoffice.web.translations import _, language_now
from backoffice.work import Work
from workflows.rules import LeafState, Population, UnaskableError, Verdict, explain
from workflows.rules.deciders import deciders, resident_reasons, verdict_by
from workflows.rules.parameters import ParameterTroubleError
from workflows.rules.sentences import Language, Names, phrase
from workflows.rules.tree import Node


@dataclass(frozen=True)
class Askable:
    """A rule as it stands today, with all that is needed to ask it and to say what it came to."""

    rule: Node
    names: Names
    as_of: date


@dataclass(frozen=True)
class ConditionLine:
    """One condition of the rule, and what it came to for the resident."""

    text: str
    state: LeafState
    decided: bool


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    lines: Sequence[ConditionLine]
    to_resident: Sequence[str]
    """What the resident would read as the reason; empty where the rule does not apply."""


def rule_to_ask(work: Work, version: ProgramVersion) -> Askable:
    """Give the rule of a version with today's thresholds. Raises Invalid where none has been written."""
    rule = rule_kept(version)
    if rule is None:
        raise Invalid(_("ルールがまだありません。"))
    return Askable(rule, names_for(work, rule), work.today)


def answer_of(askable: Askable, population: Population, pseudonym: str) -> Answer:
    """Say what a rule comes to for one of a population. Raises NobodyError, and Invalid for a rule with a fault."""
    rule, names = askable.rule, askable.names
    try:
        known = dict(explain(rule, population, names.parameters, askable.as_of, pseudonym))
    except (ParameterTroubleError, UnaskableError) as trouble:
        raise Invalid(_("ルールに直す点があるため、試算できません。ルールの点検を見てください。")) from trouble
    language = Language(language_now())
    decided = {decider.leaf for decider in deciders(rule, known)}
    verdict = verdict_by(rule, known)
    return Answer(
        verdict,
        [ConditionLine(phrase(leaf, names, language), state, leaf in decided) for leaf, state in known.items()],
        resident_reasons(rule, known, names, language) if verdict is Verdict.ELIGIBLE else (),
    )
