"""How is the database opened, and how does a transaction begin?

On SQLite a writing unit starts with a real BEGIN IMMEDIATE, a reading one with BEGIN: with the driver's own habits
concurrent read-then-write units were refused by the thousand (docs/architecture.md, "One unit of work").
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError
from sqlalchemy.pool import ConnectionPoolEntry

from backoffice.errors import Invalid, Overtaken

BUSY_SECONDS = 30
CONNECTION_SECONDS = 3600
"""A connection to SQLite is opened anew this often: only a new one reads the statistics that were counted since."""
ROWS_TO_LOOK_AT = 1000
UNIQUE_VIOLATION = "23505"
"""PostgreSQL's SQLSTATE."""
UNIQUE = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})

# The text of a database error must not quote the values of its statement: it ends in logs, and they are people's.
_NEVER_QUOTE = {"hide_parameters": True}


def open_engine(url: str) -> Engine:
    """Give the application's engine for `url`; SQLite with WAL, FULL and enforced foreign keys."""
    if url.startswith("sqlite"):
        patient = {"timeout": BUSY_SECONDS}
        engine = create_engine(url, connect_args=patient, pool_size=16, pool_recycle=CONNECTION_SECONDS, **_NEVER_QUOTE)
        event.listen(engine, "connect", _durable_sqlite)
        event.listen(engine, "connect", _own_transactions)
        event.listen(engine, "begin", _begin)
    else:
        engine = create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, **_NEVER_QUOTE)
    event.listen(engine, "handle_error", _refuse_what_no_column_holds)
    event.listen(engine, "handle_error", _refuse_what_stands_already)
    return engine


def open_jobs_engine(url: str) -> Engine:
    """Give an engine for the durable engine alone: sharing the application's pool deadlocked.

    It keeps the driver's own transactions, since it polls: a BEGIN IMMEDIATE a poll would shut out every writer.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=8, **_NEVER_QUOTE)
        event.listen(engine, "connect", _durable_sqlite)
    else:
        engine = create_engine(url, pool_size=5, max_overflow=10, pool_pre_ping=True, **_NEVER_QUOTE)
    event.listen(engine, "handle_error", _refuse_what_no_column_holds)
    return engine


def count_statistics(engine: Engine) -> None:
    """Let SQLite look at its tables, so that it chooses the right index; PostgreSQL does so by itself.

    Without it a list of 5,000 sheets was sorted whole for its first 50: 11.7 ms instead of 1.4.
    """
    if engine.dialect.name == "sqlite":
        with writing(engine).connect() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit={ROWS_TO_LOOK_AT}")
            connection.exec_driver_sql("ANALYZE")
            connection.commit()


def reading(engine: Engine) -> Engine:
    """Give the engine for a unit that only looks: all its statements see one moment, while others go on writing."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(writing=False, isolation_level="REPEATABLE READ")
    return engine.execution_options(writing=False)


def glancing(engine: Engine) -> Engine:
    """Give the engine for a unit of one statement that only looks: PostgreSQL is spared a beginning and an end."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(writing=False, isolation_level="AUTOCOMMIT")
    return reading(engine)


def writing(engine: Engine) -> Engine:
    return engine.execution_options(writing=True)


def _durable_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _own_transactions(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: _begin does.
    connection.isolation_level = None


def _refuse_what_no_column_holds(trouble: ExceptionContext) -> None:
    """Take a number beyond 64 bits, a zero byte or too long a text for what it is: input that cannot be (422)."""
    if isinstance(trouble.original_exception, OverflowError) or isinstance(trouble.sqlalchemy_exception, DataError):
        raise Invalid("この値は扱えません。前の画面に戻ってやり直してください。") from None


def _refuse_what_stands_already(trouble: ExceptionContext) -> None:
    """Two who make the same thing at once, or one who clicks twice: the second is told so (409)."""
    error = trouble.original_exception
    unique = getattr(error, "sqlstate", "") == UNIQUE_VIOLATION or getattr(error, "sqlite_errorname", "") in UNIQUE
    if unique:
        raise Overtaken("同じものが先に登録されました。画面を開き直して確かめてください。") from None


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("writing", True):
        connection.exec_driver_sql("BEGIN")
        return
    with _in_line(connection.engine.url.database):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _in_line(database: str | None) -> Iterator[None]:
    """Let one writing unit at a time, of all processes, knock at SQLite's door; the others stand in line.

    SQLite has whoever finds the door shut look again after a while: beside somebody who writes without a pause a unit
    waited for seconds, and with it a withdrawal. The kernel lets them in one after the other.
    """
    if not database or database == ":memory:":
        yield
        return
    with Path(f"{database}-line").open("a") as line:
        flock(line, LOCK_EX)
        yield
