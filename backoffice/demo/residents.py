"""Who lives in the demonstration city? Invented people, drawn and taken in as an operator takes in a file, twice.

Between the two files lies a month in which some moved away, some came, some moved to the next ward and some consented
to more: the second snapshot shows its drift.
"""

from datetime import date, timedelta

import polars as pl

from backoffice.demo import city, programs
from backoffice.identity import Actor, Origin
from backoffice.residents import protecting, service
from backoffice.residents.service import Delivery
from backoffice.work import Office
from workflows.rules.facts import WARDS
from workflows.rules.generating import generate_city
from workflows.rules.snapshot_columns import CONSENTS, HOUSEHOLD
from workflows.rules.storing import to_parquet
from workflows.rules.vocabulary import ConsentClass

HOUSE = Actor.house(Origin.DEMONSTRATION)
PEOPLE = 20_000
SEED = 8
NEWCOMERS, THEIR_SEED = 130, 9
A_MONTH = timedelta(days=30)
SOURCE = "演習用の住民(架空)"
PROTECTED = "kazahanatsubame"
"""A pseudonym that the drawn city does not have: the desk takes it all the same."""


def settle(office: Office) -> int:
    """Take in a small city with the grants that rules ask about, as of a month ago and as of yesterday.

    Gives how many people there are now. One resident is put under protection.
    """
    yesterday = office.services.today() - timedelta(days=1)
    asked = programs.asked_of(office)
    before = generate_city(PEOPLE, SEED, yesterday - A_MONTH, asked)
    _take_in(office, before, yesterday - A_MONTH)
    people = _take_in(office, a_month_later(before, yesterday, asked), yesterday)
    with office.unit(city.actor_of(office, "mori")) as work:
        protecting.add(work, PROTECTED, "申出 R8-01(演習用)")
    return people


def a_month_later(before: pl.DataFrame, as_of: date, asked: tuple[str, ...]) -> pl.DataFrame:
    """Give the people of a city on the day `as_of`, a month after they were drawn; `asked` are numbers of programs."""
    wards = [ward.code for ward in WARDS]
    next_ward = pl.col("ward").replace_strict(wards, wards[1:] + wards[:1])
    staying = before.filter(pl.col(HOUSEHOLD) % 211 != 0).with_columns(
        ward=pl.when(pl.col(HOUSEHOLD) % 151 == 0).then(next_ward).otherwise("ward"),
        consents=pl.when((pl.col(HOUSEHOLD) % 101 == 0) & (pl.col(CONSENTS) > 0))
        .then(pl.col(CONSENTS) | pl.lit(ConsentClass.HEALTH.bit, pl.UInt16))
        .otherwise(CONSENTS),
    )
    arrived = pl.lit(as_of - A_MONTH // 2, pl.Date)
    coming = generate_city(NEWCOMERS, THEIR_SEED, as_of, asked).with_columns(
        pl.col(HOUSEHOLD) + before[HOUSEHOLD].max(), resident_since=pl.max_horizontal(arrived, "birth_date")
    )
    return pl.concat([staying, coming])


def _take_in(office: Office, people: pl.DataFrame, as_of: date) -> int:
    delivery = Delivery(to_parquet(people), as_of, SOURCE)
    return service.take_in(office, HOUSE, service.examine(office, HOUSE, delivery)).people
