"""What must a rule say of invented people? Examples kept with the rule, and those that its own borders suggest.

An example is judged by the very engine that judges residents. It holds what is known of a person; what it leaves out is
unknown, and of consents all are given unless it says which.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from workflows.rules.blocks import Verdict, evaluate_rows
from workflows.rules.loading import SnapshotError, read_population
from workflows.rules.lowering import BIRTH, Description, Lowering, Span, UnaskableError
from workflows.rules.parameters import Parameters, ParameterTroubleError
from workflows.rules.population import Population
from workflows.rules.reasoning import Assignment, Reasoner, TooHardError, lies_in, reasoner_for
from workflows.rules.tree import Node
from workflows.rules.vocabulary import GRANTED, ConsentClass, FactKind, Vocabulary

Value = date | int | str | bool
Facts = Mapping[str, Value]

MOST_MEMBERS = 12
MOST_SUGGESTED = 40
GROWN_UP = 40
"""Years: whom no rule about children counts."""
EVERY_CONSENT = frozenset(ConsentClass)


class ExampleRefusedError(Exception):
    """An example says something that no resident could be: `code` names the fact, or the part of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Someone:
    """An invented person. `household`: what is known of each other member, their relation and date of birth mostly."""

    facts: Facts
    consents: frozenset[ConsentClass] = EVERY_CONSENT
    household: Sequence[Facts] = field(default_factory=tuple)


@dataclass(frozen=True)
class Suggestion:
    """Somebody on one side of a border, and what the rule says of them today."""

    someone: Someone
    verdict: Verdict
    about: str
    """The column that the border is in; empty for who lacks what the rule asks."""


@dataclass(frozen=True)
class Asked:
    """Somebody, and the day on which the rule is asked of them."""

    someone: Someone
    as_of: date


def verdict_of(rule: Node, someone: Someone, parameters: Parameters, vocabulary: Vocabulary, as_of: date) -> Verdict:
    """Give what a rule says of somebody. Raises ExampleRefusedError, ParameterTroubleError, UnaskableError."""
    population, rows = _settled([someone], vocabulary)
    return _judged(rule, population, rows, parameters, as_of)[0]


def verdicts_of(
    rule: Node, asked: Sequence[Asked], parameters: Parameters, vocabulary: Vocabulary
) -> list[Verdict | None]:
    """Give what a rule says of each of several people on their days.

    None for whoever could be no resident, and on a day when the rule cannot be asked. They are settled together, each
    in a household of their own, and asked day by day.
    """
    if not asked:
        return []
    try:
        population, rows = _settled([each.someone for each in asked], vocabulary)
    except ExampleRefusedError:
        return [_verdict_or_none(rule, each, parameters, vocabulary) for each in asked]
    verdicts: list[Verdict | None] = [None] * len(asked)
    for day in {each.as_of for each in asked}:
        of_day = [place for place, each in enumerate(asked) if each.as_of == day]
        try:
            judged = _judged(rule, population, rows[of_day], parameters, day)
        except (ParameterTroubleError, UnaskableError):
            continue
        for place, verdict in zip(of_day, judged, strict=True):
            verdicts[place] = verdict
    return verdicts


def _verdict_or_none(rule: Node, asked: Asked, parameters: Parameters, vocabulary: Vocabulary) -> Verdict | None:
    try:
        return verdict_of(rule, asked.someone, parameters, vocabulary, asked.as_of)
    except (ExampleRefusedError, ParameterTroubleError, UnaskableError):
        return None


def _settled(people: Sequence[Someone], vocabulary: Vocabulary) -> tuple[Population, npt.NDArray[np.int64]]:
    """Give people as residents, and the row of each. Raises ExampleRefusedError."""
    try:
        population = read_population(_frame(people, vocabulary), vocabulary)
    except (SnapshotError, pl.exceptions.PolarsError, TypeError, OverflowError) as trouble:
        raise ExampleRefusedError(getattr(trouble, "column", "facts")) from trouble
    row_of = {pseudonym: row for row, pseudonym in enumerate(population.pseudonyms)}
    return population, np.array([row_of[_pseudonym(number, 0)] for number in range(len(people))])


