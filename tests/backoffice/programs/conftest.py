from __future__ import annotations

import pytest

from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City
from tests.backoffice.programs.offices import Office, found_office


@pytest.fixture
def office(city: City) -> Office:
    return found_office(found_bureau(city))


@pytest.fixture
def office_on_both(city_on_both: City) -> Office:
    return found_office(found_bureau(city_on_both))
