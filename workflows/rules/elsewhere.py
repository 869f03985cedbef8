"""How is a rule asked of a database? As one expression for all dialects; only the counts come back.

A question comes to a number there: 4 where it decides its group, 2 for want of a consent, 1 for want of a fact, or 0.
A group is the bits of its parts together, of which the highest counts. That is looked up by shifting a constant, so
each part is written once and a query grows no faster than its rule: DuckDB multiplies the parts of nested `LEAST` and
`CASE x WHEN`. What is counted in households is a column that the table brings along.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import or_
from threading import Lock
from typing import TYPE_CHECKING, Any

import ibis
import polars as pl

from workflows.rules.blocks import Verdict
from workflows.rules.facts import CITY_FACTS
from workflows.rules.lowering import (
    Clause,
    Count,
    Description,
    Group,
    Join,
    Lowering,
    Opposite,
    Question,
    Span,
    Within,
    clauses,
)
from workflows.rules.parameters import Parameters
from workflows.rules.population import Population
from workflows.rules.tree import Node
from workflows.rules.vocabulary import FactKind, Vocabulary

if TYPE_CHECKING:
    import duckdb
    import psycopg

Expression = Any
"""What ibis makes; its types tell less than they cost."""

RULES_A_QUERY = 20
"""More make the planners of some databases slower than the rules themselves."""

Cases = list[tuple[Expression, int]]
"""Conditions with what follows from each; the last is for all others."""

_NEUTRAL, _FACT, _CONSENT, _DECISIVE = 0, 1, 2, 4
_SAME = 0x44442210
"""Digit n is what a group comes to whose parts together are n: the highest of them."""
_TURNED = 0x00002214
"""The same, where what decides this group is neutral in the one that it stands in, and the other way round."""
_LARGEST = 2**63 - 1
_FRAMES = 5_000
_ONE_WRITER = Lock()
"""The limit of calls belongs to the whole process."""
_ROWS_A_COPY = 50_000
_SQL_TYPES: Mapping[Any, str] = {pl.Date: "date", pl.String: "text", pl.Boolean: "boolean"}


class Dialect(StrEnum):
    DUCKDB = "duckdb"
    POSTGRESQL = "postgres"
    SPARK = "pyspark"


Ask = Callable[[str], Sequence[Any]]
"""Sends one query and gives its only row."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A table that holds a snapshot, and what has been counted in households."""

    name: str
    schema: Mapping[str, Any]
    """The columns with their types, as polars has them."""
    descriptions: tuple[Description, ...]
    """What columns `members_0_least`, `members_0_greatest`, `members_1_least` … are counts of."""


def counts_on(
    ask: Ask,
    dialect: Dialect,
    table: Laid,
    rules: Sequence[Node],
    parameters: Parameters,
    as_of: date,
    vocabulary: Vocabulary = CITY_FACTS,
) -> tuple[Mapping[Verdict, int], ...]:
    """Count the verdicts of each rule in a database. Raises ParameterTroubleError, UnaskableError."""
    questions = _questions(rules, parameters, as_of, vocabulary)
    found: list[Mapping[Verdict, int]] = []
    for first in range(0, len(questions), RULES_A_QUERY):
        some = questions[first : first + RULES_A_QUERY]
        query = _sql(_counting(some, _Table(table, vocabulary), dialect), dialect)
        row = [int(number or 0) for number in ask(query)]
        found += [dict(zip(Verdict, row[at : at + 4], strict=True)) for at in range(0, len(row), 4)]
    return tuple(found)


def descriptions_in(
    rules: Sequence[Node], parameters: Parameters, as_of: date, vocabulary: Vocabulary = CITY_FACTS
) -> tuple[Description, ...]:
    """Give all that the rules count in households, in the order in which the columns are numbered."""
    questions = _questions(rules, parameters, as_of, vocabulary)
    asked = (clause for question in questions for clause in clauses(question))
    return tuple(dict.fromkeys(clause.description for clause in asked if isinstance(clause, Count)))


def laid_out(
    snapshot: pl.DataFrame, population: Population, rules: Sequence[Node], parameters: Parameters, as_of: date
) -> tuple[pl.DataFrame, tuple[Description, ...]]:
    """Give the columns of a snapshot together with all that the rules count in households."""
    descriptions = descriptions_in(rules, parameters, as_of, population.vocabulary)
    counted: list[pl.Series] = []
    for at, description in enumerate(descriptions):
        counts = population.counts(description)
        for name, column in zip(_names(at), (counts.sure, counts.possible), strict=True):
            counted.append(pl.Series(name, column.values.take(population.household_of), dtype=pl.Int32))
    return snapshot.with_columns(counted), descriptions


def lay_on_duckdb(
    connection: "duckdb.DuckDBPyConnection", name: str, frame: pl.DataFrame, descriptions: tuple[Description, ...]
) -> Laid:
    """Lend a frame to DuckDB under a name, without a copy."""
    connection.register(name, frame.to_arrow())
    return Laid(name, frame.schema, descriptions)


def lay_on_postgresql(
    connection: "psycopg.Connection[Any]", name: str, frame: pl.DataFrame, descriptions: tuple[Description, ...]
) -> Laid:
    """Copy a frame into a table that goes away with the connection."""
    columns = ", ".join(f'"{column}" {_SQL_TYPES.get(kind, "bigint")}' for column, kind in frame.schema.items())
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE "{name}" ({columns})'.encode())
        with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT csv)'.encode()) as copy:
            for some in frame.iter_slices(_ROWS_A_COPY):
                copy.write(some.write_csv(include_header=False))
        cursor.execute(f'ANALYZE "{name}"'.encode())
    return Laid(name, frame.schema, descriptions)


