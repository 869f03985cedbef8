"""How is one condition written, and what may stand in it? A table of settings for each kind of leaf."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from workflows.rules import findings as says
from workflows.rules.findings import Path, RuleRefused, Sentence
from workflows.rules.tree import (
    Age,
    Compare,
    Counted,
    Flag,
    Grade,
    Leaf,
    Lookup,
    Members,
    NotGranted,
    OneOf,
    Op,
    ParameterRef,
    Period,
    Rank,
    Since,
    Unit,
)
from workflows.rules.vocabulary import LARGEST, Fact, FactKind, Vocabulary

OLDEST = 150
LAST_GRADE = 12
MOST_MEMBERS = 100
LONGEST = 40_000
"""Days, months or years back: a hundred years in days, and some."""
LONGEST_CODE = 80

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class LeafReader:
    """Reads the content of one leaf. Every method raises RuleRefused with the place."""

    vocabulary: Vocabulary

    def read(self, kind: str, content: object, path: Path) -> Leaf:
        readers: Mapping[str, Callable[[_Settings], Leaf]] = {
            "compare": self._compare,
            "one_of": self._one_of,
            "flag": lambda given: Flag(self._fact(given, "fact", FactKind.FLAG).code),
            "age": self._age,
            "grade": self._grade,
            "lookup": self._lookup,
            "members": self._members,
            "since": self._since,
            "not_granted": lambda given: NotGranted(given.code("program"), given.word("within", Period)),
        }
        reader = readers.get(kind)
        if reader is None:
            raise _refused(says.UNKNOWN_KIND, path, kind=kind[:LONGEST_CODE])
        given = _Settings.of(content, path)
        leaf = reader(given)
        given.nothing_else()
        return leaf

    def _fact(self, given: "_Settings", name: str, *kinds: FactKind) -> Fact:
        code = given.code(name)
        fact = self.vocabulary.get(code)
        if fact is None:
            raise _refused(says.UNKNOWN_FACT, given.path, fact=code)
        if fact.kind not in kinds:
            raise _refused(says.FACT_UNFIT, given.path, fact=fact.ja)
        return fact

    def _compare(self, given: "_Settings") -> Compare:
        fact = self._fact(given, "fact", FactKind.NUMBER, FactKind.DATE)
        op = given.word("op", Op)
        if given.has("parameter"):
            if fact.kind is FactKind.DATE:
                raise _refused(says.FACT_UNFIT, given.path, fact=fact.ja)
            return Compare(fact.code, op, ParameterRef(given.code("parameter")))
        if fact.kind is FactKind.DATE:
            return Compare(fact.code, op, given.day("value"))
        return Compare(fact.code, op, given.number("value", -LARGEST, LARGEST))

    def _one_of(self, given: "_Settings") -> OneOf:
        fact = self._fact(given, "fact", FactKind.CHOICE)
        codes = given.codes("values")
        for code in codes:
            if fact.choice(code) is None:
                raise _refused(says.UNKNOWN_CHOICE, given.path, fact=fact.ja, choice=code)
        return OneOf(fact.code, codes)

    def _age(self, given: "_Settings") -> Age:
        fact = self._fact(given, "fact", FactKind.DATE)
        low, high = given.number_or_none("from", 0, OLDEST), given.number_or_none("to", 0, OLDEST)
        if low is None and high is None:
            raise _refused(says.NO_BOUND, given.path)
        if low is not None and high is not None and low > high:
            raise _refused(says.WRONG_WAY_ROUND, given.path)
        return Age(fact.code, given.word("counted", Counted), low, high)

    def _grade(self, given: "_Settings") -> Grade:
        fact = self._fact(given, "fact", FactKind.DATE)
        low, high = given.number("from", 1, LAST_GRADE), given.number("to", 1, LAST_GRADE)
        if low > high:
            raise _refused(says.WRONG_WAY_ROUND, given.path)
        return Grade(fact.code, low, high)

    def _lookup(self, given: "_Settings") -> Lookup:
        fact, by = self._fact(given, "fact", FactKind.NUMBER), self._fact(given, "by", FactKind.NUMBER)
        return Lookup(fact.code, given.word("op", Op), given.code("table"), by.code)

    def _members(self, given: "_Settings") -> Members:
        being = self._birth(given.inner("being"))
        rank = given.inner("rank")
        ranked = None
        if rank is not None:
            among = self._birth(rank.inner("among"))
            if among is None:
                raise _refused(says.SETTING_MISSING, given.path, name="among")
            ranked = Rank(rank.number("from", 1, MOST_MEMBERS), among)
            rank.nothing_else()
        op, count = given.word("op", Op), given.number("count", 0, MOST_MEMBERS)
        return Members(given.yes_or_no("children"), being, ranked, op, count)

    def _birth(self, given: "_Settings | None") -> Age | Grade | None:
        if given is None:
            return None
        leaf = self.read(*given.only(), given.path)
        if not isinstance(leaf, Age | Grade):
            raise _refused(says.SETTING_WRONG, given.path, name="being")
        return leaf

    def _since(self, given: "_Settings") -> Since:
        fact = self._fact(given, "fact", FactKind.DATE)
        op = given.word("op", Op)
        if op not in (Op.AT_LEAST, Op.AT_MOST):
            raise _refused(says.SETTING_WRONG, given.path, name="op")
        return Since(fact.code, op, given.number("count", 0, LONGEST), given.word("unit", Unit))


class _Settings:
    """The settings of a leaf, taken out one by one; what is left at the end is refused."""

    def __init__(self, given: dict[str, object], path: Path) -> None:
        self._given = given
        self.path = path

    @classmethod
    def of(cls, content: object, path: Path) -> "_Settings":
        if not isinstance(content, dict):
            raise _refused(says.NOT_A_RULE, path)
        return cls(dict(content), path)

    def has(self, name: str) -> bool:
        return name in self._given

    def nothing_else(self) -> None:
        for name in self._given:
            raise _refused(says.UNKNOWN_SETTING, self.path, name=str(name)[:LONGEST_CODE])

    def _take(self, name: str) -> object:
        if name not in self._given:
            raise _refused(says.SETTING_MISSING, self.path, name=name)
        return self._given.pop(name)

    def _wrong(self, name: str) -> RuleRefused:
        return _refused(says.SETTING_WRONG, self.path, name=name)

    def code(self, name: str) -> str:
        value = self._take(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_CODE:
            raise self._wrong(name)
        return value

    def codes(self, name: str) -> tuple[str, ...]:
        value = self._take(name)
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise self._wrong(name)
        return tuple(sorted({str(each)[:LONGEST_CODE] for each in value}))

    def number(self, name: str, least: int, most: int) -> int:
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name)
        if not least <= value <= most:
            raise _refused(says.NUMBER_TOO_LARGE, self.path) if value > most else self._wrong(name)
        return value

    def number_or_none(self, name: str, least: int, most: int) -> int | None:
        if self._given.get(name) is None:
            self._given.pop(name, None)
            return None
        return self.number(name, least, most)

    def day(self, name: str) -> date:
        value = self._take(name)
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError as reason:
            raise self._wrong(name) from reason

    def word(self, name: str, words: type[Word]) -> Word:
        value = self._take(name)
        try:
            return words(str(value))
        except ValueError as reason:
            raise self._wrong(name) from reason

    def yes_or_no(self, name: str) -> bool:
        value = self._take(name)
        if not isinstance(value, bool):
            raise self._wrong(name)
        return value

    def inner(self, name: str) -> "_Settings | None":
        value = self._given.pop(name, None)
        return None if value is None else _Settings.of(value, self.path)

    def only(self) -> tuple[str, object]:
        if len(self._given) != 1:
            raise _refused(says.NOT_A_RULE, self.path)
        return next(iter(self._given.items()))


def _refused(sentence: Sentence, path: Path, **params: object) -> RuleRefused:
    return RuleRefused([sentence.at(path, **params)])
