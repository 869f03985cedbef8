"""What two people make at the same moment stands once, and the second is told so."""

from __future__ import annotations

import pytest

from backoffice.accounts.second_factor.models import TotpFactor
from backoffice.errors import Overtaken


def test_the_second_of_two_is_told_on_either_database(city_on_both):
    city = city_on_both
    person = city.person()
    with city.unit() as work:
        work.session.add(TotpFactor(staff_id=person.id))

    with pytest.raises(Overtaken, match="同じものが先に登録されました"), city.unit() as work:
        work.session.add(TotpFactor(staff_id=person.id))
