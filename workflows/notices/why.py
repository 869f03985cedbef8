"""Why did somebody get this notice, and what was used to find out? Told to the resident, from the rule itself.

Only what was true and made it so is told: of alternatives those that held, of an exclusion that it did not. Words for
sensitive facts are neutral unless the reader has signed in; a veiled program tells its reason only then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from workflows.notices.languages import NoticeLanguage
from workflows.notices.plain_facts import (
    CONSENTS_IN,
    HIDDEN_SOURCE,
    easy_name,
    easy_neutral,
    reason_in_easy,
)
from workflows.rules.facts_in_english import source_of
from workflows.rules.lints import facts_of
from workflows.rules.sentences import BIRTH, WITHIN, Language, Names, phrase
from workflows.rules.tree import Age, All, AnyOf, Counted, Leaf, Node, Not, NotGranted, leaves
from workflows.rules.vocabulary import Fact
from workflows.rules.why import LeafState


class Telling(StrEnum):
    OPEN = "open"
    """In the body of the notice."""
    VEILED = "veiled"
    """Not in the notice at all: after sign-in."""
    SIGNED_IN = "signed_in"
    """To the person alone: facts by their own names."""


@dataclass(frozen=True)
class Why:
    """What stands under 「なぜこのお知らせが届いたか」 and 「使った情報」."""

    reasons: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    veiled: bool = False


def why_of(
    rule: Node, states: Mapping[Leaf, LeafState], names: Names, language: NoticeLanguage, telling: Telling
) -> Why:
    """Give a resident's reasons. `states`: what each leaf of the rule came to in one pattern."""
    if telling is Telling.VEILED:
        return Why(veiled=True)
    teller = _Teller(names, language, by_name=telling is Telling.SIGNED_IN)
    reasons = dict.fromkeys(teller.reason(leaf, holds) for leaf, holds in decisive(rule, states))
    looked_at = (leaf for leaf in leaves(rule) if states[leaf] is not LeafState.MASKED)
    facts = dict.fromkeys(
        fact
        for leaf in looked_at
        for column in facts_of(leaf)
        if (fact := names.vocabulary.held_in(column)) is not None
    )
    return Why(tuple(reasons), tuple(dict.fromkeys(map(teller.source, facts))))


def decisive(rule: Node, states: Mapping[Leaf, LeafState]) -> Sequence[tuple[Leaf, bool]]:
    """Give the conditions that made a rule true, each with whether it holds or its contrary does; none twice."""
    return tuple(dict.fromkeys(_decisive(rule, states, wanted=True)))


def refusing(rule: Node, states: Mapping[Leaf, LeafState]) -> Sequence[Leaf]:
    """Give the conditions that made a rule false; none twice."""
    return tuple(dict.fromkeys(leaf for leaf, _holds in _decisive(rule, states, wanted=False)))


