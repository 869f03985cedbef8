"""What is a rule? A closed tree: groups of conditions down to leaves that each ask one thing of one fact.

The tree is the only form in which a rule is kept; every reading (counts, sentences, the list of facts, an engine's
expression) is made from it. Nodes are values: equal conditions are equal, which lets an evaluation ask each distinct
one once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Op(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUAL = "equal"


class Counted(StrEnum):
    """When a year of age is complete. The choice must be made: each gives other people at the border."""

    BIRTHDAY = "birthday"
    """誕生日: on the birthday, as people say it."""
    ATTAINED = "attained"
    """達する日: on the day before the birthday (年齢計算ニ関スル法律, 民法143条)."""
    FISCAL_YEAR_END = "fiscal_year_end"
    """年度末年齢: the age attained by 31 March of the fiscal year of the day of evaluation."""
    APRIL_FIRST = "april_first"
    """4月1日現在: the age by birthday on 1 April of the fiscal year of the day of evaluation."""


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


class Period(StrEnum):
    """Within which time an earlier grant counts."""

    FISCAL_YEAR = "fiscal_year"
    """From 1 April of the fiscal year of the day of evaluation."""
    TWO_FISCAL_YEARS = "two_fiscal_years"
    """From 1 April of the fiscal year before it."""
    EVER = "ever"


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A threshold that is kept, with its legal reference and its dates, outside the rule."""

    code: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A number, or a date, against a bound."""

    fact: str
    op: Op
    value: "int | date | ParameterRef"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice among `values` (codes, sorted, at least one)."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no fact that is yes."""

    fact: str


@dataclass(frozen=True, slots=True)
class Age:
    """The age by `fact` (a date of birth) lies between `low` and `high`, both included; None is open."""

    fact: str
    counted: Counted
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Grade:
    """The school grade on the day: 1-6 elementary, 7-9 junior high, 10-12 the three years after; both ends included."""

    fact: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Lookup:
    """A number against the bound that `table` gives for another number (an income limit by size of household)."""

    fact: str
    op: Op
    table: str
    by: str


@dataclass(frozen=True, slots=True)
class Rank:
    """Being the `low`-th or later, by birth, of the household's children of whom `among` is true."""

    low: int
    among: "Age | Grade"


@dataclass(frozen=True, slots=True)
class Members:
    """How many members of one's household (oneself included) are such as described.

    `children` asks only for members who stand in the household as a child; `being` for their age or grade; `rank` for
    their place among the children. Members whose date of birth is not known make the count open.
    """

    children: bool
    being: "Age | Grade | None"
    rank: Rank | None
    op: Op
    count: int


@dataclass(frozen=True, slots=True)
class Since:
    """The time from `fact` (a date) to the day of evaluation. A date in the future is neither within nor at least.

    `AT_MOST` 3 months: the date lies no more than three months back. `AT_LEAST` 1 year: one year has passed.
    Months and years go to the same day, or to the last day of the month where there is none.
    """

    fact: str
    op: Op
    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class NotGranted:
    """The resident has not been granted `program` (its number) within the period."""

    program: str
    within: Period


Leaf = Compare | OneOf | Flag | Age | Grade | Lookup | Members | Since | NotGranted
Node = All | AnyOf | Not | Leaf

MAX_LEAVES = 400
"""A rule of 200 conditions is the largest anybody named; twice that is surely a mistake."""
MAX_DEPTH = 64


def leaves(node: Node) -> Iterator[Leaf]:
    """Give the leaves of `node`, in the order in which they are written, repeats included."""
    if isinstance(node, All | AnyOf):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node


def depth(node: Node) -> int:
    if isinstance(node, All | AnyOf):
        return 1 + max((depth(part) for part in node.parts), default=0)
    return 1 + depth(node.part) if isinstance(node, Not) else 1


def normalised(node: Node) -> Node:
    """Give the same rule in one spelling.

    Groups in groups of their kind are flattened, single parts lifted, repeats and double negations dropped. The order
    of parts stays: it is how the author thinks.
    """
    if isinstance(node, Not):
        part = normalised(node.part)
        return part.part if isinstance(part, Not) else Not(part)
    if not isinstance(node, All | AnyOf):
        return node
    kind = type(node)
    flat: dict[Node, None] = {}
    for each in map(normalised, node.parts):
        flat.update(dict.fromkeys(each.parts if isinstance(each, kind) else (each,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))
