"""Where does the office come from that most tests begin with? It is founded once a process; others copy its rows."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from tests.backoffice.office import NOON, City

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Founded:
    """What stood in the first city when it was founded."""

    rows: sqlite3.Connection
    """A database in memory."""
    numbers: Iterator[int]
    given: bytes
    """What the founder gave, without its city."""


FOUNDED: dict[Callable[[City], Any], Founded] = {}


class Packing(pickle.Pickler):
    def persistent_id(self, thing: object) -> str | None:
        return "city" if isinstance(thing, City) else None


class Unpacking(pickle.Unpickler):
    def __init__(self, packed: bytes, city: City) -> None:
        super().__init__(BytesIO(packed))
        self._city = city

    def persistent_load(self, _name: str) -> City:
        return self._city


def founded(city: City, found: Callable[[City], Thing]) -> Thing:
    """Give what `found` makes of a city. One in which nothing happened yet gets the rows that another got before it.

    They hold nothing that is sealed with a city's key, and on PostgreSQL everything is done as it would be.
    """
    if city.office.engine.dialect.name != "sqlite" or not is_untouched(city):
        return found(city)
    if found not in FOUNDED:
        given = found(city)
        FOUNDED[found] = Founded(rows_of(city), copy(city._numbers), packed(given))
        return given
    known = FOUNDED[found]
    with connected(city) as rows:
        known.rows.backup(rows)
    city._numbers = copy(known.numbers)
    return Unpacking(known.given, city).load()


def is_untouched(city: City) -> bool:
    """Say whether nothing stands on its trail, on the day on which every city begins."""
    with city.look() as work:
        return city.clock.moment == NOON and work.session.scalars(select(AuditEvent.id).limit(1)).first() is None


def rows_of(city: City) -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:")
    with connected(city) as rows:
        rows.backup(kept)
    return kept


@contextmanager
def connected(city: City) -> Iterator[sqlite3.Connection]:
    connection = city.office.engine.raw_connection()
    try:
        yield connection.driver_connection
    finally:
        connection.close()


def packed(given: object) -> bytes:
    into = BytesIO()
    Packing(into).dump(given)
    return into.getvalue()
