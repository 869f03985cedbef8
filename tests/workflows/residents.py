"""Residents for tests: small invented tables, and files made of them."""

from __future__ import annotations

import io
from datetime import date

import polars as pl

from forms.my_number import check_digit
from workflows.rules.generating import generate_city

AS_OF = date(2026, 11, 1)
LOOKS_LIKE_ONE = f"10000000000{check_digit('10000000000')}"
"""Twelve digits with the right check digit; nobody's, and written nowhere."""


def invented(people: int = 200, seed: int = 1) -> pl.DataFrame:
    return generate_city(people, seed, AS_OF)


def as_parquet(table: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    table.write_parquet(file)
    return file.getvalue()


def as_csv(table: pl.DataFrame, encoding: str = "utf-8") -> bytes:
    return table.write_csv().encode(encoding)


def household(number: int, *pseudonyms: str, **columns: object) -> pl.DataFrame:
    """People of one household; `columns` hold the same for each, or a list."""
    return pl.DataFrame({"pseudonym": list(pseudonyms), "household": [number] * len(pseudonyms)}).with_columns(
        **{
            name: pl.Series(name, values) if isinstance(values, list) else pl.lit(values)
            for name, values in columns.items()
        }
    )
