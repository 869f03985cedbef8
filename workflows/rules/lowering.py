"""What must be asked of the columns to answer a rule on a day? A tree becomes ranges of columns and their combination.

Ages, grades, times and tables are worked out here, once, so that an engine need know only two questions: does a value
lie in a range, and does a count in the household. Questions are values, so that rules that ask the same share it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.rules.parameters import Parameters
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
from workflows.rules.vocabulary import GRANTED, ConsentClass, Fact, FactKind, Vocabulary

BIRTH = "birth_date"
"""Children are ranked by this date."""
RELATION = "relation"
CHILD = "child"
NEVER = date.min
"""The day of a grant that never was."""

_BITS = {each: each.bit for each in ConsentClass}
_APRIL = 4
_FEBRUARY = 2
_GRADES = (1, 12)


class UnaskableError(Exception):
    """A leaf asks what its fact cannot answer: `leaf` says which. Whoever reads rules refuses these before."""

    def __init__(self, leaf: object, why: str) -> None:
        super().__init__(f"{why}: {leaf}")
        self.leaf = leaf


@dataclass(frozen=True, slots=True)
class Gate:
    """The consent that opens a column: one's own, or that of all who live in the household."""

    bit: int
    of_whole_household: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """The whole numbers from `low` to `high`, both included; None is open. Dates are day numbers (0001-01-01 is 1)."""

    low: int | None
    high: int | None

    @property
    def is_empty(self) -> bool:
        return self.low is not None and self.high is not None and self.low > self.high


EMPTY = Span(1, 0)


@dataclass(frozen=True, slots=True)
class Within:
    """A column's value lies in the span. A choice is the place of its code in the vocabulary, a flag 0 or 1."""

    column: str
    gate: Gate | None
    span: Span


@dataclass(frozen=True, slots=True)
class Born:
    """A member's date lies in the span."""

    column: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """A member is at least the `low`-th among the children so born."""

    low: int
    among: Born


@dataclass(frozen=True, slots=True)
class Description:
    """Whom to count in a household. What it comes to is worked out once a household and kept with the snapshot."""

    children: bool
    born: Born | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Count:
    """So many of one's household are such as described that the number lies in the span."""

    description: Description
    gate: Gate
    span: Span


