"""A city whose residents are registered by the hundred thousand, and a run of it that waits to be frozen."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import Date, String, cast, insert, literal, select, text, union_all

from backoffice.composition import make_tables, open_office
from backoffice.consents.models import Consent, ConsentEvent, Registrant, RegistrantChannel
from backoffice.consents.portal import ADDRESS
from backoffice.consents.service import PSEUDONYM, mark_of
from backoffice.consents.workflow import Assurance, Giver, Happened, Way
from backoffice.db import Instant, count_statistics
from backoffice.services import Services
from backoffice.settings import Settings
from backoffice.work import Office, Work
from tests.backoffice.audiences.runs import found_sending
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import NOON, PASSWORD, City, copy_template, make_template, open_city
from tests.backoffice.programs.offices import found_office
from tests.postgres import Holder
from workflows.rules.vocabulary import ConsentClass

ONE_IN = 8
"""Of so many residents one is registered, and the rule hits them all."""
HOLDS = timedelta(days=700)


@dataclass(frozen=True)
class Waiting:
    """A run that waits to be frozen, and where: another process opens it from this."""

    folder: Path
    url: str
    run_id: int

    @contextlib.contextmanager
    def office(self) -> Iterator[Office]:
        settings = Settings(data_dir=self.folder, database_url=self.url, demonstration=False)
        with open_office(settings, Services(now=lambda: NOON)) as office:
            yield office


@contextlib.contextmanager
def city_waiting(residents: int, database: str) -> Iterator[Waiting]:
    """Give a city of so many residents with a run of a program that hits the registered among them."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        url = _database(database, folder, stack)
        with open_city(folder, url, quick) as city:
            sending = found_sending(found_office(found_bureau(city)), residents)
            _register(city, sending.women_over_forty(residents // ONE_IN))
            _count_statistics(city)
            run_id = sending.begin()
        yield Waiting(folder, url, run_id)


def _database(database: str, folder: Path, stack: contextlib.ExitStack) -> str:
    if database == "sqlite":
        (folder / "template").mkdir()
        return copy_template(make_template(folder / "template"), folder)
    holder = Holder()
    stack.callback(holder.release)
    url = stack.enter_context(holder.place.cluster().fresh("bench_freezing"))
    make_tables(url)
    return url


def _register(city: City, names: Sequence[str]) -> None:
    """Register people who were proven with their card, have an address and consented to everything."""
    cipher = city.office.cipher
    with city.unit() as work:
        stamp = {"version": 1}
        people = [
            {
                "mark": mark_of(cipher, name),
                "sealed_pseudonym": cipher.seal(name.encode(), PSEUDONYM),
                "language": "ja",
                "assurance": Assurance.CARD_VERIFIED,
                "proven_by": "counter",
                "proven_at": work.now,
                "registered_at": work.now,
                **stamp,
            }
            for name in names
        ]
        run = work.session.connection().execute
        run(insert(Registrant.__table__), people)
        ids = dict(run(select(Registrant.mark, Registrant.id)).all())
        channels = [
            {
                "registrant_id": ids[person["mark"]],
                "kind": "mail",
                "mark": cipher.mark(f"{name}@mail.example", ADDRESS),
                "sealed_address": cipher.seal(f"{name}@mail.example".encode(), ADDRESS),
                "set_at": work.now,
                **stamp,
            }
            for name, person in zip(names, people, strict=True)
        ]
        run(insert(RegistrantChannel.__table__), channels)
        _consent(work)


def _consent(work: Work) -> None:
    """Let everybody registered consent to everything: the database itself writes the rows."""
    kinds = union_all(*(select(literal(str(kind), String).label("kind")) for kind in ConsentClass)).subquery()
    given = {
        "reference": cast(Registrant.id, String) + "-" + kinds.c.kind,
        "registrant_id": Registrant.id,
        "kind": kinds.c.kind,
        "notice_version": literal(1),
        "notice_sha256": literal("0" * 64),
        "language": literal("ja"),
        "giver": literal(str(Giver.ONESELF)),
        "way": literal(str(Way.PORTAL)),
        "evidence_kind": literal("portal_message"),
        "evidence_sha256": literal("0" * 64),
        "given_at": literal(work.now, Instant()),
        "expires_on": literal(work.today + HOLDS, Date()),
    }
    everybody = select(*given.values()).select_from(Registrant).join(kinds, literal(value=True)).order_by(Registrant.id)
    run = work.session.connection().execute
    run(insert(Consent.__table__).from_select(list(given), everybody))
    happened = {
        "consent_id": Consent.id,
        "kind": literal(str(Happened.GIVEN)),
        "at": literal(work.now, Instant()),
    }
    run(insert(ConsentEvent.__table__).from_select(list(happened), select(*happened.values()).order_by(Consent.id)))


def _count_statistics(city: City) -> None:
    """Let the database look at its tables, as it does by itself in time."""
    engine = city.office.engine
    count_statistics(engine)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
