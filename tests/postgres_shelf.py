"""Where does a test find a migrated PostgreSQL database? On a shelf: whoever has used one puts it back as it was.

Making one copies a thousand files and dropping it removes them: a third of a second, of which a test needed a tenth.
Rows are taken out instead, and a database whose tables are no longer those of the template is dropped all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import psycopg
from psycopg import sql

from tests.postgres import SUPERUSER, Cluster

# The transaction that last wrote it stands beside each part of a table: the same in every copy, until one is altered.
SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT 'class' || oid || ':' || xmin FROM pg_class WHERE oid >= 16384 AND relkind <> 't'
  UNION ALL SELECT 'column' || attrelid || '.' || attnum || ':' || xmin FROM pg_attribute WHERE attrelid >= 16384
  UNION ALL SELECT 'trigger' || oid || ':' || xmin FROM pg_trigger WHERE oid >= 16384
  UNION ALL SELECT 'constraint' || oid || ':' || xmin FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT 'function' || oid || ':' || xmin FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'schema' || oid || ':' || xmin FROM pg_namespace WHERE oid >= 16384
) AS parts (part)"""
TABLES = """
SELECT oid, relnamespace::regnamespace::text, relname FROM pg_class
 WHERE relkind = 'r' AND oid >= 16384 AND relpersistence = 'p' ORDER BY oid"""
# A table into which nobody ever wrote is a file of no length: to ask each of two hundred for a row took 60 ms, not 3.
WRITTEN_TO = """
SELECT oid FROM pg_class
 WHERE relkind = 'r' AND oid >= 16384 AND relpersistence = 'p'
   AND (pg_stat_file(pg_relation_filepath(oid))).size > 0 ORDER BY oid"""
SEND_OTHERS_HOME = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()"""
COUNT_FROM_THE_START = """
SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"""


@dataclass(frozen=True)
class Kept:
    """What every copy of the template has: its shape, its tables, and the rows that migrations put there."""

    shape: str
    tables: dict[int, sql.Identifier]
    """By number: a copy's tables have those of the template."""
    rows: dict[int, bytes]
    """By the table's number."""

    def which_hold_rows(self, written_to: Iterable[int]) -> sql.Composed:
        asked = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        return sql.SQL(" UNION ALL ").join(
            asked.format(sql.Literal(number), self.tables[number]) for number in written_to
        )


@dataclass
class Shelf:
    """The migrated databases of one worker. They go when its cluster goes."""

    cluster: Cluster
    template: str
    names: Iterator[str]
    _idle: list[str] = field(default_factory=list)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Give the address of a database that holds what the template holds, and take it back at the end."""
        name = self._idle.pop() if self._idle else self._made()
        try:
            yield self.cluster.url(name)
        finally:
            if self._is_as_it_was(name):
                self._idle.append(name)
            else:
                self.cluster.drop(name)

    def _made(self) -> str:
        name = next(self.names)
        self.cluster.create(name, template=self.template)
        return name

    @cached_property
    def _kept(self) -> Kept:
        """Read from a copy, since nobody may be connected to the template while it is copied."""
        name = self._made()
        with self._session(name) as session:
            shape = session.execute(SHAPE).fetchone()[0]
            tables = {number: sql.Identifier(*found) for number, *found in session.execute(TABLES)}
            rows = {}
            for number, table in tables.items():
                with session.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as copy:
                    rows[number] = b"".join(copy)
        self._idle.append(name)
        return Kept(shape, tables, {number: content for number, content in rows.items() if content})

    def _is_as_it_was(self, name: str) -> bool:
        """Empty the database of what a test has left in it, and say whether it is worth keeping."""
        kept = self._kept
        with self._session(name) as session:
            session.execute(SEND_OTHERS_HOME)
            if session.execute(SHAPE).fetchone()[0] != kept.shape:
                return False
            # As a replica: no trigger keeps a row from going, no key asks for the order.
            session.execute("SET session_replication_role = replica")
            written_to = [number for (number,) in session.execute(WRITTEN_TO)]
            holding = [number for (number,) in session.execute(kept.which_hold_rows(written_to))]
            for number in holding:
                session.execute(sql.SQL("DELETE FROM {}").format(kept.tables[number]))
            for number, content in kept.rows.items():
                with session.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(kept.tables[number])) as copy:
                    copy.write(content)
            session.execute(COUNT_FROM_THE_START)
        return True

    def _session(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.cluster.port, user=SUPERUSER, dbname=name, autocommit=True)
