"""What does a household make of its members? Its size, and which consents all of them have given.

Computed for all households of each snapshot. Only those in which something changed could be looked at, but finding them
costs twenty times what all facts cost (docs/snapshots.md).
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


def _of_members(
    household: npt.NDArray[np.int64], consents: npt.NDArray[np.uint16]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint16]]:
    """Give for each row of sorted households how many stand in it and the consents that all of them gave."""
    if not household.size:
        return np.empty(0, np.int64), np.empty(0, np.uint16)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(household)) + 1))
    sizes = np.diff(np.append(starts, household.size))
    return np.repeat(sizes, sizes), np.repeat(np.bitwise_and.reduceat(consents, starts), sizes)
