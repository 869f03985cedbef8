from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City

FOLDER = ROOT / "docs" / "examples"


@pytest.fixture(scope="module")
def simulator() -> Iterator[ModuleType]:
    """The file as a partner has it, beside the client that it uses."""
    loaded = {}
    for name in ("portal_client", "library_simulator"):
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = loaded[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded[name])
    yield loaded["library_simulator"]
    for name in loaded:
        del sys.modules[name]


@pytest.fixture
def desk(city: City) -> Agreements:
    return Agreements(found_bureau(city))


@pytest.fixture
def desk_on_both(city_on_both: City) -> Agreements:
    return Agreements(found_bureau(city_on_both))
