"""A city of whom so many are registered and consent to one link, with the log of its uses, for benches of the gateway.

The link, its library and one resident come through the services. The others are that resident again, row for row, as
the services leave them: each with a consent to facts, a consent to the link, and claims sealed for them alone, with one
other in their household. Their sealed pseudonyms are one and the same, since nothing that is measured opens one.
Ceilings are set beyond what any agreement may have, so that every call is a release; the rows of the log are of a year,
most of them releases. Foreign keys are not checked while the rows are put in; statistics are counted afterwards.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import BigInteger, ColumnElement, Connection, String, cast, func, insert, literal, select, update

from backoffice.composition import make_tables
from backoffice.consents.models import Consent, ConsentEvent, Registrant
from backoffice.data_links import live
from backoffice.data_links.consenting import REQUEST_LASTS, VALUES
from backoffice.data_links.held import Held
from backoffice.data_links.models import (
    CONSENTING,
    LinkConsent,
    LinkConsentEvent,
    LinkHolding,
    LinkRequest,
    LinkUse,
    LinkVersion,
)
from backoffice.data_links.workflow import RequestState
from backoffice.db import Base, count_statistics
from backoffice.db.tallies import Tally
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.data_links.library import ALL, NAME, Library, found_library
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, City, copy_template, make_template, open_city
from tests.postgres import Holder
from workflows.links import written_terms
from workflows.rules.vocabulary import ConsentClass

DATABASES = ("sqlite", "postgresql")
USES_EACH = 3
"""Rows of the use log for each registrant: 5 million for 1.63 million people."""
ASKED_OF = 2_000
"""So many people have a request open; they lie spread among all."""
BEYOND = 1_000_000_000
AT_ONCE = 20_000
SCATTER = 2_654_435_761
"""An odd number near the golden section of 2³²: multiplying by it scatters what is counted upwards."""
WEEKS = 52
REFUSED_EVERY = 20
ASKED = ALL[:2]


@dataclass(frozen=True)
class LinkedCity:
    library: Library
    people: int
    requests: list[str]
    """References of open requests, of different people."""

    @property
    def city(self) -> City:
        return self.library.city


@contextlib.contextmanager
def linked_city(database: str, people: int) -> Iterator[LinkedCity]:
    """Give the city on SQLite or PostgreSQL; everything is gone afterwards."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with (
        tempfile.TemporaryDirectory() as name,
        _address(database, Path(name)) as url,
        open_city(Path(name), url, quick) as opened,
    ):
        settings = opened.office.settings.model_copy(update={"gateway_calls_a_minute": BEYOND})
        city = replace(opened, office=replace(opened.office, settings=settings))
        library = found_library(Agreements(found_bureau(city)))
        library.consent()
        yield LinkedCity(library, people, fill(library, people))


