"""How does a rule read, in Japanese and in English? Two different rules never read alike.

Groups inside groups stand in brackets and every condition names its fact, its bound and its way of counting, so that
nobody has to guess which of two rules a sentence means. (A property test compares sentences of random trees.)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from workflows.rules.parameters import NO_PARAMETERS, Parameters
from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Counted,
    Flag,
    Grade,
    Leaf,
    Lookup,
    Members,
    Node,
    Not,
    NotGranted,
    OneOf,
    Op,
    ParameterRef,
    Period,
    Since,
    Unit,
)
from workflows.rules.vocabulary import Fact, Vocabulary


class Language(StrEnum):
    JA = "ja"
    EN = "en"


@dataclass(frozen=True)
class Names:
    """What codes are called. `programs`: program number → its name."""

    vocabulary: Vocabulary
    parameters: Parameters = NO_PARAMETERS
    programs: Mapping[str, str] = field(default_factory=dict)


def sentence(node: Node, names: Names, language: Language = Language.JA) -> str:
    """Read a whole rule aloud."""
    return _Voice(names, language).read(node)


def phrase(leaf: Leaf, names: Names, language: Language = Language.JA) -> str:
    """Read one condition aloud."""
    return _Voice(names, language).leaf(leaf)


JOINED = {
    (All, Language.JA): "、かつ",
    (AnyOf, Language.JA): "、または",
    (All, Language.EN): " and ",
    (AnyOf, Language.EN): " or ",
}
NOTHING = {
    (All, Language.JA): "条件なし(すべての人)",
    (AnyOf, Language.JA): "条件なし(だれも当たらない)",
    (All, Language.EN): "no condition (everybody)",
    (AnyOf, Language.EN): "no condition (nobody)",
}
BRACKETS = {Language.JA: ("(", ")"), Language.EN: ("(", ")")}
COUNTED = {
    Language.JA: {
        Counted.BIRTHDAY: "満年齢(誕生日で数える)",
        Counted.ATTAINED: "満年齢(達する日で数える)",
        Counted.FISCAL_YEAR_END: "年度末年齢",
        Counted.APRIL_FIRST: "4月1日現在の年齢",
    },
    Language.EN: {
        Counted.BIRTHDAY: "age (by birthday)",
        Counted.ATTAINED: "age (by the day of attaining)",
        Counted.FISCAL_YEAR_END: "age at the end of the fiscal year",
        Counted.APRIL_FIRST: "age on 1 April",
    },
}
BOUND = {
    Language.JA: {
        Op.AT_LEAST: "{}以上",
        Op.AT_MOST: "{}以下",
        Op.MORE_THAN: "{}より多い",
        Op.LESS_THAN: "{}未満",
        Op.EQUAL: "ちょうど{}",
    },
    Language.EN: {
        Op.AT_LEAST: "at least {}",
        Op.AT_MOST: "at most {}",
        Op.MORE_THAN: "more than {}",
        Op.LESS_THAN: "less than {}",
        Op.EQUAL: "exactly {}",
    },
}
DAY_BOUND = {
    Language.JA: {
        Op.AT_LEAST: "{}以後",
        Op.AT_MOST: "{}以前",
        Op.MORE_THAN: "{}より後",
        Op.LESS_THAN: "{}より前",
        Op.EQUAL: "{}当日",
    },
    Language.EN: {
        Op.AT_LEAST: "on or after {}",
        Op.AT_MOST: "on or before {}",
        Op.MORE_THAN: "after {}",
        Op.LESS_THAN: "before {}",
        Op.EQUAL: "on {}",
    },
}
UNITS = {
    Language.JA: {Unit.DAYS: "日", Unit.MONTHS: "か月", Unit.YEARS: "年"},
    Language.EN: {Unit.DAYS: " days", Unit.MONTHS: " months", Unit.YEARS: " years"},
}
WITHIN = {
    Language.JA: {
        Period.FISCAL_YEAR: "今年度に",
        Period.TWO_FISCAL_YEARS: "前年度から今までに",
        Period.EVER: "これまでに",
    },
    Language.EN: {
        Period.FISCAL_YEAR: "this fiscal year",
        Period.TWO_FISCAL_YEARS: "since the start of the last fiscal year",
        Period.EVER: "ever",
    },
}
NAME_MARKS = "〈〉"
"""Around names of thresholds and programs; none may stand within one, or a name could read as a rule."""
_ELEMENTARY, _JUNIOR_HIGH = 6, 9
BIRTH = "birth_date"
"""Ages counted from this fact do not say from what: everybody's age is."""


