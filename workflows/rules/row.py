"""What does a rule come to for one person? Read straight from the tree, slowly, sharing nothing with the fast engine.

It exists to check the engines, and is the plainest statement of what the verdicts mean.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from forms import ages
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
from workflows.rules.vocabulary import ConsentClass, Fact, Vocabulary

Value = date | int | str | bool | None
Person = Mapping[str, Value]
"""A row of a snapshot, with its own names."""

_LAST_GRADE = 12


class Truth(StrEnum):
    """Of a leaf or a group; the values are those of the verdicts and none is folded into another."""

    TRUE = "eligible"
    FALSE = "not_eligible"
    MISSING = "unknown"
    MASKED = "no_consent"


@dataclass(frozen=True, slots=True)
class Row:
    """One person, with everybody of the household in the order of the snapshot (the person included)."""

    person: Person
    household: Sequence[Person]
    vocabulary: Vocabulary
    parameters: Parameters
    as_of: date

    def truth(self, node: Node) -> Truth:
        """Give what `node` comes to. Raises ParameterTroubleError."""
        match node:
            case All(parts):
                return _every(map(self.truth, parts))
            case AnyOf(parts):
                return _not(_every(_not(self.truth(part)) for part in parts))
            case Not(part):
                return _not(self.truth(part))
        return self._leaf(node)

    def _leaf(self, leaf: Leaf) -> Truth:
        match leaf:
            case Lookup():
                return self._lookup(leaf)
            case Members():
                return self._members(leaf)
            case NotGranted(program, within):
                return self._not_granted(self.person.get(f"granted_{program}"), within)
        if self._is_masked(leaf.fact):
            return Truth.MASKED
        value = self.person.get(leaf.fact)
        return Truth.MISSING if value is None else _truth(self._holds(leaf, value))

    def _holds(self, leaf: Compare | OneOf | Flag | Age | Grade | Since, value: Value) -> bool:
        match leaf:
            case Compare(_, op, bound):
                known = (
                    self.parameters.value(bound.code, self.as_of).value if isinstance(bound, ParameterRef) else bound
                )
                return _compare(op, value, known)
            case OneOf(_, values):
                return value in values
            case Flag():
                return value is True
            case Since():
                return _since(leaf, _day(value), self.as_of)
        return _is(leaf, _day(value), self.as_of)

    def _is_masked(self, code: str) -> bool:
        fact: Fact = self.vocabulary.facts[code]
        whole = "household_consents" if fact.of_whole_household else "consents"
        return fact.consent is not None and not self._has(whole, fact.consent)

    def _has(self, consents: str, consent: ConsentClass) -> bool:
        bits = self.person[consents]
        return isinstance(bits, int) and bool(bits & consent.bit)

    def _lookup(self, leaf: Lookup) -> Truth:
        if self._is_masked(leaf.fact):
            return Truth.MASKED
        number = self.person.get(leaf.fact)
        key_masked = self._is_masked(leaf.by)
        unsettled = Truth.MASKED if key_masked else Truth.MISSING
        rows = self.parameters.rows(leaf.table, self.as_of).rows
        if number is None:
            return unsettled
        key = None if key_masked else self.person.get(leaf.by)
        if isinstance(key, int):
            nearest = min(max(key, rows[0][0]), rows[-1][0])
            return _truth(_compare(leaf.op, number, dict(rows)[nearest]))
        answers = {_compare(leaf.op, number, bound) for _, bound in rows}
        return _truth(answers.pop()) if len(answers) == 1 else unsettled

    def _not_granted(self, granted: Value, within: Period) -> Truth:
        if not self._has("consents", ConsentClass.CORE):
            return Truth.MASKED
        if granted is None:
            return Truth.MISSING
        day = _day(granted)
        if day == date.min or within is Period.EVER:
            return _truth(day == date.min)
        years = ages.fiscal_year(self.as_of) - ages.fiscal_year(day)
        return _truth(years > (1 if within is Period.TWO_FISCAL_YEARS else 0))

    def _members(self, leaf: Members) -> Truth:
        if not self._has("consents", ConsentClass.HOUSEHOLD):
            return Truth.MASKED
        found = [self._is_described(leaf, at) for at in range(len(self.household))]
        sure, possible = found.count(Truth.TRUE), found.count(Truth.MISSING)
        answers = {_compare(leaf.op, count, leaf.count) for count in range(sure, sure + possible + 1)}
        return _truth(answers.pop()) if len(answers) == 1 else Truth.MISSING

    def _is_described(self, leaf: Members, at: int) -> Truth:
        member = self.household[at]
        conditions = [Truth.TRUE]
        if leaf.children:
            conditions.append(_is_child(member))
        if leaf.being is not None:
            conditions.append(self._is(leaf.being, member))
        if leaf.rank is not None:
            conditions.append(self._is_placed(leaf.rank.low, leaf.rank.among, at))
        return _every(conditions)

    def _is(self, being: Age | Grade, member: Person) -> Truth:
        born = member.get(being.fact)
        return Truth.MISSING if born is None else _truth(_is(being, _day(born), self.as_of))

    def _is_placed(self, low: int, among: Age | Grade, at: int) -> Truth:
        asked = [_every((_is_child(member), self._is(among, member))) for member in self.household]
        undated = any(
            _is_child(member) is not Truth.FALSE and member.get("birth_date") is None for member in self.household
        )
        if asked[at] is Truth.FALSE:
            return Truth.FALSE
        if undated or Truth.MISSING in asked:
            return Truth.MISSING
        return _truth(asked[: at + 1].count(Truth.TRUE) >= low)


def _truth(so: object) -> Truth:
    return Truth.TRUE if so else Truth.FALSE


def _not(truth: Truth) -> Truth:
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(truth, truth)


def _every(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    for decisive in (Truth.FALSE, Truth.MASKED, Truth.MISSING):
        if decisive in found:
            return decisive
    return Truth.TRUE


def _is_child(member: Person) -> Truth:
    relation = member.get("relation")
    return Truth.MISSING if relation is None else _truth(relation == "child")


def _day(value: Value) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no date")
    return value


def _compare(op: Op, value: Value, bound: Value) -> bool:
    if isinstance(value, date) and isinstance(bound, date):
        return _ordered(op, value.toordinal(), bound.toordinal())
    if isinstance(value, int) and isinstance(bound, int):
        return _ordered(op, value, bound)
    raise TypeError(f"{value!r} cannot be compared with {bound!r}")


def _ordered(op: Op, value: int, bound: int) -> bool:
    return {
        Op.AT_LEAST: value >= bound,
        Op.AT_MOST: value <= bound,
        Op.MORE_THAN: value > bound,
        Op.LESS_THAN: value < bound,
        Op.EQUAL: value == bound,
    }[op]


def _is(being: Age | Grade, born: date, as_of: date) -> bool:
    """Whoever is not born on the day has no age and no grade, and none on a day before the birth either."""
    if born > as_of:
        return False
    if isinstance(being, Grade):
        return being.low <= _grade(born, as_of) <= being.high
    age = _age(being.counted, born, as_of)
    return age is not None and (being.low is None or age >= being.low) and (being.high is None or age <= being.high)


def _age(counted: Counted, born: date, as_of: date) -> int | None:
    try:
        return _age_in_calendar(counted, born, as_of)
    except (ValueError, OverflowError):
        # Beyond the calendar's ends: no day before the year 1 has seen a birth; the year 10000 begins where 9999 ends.
        if ages.fiscal_year(as_of) < 1 and counted is Counted.APRIL_FIRST:
            return None
        turned = (born.month, born.day) <= ((4, 1) if counted is Counted.FISCAL_YEAR_END else (1, 1))
        return date.max.year - born.year + turned


def _age_in_calendar(counted: Counted, born: date, as_of: date) -> int | None:
    match counted:
        case Counted.BIRTHDAY:
            return ages.age_by_birthday(born, as_of)
        case Counted.ATTAINED:
            return ages.age_attained(born, as_of)
        case Counted.FISCAL_YEAR_END:
            return ages.age_attained(born, ages.fiscal_year_end(as_of))
        case Counted.APRIL_FIRST:
            first = date(ages.fiscal_year(as_of), ages.APRIL, 1)
            return None if born > first else ages.age_by_birthday(born, first)


def _grade(born: date, as_of: date) -> int:
    """Give the school grade, 0 outside school: also in the three years after compulsory school, 10 to 12."""
    try:
        entry = ages.school_entry(born)
    except ValueError:
        return 0  # enters after the year 9999
    grade = ages.fiscal_year(as_of) - entry.year + 1
    return grade if 1 <= grade <= _LAST_GRADE else 0


def _since(since: Since, day: date, as_of: date) -> bool:
    if day > as_of:
        return False
    start = _back(as_of, since.count, since.unit)
    if start is None:
        return since.op is Op.AT_MOST
    return day >= start if since.op is Op.AT_MOST else day <= start


def _back(day: date, count: int, unit: Unit) -> date | None:
    """Go back; None before the year 1."""
    if unit is Unit.DAYS:
        return day - timedelta(days=count) if count < day.toordinal() else None
    months = day.year * 12 + day.month - 1 - count * (12 if unit is Unit.YEARS else 1)
    year, month = divmod(months, 12)
    if year < 1:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
