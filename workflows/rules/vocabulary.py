"""Which facts about a resident may a rule speak of? A closed, governed list; each with its source and its ground.

A fact that is not here cannot be asked. Each names the class of consent that opens it: without that consent (or another
recorded legal ground) the value is masked before any rule is evaluated, so nobody looks at it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

LARGEST = 10**18
"""No number is larger, whether a file, a rule or an example holds it; and none is smaller than its opposite."""


class FactKind(StrEnum):
    DATE = "date"
    NUMBER = "number"
    """Whole numbers: yen or people. Never a fraction, never a float."""
    CHOICE = "choice"
    FLAG = "flag"


class ConsentClass(StrEnum):
    """What a resident consents to at once. A snapshot keeps them as bits, in this order: append, never reorder."""

    CORE = "core"
    HOUSEHOLD = "household"
    TAX = "tax"
    INSURANCE = "insurance"
    WELFARE = "welfare"
    CARE = "care"
    HEALTH = "health"
    SCHOOL = "school"

    @property
    def bit(self) -> int:
        """The bit of this class in the `consents` column of a snapshot."""
        return 1 << tuple(ConsentClass).index(self)


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be known about a resident. `ja` and `en` are its name; `meaning` says what exactly it is."""

    code: str
    kind: FactKind
    ja: str
    en: str
    meaning: str
    source: str
    legal_basis: str
    consent: ConsentClass | None
    """The class of consent that opens it; None where `legal_basis` alone is the recorded ground."""
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    sensitive: bool = False
    neutral_ja: str = ""
    """What a resident reads instead of a sensitive fact."""
    neutral_en: str = ""
    of_whole_household: bool = False
    """Opened only when every member of the household has given the consent (地方税法22条: tax secrecy of each)."""
    least: int | None = None
    """The least that a number can be; None where there is none: an income is negative after losses."""

    def can_be(self, number: int) -> bool:
        """Say whether a register could hold the number of somebody."""
        return (-LARGEST if self.least is None else self.least) <= number <= LARGEST

    def choice(self, code: str) -> Choice | None:
        return next((each for each in self.choices if each.code == code), None)


GRANTED = "granted_"
"""Columns of earlier grants begin so and end with the program's number."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    facts: Mapping[str, Fact]
    grants: Fact | None = None
    """What is known of earlier grants, a column for each program; None where a rule may not ask for them."""

    def get(self, code: str) -> Fact | None:
        return self.facts.get(code)

    def held_in(self, column: str) -> Fact | None:
        """Give the fact that a column of a snapshot holds: the one so called, or what is known of earlier grants."""
        return self.grants if column.startswith(GRANTED) else self.facts.get(column)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())


def vocabulary_of(*facts: Fact, grants: Fact | None = None) -> Vocabulary:
    """Give a vocabulary of `facts`. Raises ValueError when two share a code."""
    by_code = {fact.code: fact for fact in facts}
    if len(by_code) != len(facts):
        raise ValueError("two facts share a code")
    return Vocabulary(by_code, grants)
