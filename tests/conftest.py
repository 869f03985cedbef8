"""What every test stands on: no network, and a PostgreSQL of its own where it asks for one."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.closed_network import ClosedNetwork, close_the_network
from tests.postgres import Cluster, Holder, Place

HOLDER = pytest.StashKey[Holder]()
PLACE = pytest.StashKey[Place]()
NETWORK = pytest.StashKey[ClosedNetwork]()

# Before the engine loads, which settles it then: the tests already run a process a core, and threads that wait for one
# another cost the rules' tests half as much again. That four say the same: tests/workflows/rules/test_threads.py.
os.environ["POLARS_MAX_THREADS"] = "1"

# The same examples every time, so that a change is judged by itself; `--hypothesis-profile=wide` looks for new ones.
# Without a deadline: how long an example takes says how busy the machine is.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("wide", deadline=None)
settings.load_profile("same")


# After the plugins: the one that walks journeys again asks the session's head for its counts by a socket of its own.
@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[NETWORK] = close_the_network()
    lent = getattr(config, "workerinput", None)
    if lent is None:
        config.stash[HOLDER] = Holder()
    config.stash[PLACE] = config.stash[HOLDER].place if lent is None else Place(Path(lent["postgres_place"]))


def pytest_unconfigure(config: pytest.Config) -> None:
    gc.unfreeze()  # what is left at the end some libraries report as lost
    if HOLDER in config.stash:
        config.stash[HOLDER].release()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many workers again as there are cores: tests wait for browsers and databases a quarter of their time."""
    cores = len(os.sched_getaffinity(0))
    return cores + cores // 2


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell each xdist worker where the session's one cluster lies."""
    node.workerinput["postgres_place"] = str(node.config.stash[PLACE].folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys first: begun last, the longest of them would run while the other workers have nothing left.

    One that fails is walked once more, and the report names it: a browser or a killed process on a busy machine may
    miss its moment once. What is broken fails twice.
    """
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)
    for item in items:
        if item.get_closest_marker("journey") is not None:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[object]:
    """Load the tests, which stay to the end: nobody looks through them for garbage, neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Only a journey may leave its process; fixtures of any scope that are made for it may, too."""
    network = item.config.stash[NETWORK]
    network.is_open = item.get_closest_marker("journey") is not None
    try:
        return (yield)
    finally:
        network.is_open = False


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Cluster:
    """The session's PostgreSQL, started by the first test that asks."""
    return request.config.stash[PLACE].cluster()


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """`gw0`, `gw1` … under xdist, `alone` without: names of databases hold it, so that workers never meet."""
    lent = getattr(request.config, "workerinput", {})
    return lent.get("workerid", "alone")


@pytest.fixture(scope="session")
def database_names(worker_name: str) -> Iterator[str]:
    return (f"{worker_name}_{number}" for number in itertools.count(1))


@pytest.fixture
def postgres_url(postgres: Cluster, database_names: Iterator[str]) -> Iterator[str]:
    """The address of an empty database that belongs to this one test."""
    with postgres.fresh(next(database_names)) as url:
        yield url
