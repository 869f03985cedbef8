"""What is wrong or doubtful about a rule that reads well? Found by asking the rule, before anybody is notified."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, islice
from math import comb

from workflows.rules import findings as says
from workflows.rules.findings import Finding, Path
from workflows.rules.lowering import Group, Join, Lowering, Opposite, Question, UnaskableError
from workflows.rules.parameters import DatedRows, DatedValue, Parameters, ParameterTroubleError
from workflows.rules.reasoning import Reasoner, TooHardError, reasoner_for
from workflows.rules.sentences import COUNTED, Language, Names, sentence
from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Counted,
    Leaf,
    Lookup,
    Members,
    Node,
    Not,
    NotGranted,
    ParameterRef,
    leaves,
)
from workflows.rules.vocabulary import GRANTED, Vocabulary

MOST_PAIRS = 400
"""Pairs of conditions of one group that are held against each other."""


def look_at(rule: Node, names: Names, as_of: date, language: Language = Language.JA) -> list[Finding]:
    """Give what there is to mend or to think about in a rule, errors first."""
    found = [*_empty_groups(rule, ()), *_thresholds(rule, names.parameters, as_of), *_grounds(rule, names.vocabulary)]
    found += [*_ways_of_counting(rule, language), *_overlapping_ages(rule, names, language, ())]
    if not any(finding.severity is says.Severity.ERROR for finding in found):
        found += _logic(rule, names, as_of, language)
    return sorted(found, key=lambda finding: (finding.severity is says.Severity.WARNING, finding.path))


def ages_in(leaf: Leaf) -> tuple[Age, ...]:
    """Give the ages that a condition asks for: one's own, or those of the members of one's household."""
    if isinstance(leaf, Members):
        asked = (leaf.being, None if leaf.rank is None else leaf.rank.among)
        return tuple(each for each in asked if isinstance(each, Age))
    return (leaf,) if isinstance(leaf, Age) else ()


def _placed(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Give every node with its place, from the outside in."""
    yield path, node
    parts = (node.part,) if isinstance(node, Not) else node.parts if isinstance(node, All | AnyOf) else ()
    for place, part in enumerate(parts):
        yield from _placed(part, (*path, place))


def _empty_groups(rule: Node, path: Path) -> Iterator[Finding]:
    for place, node in _placed(rule, path):
        if isinstance(node, All | AnyOf) and not node.parts:
            yield says.EMPTY_GROUP.at(place)


def _thresholds(rule: Node, parameters: Parameters, as_of: date) -> Iterator[Finding]:
    for path, node in _placed(rule, ()):
        named = _named_threshold(node)
        if named is None:
            continue
        kind, code = named
        name = _name_of(parameters, code)
        try:
            value: DatedValue | DatedRows = (parameters.rows if kind == "table" else parameters.value)(code, as_of)
        except ParameterTroubleError as trouble:
            missing = trouble.on is None
            on = f"{as_of.year}年{as_of.month}月{as_of.day}日"
            yield (
                says.PARAMETER_MISSING.at(path, name=name)
                if missing
                else says.PARAMETER_OUT_OF_DATE.at(path, name=name, on=on)
            )
            continue
        if not value.confirmed_by:
            yield says.PARAMETER_UNCONFIRMED.at(path, name=name)


def _named_threshold(node: Node) -> tuple[str, str] | None:
    if isinstance(node, Lookup):
        return "table", node.table
    if isinstance(node, Compare) and isinstance(node.value, ParameterRef):
        return "value", node.value.code
    return None


def _name_of(parameters: Parameters, code: str) -> str:
    known = parameters.single.get(code) or parameters.tables.get(code)
    return code if known is None else known.ja


def facts_of(leaf: Leaf) -> tuple[str, ...]:
    """Give the columns that a condition looks at: codes of facts, or `granted_` and the number of a program."""
    if isinstance(leaf, Members):
        asked = [each.fact for each in (leaf.being, leaf.rank.among if leaf.rank else None) if each is not None]
        return (*asked, "relation") if leaf.children or leaf.rank else (*asked, "household_size")
    if isinstance(leaf, Lookup):
        return leaf.fact, leaf.by
    return (GRANTED + leaf.program if isinstance(leaf, NotGranted) else leaf.fact,)


def _grounds(rule: Node, vocabulary: Vocabulary) -> Iterator[Finding]:
    for path, node in _placed(rule, ()):
        if isinstance(node, All | AnyOf | Not):
            continue
        for code in facts_of(node):
            fact = vocabulary.held_in(code)
            if fact is None:
                yield says.UNKNOWN_FACT.at(path, fact=code)
                continue
            if not fact.legal_basis:
                yield says.NO_LEGAL_BASIS.at(path, fact=fact.ja)
            if fact.sensitive and not (fact.neutral_ja and fact.neutral_en):
                yield says.NO_NEUTRAL_WORDING.at(path, fact=fact.ja)


