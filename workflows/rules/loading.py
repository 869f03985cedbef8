"""How does a snapshot come into memory? Column by column, each narrowed at once, so that the peak stays low.

A file that is not what a snapshot must be is refused, whole: a fraction, an unheard-of choice or a torn household would
otherwise become a wrong answer about somebody.
"""

import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from workflows.rules.columns import Column, Ints, Places, kind_for, null_of
from workflows.rules.facts import CITY_FACTS
from workflows.rules.lowering import BIRTH
from workflows.rules.population import CHANNEL, LANGUAGE, Population, labels
from workflows.rules.vocabulary import GRANTED, FactKind, Vocabulary

_EPOCH = date(1970, 1, 1).toordinal()
_PSEUDONYM, _HOUSEHOLD = "pseudonym", "household"
_CONSENTS, _HOUSEHOLD_CONSENTS = "consents", "household_consents"


class SnapshotError(Exception):
    """A file is not the snapshot that it should be; `column` says where."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(f"{column}: {why}")
        self.column = column


def read_population(source: bytes | Path | pl.DataFrame, vocabulary: Vocabulary = CITY_FACTS) -> Population:
    """Read a snapshot, as Parquet or as a frame. Raises SnapshotError where it is none."""
    names, take = _opened(source)
    for name in (_PSEUDONYM, _HOUSEHOLD, _CONSENTS, _HOUSEHOLD_CONSENTS):
        if name not in names:
            raise SnapshotError(name, "is missing")
    kinds = {fact.code: fact.kind for fact in vocabulary} | {CHANNEL: FactKind.CHOICE, LANGUAGE: FactKind.CHOICE}
    kinds |= {name: FactKind.DATE for name in names if name.startswith(GRANTED)}
    columns = {name: _column(take(name), kind, vocabulary) for name, kind in kinds.items() if name in names}
    starts, households = _households(take(_HOUSEHOLD))
    pseudonyms = take(_PSEUDONYM)
    _refuse_disorder(columns, starts)
    return Population(
        vocabulary,
        len(pseudonyms),
        columns,
        _bits(take(_CONSENTS)),
        _bits(take(_HOUSEHOLD_CONSENTS)),
        starts,
        households,
        np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(starts, append=len(pseudonyms))),
        pseudonyms,
    )


def _opened(source: bytes | Path | pl.DataFrame) -> tuple[tuple[str, ...], Callable[[str], pl.Series]]:
    """Give the names of the columns and how to take one."""
    if isinstance(source, pl.DataFrame):
        return tuple(source.columns), source.get_column
    try:
        names = tuple(pl.read_parquet_schema(io.BytesIO(source) if isinstance(source, bytes) else source))
    except (pl.exceptions.PolarsError, OSError) as trouble:
        raise SnapshotError("(file)", "cannot be read as Parquet") from trouble

    def take(name: str) -> pl.Series:
        file = io.BytesIO(source) if isinstance(source, bytes) else source
        return pl.read_parquet(file, columns=[name]).get_column(name)

    return names, take


def _column(series: pl.Series, kind: FactKind, vocabulary: Vocabulary) -> Column:
    try:
        numbers = _NUMBERED[kind](series, vocabulary)
    except pl.exceptions.PolarsError as trouble:
        raise SnapshotError(series.name, f"holds something that is no {kind.value}") from trouble
    dtype = np.dtype(np.int32) if kind is FactKind.DATE else kind_for(_or_zero(numbers.min()), _or_zero(numbers.max()))
    held = numbers.fill_null(null_of(dtype)).to_numpy().astype(dtype, copy=False)
    return Column(held, nullable=numbers.null_count() > 0)


def _or_zero(found: object) -> int:
    return found if isinstance(found, int) else 0


def _days(series: pl.Series, _: Vocabulary) -> pl.Series:
    if series.dtype not in {pl.Date, pl.Null}:
        raise SnapshotError(series.name, "is no column of dates")
    return (series.cast(pl.Date).to_physical().cast(pl.Int64) + _EPOCH).clip(1, date.max.toordinal()).cast(pl.Int32)


def _whole_numbers(series: pl.Series, _: Vocabulary) -> pl.Series:
    if not (series.dtype.is_integer() or series.dtype == pl.Null):
        raise SnapshotError(series.name, "is no column of whole numbers")
    return series.cast(pl.Int64).clip(null_of(np.dtype(np.int64)) + 1)


def _choices(series: pl.Series, vocabulary: Vocabulary) -> pl.Series:
    return series.cast(pl.Enum(labels(vocabulary, series.name))).to_physical().cast(pl.Int64)


def _flags(series: pl.Series, _: Vocabulary) -> pl.Series:
    if series.dtype not in {pl.Boolean, pl.Null}:
        raise SnapshotError(series.name, "is no column of yes and no")
    return series.cast(pl.Boolean).cast(pl.Int8)


_NUMBERED: Mapping[FactKind, Callable[[pl.Series, Vocabulary], pl.Series]] = {
    FactKind.DATE: _days,
    FactKind.NUMBER: _whole_numbers,
    FactKind.CHOICE: _choices,
    FactKind.FLAG: _flags,
}


def _bits(series: pl.Series) -> npt.NDArray[np.uint16]:
    if not series.dtype.is_integer() or series.null_count():
        raise SnapshotError(series.name, "must hold the bits of consents for everybody")
    return series.cast(pl.UInt16).to_numpy()


def _households(series: pl.Series) -> tuple[Places, Places]:
    """Give the row at which each household begins, and its number."""
    if not series.dtype.is_integer() or series.null_count():
        raise SnapshotError(series.name, "must hold a number for everybody")
    numbers = series.cast(pl.Int64).to_numpy()
    if np.any(numbers[1:] < numbers[:-1]):
        raise SnapshotError(series.name, "rows must be sorted by household")
    first = np.ones(len(numbers), np.bool_)
    first[1:] = numbers[1:] != numbers[:-1]
    starts = np.flatnonzero(first).astype(np.int64, copy=False)
    return starts, numbers[starts]


def _refuse_disorder(columns: Mapping[str, Column], starts: Places) -> None:
    """Refuse members that are not sorted by birth: children are ranked by the order of rows."""
    births: Ints | None = columns[BIRTH].values if BIRTH in columns else None
    if births is None:
        return
    earlier = (births[1:] < births[:-1]) & (births[1:] != null_of(births.dtype))
    earlier[starts[1:] - 1] = False
    if np.any(earlier):
        raise SnapshotError(BIRTH, "members of a household must be sorted by birth")
