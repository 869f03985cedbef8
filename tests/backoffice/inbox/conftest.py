from __future__ import annotations

import pytest

from tests.backoffice.inbox.cases import Bureau, found_bureau
from tests.backoffice.office import City


@pytest.fixture
def bureau(city: City) -> Bureau:
    return found_bureau(city)


@pytest.fixture
def bureau_on_both(city_on_both: City) -> Bureau:
    return found_bureau(city_on_both)
