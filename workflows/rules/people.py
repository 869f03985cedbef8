"""What does a stored snapshot say of some people, and who lives with them? For data links, which name the few."""

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from workflows.rules.facts import CITY_FACTS
from workflows.rules.snapshot_columns import HOUSEHOLD, HOUSEHOLD_CONSENTS, PSEUDONYM

Value = date | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Told:
    """One person. `facts`: as the registers have them, None for what they do not know."""

    pseudonym: str
    facts: Mapping[str, Value]
    others: tuple[str, ...]
    """Everybody else of the household."""
    household_consents: int
    """The bits of what all of the household consent to."""


def told_of(content: bytes, pseudonyms: Collection[str]) -> Iterator[Told]:
    """Give what a snapshot says of these people; whoever it does not know is left out."""
    homes = pl.read_parquet(io.BytesIO(content), columns=[PSEUDONYM, HOUSEHOLD])
    wanted = homes.filter(pl.col(PSEUDONYM).is_in(list(pseudonyms)))[HOUSEHOLD].unique()
    if wanted.is_empty():
        return
    people = pl.scan_parquet(io.BytesIO(content)).filter(pl.col(HOUSEHOLD).is_in(wanted.implode())).collect()
    facts = [fact.code for fact in CITY_FACTS if fact.code in people.columns]
    asked = frozenset(pseudonyms)
    for household in people.partition_by(HOUSEHOLD, maintain_order=True):
        members = tuple(household[PSEUDONYM])
        for row in household.iter_rows(named=True):
            if row[PSEUDONYM] in asked:
                others = tuple(member for member in members if member != row[PSEUDONYM])
                told = {code: row[code] for code in facts}
                yield Told(row[PSEUDONYM], told, others, row[HOUSEHOLD_CONSENTS])
