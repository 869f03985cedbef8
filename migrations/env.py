"""How do models become tables? Run by `gijo migrate`; new versions are made with `alembic revision --autogenerate`.

On SQLite a batch migration copies a table and silently drops its triggers and, with foreign keys on, cascades: so foreign keys are off
while migrating and checked afterwards, and the audit tables are never recreated (docs/architecture.md).
"""

from alembic import context
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from backoffice.composition import all_models
from backoffice.db.engine import open_engine
from backoffice.settings import Settings


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=all_models(),
        render_as_batch=connection.dialect.name == "sqlite",
        include_name=_ours,
        compare_type=True,
        user_module_prefix="",
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


def _ours(name: str | None, kind: str, parents: object) -> bool:
    """The durable engine keeps its own tables; on SQLite they stand beside ours."""
    return kind != "table" or name in all_models().tables


def _no_foreign_keys(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = open_engine(Settings().database)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _no_foreign_keys)
    with engine.connect() as connection:
        run(connection)
    engine.dispose()


main()