class _Voice:
    def __init__(self, names: Names, language: Language) -> None:
        self._names = names
        self._language = language
        self._ja = language is Language.JA

    def read(self, node: Node, *, inside: bool = False) -> str:
        if isinstance(node, Not):
            part = self._bracketed(self.read(node.part))
            return f"{part}ではない" if self._ja else f"not {part}"
        if not isinstance(node, All | AnyOf):
            return self.leaf(node)
        kind = type(node)
        parts = [self.read(part, inside=True) for part in node.parts]
        if len(parts) == 1:
            # A group of one is not the condition itself: what is added to it later joins there.
            text = self._say("{}だけ", "only {}").format(parts[0])
        else:
            text = JOINED[kind, self._language].join(parts) if parts else NOTHING[kind, self._language]
        return self._bracketed(text) if inside else text

    def leaf(self, leaf: Leaf) -> str:
        readers: Mapping[type[Leaf], Callable[[Any], str]] = {
            Compare: self._compare,
            OneOf: self._one_of,
            Flag: lambda flag: self._say("{}がある", "{}: yes").format(self._fact(flag.fact)),
            Age: self._age,
            Grade: self._grade,
            Lookup: self._lookup,
            Members: self._members,
            Since: self._since,
            NotGranted: self._not_granted,
        }
        return readers[type(leaf)](leaf)

    def _say(self, ja: str, en: str) -> str:
        return ja if self._ja else en

    def _bracketed(self, text: str) -> str:
        opening, closing = BRACKETS[self._language]
        return opening + text + closing

    def _known(self, code: str) -> Fact | None:
        return self._names.vocabulary.get(code)

    def _fact(self, code: str) -> str:
        fact = self._known(code)
        if fact is None:
            return f"〈{code}〉"
        return fact.ja if self._ja else fact.en

    def _amount(self, number: int, fact: str) -> str:
        known = self._known(fact)
        unit = known.unit if known is not None else ""
        english = {"円": " yen", "人": ""}
        return f"{number:,}{unit if self._ja else english.get(unit, unit)}"

    def _compare(self, leaf: Compare) -> str:
        fact = self._fact(leaf.fact)
        if isinstance(leaf.value, date):
            day = _day(leaf.value) if self._ja else leaf.value.isoformat()
            bound = DAY_BOUND[self._language][leaf.op].format(day)
        elif isinstance(leaf.value, ParameterRef):
            bound = BOUND[self._language][leaf.op].format(f"〈{self._parameter(leaf.value.code)}〉")
        else:
            bound = BOUND[self._language][leaf.op].format(self._amount(leaf.value, leaf.fact))
        return self._say(f"{fact}が{bound}", f"{fact} {bound}")

    def _parameter(self, code: str) -> str:
        found = self._names.parameters.single.get(code)
        return code if found is None else self._say(found.ja, found.en)

    def _one_of(self, leaf: OneOf) -> str:
        fact = self._known(leaf.fact)
        chosen = [(None if fact is None else fact.choice(code)) or code for code in leaf.values]
        words = [each if isinstance(each, str) else self._say(each.ja, each.en) for each in chosen]
        if len(words) == 1:
            return self._say(f"{self._fact(leaf.fact)}が{words[0]}", f"{self._fact(leaf.fact)}: {words[0]}")
        listed = "・".join(words) if self._ja else ", ".join(words)
        return self._say(f"{self._fact(leaf.fact)}が{listed}のどれか", f"{self._fact(leaf.fact)}: one of {listed}")

    def _age(self, leaf: Age) -> str:
        counted = COUNTED[self._language][leaf.counted]
        if leaf.fact != BIRTH:
            counted += self._say(f"・{self._fact(leaf.fact)}から", f", counted from {self._fact(leaf.fact)}")
        return self._say(f"{counted}が{self._years(leaf)}", f"{counted} {self._years(leaf)}")

    def _years(self, leaf: Age) -> str:
        if leaf.low is None:
            return self._say(f"{leaf.high}歳以下", f"{leaf.high} or under")
        if leaf.high is None:
            return self._say(f"{leaf.low}歳以上", f"{leaf.low} or over")
        if leaf.low == leaf.high:
            return self._say(f"{leaf.low}歳", f"{leaf.low}")
        return self._say(f"{leaf.low}歳から{leaf.high}歳", f"{leaf.low} to {leaf.high}")

    def _grade(self, leaf: Grade) -> str:
        of = "" if leaf.fact == BIRTH else self._say(f"({self._fact(leaf.fact)}から)", f" (by {self._fact(leaf.fact)})")
        low, high = (self._school(grade) for grade in (leaf.low, leaf.high))
        years = low if leaf.low == leaf.high else self._say(f"{low}から{high}", f"{low} to {high}")
        return self._say(f"学年{of}が{years}", f"school grade{of} {years}")

    def _school(self, grade: int) -> str:
        if grade <= _ELEMENTARY:
            return self._say(f"小学{grade}年", f"elementary {grade}")
        if grade <= _JUNIOR_HIGH:
            return self._say(f"中学{grade - _ELEMENTARY}年", f"junior high {grade - _ELEMENTARY}")
        return self._say(f"高校{grade - _JUNIOR_HIGH}年の年代", f"senior high age {grade - _JUNIOR_HIGH}")

    def _lookup(self, leaf: Lookup) -> str:
        table = self._names.parameters.tables.get(leaf.table)
        name = leaf.table if table is None else self._say(table.ja, table.en)
        bound = BOUND[self._language][leaf.op].format(f"〈{name}〉")
        by = self._fact(leaf.by)
        return self._say(
            f"{self._fact(leaf.fact)}が、{by}に応じた{bound}", f"{self._fact(leaf.fact)} {bound}, which goes by {by}"
        )

    def _members(self, leaf: Members) -> str:
        whom = [self._say("続柄が子", "children")] if leaf.children else []
        if leaf.being is not None:
            whom.append(self.leaf(leaf.being))
        if leaf.rank is not None:
            among, low = self.leaf(leaf.rank.among), leaf.rank.low
            whom.append(
                self._say(f"{among}の子のうち上から{low}番目以降", f"child no. {low} or later of those with {among}")
            )
        joined = self._say("で", "; ").join(whom)
        described = self._say(f"[{joined}]の人", f"members [{joined}]") if whom else self._say("人", "members")
        count = BOUND[self._language][leaf.op].format(self._say(f"{leaf.count}人", str(leaf.count)))
        return self._say(f"世帯にいる{described}が{count}", f"household has {count} {described}")

    def _since(self, leaf: Since) -> str:
        length = f"{leaf.count:,}{UNITS[self._language][leaf.unit]}"
        fact = self._fact(leaf.fact)
        if leaf.op is Op.AT_MOST:
            return self._say(f"{fact}から{length}以内", f"{fact}: within {length}")
        return self._say(f"{fact}から{length}以上たっている", f"{fact}: {length} ago or more")

    def _not_granted(self, leaf: NotGranted) -> str:
        name = self._names.programs.get(leaf.program)
        program = leaf.program if name is None else f"{name} {leaf.program}"
        within = WITHIN[self._language][leaf.within]
        return self._say(f"{within}〈{program}〉を受けていない", f"not granted 〈{program}〉 {within}")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