def _decisive(node: Node, states: Mapping[Leaf, LeafState], *, wanted: bool) -> Iterator[tuple[Leaf, bool]]:
    if _truth(node, states) is not wanted:
        return
    match node:
        case Not(part):
            yield from _decisive(part, states, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _decisive(part, states, wanted=wanted)
        case _:
            yield node, wanted


def _truth(node: Node, states: Mapping[Leaf, LeafState]) -> bool | None:
    """Give what a part comes to; None where it is open."""
    match node:
        case Not(part):
            inner = _truth(part, states)
            return None if inner is None else not inner
        case All(parts):
            return _joined([_truth(part, states) for part in parts], decides=False)
        case AnyOf(parts):
            return _joined([_truth(part, states) for part in parts], decides=True)
    return {LeafState.TRUE: True, LeafState.FALSE: False}.get(states[node])


def _joined(truths: Sequence[bool | None], *, decides: bool) -> bool | None:
    if decides in truths:
        return decides
    return None if None in truths else not decides


_SOURCE = {
    NoticeLanguage.JA: "{name}({source})",
    NoticeLanguage.EASY: "{name}: {source}",
    NoticeLanguage.EN: "{name} ({source})",
}
AGE_IN_JAPANESE = {
    Counted.BIRTHDAY: "年齢",
    Counted.ATTAINED: "年齢(誕生日の前日に1つ増えると数えます)",
    Counted.FISCAL_YEAR_END: "今年度の終わり(3月31日)までに達する年齢",
    Counted.APRIL_FIRST: "今年度の初め(4月1日)の年齢",
}
AGE_IN_ENGLISH = {
    Counted.BIRTHDAY: "age",
    Counted.ATTAINED: "age (counted up on the day before the birthday)",
    Counted.FISCAL_YEAR_END: "age attained by the end of this fiscal year (31 March)",
    Counted.APRIL_FIRST: "age at the start of this fiscal year (1 April)",
}


def _in_japanese(leaf: Leaf, names: Names) -> str:
    """Say a condition as a resident reads it: as staff do, but for ages, and for programs without their numbers."""
    if isinstance(leaf, Age) and leaf.fact == BIRTH:
        return f"{AGE_IN_JAPANESE[leaf.counted]}が{_years(leaf, '{}歳以上', '{}歳以下', '{}歳', '{}歳から{}歳')}"
    if isinstance(leaf, NotGranted):
        program = names.programs.get(leaf.program, leaf.program)
        return f"「{program}」を{WITHIN[Language.JA][leaf.within]}まだ利用していない"
    return phrase(leaf, names)


def _in_english(leaf: Leaf, names: Names) -> str:
    if isinstance(leaf, Age) and leaf.fact == BIRTH:
        return f"{AGE_IN_ENGLISH[leaf.counted]}: {_years(leaf, '{} or over', '{} or under', '{}', '{} to {}')}"
    if isinstance(leaf, NotGranted):
        program = names.programs.get(leaf.program, leaf.program)
        return f"has not used “{program}” {WITHIN[Language.EN][leaf.within]}"
    return phrase(leaf, names, Language.EN)


def _years(leaf: Age, from_on: str, up_to: str, exactly: str, between: str) -> str:
    if leaf.high is None:
        return from_on.format(leaf.low)
    if leaf.low is None:
        return up_to.format(leaf.high)
    return exactly.format(leaf.low) if leaf.low == leaf.high else between.format(leaf.low, leaf.high)


class _Teller:
    def __init__(self, names: Names, language: NoticeLanguage, *, by_name: bool) -> None:
        self._names = names
        self._language = language
        self._by_name = by_name

    def reason(self, leaf: Leaf, holds: bool) -> str:  # noqa: FBT001 - a condition and whether it holds are one thing
        hidden = self._hidden(leaf)
        if hidden is not None:
            return self._of_circumstances(hidden)
        match self._language:
            case NoticeLanguage.JA:
                said = _in_japanese(leaf, self._names)
                return said if holds else f"「{said}」に当たらない"
            case NoticeLanguage.EASY:
                return reason_in_easy(leaf, self._names, holds)
            case NoticeLanguage.EN:
                said = _in_english(leaf, self._names)
                return said[:1].upper() + said[1:] if holds else f"Not: {said}"
        assert_never(self._language)

    def source(self, fact: Fact) -> str:
        """Say which fact was used, from which register and by which consent; of a sensitive one only what may show."""
        name, source = (self._neutral(fact), HIDDEN_SOURCE[self._language]) if self._hides(fact) else self._named(fact)
        consent = None if fact.consent is None else CONSENTS_IN[self._language][fact.consent]
        if self._hides(fact) or consent is None:
            return _SOURCE[self._language].format(name=name, source=source)
        match self._language:
            case NoticeLanguage.JA:
                return f"{name}({source}。「{consent}」の同意による)"
            case NoticeLanguage.EASY:
                return f"{name}: {source}。あなたが 「{consent}」を 見(み)ても いいと 言(い)ったから。"
            case NoticeLanguage.EN:
                return f"{name} ({source}; by your consent “{consent}”)"
        assert_never(self._language)

    def _hides(self, fact: Fact) -> bool:
        return fact.sensitive and not self._by_name

    def _hidden(self, leaf: Leaf) -> Fact | None:
        """Give the sensitive fact of a condition that may not be named."""
        held = (self._names.vocabulary.held_in(column) for column in facts_of(leaf))
        return next((fact for fact in held if fact is not None and self._hides(fact)), None)

    def _named(self, fact: Fact) -> tuple[str, str]:
        match self._language:
            case NoticeLanguage.JA:
                return fact.ja, fact.source
            case NoticeLanguage.EASY:
                return easy_name(fact), "市(し)の 記録(きろく)"
            case NoticeLanguage.EN:
                return fact.en[:1].upper() + fact.en[1:], source_of(fact)
        assert_never(self._language)

    def _neutral(self, fact: Fact) -> str:
        match self._language:
            case NoticeLanguage.JA:
                return fact.neutral_ja
            case NoticeLanguage.EASY:
                return easy_neutral(fact)
            case NoticeLanguage.EN:
                return fact.neutral_en[:1].upper() + fact.neutral_en[1:]
        assert_never(self._language)

    def _of_circumstances(self, fact: Fact) -> str:
        neutral = self._neutral(fact)
        match self._language:
            case NoticeLanguage.JA:
                return f"{neutral}が、この制度の条件に合う"
            case NoticeLanguage.EASY:
                return f"{neutral}が、この 制度(せいど)に 合(あ)います"
            case NoticeLanguage.EN:
                return f"{neutral}: matching this program"
        assert_never(self._language)
