"""Are all components on show for whoever builds a page, and only in a demonstration?"""

from __future__ import annotations

import re
from dataclasses import replace

from jinja2.runtime import Macro

from backoffice.identity import Role
from backoffice.web.rendering import make_environment
from tests.backoffice.staff_client import StaffClient


def demonstration(city) -> StaffClient:
    settings = city.office.settings.model_copy(update={"demonstration": True})
    city.office = replace(city.office, settings=settings)
    return StaffClient(city)


def test_every_component_is_on_show_under_its_name(city):
    client = demonstration(city).sign_in(city.person(Role.ADMINISTRATOR))
    components = {name for name, found in vars(make_environment().globals["ui"]).items() if isinstance(found, Macro)}

    shown = client.get("/patterns").text

    assert components
    assert set(re.findall(r"\bui\.(\w+)", shown)) == components


def test_a_demonstrations_administrator_finds_it_in_the_menu(city):
    client = demonstration(city).sign_in(city.person(Role.ADMINISTRATOR))

    assert 'href="/patterns"' in client.get("/").text


def test_a_city_in_production_has_no_such_page(city, client):
    client.sign_in(city.person(Role.ADMINISTRATOR))

    client.get("/patterns", status=404)

    assert "/patterns" not in client.get("/").text
