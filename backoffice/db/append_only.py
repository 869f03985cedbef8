"""Which tables are only ever added to? The database itself refuses to change or delete a row of theirs.

For migrations. What a later one needs otherwise gets a function of its own: those that have run stay as they ran.
"""

from alembic.operations import Operations


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