def _sql(expression: Expression, dialect: Dialect) -> str:
    """Write SQL. The writer calls itself some twenty times a level, and a rule may be 64 levels deep."""
    with _ONE_WRITER:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(usual, _FRAMES))
        try:
            return str(ibis.to_sql(expression, dialect=dialect.value, pretty=False))
        finally:
            sys.setrecursionlimit(usual)


def _questions(rules: Sequence[Node], parameters: Parameters, as_of: date, vocabulary: Vocabulary) -> list[Question]:
    lowering = Lowering(vocabulary, parameters, as_of)
    return [lowering.of(rule) for rule in rules]


def _names(description: int) -> tuple[str, str]:
    return f"members_{description}_least", f"members_{description}_greatest"


def _counting(questions: Sequence[Question], table: "_Table", dialect: Dialect) -> Expression:
    answers = {f"r{at}": table.answer(question, _NEUTRAL) for at, question in enumerate(questions)}
    found = table.expression.select(**answers)
    if dialect is Dialect.POSTGRESQL:
        # Else its planner would put the whole answer in the place of each of the four questions to it.
        found = found.limit(_LARGEST)
    in_order = (_NEUTRAL, _DECISIVE, _FACT, _CONSENT)  # of Verdict
    return found.aggregate(
        **{f"{name}_{code}": (found[name] == code).sum() for name in answers for code in in_order},
    )


class _Table:
    """A table to be asked. `true` is the code for true: decisive where any part is enough, neutral where all count."""

    def __init__(self, laid: Laid, vocabulary: Vocabulary) -> None:
        kinds = {name: _KINDS.get(kind, "int64") for name, kind in laid.schema.items()}
        self.expression: Expression = ibis.table(kinds, name=laid.name)
        self._vocabulary = vocabulary
        self._numbers = {description: at for at, description in enumerate(laid.descriptions)}

    def answer(self, question: Question, true: int) -> Expression:
        match question:
            case Group(join, parts):
                inside = _NEUTRAL if join is Join.ALL else _DECISIVE
                if not parts:
                    return ibis.literal(_NEUTRAL if inside == true else _DECISIVE)
                together = reduce(or_, (self.answer(part, inside) for part in parts))
                return (ibis.literal(_SAME if inside == true else _TURNED) >> (together * 4)) & 7
            case Opposite(part):
                return self.answer(part, _DECISIVE - true)
        return self._clause(question, true)

    def _clause(self, clause: Clause, true: int) -> Expression:
        *cases, (_, other) = self._count(clause, true) if isinstance(clause, Count) else self._within(clause, true)
        if clause.gate is not None:
            consents = self.expression["household_consents" if clause.gate.of_whole_household else "consents"]
            cases.insert(0, ((consents & clause.gate.bit) == 0, _CONSENT))
        return ibis.cases(*cases, else_=other) if cases else ibis.literal(other)

    def _count(self, clause: Count, true: int) -> Cases:
        """It is true where the whole interval lies in the span, false where none of it does."""
        least, greatest = (self.expression[name] for name in _names(self._numbers[clause.description]))
        low, high = clause.span.low, clause.span.high
        whole = _from(least, low) & _upto(greatest, high)
        none = ~_from(greatest, low) | ~_upto(least, high)
        return [(whole, true), (none, _DECISIVE - true), (None, _FACT)]

    def _within(self, clause: Within, true: int) -> Cases:
        if clause.column not in self.expression.columns:
            return [(None, _FACT)]
        is_null = self.expression[clause.column].isnull()
        return [(is_null, _FACT), (self._is_within(clause), true), (None, _DECISIVE - true)]

    def _is_within(self, clause: Within) -> Expression:
        column, span = self.expression[clause.column], clause.span
        fact = self._vocabulary.get(clause.column)
        kind = FactKind.DATE if fact is None else fact.kind
        if span.is_empty:
            return _NO
        if kind is FactKind.FLAG:
            return column
        if kind is FactKind.CHOICE and fact is not None:
            low, high = span.low or 0, len(fact.choices) if span.high is None else span.high
            return column.isin([choice.code for choice in fact.choices[low : high + 1]])
        if kind is FactKind.DATE:
            return _is_dated(column, span)
        return _from(column, span.low) & _upto(column, span.high)


_KINDS: Mapping[Any, str] = {pl.Date: "date", pl.String: "string", pl.Boolean: "boolean"}
_YES, _NO = ibis.literal(value=True), ibis.literal(value=False)


def _from(column: Expression, low: int | None) -> Expression:
    """Say whether a number is at least `low`; beyond what databases hold, the answer is plain."""
    if low is None or low < -_LARGEST:
        return _YES
    return column >= low if low <= _LARGEST else _NO


def _upto(column: Expression, high: int | None) -> Expression:
    if high is None or high > _LARGEST:
        return _YES
    return column <= high if high >= -_LARGEST else _NO


def _is_dated(column: Expression, span: Span) -> Expression:
    first, last = 1, date.max.toordinal()
    low, high = span.low, span.high
    if (low is not None and low > last) or (high is not None and high < first):
        return _NO
    after = _YES if low is None or low <= first else column >= date.fromordinal(low)
    before = _YES if high is None or high >= last else column <= date.fromordinal(high)
    return after & before
