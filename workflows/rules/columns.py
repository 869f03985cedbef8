"""How is what is known about residents held? In columns of whole numbers, as narrow as their values allow."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

_KINDS: tuple[type[np.signedinteger[Any]], ...] = (np.int8, np.int16, np.int32, np.int64)


@dataclass(frozen=True, slots=True)
class Column:
    """Whole numbers; the smallest that the column could hold stands for what nobody knows."""

    values: Ints
    nullable: bool
    """Whether anything is unknown at all."""

    @property
    def null(self) -> int:
        return null_of(self.values.dtype)

    @property
    def known(self) -> Flags:
        return np.not_equal(self.values, self.null)


def null_of(kind: "np.dtype[np.signedinteger[Any]]") -> int:
    return int(np.iinfo(kind).min)


def unknown(size: int) -> Column:
    """Give a column of which nothing is known. It takes no memory."""
    return Column(np.broadcast_to(np.int8(null_of(np.dtype(np.int8))), (size,)), nullable=True)


def narrow(values: Ints) -> Column:
    """Give known values in the narrowest column that holds them."""
    return Column(values.astype(kind_for(values.min(initial=0), values.max(initial=0)), copy=False), nullable=False)


def kind_for(low: int, high: int) -> "np.dtype[np.signedinteger[Any]]":
    """Give the narrowest kind for values from `low` to `high` that has one more, below, for the unknown."""
    for kind in _KINDS[:-1]:
        limits = np.iinfo(kind)
        if limits.min < low and high <= limits.max:
            return np.dtype(kind)
    return np.dtype(np.int64)