def _judged(
    rule: Node, population: Population, rows: npt.NDArray[np.int64], parameters: Parameters, as_of: date
) -> list[Verdict]:
    evaluation = evaluate_rows([rule], population, parameters, as_of, rows)
    planes = {verdict: evaluation.verdict_plane(0, verdict) for verdict in Verdict}
    return [next(verdict for verdict in Verdict if planes[verdict][at]) for at in range(len(rows))]


def border_people(rule: Node, parameters: Parameters, vocabulary: Vocabulary, as_of: date) -> list[tuple[Someone, str]]:
    """Give people on both sides of every border of a rule, each with its column, and two who lack what the rule asks.

    Starts from somebody to whom the rule applies and changes one fact at a time. Gives nothing for a rule that applies
    to nobody. Raises ParameterTroubleError, UnaskableError.
    """
    question = Lowering(vocabulary, parameters, as_of).of(rule)
    reasoner = reasoner_for(question, vocabulary, as_of)
    try:
        applies = reasoner.possible(question, wanted=True)
    except TooHardError:
        return []
    if applies is None:
        return []
    middle = _someone(applies, vocabulary, as_of)
    distinct: dict[str, tuple[Someone, str]] = {}
    for about, assigned in _border_cases(reasoner, applies):
        if len(distinct) >= MOST_SUGGESTED - 2:
            break
        someone = _someone(assigned, vocabulary, as_of)
        distinct.setdefault(repr(written_someone(someone)), (someone, about))
    for lacking in (Someone({}, EVERY_CONSENT), Someone(middle.facts, frozenset(), middle.household)):
        distinct.setdefault(repr(written_someone(lacking)), (lacking, ""))
    return list(distinct.values())


def told_of(people: Sequence[tuple[Someone, str]], verdicts: Sequence[Verdict | None]) -> list[Suggestion]:
    """Put what a rule says beside those on its borders, which it was asked of in their order.

    A border beyond what there is is left out: a day before the calendar, a choice before the first.
    """
    return [
        Suggestion(someone, verdict, about)
        for (someone, about), verdict in zip(people, verdicts, strict=True)
        if verdict is not None
    ]


def written_someone(someone: Someone) -> dict[str, Any]:
    """Write somebody as JSON values, with their `schema`."""
    return {
        "schema": 1,
        "facts": _plain(someone.facts),
        "consents": sorted(someone.consents),
        "household": [_plain(member) for member in someone.household],
    }


def read_someone(value: Mapping[str, Any], vocabulary: Vocabulary) -> Someone:
    """Read somebody from JSON values. Raises ExampleRefusedError, naming the fact."""
    try:
        consents = frozenset(ConsentClass(each) for each in value.get("consents", EVERY_CONSENT))
    except ValueError as reason:
        raise ExampleRefusedError("consents") from reason
    household = tuple(_read_facts(member, vocabulary) for member in value.get("household", ()))
    if len(household) > MOST_MEMBERS:
        raise ExampleRefusedError("household")
    return Someone(_read_facts(value.get("facts", {}), vocabulary), consents, household)


def _border_cases(reasoner: Reasoner, applies: Assignment) -> Iterator[tuple[str, Assignment]]:
    yield "", applies
    for variable, cells in reasoner.cells.items():
        about = variable if isinstance(variable, str) else "household_size"
        for end in cells[1:]:
            for value in (end - 1, end):
                yield about, {**applies, variable: value}


def _someone(assigned: Assignment, vocabulary: Vocabulary, as_of: date) -> Someone:
    """Give somebody with the values found. Where members of the household count, it is a grown-up who heads it."""
    facts: dict[str, Value] = {}
    household: list[Facts] = []
    born = date(max(1, as_of.year - GROWN_UP), 6, 1)
    if any(isinstance(variable, Description) for variable in assigned):
        facts |= {"relation": "head", BIRTH: born}
    for variable, value in assigned.items():
        if isinstance(variable, Description):
            household += _members(variable, max(0, value - _counts_oneself(variable, born)))
            continue
        told = _told(variable, value, vocabulary)
        if told is not None:
            facts[variable] = told
    return Someone(facts, EVERY_CONSENT, tuple(household[:MOST_MEMBERS]))


