"""How is a database copied while people work, and put in another's place while nobody does?"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import URL, make_url

from backoffice.settings import Settings

POSTGRESQL_FOLDERS = Path("/usr/lib/postgresql")
SCHEMAS = ("public", "dbos")
EMPTY_SCHEMAS = "; ".join((*(f'DROP SCHEMA IF EXISTS "{name}" CASCADE' for name in SCHEMAS), 'CREATE SCHEMA "public"'))


class DatabaseTroubleError(Exception):
    """The database or its own programs refused; the message says what they said."""


class Database(Protocol):
    dialect: str
    member: str
    """Its copy's name in an archive."""

    def copy_to(self, file: Path) -> None:
        """Write a consistent copy to `file`, which must not exist. Raises DatabaseTroubleError."""

    def is_there(self) -> bool:
        """Say whether it holds tables already."""

    def is_in_use(self) -> bool:
        """Say whether another process has it open."""

    def replace_by(self, copy: Path, aside: str) -> None:
        """Put a copy in its place, all or nothing. Raises DatabaseTroubleError."""


def database_of(settings: Settings) -> Database:
    url = make_url(settings.database)
    return Sqlite(Path(url.database or "")) if url.get_backend_name() == "sqlite" else Postgres(url)


class Sqlite:
    dialect = "sqlite"
    member = "database.sqlite"

    def __init__(self, file: Path) -> None:
        self._file = file

    def copy_to(self, file: Path) -> None:
        # One reading transaction of SQLite's own: writers go on meanwhile, and the copy is as of one moment.
        try:
            with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as connection:
                connection.execute("VACUUM INTO ?", (str(file),))
        except sqlite3.Error as trouble:
            raise DatabaseTroubleError(str(trouble)) from trouble

    def is_there(self) -> bool:
        return self._file.exists()

    def is_in_use(self) -> bool:
        """Leaving the WAL needs the database for oneself: whoever else has it open makes SQLite refuse that."""
        if not self._file.exists():
            return False
        with closing(sqlite3.connect(self._file, timeout=0)) as connection:
            try:
                connection.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError:
                return True
            except sqlite3.DatabaseError:
                return False  # broken beyond reading: that is why it is replaced
            connection.execute("PRAGMA journal_mode=WAL")
        return False

    def replace_by(self, copy: Path, aside: str) -> None:
        for tail in ("", "-wal", "-shm"):
            old = self._file.with_name(self._file.name + tail)
            if old.exists():
                old.rename(old.with_name(f"{self._file.name}{aside}{tail}"))
        copy.rename(self._file)
        sync_folder(self._file.parent)


class Postgres:
    dialect = "postgresql"
    member = "database.pgdump"

    def __init__(self, url: URL) -> None:
        self._url = url

    def copy_to(self, file: Path) -> None:
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
        with file.open("rb") as written:
            os.fsync(written.fileno())

    def is_there(self) -> bool:
        return self._count("SELECT count(*) FROM pg_tables WHERE schemaname = ANY(%s)", list(SCHEMAS)) > 0

    def is_in_use(self) -> bool:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        others += " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        return self._count(others) > 0

    def replace_by(self, copy: Path, aside: str) -> None:  # noqa: ARG002 -- one transaction keeps the old one until the new one stands
        with tempfile.TemporaryDirectory(prefix="gijo-restore-", dir=copy.parent) as folder:
            script = Path(folder) / "database.sql"
            self._run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(copy), connected=False)
            once = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc")
            self._run("psql", *once, f"--command={EMPTY_SCHEMAS}", f"--file={script}")

    def _count(self, statement: str, *values: object) -> int:
        try:
            with psycopg.connect(
                self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            ) as session:
                row = session.execute(statement, values).fetchone()
        except psycopg.Error as trouble:
            raise DatabaseTroubleError(str(trouble)) from trouble
        return int(row[0]) if row else 0

    def _run(self, program: str, *words: str, connected: bool = True) -> None:
        """Run one of PostgreSQL's programs. Its password goes by the environment, which no list of processes shows."""
        name = f"--dbname={self._url.set(drivername='postgresql', password=None).render_as_string()}"
        ended = subprocess.run(  # noqa: S603 -- PostgreSQL's own programs, our own words, no shell
            [find_program(program), *((name,) if connected else ()), *words],
            env={**os.environ, "PGPASSWORD": self._url.password or ""},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise DatabaseTroubleError(f"{program}: {ended.stderr.strip()[:500]}")


def find_program(name: str) -> str:
    """Find one of PostgreSQL's programs, the newest there is. Raises DatabaseTroubleError where there is none."""
    versions = sorted(POSTGRESQL_FOLDERS.glob(f"*/bin/{name}"), key=lambda found: float(found.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise DatabaseTroubleError(f"{name} がありません / {name} is missing: apt-get install postgresql-client")
    return found


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk, so that a rename survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
