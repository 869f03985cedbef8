"""What becomes of a drawn city in a month? Some move away, some come, some move to the next ward or consent to more."""

from datetime import date, timedelta

import polars as pl

from workflows.rules.facts import WARDS
from workflows.rules.generating import PROGRAMS, generate_city
from workflows.rules.snapshot_columns import CONSENTS, HOUSEHOLD
from workflows.rules.vocabulary import ConsentClass

A_MONTH = timedelta(days=30)
_LEAVING, _MOVING, _CONSENTING = 211, 151, 101
"""One household in so many."""
_A_NEWCOMER = 154
"""Among so many people one is new."""


def a_month_later(before: pl.DataFrame, seed: int, as_of: date, programs: tuple[str, ...] = PROGRAMS) -> pl.DataFrame:
    """Give the people of a drawn city on the day `as_of`, a month after it was drawn.

    `seed` draws those who came: another than that of the city, whose pseudonyms would else come twice.
    """
    coming = generate_city(before.height // _A_NEWCOMER + 1, seed, as_of, programs).with_columns(
        pl.col(HOUSEHOLD) + before[HOUSEHOLD].max(),
        resident_since=pl.max_horizontal(pl.lit(as_of - A_MONTH // 2, pl.Date), "birth_date"),
    )
    return pl.concat([_staying(before), coming])


def _staying(before: pl.DataFrame) -> pl.DataFrame:
    wards = [ward.code for ward in WARDS]
    next_ward = pl.col("ward").replace_strict(wards, wards[1:] + wards[:1])
    more = pl.col(CONSENTS) | pl.lit(ConsentClass.HEALTH.bit, pl.UInt16)
    return before.filter(~_one_in(_LEAVING)).with_columns(
        pl.when(_one_in(_MOVING)).then(next_ward).otherwise("ward").alias("ward"),
        pl.when(_one_in(_CONSENTING) & (pl.col(CONSENTS) > 0)).then(more).otherwise(CONSENTS).alias(CONSENTS),
    )


def _one_in(households: int) -> pl.Expr:
    return pl.col(HOUSEHOLD) % households == 0
