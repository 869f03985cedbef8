"""Who lives in the demonstration city? Invented people, drawn and taken in as an operator takes in a file."""

from datetime import timedelta

from backoffice.demo import city, programs
from backoffice.identity import Actor, Origin
from backoffice.residents import protecting, service
from backoffice.residents.service import Delivery
from backoffice.work import Office
from workflows.rules.generating import generate_city
from workflows.rules.storing import to_parquet

HOUSE = Actor.house(Origin.DEMONSTRATION)
PEOPLE = 20_000
SEED = 8
SOURCE = "演習用の住民(架空)"
PROTECTED = "kazahanatsubame"
"""A pseudonym that the drawn city does not have: the desk takes it all the same."""


def settle(office: Office) -> int:
    """Take in a small city with the grants that rules ask about, as of yesterday, and give how many people there are.

    One resident is put under protection.
    """
    yesterday = office.services.today() - timedelta(days=1)
    content = to_parquet(generate_city(PEOPLE, SEED, yesterday, programs.asked_of(office)))
    taken = service.take_in(office, HOUSE, service.examine(office, HOUSE, Delivery(content, yesterday, SOURCE)))
    with office.unit(city.actor_of(office, "mori")) as work:
        protecting.add(work, PROTECTED, "申出 R8-01(演習用)")
    return taken.people