def _counts_oneself(description: Description, born: date) -> bool:
    """Say whether the grown-up at the head of the household is one of those described."""
    if description.children or description.place is not None:
        return False
    return description.born is None or lies_in(born.toordinal(), description.born.span)


def _members(description: Description, count: int) -> list[Facts]:
    """Give `count` others such as described, each child but the last before the place asked for being an elder one."""
    elders = 0 if description.place is None else description.place.low - 1
    member: dict[str, Value] = {"relation": "child" if description.children or description.place else "other"}
    span = description.born.span if description.born else Span(None, None)
    births = [_day_in(span, number) for number in range(count + elders)] if count else []
    return [{**member, BIRTH: birth} for birth in births if birth is not None]


def _day_in(span: Span, number: int) -> date | None:
    high = span.high if span.high is not None else date(2020, 1, 1).toordinal()
    day = high - number * 30
    low = span.low if span.low is not None else 1
    return date.fromordinal(max(day, low)) if 1 <= max(day, low) <= date.max.toordinal() else None


def _told(column: str, value: int, vocabulary: Vocabulary) -> Value | None:
    fact = vocabulary.get(column)
    kind = FactKind.DATE if fact is None else fact.kind
    if kind is FactKind.DATE:
        return date.fromordinal(value) if 1 <= value <= date.max.toordinal() else None
    if kind is FactKind.FLAG:
        return bool(value)
    if kind is FactKind.CHOICE and fact is not None:
        return fact.choices[value].code if 0 <= value < len(fact.choices) else None
    return value if fact is not None and fact.can_be(value) else None


def _plain(facts: Facts) -> dict[str, Any]:
    return {code: value.isoformat() if isinstance(value, date) else value for code, value in sorted(facts.items())}


def _read_facts(written: Mapping[str, Any], vocabulary: Vocabulary) -> Facts:
    return {code: _read_fact(code, value, vocabulary) for code, value in written.items()}


def _read_fact(code: str, value: object, vocabulary: Vocabulary) -> Value:
    fact = vocabulary.get(code)
    if fact is None and not code.startswith(GRANTED):
        raise ExampleRefusedError(code)
    kind = FactKind.DATE if fact is None else fact.kind
    if kind is FactKind.DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as reason:
            raise ExampleRefusedError(code) from reason
    if kind is FactKind.FLAG and isinstance(value, bool):
        return value
    if fact is not None and kind is FactKind.NUMBER and isinstance(value, int) and not isinstance(value, bool):
        if not fact.can_be(value):
            raise ExampleRefusedError(code)
        return value
    if kind is FactKind.CHOICE and fact is not None and isinstance(value, str) and fact.choice(value) is not None:
        return value
    raise ExampleRefusedError(code)


_IDENTITY: Mapping[str, Any] = {
    "pseudonym": pl.String,
    "household": pl.Int64,
    "consents": pl.UInt16,
    "household_consents": pl.UInt16,
}
_TYPES = {FactKind.DATE: pl.Date, FactKind.NUMBER: pl.Int64, FactKind.CHOICE: pl.String, FactKind.FLAG: pl.Boolean}


def _frame(people: Sequence[Someone], vocabulary: Vocabulary) -> pl.DataFrame:
    """Put people, each with their household, into a snapshot of their own; what is said of nobody is left out."""
    rows = [row for number, someone in enumerate(people) for row in _rows(number, someone)]
    told = {code for row in rows for code in row}
    schema: dict[str, Any] = {fact.code: _TYPES[fact.kind] for fact in vocabulary if fact.code in told | {BIRTH}}
    schema |= {code: pl.Date for code in sorted(told) if code.startswith(GRANTED)}
    frame = pl.DataFrame(rows, schema=dict(_IDENTITY) | schema, strict=True)
    return frame.sort("household", BIRTH, "pseudonym", nulls_last=False)


def _rows(number: int, someone: Someone) -> Iterator[dict[str, Any]]:
    members = [dict(someone.facts), *map(dict, someone.household)]
    members[0].setdefault("household_size", len(members))
    bits = sum(consent.bit for consent in someone.consents)
    for place, member in enumerate(members):
        identity = {"pseudonym": _pseudonym(number, place), "household": number}
        yield identity | {"consents": bits, "household_consents": bits} | member


def _pseudonym(number: int, place: int) -> str:
    return f"{number}-{place}"
