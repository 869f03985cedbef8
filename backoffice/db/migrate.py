"""How are the tables brought up to date? Alembic for ours, the durable engine for its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from backoffice.db.engine import open_engine

ROOT = Path(__file__).resolve().parents[2]


def configuration() -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def newest() -> str:
    """Give the revision that the code expects."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def knows(revision: str) -> bool:
    """Say whether the code has a way from `revision` to its own."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(configuration()).walk_revisions())


def upgrade(url: str) -> str:
    """Migrate our tables and give the revision reached."""
    with _migrating(url) as (connection, config):
        command.upgrade(config, "head")
        connection.commit()
        return revision_of(connection)


def draft(url: str, message: str) -> None:
    """Write a new version to migrations/ from the difference between the models and the database."""
    with _migrating(url) as (_, config):
        command.revision(config, message, autogenerate=True, rev_id=f"{int(newest() or 0) + 1:04d}")


def revision_of(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


@contextmanager
def _migrating(url: str) -> Iterator[tuple[Connection, Config]]:
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        # Foreign keys off while tables are rebuilt: SQLite would cascade; migrations/env.py checks them afterwards.
        event.listen(engine, "connect", _no_foreign_keys)
    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        yield connection, config
    engine.dispose()


def _no_foreign_keys(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()
