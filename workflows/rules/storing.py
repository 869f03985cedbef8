"""How is a snapshot stored, and how are people taken out of it? As Parquet; each leaves with the whole household."""

import io
from collections.abc import Collection

import polars as pl

from workflows.rules.snapshot_columns import HOUSEHOLD, PSEUDONYM


def to_parquet(people: pl.DataFrame) -> bytes:
    """Give a snapshot as it is stored."""
    content = io.BytesIO()
    people.write_parquet(content, compression="zstd")
    return content.getvalue()


def from_parquet(content: bytes) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(content))


def without(content: bytes, pseudonyms: Collection[str]) -> bytes:
    """Give a stored snapshot without some people and without whoever lives with them.

    What is counted over a household would be wrong for those who stay behind, and show who is missing.
    """
    if not pseudonyms:
        return content
    people = from_parquet(content)
    leaving = people.filter(pl.col(PSEUDONYM).is_in(list(pseudonyms)))[HOUSEHOLD].unique()
    return to_parquet(people.filter(~pl.col(HOUSEHOLD).is_in(leaving.implode())))


def brought_together(apart: bytes, content: bytes, pseudonyms: Collection[str]) -> bytes:
    """Give those stored apart, and with them some people of the stored snapshot `content`, whole households each.

    What `without` takes out of a snapshot is what this adds to the others.
    """
    homes = pl.read_parquet(io.BytesIO(content), columns=[PSEUDONYM, HOUSEHOLD])
    added = homes.filter(pl.col(PSEUDONYM).is_in(list(pseudonyms)))[HOUSEHOLD].unique()
    if added.is_empty():
        return apart
    people = pl.scan_parquet(io.BytesIO(content)).filter(pl.col(HOUSEHOLD).is_in(added.implode())).collect()
    return to_parquet(pl.concat([from_parquet(apart), people]).sort(HOUSEHOLD, maintain_order=True))
