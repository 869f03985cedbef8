from __future__ import annotations

import pytest

from tests.backoffice.drawing.drawers import Drawers, found_drawers
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City


@pytest.fixture
def drawers(city: City) -> Drawers:
    return found_drawers(found_bureau(city))


@pytest.fixture
def drawers_on_both(city_on_both: City) -> Drawers:
    return found_drawers(found_bureau(city_on_both))
