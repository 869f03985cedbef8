"""How is a rule asked of a database? As one expression for all dialects; only the counts come back.

A question comes to a number there: 2 true, -2 false, 0 for want of a fact, and for want of a consent -1 or 1. So
`least` is 「すべて」 and `greatest` is 「いずれか」, and the query grows no faster than the rule. What is counted in
households is a column that the table brings along.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import ibis
import polars as pl

from workflows.rules.blocks import Verdict
from workflows.rules.facts import CITY_FACTS
from workflows.rules.lowering import (
    Clause,
    Count,
    Description,
    Gate,
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

_TRUE, _UNTAINTED, _FALSE = 2, 0, -2
_LARGEST = 2**63 - 1
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
        query = ibis.to_sql(_counting(some, _Table(table, vocabulary)), dialect=dialect.value)
        row = [int(number or 0) for number in ask(str(query))]
        found += [dict(zip(Verdict, row[at : at + 4], strict=True)) for at in range(0, len(row), 4)]
    return tuple(found)


def laid_out(
    snapshot: pl.DataFrame, population: Population, rules: Sequence[Node], parameters: Parameters, as_of: date
) -> tuple[pl.DataFrame, tuple[Description, ...]]:
    """Give the columns of a snapshot together with all that the rules count in households."""
    questions = _questions(rules, parameters, as_of, population.vocabulary)
    asked = (clause for question in questions for clause in clauses(question))
    descriptions = tuple(dict.fromkeys(clause.description for clause in asked if isinstance(clause, Count)))
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


def _questions(rules: Sequence[Node], parameters: Parameters, as_of: date, vocabulary: Vocabulary) -> list[Question]:
    lowering = Lowering(vocabulary, parameters, as_of)
    return [lowering.of(rule) for rule in rules]


def _names(description: int) -> tuple[str, str]:
    return f"members_{description}_least", f"members_{description}_greatest"


def _counting(questions: Sequence[Question], table: "_Table") -> Expression:
    verdicts = {f"r{at}": table.answer(question, 1) for at, question in enumerate(questions)}
    found = table.expression.select(**verdicts)
    # In the order of Verdict.
    values = (_TRUE, _FALSE, _UNTAINTED, 1)
    return found.aggregate(
        **{f"{name}_{at}": (found[name] == value).sum() for name in verdicts for at, value in enumerate(values)}
    )


class _Table:
    """A table to be asked. `sign`, everywhere, is the number that stands for the want of a consent."""

    def __init__(self, laid: Laid, vocabulary: Vocabulary) -> None:
        kinds = {name: _KINDS.get(kind, "int64") for name, kind in laid.schema.items()}
        self.expression: Expression = ibis.table(kinds, name=laid.name)
        self._vocabulary = vocabulary
        self._numbers = {description: at for at, description in enumerate(laid.descriptions)}

    def answer(self, question: Question, sign: int) -> Expression:
        match question:
            case Group(join, parts):
                return self._joined(join, parts, sign)
            case Opposite(part):
                return -self.answer(part, -sign)
        return self._clause(question, sign)

    def _joined(self, join: Join, parts: tuple[Question, ...], sign: int) -> Expression:
        if not parts:
            return _number(_TRUE if join is Join.ALL else _FALSE)
        inside = -1 if join is Join.ALL else 1
        answers = [self.answer(part, inside) for part in parts]
        if len(answers) == 1:
            joined = answers[0]
        else:
            joined = ibis.least(*answers) if join is Join.ALL else ibis.greatest(*answers)
        if inside == sign:
            return joined
        return joined.cases((_FALSE, _FALSE), (inside, sign), (_TRUE, _TRUE), else_=_UNTAINTED)

    def _clause(self, clause: Clause, sign: int) -> Expression:
        cases = list(self._cases(clause))
        if clause.gate is not None:
            cases.insert(0, (self._is_masked(clause.gate), sign))
        *before, (_, last) = cases
        return ibis.cases(*before, else_=last) if before else _number(last)

    def _is_masked(self, gate: Gate) -> Expression:
        consents = self.expression["household_consents" if gate.of_whole_household else "consents"]
        return (consents & gate.bit) == 0

    def _cases(self, clause: Clause) -> Iterator[tuple[Expression, int]]:
        """Give conditions with what follows from each; the last holds for all others."""
        if isinstance(clause, Count):
            least, greatest = (self.expression[name] for name in _names(self._numbers[clause.description]))
            low, high = clause.span.low, clause.span.high
            yield _both(_from(least, low), _upto(greatest, high)), _TRUE
            yield _either(_below(greatest, low), _above(least, high)), _FALSE
            yield None, _UNTAINTED
        elif clause.column in self.expression.columns:
            yield self.expression[clause.column].isnull(), _UNTAINTED
            yield self._is_within(clause), _TRUE
            yield None, _FALSE
        else:
            yield None, _UNTAINTED

    def _is_within(self, clause: Within) -> Expression:
        column, span = self.expression[clause.column], clause.span
        fact = self._vocabulary.get(clause.column)
        kind = FactKind.DATE if fact is None else fact.kind
        if span.is_empty:
            return ibis.literal(value=False)
        if kind is FactKind.FLAG:
            return column
        if kind is FactKind.CHOICE and fact is not None:
            low, high = span.low or 0, len(fact.choices) if span.high is None else span.high
            return column.isin([choice.code for choice in fact.choices[low : high + 1]])
        if kind is FactKind.DATE:
            return _is_dated(column, span)
        return _both(_from(column, span.low), _upto(column, span.high))


_KINDS: Mapping[Any, str] = {pl.Date: "date", pl.String: "string", pl.Boolean: "boolean"}


def _number(value: int) -> Expression:
    return ibis.literal(value)


def _both(one: Expression, other: Expression) -> Expression:
    return one & other


def _either(one: Expression, other: Expression) -> Expression:
    return one | other


def _from(column: Expression, low: int | None) -> Expression:
    """Say whether a number is at least `low`; beyond what databases hold, the answer is plain."""
    if low is None or low < -_LARGEST:
        return ibis.literal(value=True)
    return column >= low if low <= _LARGEST else ibis.literal(value=False)


def _upto(column: Expression, high: int | None) -> Expression:
    if high is None or high > _LARGEST:
        return ibis.literal(value=True)
    return column <= high if high >= -_LARGEST else ibis.literal(value=False)


def _below(column: Expression, low: int | None) -> Expression:
    return ibis.literal(value=False) if low is None else ~_from(column, low)


def _above(column: Expression, high: int | None) -> Expression:
    return ibis.literal(value=False) if high is None else ~_upto(column, high)


def _is_dated(column: Expression, span: Span) -> Expression:
    first, last = 1, date.max.toordinal()
    low, high = span.low, span.high
    if (low is not None and low > last) or (high is not None and high < first):
        return ibis.literal(value=False)
    after = ibis.literal(value=True) if low is None or low <= first else column >= date.fromordinal(low)
    before = ibis.literal(value=True) if high is None or high >= last else column <= date.fromordinal(high)
    return after & before
