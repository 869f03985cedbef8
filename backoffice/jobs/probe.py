"""Are the durable engine's own tables there?"""

from sqlalchemy import Engine, inspect

from backoffice.jobs.client import SCHEMA

TABLE = "workflow_status"


def has_tables(engine: Engine) -> bool:
    """Say whether the durable engine was set up in this database. Raises OperationalError when it does not answer."""
    schema = None if engine.dialect.name == "sqlite" else SCHEMA
    return inspect(engine).has_table(TABLE, schema=schema)
