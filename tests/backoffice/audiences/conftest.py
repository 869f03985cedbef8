from __future__ import annotations

import pytest

from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.programs.conftest import office, office_on_both
from tests.backoffice.programs.offices import Office

__all__ = ["office", "office_on_both"]


@pytest.fixture
def sending(office: Office) -> Sending:
    return found_sending(office)
