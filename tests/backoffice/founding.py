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

from joserfc.jwk import ECKey
from sqlalchemy import func, select
from starlette.testclient import TestClient

from backoffice.audit.models import AuditEvent
from tests.backoffice.clients.machines import gateway
from tests.backoffice.office import NOON, City

Start = TypeVar("Start")
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Founded:
    """What stood in the first city when it was founded."""

    rows: sqlite3.Connection
    """A database in memory."""
    files: dict[str, bytes]
    """What lies in the vault, sealed with the key that all cities of a process share."""
    numbers: Iterator[int]
    given: bytes
    """What the founder gave, without its city and the gateway to it."""


FOUNDED: dict[Callable[[Any], Any], Founded] = {}


class Packing(pickle.Pickler):
    def persistent_id(self, thing: object) -> str | None:
        if isinstance(thing, TestClient):
            return "gateway"
        return "city" if isinstance(thing, City) else None

    def reducer_override(self, thing: object) -> Any:
        return (ECKey.import_key, (thing.as_pem(private=True),)) if isinstance(thing, ECKey) else NotImplemented


class Unpacking(pickle.Unpickler):
    def __init__(self, packed: bytes, city: City) -> None:
        super().__init__(BytesIO(packed))
        self._city = city
        self._gateway: TestClient | None = None

    def persistent_load(self, name: str) -> City | TestClient:
        if name == "city":
            return self._city
        self._gateway = self._gateway or gateway(self._city)
        return self._gateway


def founded(city: City, found: Callable[[Start], Thing], start: Start) -> Thing:
    """Give what `found` makes of `start`: the city itself, or what another founder has made of it.

    A city in which nothing else happened yet gets the rows that another got before it. On PostgreSQL everything is done
    as it would be.
    """
    if city.office.engine.dialect.name != "sqlite" or not is_untouched(city):
        return found(start)
    if found not in FOUNDED:
        given = found(start)
        FOUNDED[found] = Founded(rows_of(city), files_of(city), copy(city._numbers), packed(given))
    else:
        known = FOUNDED[found]
        with connected(city) as rows:
            known.rows.backup(rows)
        put_files(city, known.files)
        city._numbers = copy(known.numbers)
        given = Unpacking(known.given, city).load()
    city.events_founded = events_of(city)
    return given


def is_untouched(city: City) -> bool:
    """Say whether nothing stands on its trail beyond what was founded, on the day on which every city begins."""
    return city.clock.moment == NOON and events_of(city) == city.events_founded


def events_of(city: City) -> int:
    with city.look() as work:
        return work.session.scalars(select(func.count(AuditEvent.id))).one()


def files_of(city: City) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in city.office.settings.blobs_path.glob("*")}


def put_files(city: City, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = city.office.settings.blobs_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


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
