"""An invented city for programs to meet, taken in as a snapshot through the services."""

from __future__ import annotations

import io

from backoffice.identity import Actor, Origin
from backoffice.residents.service import Delivery, examine, take_in
from tests.backoffice.office import City
from workflows.rules.generating import generate_city


def take_in_residents(city: City, people: int = 4_000, seed: int = 1, change=lambda drawn: drawn):
    """Give the people of the file as a frame, `change`d before it is taken in; the snapshot is kept."""
    day = city.office.services.today()
    drawn = change(generate_city(people, seed, day, ()))
    file = io.BytesIO()
    drawn.write_parquet(file)
    house = Actor.house(Origin.COMMAND_LINE)
    take_in(city.office, house, examine(city.office, house, Delivery(file.getvalue(), day, "演習")), leave_out=True)
    return drawn
