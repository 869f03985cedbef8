"""Are the tables in the database those that the models speak of, with the triggers that guard the trail?"""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, text

from backoffice.composition import FEATURES, all_models, make_tables
from backoffice.db import Base
from backoffice.db.engine import open_engine
from backoffice.db.migrate import newest, revision_of
from tests.architecture.sources import ROOT

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'audit_event'::regclass",
}
GUARDS = {
    "sqlite": {"audit_event_update", "audit_event_delete"},
    "postgresql": {"audit_event_stays", "audit_event_truncate"},
}


def test_models_and_migrations_describe_the_same_tables(city_on_both):
    with city_on_both.office.engine.connect() as connection:
        compared = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in all_models().tables,
            },
        )

        assert compare_metadata(compared, all_models()) == []


def test_the_database_is_at_the_revision_that_the_code_expects(city_on_both):
    with city_on_both.office.engine.connect() as connection:
        assert revision_of(connection) == newest() != ""


def test_the_triggers_that_guard_the_trail_are_there(city_on_both):
    with city_on_both.office.engine.connect() as connection:
        dialect = connection.dialect.name

        assert set(connection.scalars(text(TRIGGERS[dialect]))) == GUARDS[dialect]


def test_migrating_twice_changes_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'gijo.db'}"

    assert make_tables(url) == make_tables(url) == newest()


@pytest.mark.parametrize("pragma", [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_sqlite_keeps_what_it_was_given_even_when_the_power_fails(city, pragma):
    name, value = pragma

    with city.office.engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {name}")) == value


def test_a_writing_unit_on_sqlite_takes_the_lock_before_it_reads(city):
    begun: list[str] = []
    event.listen(city.office.engine, "before_cursor_execute", lambda *told: begun.append(told[2]))

    with city.unit() as work:
        work.session.scalar(text("SELECT 1"))
    with city.look() as work:
        work.session.scalar(text("SELECT 1"))

    assert begun == ["BEGIN IMMEDIATE", "SELECT 1", "BEGIN", "SELECT 1"]


def test_a_migration_written_by_hand_is_the_newest_only_once():
    versions = sorted(path.stem[:4] for path in (ROOT / "migrations" / "versions").glob("*.py"))

    assert versions == [f"{number:04d}" for number in range(1, len(versions) + 1)]


def test_every_feature_with_models_is_known_to_the_migrations():
    defined = {feature for feature in FEATURES if (ROOT / "backoffice" / feature / "models.py").exists()}
    known = {mapper.class_.__module__.split(".")[1] for mapper in Base.registry.mappers}

    assert defined <= known


def test_another_database_than_sqlite_keeps_its_own_transactions(postgres_url):
    make_tables(postgres_url)
    engine = open_engine(postgres_url)

    with engine.connect() as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
    engine.dispose()
