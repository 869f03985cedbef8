from __future__ import annotations

import pytest

from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import Library, found_library
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City


@pytest.fixture
def library(city: City) -> Library:
    """A link through which something of one person has left."""
    library = found_library(Agreements(found_bureau(city)))
    library.consent()
    library.fetch(library.ask_for_card())
    return library
