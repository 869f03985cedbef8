"""An office for a test: its own database, a clock that stands, staff who say only what the test cares about."""

from __future__ import annotations

import itertools
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Engine, select, update
from sqlalchemy.orm import joinedload

from backoffice.accounts import service as accounts
from backoffice.composition import make_tables, open_office
from backoffice.identity import Actor, Department, Origin, Role, Staff, StaffSession
from backoffice.identity.sessions import actor_for
from backoffice.services import Services
from backoffice.settings import Settings
from backoffice.vault.cipher import make_master_key
from backoffice.work import Office, Work

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Tuesday 令和8年11月24日, noon in Fukuoka."""
PASSWORD = "ame-no-hi-no-kasa"


@dataclass
class Clock:
    """Stands until a test moves it."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass
class City:
    """One test's office with the few people it needs."""

    office: Office
    clock: Clock
    quick_hash: str
    visits: ExitStack
    """Closes what visitors hold open, at the end of the test."""
    events_founded: int = 0
    """So many stood on the trail when the test began: tests/backoffice/founding.py."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def unit(self, actor: Actor | None = None) -> Iterator[Work]:
        with self.office.unit(actor or Actor.house(Origin.DEMONSTRATION)) as work:
            yield work

    @contextmanager
    def look(self, actor: Actor | None = None) -> Iterator[Work]:
        with self.office.look(actor or Actor.house(Origin.DEMONSTRATION)) as work:
            yield work

    def department(self, name: str = "", parent: Department | None = None) -> Department:
        """A 課 right below the city unless the test says otherwise."""
        with self.unit() as work:
            top = parent or work.session.scalars(select(Department).where(Department.depth == 0)).one_or_none()
            top = top or accounts.add_department(work, "福岡市", "市")
            return accounts.add_department(work, name or f"第{next(self._numbers)}課", "課", top)

    def person(
        self, *roles: Role, department: Department | None = None, account: str = "", language: str = "ja"
    ) -> Staff:
        """Someone who holds `roles` in their department since April."""
        department = department or self.department()
        account = account or f"s{next(self._numbers):04d}"
        with self.unit() as work:
            staff = accounts.add_staff(work, account, f"職員 {account}", department, self.quick_hash)
            staff.language = language
            for role in roles:
                accounts.grant_role(work, staff.id, role, department.id, date(2026, 4, 1), None)
            return staff

    def prove_factor(self, staff: Staff) -> None:
        """Let whoever stands on the threshold inside: tests/backoffice/accounts prove factors as people do."""
        with self.unit() as work:
            work.session.execute(
                update(StaffSession).where(StaffSession.staff_id == staff.id).values(factor_at=work.now)
            )

    def actor(self, staff: Staff) -> Actor:
        """The person as they act on a page now."""
        with self.look() as work:
            fresh = work.session.scalars(
                select(Staff).where(Staff.id == staff.id).options(joinedload(Staff.department))
            ).one()
            return actor_for(work.session, fresh, work.now, "127.0.0.1")


@contextmanager
def open_city(folder: Path, url: str, quick_hash: str) -> Iterator[City]:
    clock = Clock()
    settings = Settings(data_dir=folder, database_url=url, demonstration=False)
    services = Services(now=clock)
    make_master_key(settings.master_key_path, shared_key)
    with open_office(settings, services) as office, ExitStack() as visits:
        yield City(replace(office, engine=with_statements_known(office.engine)), clock, quick_hash, visits)


@cache
def shared_key(length: int) -> bytes:
    """Give the same key to all cities of a process: what one has sealed another may begin with."""
    return secrets.token_bytes(length)


DIALECTS: dict[str, Dialect] = {}
STATEMENTS: dict[Any, Any] = {}
"""What has been compiled for one of the dialects: in the office of a process, statements are compiled once, too."""


def with_statements_known(engine: Engine) -> Engine:
    """Give the engine with what the cities of earlier tests have compiled; one dialect, since that is asked for."""
    if engine.dialect.name not in DIALECTS:
        with engine.connect():  # from its first connection a dialect learns what it is asked for later
            DIALECTS[engine.dialect.name] = engine.dialect
    engine.dialect = DIALECTS[engine.dialect.name]
    return engine.execution_options(compiled_cache=STATEMENTS)


def make_template(folder: Path) -> Path:
    """A migrated, empty SQLite database that each test copies."""
    path = folder / "template.db"
    make_tables(f"sqlite:///{path}")
    return path


def copy_template(template: Path, folder: Path) -> str:
    shutil.copyfile(template, folder / "gijo.db")
    return f"sqlite:///{folder / 'gijo.db'}"