@contextlib.contextmanager
def _address(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        (folder / "template").mkdir()
        yield copy_template(make_template(folder / "template"), folder)
        return
    holder = Holder()
    try:
        with holder.place.cluster().fresh("bench") as url:
            make_tables(url)
            yield url
    finally:
        holder.release()


def fill(library: Library, people: int) -> list[str]:
    """Register so many more people and let them consent; gives references of open requests of some of them."""
    engine = library.city.office.engine
    with engine.connect() as connection:
        _leave_foreign_keys_unchecked(connection)
        rows = Rows(connection, library, people)
        rows.lift_ceilings()
        rows.register()
        rows.let_consent()
        rows.hold()
        rows.log_uses()
        connection.commit()
        connection.invalidate()  # the next to use it has its foreign keys checked
    count_statistics(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return _ask(library.city, rows)


def _leave_foreign_keys_unchecked(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
    else:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@dataclass
class Rows:
    """The rows of the others, made of those of the one resident."""

    connection: Connection
    library: Library
    people: int
    first: int = 0
    """The number of the first registrant who is put in here."""

    def lift_ceilings(self) -> None:
        terms = replace(LIBRARY, per_minute=BEYOND, per_person_day=BEYOND, per_person_year=BEYOND)
        ours = LinkVersion.id == self.library.version_id
        self.connection.execute(update(LinkVersion).where(ours).values(terms=written_terms(terms)))

    def register(self) -> None:
        number = _numbers(0, self.people)
        self.first = self._last(Registrant) + 1
        self._copy(Registrant, id=self.first + number, mark=_scattered(number, 64))
        self._count_on(Registrant)

    def let_consent(self) -> None:
        """Let everyone consent to the facts behind the link and to the link, each with its event."""
        number = _numbers(0, self.people)
        for consent, event in ((Consent, ConsentEvent), (LinkConsent, LinkConsentEvent)):
            which = self._last(consent) + 1 + number
            self._copy(consent, id=which, reference=_scattered(number, 32), registrant_id=self.first + number)
            self._copy(event, consent_id=which)
            self._count_on(consent)
        consenting = update(Tally).where(Tally.name == CONSENTING)
        self.connection.execute(consenting.values(amount=Tally.amount + self.people))

    def hold(self) -> None:
        """Seal the one resident's claims anew for everyone."""
        cipher, known = self.library.city.office.cipher, self._known(LinkHolding)
        held = Held.opened(cipher, known["registrant_id"], known["sealed"])
        for start in range(0, self.people, AT_ONCE):
            whose = range(self.first + start, self.first + min(start + AT_ONCE, self.people))
            rows = [{**known, "registrant_id": each, "sealed": self._sealed(held, each)} for each in whose]
            self.connection.execute(insert(LinkHolding.__table__), rows)

    def _sealed(self, held: Held, whose: int) -> bytes:
        """Two by two they share a household, and all of it consented."""
        first = self.first + (whose - self.first) // 2 * 2
        other = min(first + 1, self.first + self.people - 1) if whose == first else first
        lived = replace(held, others=(other,), household=frozenset({ConsentClass.CORE}))
        return lived.sealed(self.library.city.office.cipher, whose)

    def log_uses(self) -> None:
        """Write the log of a year, week by week as it grows; one of twenty was refused."""
        consent, now = self._known(LinkConsent), self.library.city.clock.moment
        each_week = self.people * USES_EACH // WEEKS
        use = {
            "link_id": consent["link_id"],
            "version_id": consent["version_id"],
            "client_id": self.library.system.client_id,
            "request_id": None,
            "purpose": "issue_card",
            "asked": list(ASKED),
        }
        for week in range(WEEKS):
            number = _numbers(week * each_week, (week + 1) * each_week)
            for refused in (False, True):
                told = (
                    {"released": [], "outcome": "consent_withdrawn"}
                    if refused
                    else {"released": list(ASKED), "outcome": live.RELEASED}
                )
                at = now - timedelta(weeks=WEEKS - week)
                whose = self.first + _scatter(number) % self.people
                self._insert(
                    LinkUse,
                    use | told | {"at": at},
                    {"registrant_id": whose, "key_hash": _scattered(number, 64)},
                    (number % REFUSED_EVERY == 0) if refused else (number % REFUSED_EVERY != 0),
                )

    def _copy(self, model: type[Base], **computed: ColumnElement[Any]) -> None:
        self._insert(model, self._known(model), computed)

    def _insert(
        self,
        model: type[Base],
        same: dict[str, Any],
        computed: dict[str, ColumnElement[Any]],
        *where: ColumnElement[bool],
    ) -> None:
        columns = model.__table__.c
        told = {name: literal(value, columns[name].type) for name, value in same.items()} | computed
        self.connection.execute(insert(model).from_select(list(told), select(*told.values()).where(*where)))

    def _known(self, model: type[Base]) -> dict[str, Any]:
        """Give the newest row that is there, without its number."""
        table = model.__table__
        row = self.connection.execute(select(table).order_by(table.c.id.desc()).limit(1)).mappings().one()
        return {name: value for name, value in row.items() if name != "id"}

    def _last(self, model: type[Base]) -> int:
        return self.connection.scalar(select(func.max(model.__table__.c.id))) or 0

    def _count_on(self, model: type[Base]) -> None:
        """Let the next row that the services put in get the next number."""
        if self.connection.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
            self.connection.execute(select(func.setval(sequence, self._last(model))))


def _ask(city: City, rows: Rows) -> list[str]:
    """Open requests as the portal does, with a name that only it holds."""
    step = max(1, rows.people // ASKED_OF)
    cipher, references = city.office.cipher, []
    with city.unit() as work:
        link_id = rows.library.desk.version(rows.library.version_id).link_id
        for registrant_id in range(rows.first, rows.first + rows.people, step):
            reference = city.office.services.random_bytes(16).hex()
            sealed = cipher.seal(json.dumps({"full_name": NAME}, ensure_ascii=False).encode(), f"{VALUES}:{reference}")
            request = LinkRequest(
                reference=reference,
                link_id=link_id,
                registrant_id=registrant_id,
                purpose="issue_card",
                state=RequestState.OPEN,
                sealed_values=sealed,
                opened_at=work.now,
                closes_at=work.now + REQUEST_LASTS,
            )
            work.session.add(request)
            references.append(reference)
    return references


def _numbers(begin: int, end: int) -> ColumnElement[int]:
    """The numbers from `begin` up to before `end`, as a column."""
    numbers = select(literal(begin, BigInteger).label("number")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number + 1 < end)).c.number


def _scatter(number: ColumnElement[int]) -> ColumnElement[int]:
    return (number * SCATTER) % 4_294_967_296


def _scattered(number: ColumnElement[int], letters: int) -> ColumnElement[str]:
    """Texts of about so many letters, each another, in no order."""
    return cast(_scatter(number), String).concat("x" * (letters - 10))
