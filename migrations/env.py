"""How do models become tables? Run through `backoffice.db.migrate`, which hands in the connection.

On SQLite a batch migration copies a table and silently drops its triggers and, with foreign keys on, cascades: so
foreign keys are off while migrating and checked afterwards, and the audit tables are never recreated
(docs/architecture.md).
"""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection

from backoffice.composition import all_models
from backoffice.db import Instant


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=all_models(),
        render_as_batch=connection.dialect.name == "sqlite",
        include_name=_ours,
        compare_type=True,
        render_item=_render_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """The durable engine keeps its own tables; on SQLite they stand beside ours."""
    return kind != "table" or name in all_models().tables


def _render_plainly(kind: str, item: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """A migration must not change its meaning when a type of ours does."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'
    return False


run(context.config.attributes["connection"])
