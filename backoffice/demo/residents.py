"""Who lives in the demonstration city? Invented people, drawn and taken in as an operator takes in a file, twice.

Between the two files lie weeks, so that the second snapshot shows its drift.
"""

from datetime import date, timedelta

from backoffice.demo import city, programs
from backoffice.identity import Actor, Origin
from backoffice.residents import protecting, service
from backoffice.residents.queries import newest_snapshot
from backoffice.residents.service import Delivery
from backoffice.work import Office
from workflows.rules.generating import generate_city
from workflows.rules.passing_months import a_month_later
from workflows.rules.storing import to_parquet

HOUSE = Actor.house(Origin.DEMONSTRATION)
PEOPLE = 20_000
SEED, SEED_OF_NEWCOMERS = 8, 9
SOURCE = "演習用の住民(架空)"
PROTECTED = "kazahanatsubame"
"""A pseudonym that the drawn city does not have: the desk takes it all the same."""


def settle(office: Office) -> int:
    """Take in a small city, with the grants that rules ask about, as of yesterday; gives how many people there are."""
    yesterday = _yesterday(office)
    return _take_in(office, to_parquet(generate_city(PEOPLE, SEED, yesterday, programs.asked_of(office))), yesterday)


def move_about(office: Office) -> int:
    """Take in what became of the city until yesterday, and give how many people there are now.

    One resident is put under protection.
    """
    with office.look(HOUSE) as work:
        first = newest_snapshot(work.session, work.today)
    if first is None:
        raise LookupError(SOURCE)
    yesterday, asked = _yesterday(office), programs.asked_of(office)
    after = a_month_later(generate_city(PEOPLE, SEED, first.as_of, asked), SEED_OF_NEWCOMERS, yesterday, asked)
    people = _take_in(office, to_parquet(after), yesterday)
    with office.unit(city.actor_of(office, "mori")) as work:
        protecting.add(work, PROTECTED, "申出 R8-01(演習用)")
    return people


def _yesterday(office: Office) -> date:
    return office.services.today() - timedelta(days=1)


def _take_in(office: Office, content: bytes, as_of: date) -> int:
    examined = service.examine(office, HOUSE, Delivery(content, as_of, SOURCE))
    return service.take_in(office, HOUSE, examined).people
