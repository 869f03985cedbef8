"""How do databases count the verdicts of a snapshot, to check the engine of the house?"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from workflows.rules.blocks import Verdict
from workflows.rules.elsewhere import Ask, Dialect, Laid, counts_on, laid_out, lay_on_duckdb, lay_on_postgresql
from workflows.rules.engine_names import Question
from workflows.rules.loading import read_population
from workflows.rules.lowering import Description

if TYPE_CHECKING:
    import psycopg

Counts = tuple[Mapping[Verdict, int], ...]

_TABLE = "residents"


def count_with_duckdb(question: Question, parquet: bytes) -> Counts:
    """Count with a DuckDB in memory. Raises SnapshotError, ParameterTroubleError, UnaskableError."""
    frame, descriptions = _laid_out(question, parquet)
    with duckdb.connect(":memory:") as connection:
        table = lay_on_duckdb(connection, _TABLE, frame, descriptions)

        def ask(query: str) -> Sequence[Any]:
            return connection.execute(query).fetchall()[0]

        return _counts(ask, Dialect.DUCKDB, table, question)


def count_with_postgresql(question: Question, parquet: bytes, connection: "psycopg.Connection[Any]") -> Counts:
    """Count in a table that goes away with `connection`. Raises as the other."""
    frame, descriptions = _laid_out(question, parquet)
    table = lay_on_postgresql(connection, _TABLE, frame, descriptions)

    def ask(query: str) -> Sequence[Any]:
        with connection.cursor() as cursor:
            row: Sequence[Any] = cursor.execute(query.encode()).fetchall()[0]
            return row

    return _counts(ask, Dialect.POSTGRESQL, table, question)


def _laid_out(question: Question, parquet: bytes) -> tuple[pl.DataFrame, tuple[Description, ...]]:
    frame = pl.read_parquet(BytesIO(parquet))
    population = read_population(frame)
    return laid_out(frame, population, question.rules, question.parameters, question.as_of)


def _counts(ask: Ask, dialect: Dialect, table: Laid, question: Question) -> Counts:
    return counts_on(ask, dialect, table, question.rules, question.parameters, question.as_of)