class Join(StrEnum):
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Group:
    join: Join
    parts: tuple["Question", ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    part: "Question"


Clause = Within | Count
Question = Clause | Group | Opposite


@dataclass(frozen=True, slots=True)
class Lowering:
    """How a tree is lowered for one day. Raises ParameterTroubleError or UnaskableError where it cannot be."""

    vocabulary: Vocabulary
    parameters: Parameters
    as_of: date

    def of(self, node: Node) -> Question:
        """Give the question that `node` puts on the day."""
        match node:
            case All(parts):
                return Group(Join.ALL, tuple(map(self.of, parts)))
            case AnyOf(parts):
                return Group(Join.ANY, tuple(map(self.of, parts)))
            case Not(part):
                return Opposite(self.of(part))
        return self._leaf(node)

    def _leaf(self, leaf: Leaf) -> Question:
        match leaf:
            case Compare():
                return self._compare(leaf)
            case OneOf():
                return self._one_of(leaf)
            case Lookup():
                return self._lookup(leaf)
            case Members():
                return self._members(leaf)
            case NotGranted(program, within):
                before = Span(None, _period_start(within, self.as_of) - 1)
                return Within(GRANTED + program, Gate(ConsentClass.CORE.bit), before)
        return self._plain(leaf)

    def _plain(self, leaf: Flag | Age | Grade | Since) -> Within:
        if isinstance(leaf, Flag):
            return self._within(self._fact(leaf, leaf.fact, FactKind.FLAG), Span(1, 1))
        span = _since(leaf, self.as_of) if isinstance(leaf, Since) else _born(leaf, self.as_of)
        return self._within(self._fact(leaf, leaf.fact, FactKind.DATE), span)

    def _fact(self, leaf: Leaf, code: str, *kinds: FactKind) -> Fact:
        fact = self.vocabulary.get(code)
        if fact is None:
            raise UnaskableError(leaf, f"no fact is called {code}")
        if fact.kind not in kinds:
            raise UnaskableError(leaf, f"{code} is a {fact.kind.value}")
        return fact

    def _within(self, fact: Fact, span: Span) -> Within:
        gate = None if fact.consent is None else Gate(_BITS[fact.consent], fact.of_whole_household)
        return Within(fact.code, gate, EMPTY if span.is_empty else span)

    def _compare(self, leaf: Compare) -> Within:
        fact = self._fact(leaf, leaf.fact, FactKind.NUMBER, FactKind.DATE)
        bound = leaf.value
        if isinstance(bound, ParameterRef):
            bound = self.parameters.value(bound.code, self.as_of).value
        if isinstance(bound, date) != (fact.kind is FactKind.DATE):
            raise UnaskableError(leaf, f"{fact.code} is a {fact.kind.value}")
        return self._within(fact, _against(leaf.op, bound.toordinal() if isinstance(bound, date) else bound))

    def _one_of(self, leaf: OneOf) -> Question:
        fact = self._fact(leaf, leaf.fact, FactKind.CHOICE)
        codes = [choice.code for choice in fact.choices]
        if not set(leaf.values) <= set(codes):
            raise UnaskableError(leaf, f"{fact.code} has no such choice")
        asked = sorted({codes.index(value) for value in leaf.values})
        parts = tuple(self._within(fact, span) for span in _stretches(asked))
        return parts[0] if len(parts) == 1 else Group(Join.ANY, parts)

    def _lookup(self, leaf: Lookup) -> Question:
        """Either every row of the table says yes, whatever the key; or the key's row does.

        The first half answers for those whose key nobody knows. With it, the plain logic of groups gives what is wanted
        for each mixture of missing and masked.
        """
        number, key = self._fact(leaf, leaf.fact, FactKind.NUMBER), self._fact(leaf, leaf.by, FactKind.NUMBER)
        rows = self.parameters.rows(leaf.table, self.as_of).rows
        if not rows:
            raise UnaskableError(leaf, f"table {leaf.table} is empty")
        answers = [self._within(number, _against(leaf.op, bound)) for _, bound in rows]
        keys = [self._within(key, span) for span in _row_keys([number for number, _ in rows])]
        chosen = (Group(Join.ALL, pair) for pair in zip(keys, answers, strict=True))
        return Group(Join.ANY, (Group(Join.ALL, tuple(dict.fromkeys(answers))), *chosen))

    def _members(self, leaf: Members) -> Count:
        if leaf.children or leaf.rank is not None:
            self._refuse_without_children(leaf)
        description = Description(
            leaf.children,
            None if leaf.being is None else self._born(leaf, leaf.being),
            None if leaf.rank is None else Place(leaf.rank.low, self._born(leaf, leaf.rank.among)),
        )
        return Count(description, Gate(ConsentClass.HOUSEHOLD.bit), _against(leaf.op, leaf.count))

    def _refuse_without_children(self, leaf: Members) -> None:
        if self._fact(leaf, RELATION, FactKind.CHOICE).choice(CHILD) is None:
            raise UnaskableError(leaf, f"{RELATION} tells no children")

    def _born(self, leaf: Members, being: Age | Grade) -> Born:
        span = _born(being, self.as_of)
        return Born(self._fact(leaf, being.fact, FactKind.DATE).code, EMPTY if span.is_empty else span)


def clauses(question: Question) -> Iterator[Clause]:
    """Give the clauses of `question` from left to right, repeats included."""
    match question:
        case Group(_, parts):
            for part in parts:
                yield from clauses(part)
        case Opposite(part):
            yield from clauses(part)
        case _:
            yield question


def _against(op: Op, bound: int) -> Span:
    match op:
        case Op.AT_LEAST:
            return Span(bound, None)
        case Op.MORE_THAN:
            return Span(bound + 1, None)
        case Op.AT_MOST:
            return Span(None, bound)
        case Op.LESS_THAN:
            return Span(None, bound - 1)
        case Op.EQUAL:
            return Span(bound, bound)


def _stretches(numbers: list[int]) -> Iterator[Span]:
    """Give rising numbers as spans without holes; no number at all is one empty span."""
    if not numbers:
        yield EMPTY
    while numbers:
        length = next((at for at, number in enumerate(numbers) if number != numbers[0] + at), len(numbers))
        yield Span(numbers[0], numbers[length - 1])
        numbers = numbers[length:]


def _row_keys(keys: list[int]) -> Iterator[Span]:
    last = len(keys) - 1
    for at, key in enumerate(keys):
        yield Span(None if at == 0 else key, None if at == last else key)


# Days are counted beyond the calendar of `datetime` on purpose: the fiscal year of 9999-12-31 ends in the year 10000.
Ymd = tuple[int, int, int]


def _day_number(day: Ymd) -> int:
    """Give the number that `date.toordinal` would, also before the year 1 and after 9999."""
    year, month, number = day
    cycles, within = divmod(year - 1, 400)
    return date(within + 1, month, number).toordinal() + cycles * 146_097


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month_end(year: int, month: int) -> int:
    if month == _FEBRUARY:
        return 29 if _is_leap(year) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _months_before(day: Ymd, months: int) -> Ymd:
    year, month = divmod(day[0] * 12 + day[1] - 1 - months, 12)
    return year, month + 1, min(day[2], _month_end(year, month + 1))


def _next_day(day: date) -> Ymd:
    if day == date.max:
        return day.year + 1, 1, 1
    following = date.fromordinal(day.toordinal() + 1)
    return following.year, following.month, following.day


def _fiscal_year(day: date) -> int:
    return day.year if day.month >= _APRIL else day.year - 1


def _reckoned_on(counted: Counted, as_of: date) -> Ymd:
    """Give the day by whose birthdays an age is counted: who attains on the eve is asked about on the day after."""
    match counted:
        case Counted.BIRTHDAY:
            return as_of.year, as_of.month, as_of.day
        case Counted.ATTAINED:
            return _next_day(as_of)
        case Counted.FISCAL_YEAR_END:
            return _fiscal_year(as_of) + 1, _APRIL, 1
        case Counted.APRIL_FIRST:
            return _fiscal_year(as_of), _APRIL, 1


def _born(being: Age | Grade, as_of: date) -> Span:
    """Give the dates of birth of those who are of the age or in the grade. Nobody is who is not born by the day."""
    if isinstance(being, Grade):
        return _born_for_grade(being, as_of)
    reckoned = _reckoned_on(being.counted, as_of)
    latest = min(as_of.toordinal(), _day_number(reckoned))
    if being.low is not None:
        latest = min(latest, _day_number(_months_before(reckoned, 12 * being.low)))
    earliest = None if being.high is None else _day_number(_months_before(reckoned, 12 * (being.high + 1))) + 1
    return Span(earliest, latest)


def _born_for_grade(grade: Grade, as_of: date) -> Span:
    """A child enters on the first 1 April by which six years are attained: those of 2 April to the next 1 April."""
    low, high = max(grade.low, _GRADES[0]), min(grade.high, _GRADES[1])
    year = _fiscal_year(as_of)
    earliest, latest = _day_number((year - high - 6, _APRIL, 2)), _day_number((year - low - 5, _APRIL, 1))
    return Span(earliest, latest)


def _since(since: Since, as_of: date) -> Span:
    today = as_of.toordinal()
    match since.unit:
        case Unit.DAYS:
            back = today - since.count
        case Unit.MONTHS:
            back = _day_number(_months_before((as_of.year, as_of.month, as_of.day), since.count))
        case Unit.YEARS:
            back = _day_number(_months_before((as_of.year, as_of.month, as_of.day), 12 * since.count))
    if since.op is Op.AT_MOST:
        return Span(back, today)
    if since.op is Op.AT_LEAST:
        return Span(None, min(back, today))
    raise UnaskableError(since, "a time is at least or at most so long")


def _period_start(period: Period, as_of: date) -> int:
    """Give the first day that counts; NEVER lies before it in any period."""
    first = NEVER.toordinal() + 1
    if period is Period.EVER:
        return first
    year = _fiscal_year(as_of) - (period is Period.TWO_FISCAL_YEARS)
    return max(first, _day_number((year, _APRIL, 1)))