def _ways_of_counting(rule: Node, language: Language) -> Iterator[Finding]:
    ways = {age.counted for leaf in leaves(rule) for age in ages_in(leaf)}
    if len(ways) > 1:
        said = [COUNTED[language][way] for way in Counted if way in ways]
        yield says.LEGAL_AGE.at((), ways="・".join(said) if language is Language.JA else ", ".join(said))


def _overlapping_ages(rule: Node, names: Names, language: Language, path: Path) -> Iterator[Finding]:
    for place, node in _placed(rule, path):
        if not isinstance(node, AnyOf):
            continue
        ages = [(at, part) for at, part in enumerate(node.parts) if isinstance(part, Age)]
        for (_, one), (at, other) in combinations(ages, 2):
            if (one.fact, one.counted) == (other.fact, other.counted) and _overlap(one, other):
                told = {"one": sentence(one, names, language), "other": sentence(other, names, language)}
                yield says.AGES_OVERLAP.at((*place, at), **told)


def _overlap(one: Age, other: Age) -> bool:
    lows, highs = (one.low or 0, other.low or 0), [age.high for age in (one, other) if age.high is not None]
    return not highs or max(lows) <= min(highs)


def _logic(rule: Node, names: Names, as_of: date, language: Language) -> list[Finding]:
    lowering = Lowering(names.vocabulary, names.parameters, as_of)
    try:
        lowered = {path: lowering.of(node) for path, node in _placed(rule, ())}
    except UnaskableError:
        return [says.NOT_A_RULE.at(())]
    thought = _Thought(lowered, reasoner_for(lowered[()], names.vocabulary, as_of), names, language)
    found: list[Finding] = []
    try:
        found.extend(thought.findings(rule, ()))
    except TooHardError:
        found.append(says.NOT_PROVED.at(()))
    return found


class _Thought:
    """Asks the reasoner about each group of a rule; what is never or always so is told where it stands, once."""

    def __init__(self, lowered: Mapping[Path, Question], reasoner: Reasoner, names: Names, language: Language) -> None:
        self._lowered, self._reasoner = lowered, reasoner
        self._names, self._language = names, language

    def findings(self, node: Node, path: Path) -> Iterator[Finding]:
        inner: list[Finding] = []
        for finding in self._inner(node, path):
            inner.append(finding)
            yield finding
        if any(finding.severity is says.Severity.ERROR for finding in inner):
            return
        settled = self._settled(path)
        if settled is not None:
            yield settled

    def _settled(self, path: Path) -> Finding | None:
        question = self._lowered[path]
        if self._reasoner.possible(question, wanted=True) is None:
            return says.ALWAYS_FALSE.at(path)
        if self._reasoner.possible(question, wanted=False) is None:
            return says.ALWAYS_TRUE.at(path)
        return None

    def _inner(self, node: Node, path: Path) -> Iterator[Finding]:
        if isinstance(node, Not):
            yield from self.findings(node.part, (*path, 0))
        if not isinstance(node, All | AnyOf):
            return
        sound: list[int] = []
        for place, part in enumerate(node.parts):
            found: list[Finding] = []
            for finding in self.findings(part, (*path, place)):
                found.append(finding)
                yield finding
            if not any(finding.severity is says.Severity.ERROR for finding in found):
                sound.append(place)
        yield from self._pairs(node, path, sound)

    def _pairs(self, group: All | AnyOf, path: Path, places: Sequence[int]) -> Iterator[Finding]:
        told: set[int] = set()
        if comb(len(places), 2) > MOST_PAIRS:
            yield says.NOT_COMPARED.at(path, most=MOST_PAIRS)
        for one, other in islice(combinations(places, 2), MOST_PAIRS):
            if {one, other} & told:
                continue
            finding = self._pair(group, path, one, other)
            if finding is not None:
                told.add(finding.path[-1])
                yield finding

    def _pair(self, group: All | AnyOf, path: Path, one: int, other: int) -> Finding | None:
        first, second = self._lowered[*path, one], self._lowered[*path, other]
        said = {"one": self._say(group.parts[one]), "other": self._say(group.parts[other])}
        if isinstance(group, All) and not self._both(first, second):
            return says.CONTRADICTION.at((*path, other), **said)
        first_in_second = not self._both(first, Opposite(second))
        second_in_first = not self._both(second, Opposite(first))
        if first_in_second and second_in_first:
            return says.UNREACHABLE.at((*path, other), one=said["one"])
        # In 「すべて」 the wider of two changes nothing, in 「いずれか」 the narrower.
        wider, narrower = (other, one) if first_in_second else (one, other)
        if not first_in_second and not second_in_first:
            return None
        idle, because = (wider, narrower) if isinstance(group, All) else (narrower, wider)
        return says.UNREACHABLE.at((*path, idle), one=self._say(group.parts[because]))

    def _both(self, one: Question, other: Question) -> bool:
        return self._reasoner.possible(Group(Join.ALL, (one, other)), wanted=True) is not None

    def _say(self, node: Node) -> str:
        return sentence(node, self._names, self._language)
