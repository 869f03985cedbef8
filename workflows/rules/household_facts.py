"""What does a household make of its members? Its size, and which consents all of them have given.

Computed once for a snapshot; a successor that differs in few people looks only at the households they touch.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import polars as pl

from workflows.rules.snapshot_columns import (
    CONSENTS,
    HOUSEHOLD,
    HOUSEHOLD_CONSENTS,
    HOUSEHOLD_SIZE,
    PSEUDONYM,
    columns_in_order,
    in_order,
)

NOBODY: frozenset[int] = frozenset()


def with_household_facts(people: pl.DataFrame, incomplete: Collection[int] = NOBODY) -> pl.DataFrame:
    """Give people in the order of a snapshot, with what their households make of them.

    Of an `incomplete` household (a member was left out) the size is unknown and no consent is shared by all.
    """
    ordered = in_order(people.drop(HOUSEHOLD_SIZE, HOUSEHOLD_CONSENTS, strict=False))
    size, shared = _of_members(ordered[HOUSEHOLD].to_numpy(), ordered[CONSENTS].to_numpy())
    facts = ordered.with_columns(pl.Series(HOUSEHOLD_SIZE, size), pl.Series(HOUSEHOLD_CONSENTS, shared))
    if incomplete:
        open_ones = pl.col(HOUSEHOLD).is_in(list(incomplete))
        facts = facts.with_columns(
            pl.when(~open_ones).then(HOUSEHOLD_SIZE).alias(HOUSEHOLD_SIZE),
            pl.when(open_ones)
            .then(pl.lit(0, pl.UInt16))
            .otherwise(pl.col(HOUSEHOLD_CONSENTS))
            .alias(HOUSEHOLD_CONSENTS),
        )
    return columns_in_order(facts)


def succeed(before: pl.DataFrame, changed: pl.DataFrame, gone: Collection[str] = ()) -> pl.DataFrame:
    """Give the snapshot that follows `before` when `changed` people came or are otherwise now, and `gone` people left.

    Only households that somebody entered, left or changed in are looked at anew. A household that was incomplete stays
    so while one of its old members is in it.
    """
    leaving = pl.concat([changed[PSEUDONYM], pl.Series(PSEUDONYM, list(gone), pl.String)])
    touched = pl.concat(
        [before.filter(pl.col(PSEUDONYM).is_in(leaving.implode()))[HOUSEHOLD], changed[HOUSEHOLD]]
    ).unique()
    is_touched = pl.col(HOUSEHOLD).is_in(touched.implode())
    old = before.filter(is_touched)
    staying = old.filter(~pl.col(PSEUDONYM).is_in(leaving.implode()))
    incomplete = old.filter(pl.col(HOUSEHOLD_SIZE).is_null())[HOUSEHOLD]
    members = pl.concat([staying, changed], how="diagonal")
    anew = with_household_facts(members, frozenset(incomplete.to_list()))
    return in_order(pl.concat([before.filter(~is_touched), anew], how="diagonal"))


def _of_members(
    household: npt.NDArray[np.int64], consents: npt.NDArray[np.uint16]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint16]]:
    """Give for each row of sorted households how many stand in it and the consents that all of them gave."""
    if not household.size:
        return np.empty(0, np.int64), np.empty(0, np.uint16)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(household)) + 1))
    sizes = np.diff(np.append(starts, household.size))
    return np.repeat(sizes, sizes), np.repeat(np.bitwise_and.reduceat(consents, starts), sizes)
