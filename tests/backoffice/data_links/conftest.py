from __future__ import annotations

import pytest

from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City


@pytest.fixture
def desk(city: City) -> Agreements:
    return Agreements(found_bureau(city))


@pytest.fixture
def desk_on_both(city_on_both: City) -> Agreements:
    return Agreements(found_bureau(city_on_both))
