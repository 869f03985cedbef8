"""What tests of the web application stand on: a city on SQLite, the same on PostgreSQL, a person at a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from backoffice.composition import make_tables
from tests.backoffice.office import PASSWORD, City, copy_template, make_template, open_city
from tests.backoffice.staff_client import StaffClient
from tests.postgres import Cluster
from tests.postgres_shelf import Shelf


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def quick_hash() -> str:
    """A hash of PASSWORD that is cheap to check: the product's own is slow on purpose."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def city(tmp_path: Path, template: Path, quick_hash: str) -> Iterator[City]:
    with open_city(tmp_path, copy_template(template, tmp_path), quick_hash) as opened:
        yield opened


@pytest.fixture(scope="session")
def shelf(postgres: Cluster, database_names: Iterator[str]) -> Shelf:
    """The same on PostgreSQL: databases that the server copies, and that tests use one after the other."""
    template = next(database_names)
    postgres.create(template)
    make_tables(postgres.url(template))
    return Shelf(postgres, template, database_names)


@pytest.fixture
def city_on_postgres(tmp_path: Path, shelf: Shelf, quick_hash: str) -> Iterator[City]:
    with shelf.lent() as url, open_city(tmp_path, url, quick_hash) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def city_on_both(request: pytest.FixtureRequest) -> City:
    """For what the two databases might do differently: locks, JSON, triggers, order."""
    return request.getfixturevalue("city" if request.param == "sqlite" else "city_on_postgres")


@pytest.fixture
def client(city: City) -> StaffClient:
    return StaffClient(city)
