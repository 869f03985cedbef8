"""DuckDB and PostgreSQL count what the fast engine counts, whatever the rule."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from tests.workflows.rules.engine_random import PARAMETERS, frame
from tests.workflows.rules.test_engine_agrees import towns
from tests.workflows.rules.test_engine_policy import CLOSE_OF_2025
from workflows.rules import Verdict, evaluate, read_population
from workflows.rules.elsewhere import Dialect, counts_on, laid_out, lay_on_duckdb, lay_on_postgresql
from workflows.rules.tree import All, AnyOf, Not, OneOf

SOME = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def session(postgres, database_names) -> Iterator[psycopg.Connection]:
    with postgres.fresh(next(database_names)) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        yield connection


def counts_on_duckdb(rules, rows, as_of):
    snapshot = frame(rows)
    with duckdb.connect() as connection:
        laid = lay_on_duckdb(
            connection, "people", *laid_out(snapshot, read_population(snapshot), rules, PARAMETERS, as_of)
        )
        return counts_on(lambda sql: connection.execute(sql).fetchone(), Dialect.DUCKDB, laid, rules, PARAMETERS, as_of)


def counts_on_postgresql(session, rules, rows, as_of):
    snapshot = frame(rows)
    laid = lay_on_postgresql(
        session, "people", *laid_out(snapshot, read_population(snapshot), rules, PARAMETERS, as_of)
    )
    try:
        return counts_on(
            lambda sql: session.execute(sql).fetchone(), Dialect.POSTGRESQL, laid, rules, PARAMETERS, as_of
        )
    finally:
        session.rollback()


@SOME
@given(towns())
def test_duckdb_counts_the_same_verdicts(town):
    as_of, rules, rows = town

    counts = counts_on_duckdb(rules, rows, as_of)

    assert counts == evaluate(rules, read_population(frame(rows)), PARAMETERS, as_of).counts


@SOME
@given(towns())
def test_postgresql_counts_the_same_verdicts(session, town):
    as_of, rules, rows = town

    counts = counts_on_postgresql(session, rules, rows, as_of)

    assert counts == evaluate(rules, read_population(frame(rows)), PARAMETERS, as_of).counts


def test_sixty_levels_make_a_query_that_databases_still_read(session):
    deep = OneOf("ward", ("chuo",))
    for at in range(30):
        deep = AnyOf((All((deep, Not(OneOf("sex", ("male",))))), OneOf("insurance", (("none", "national")[at % 2],))))
    rows = [
        {"pseudonym": name, "household": 1, "ward": ward, "consents": consents, "household_consents": consents}
        for name, ward, consents in (("a", "chuo", 255), ("b", None, 255), ("c", "chuo", 0))
    ]

    expected = [{verdict: {"no_consent": 1, "unknown": 2}.get(verdict.value, 0) for verdict in Verdict}]
    assert list(counts_on_duckdb([deep], rows, CLOSE_OF_2025)) == expected
    assert list(counts_on_postgresql(session, [deep], rows, CLOSE_OF_2025)) == expected
