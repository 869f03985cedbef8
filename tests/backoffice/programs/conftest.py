from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City, copy_template, open_city
from tests.backoffice.programs.offices import Office, found_office


@pytest.fixture
def office(city: City) -> Office:
    return found_office(found_bureau(city))


@pytest.fixture
def office_on_both(city_on_both: City) -> Office:
    return found_office(found_bureau(city_on_both))


@pytest.fixture
def another_office(tmp_path_factory, template, quick_hash) -> Iterator[Office]:
    """A second city, for what must look the same in both."""
    folder = tmp_path_factory.mktemp("another")
    with open_city(folder, copy_template(template, folder), quick_hash) as city:
        yield found_office(found_bureau(city))
