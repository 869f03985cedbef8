"""Which tables are only ever added to? The database itself refuses to change or delete a row of theirs.

`refuse_changes_of` is for migrations. What a later one needs otherwise gets a function of its own: those that have run
stay as they ran.
"""

from alembic.operations import Operations
from sqlalchemy import Connection, Delete, text


def refuse_changes_of(op: Operations, table: str) -> None:
    """Let the database refuse UPDATE, DELETE and TRUNCATE of a table, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table}: rows are never changed'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_stays()"
        )
        op.execute(f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_stays()")
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed'); END"
        )


def delete_retired(connection: Connection, table: str, statement: Delete) -> int:
    """Delete what is kept no longer from such a table, and give how many rows.

    The triggers are out of the way for this one statement; the transaction that takes them away brings them back.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_stays"))
        dropped = connection.execute(statement).rowcount
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_stays"))
        return dropped
    named = {"name": f"{table}_delete"}
    trigger = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    drawn = str(connection.execute(trigger, named).scalar_one())
    connection.execute(text(f"DROP TRIGGER {table}_delete"))
    dropped = connection.execute(statement).rowcount
    connection.exec_driver_sql(drawn)
    return dropped
