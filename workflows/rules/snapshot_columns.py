"""What does a snapshot of residents consist of? Its columns, their types, the order of its rows.

Rows are people, sorted by household, then date of birth, then pseudonym. Null is unknown. There is no other column:
nothing by which a person could be found outside the city's own registers, and never a 個人番号.
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from workflows.rules.facts import CITY_FACTS
from workflows.rules.vocabulary import GRANTED, FactKind, Vocabulary

PSEUDONYM = "pseudonym"
HOUSEHOLD = "household"
CONSENTS = "consents"
HOUSEHOLD_CONSENTS = "household_consents"
HOUSEHOLD_SIZE = "household_size"
CHANNEL = "channel"
LANGUAGE = "language"
PROTECTED = "protected"
"""Of a file that is brought, never of a snapshot: people under 支援措置, who are put apart."""
NEVER = date(1, 1, 1)
"""Stands for a grant that never was; a null grant is unknown."""

COMPUTED = (HOUSEHOLD_SIZE, HOUSEHOLD_CONSENTS)
"""Made of the other rows of the household, whatever a file says."""
ORDER = (HOUSEHOLD, "birth_date", PSEUDONYM)
CHANNELS = ("mail", "line", "none")
LANGUAGES = ("ja", "yasashii", "en")

_TYPES: dict[FactKind, type[pl.DataType]] = {
    FactKind.DATE: pl.Date,
    FactKind.NUMBER: pl.Int64,
    FactKind.CHOICE: pl.String,
    FactKind.FLAG: pl.Boolean,
}


def column_types(programs: Iterable[str] = (), vocabulary: Vocabulary = CITY_FACTS) -> dict[str, type[pl.DataType]]:
    """Give every column of a snapshot with its type, in their order; `programs` are numbers of programs."""
    return {
        PSEUDONYM: pl.String,
        HOUSEHOLD: pl.Int64,
        **{fact.code: _TYPES[fact.kind] for fact in vocabulary},
        **{f"{GRANTED}{number}": pl.Date for number in sorted(programs)},
        CONSENTS: pl.UInt16,
        HOUSEHOLD_CONSENTS: pl.UInt16,
        CHANNEL: pl.String,
        LANGUAGE: pl.String,
    }


def programs_in(columns: Iterable[str]) -> tuple[str, ...]:
    """Give the numbers of the programs whose grants stand in a table."""
    return tuple(sorted(name.removeprefix(GRANTED) for name in columns if name.startswith(GRANTED)))


def in_order(people: pl.DataFrame) -> pl.DataFrame:
    """Sort people as a snapshot has them, its columns in their order; what is no column of one is left out."""
    return columns_in_order(people).sort(ORDER, nulls_last=True)


def columns_in_order(people: pl.DataFrame) -> pl.DataFrame:
    return people.select(name for name in column_types(programs_in(people.columns)) if name in people.columns)
