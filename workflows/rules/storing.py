"""How is a snapshot stored, and how are people taken out of it? As Parquet; each leaves with the whole household."""

import io
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import polars as pl

from workflows.rules.loading import SnapshotError
from workflows.rules.snapshot_columns import CONSENTS, HOUSEHOLD, HOUSEHOLD_CONSENTS, HOUSEHOLD_SIZE, PSEUDONYM


@contextmanager
def _only_of_snapshots() -> Iterator[None]:
    """Refuse a file that an operator brought and that holds no residents."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as trouble:
        raise SnapshotError("(file)", "is no snapshot") from trouble


def to_parquet(people: pl.DataFrame) -> bytes:
    """Give a snapshot as it is stored."""
    content = io.BytesIO()
    people.write_parquet(content, compression="zstd")
    return content.getvalue()


def from_parquet(content: bytes) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(content))


@_only_of_snapshots()
def people_in(content: bytes) -> int:
    """Give how many people a stored snapshot holds, from its footer alone."""
    return int(pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item())


@_only_of_snapshots()
def without(content: bytes, pseudonyms: Collection[str]) -> bytes:
    """Give a stored snapshot without some people and without whoever lives with them. Raises SnapshotError.

    What is counted over a household would be wrong for those who stay behind, and show who is missing.
    """
    if not pseudonyms:
        return content
    people = from_parquet(content)
    leaving = people.filter(pl.col(PSEUDONYM).is_in(list(pseudonyms)))[HOUSEHOLD].unique()
    return to_parquet(people.filter(~pl.col(HOUSEHOLD).is_in(leaving.implode())))


@_only_of_snapshots()
def consenting(content: bytes, given: Mapping[str, int]) -> bytes:
    """Give a stored snapshot in which some people, by pseudonym, have given these consents and no others.

    What the whole household has consented to is worked out anew where one of them lives: nothing where a member was
    left out, which shows in a size that is unknown. Raises SnapshotError.
    """
    if not given:
        return content
    people = from_parquet(content)
    told = pl.DataFrame({PSEUDONYM: list(given), "_given": pl.Series(list(given.values()), dtype=pl.UInt16)})
    people = people.join(told, on=PSEUDONYM, how="left", maintain_order="left")
    touched = pl.col("_given").is_not_null().any().over(HOUSEHOLD)
    consents = pl.coalesce("_given", CONSENTS)
    is_whole = pl.col(HOUSEHOLD_SIZE).is_not_null() if HOUSEHOLD_SIZE in people.columns else pl.lit(value=False)
    shared = pl.when(is_whole).then(consents.bitwise_and().over(HOUSEHOLD)).otherwise(pl.lit(0, pl.UInt16))
    people = people.with_columns(
        consents.alias(CONSENTS), pl.when(touched).then(shared).otherwise(HOUSEHOLD_CONSENTS).alias(HOUSEHOLD_CONSENTS)
    )
    return to_parquet(people.drop("_given"))


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
