"""Does a decision table leave a case out, or answer one twice? Found exactly, with an example for the reader.

Each column's values fall into finitely many pieces between which no cell tells a difference: the stretches between
the ends of all intervals, the words that are written and "any other", true and false. A cell is a set of pieces, so a
row is a box of pieces, and gaps and overlaps are questions about boxes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.tables.cells import Cell, CellType, Interval
from workflows.tables.table import DecisionTable, Hit, TableInput

MAX_SEARCH = 50_000
MAX_GAPS = 5

_EDGE = date.max.toordinal()
_OTHER = "(その他)"


@dataclass(frozen=True)
class TableProblem:
    """One finding. `rows` count from 1; `example` names, for each column, the values at fault."""

    code: Literal["gap", "overlap", "never", "too_complex"]
    rows: tuple[int, ...]
    example: tuple[str, ...]


Piece = Interval | str | bool
Box = tuple[frozenset[int], ...]


def table_problems(table: DecisionTable) -> tuple[TableProblem, ...]:
    """Find every overlap of a `unique` table, every row of a `first` table that can never answer, and the gaps.

    A missing answer is not a gap: only "-" holds it. After MAX_GAPS gaps this function will stop looking.
    """
    pieces = [_pieces(column, [rule.when[at] for rule in table.rules]) for at, column in enumerate(table.inputs)]
    boxes = [_box(rule.when, pieces) for rule in table.rules]
    whole: Box = tuple(frozenset(range(len(column))) for column in pieces)
    search = _Search(table.inputs, pieces)
    try:
        found = [*_between_rows(table, boxes, search), *search.gaps(whole, boxes)]
    except _TooComplexError:
        return (TableProblem("too_complex", (), ()),)
    return tuple(found)


def _between_rows(table: DecisionTable, boxes: Sequence[Box], search: "_Search") -> Iterator[TableProblem]:
    for at, box in enumerate(boxes):
        if table.hit is Hit.FIRST:
            if next(search.uncovered(box, boxes[:at]), None) is None:
                yield TableProblem("never", (at + 1,), ())
            continue
        for before, earlier in enumerate(boxes[:at]):
            common = tuple(one & other for one, other in zip(box, earlier, strict=True))
            if all(common):
                yield TableProblem("overlap", (before + 1, at + 1), search.named(common))


class _TooComplexError(Exception):
    """The search has taken more steps than a table that people can read would need."""


class _Search:
    def __init__(self, inputs: Sequence[TableInput], pieces: Sequence[Sequence[Piece]]) -> None:
        self._inputs = inputs
        self._pieces = pieces
        self._steps = 0

    def gaps(self, whole: Box, boxes: Sequence[Box]) -> Iterator[TableProblem]:
        for at, gap in enumerate(self.uncovered(whole, boxes)):
            if at == MAX_GAPS:
                return
            yield TableProblem("gap", (), self.named(gap))

    def uncovered(self, space: Box, boxes: Sequence[Box]) -> Iterator[Box]:
        """Give boxes that together are what of `space` no box of `boxes` holds."""
        self._steps += 1
        if self._steps > MAX_SEARCH:
            raise _TooComplexError
        near = [box for box in boxes if all(one & other for one, other in zip(box, space, strict=True))]
        if not near:
            yield space
            return
        first, rest = near[0], near[1:]
        # What lies outside `first`: column by column, outside there and inside in every column before.
        inside: list[frozenset[int]] = []
        for at, column in enumerate(space):
            outside = column - first[at]
            if outside:
                yield from self.uncovered((*inside, outside, *space[at + 1 :]), rest)
            inside.append(column & first[at])

    def named(self, box: Box) -> tuple[str, ...]:
        """Say a box in the words of the cell language, a column each."""
        return tuple(
            ANY_VALUE if len(part) == len(pieces) else "; ".join(_joined(column, pieces, sorted(part)))
            for column, pieces, part in zip(self._inputs, self._pieces, box, strict=True)
        )


ANY_VALUE = "-"


def _pieces(column: TableInput, cells: Sequence[Cell]) -> list[Piece]:
    if column.type is CellType.BOOLEAN:
        return [True, False]
    if column.type is CellType.TEXT:
        written = {str(word) for cell in cells for word in cell.listed}
        return [*sorted(written | set(column.values)), *([] if column.values else [_OTHER])]
    starts = {interval.low for cell in cells for interval in cell.intervals if interval.low is not None}
    ends = {interval.high + 1 for cell in cells for interval in cell.intervals if interval.high is not None}
    cuts: list[int] = sorted(starts | ends)
    lows: list[int | None] = [None, *cuts]
    highs: list[int | None] = [*(cut - 1 for cut in cuts), None]
    return [Interval(low, high) for low, high in zip(lows, highs, strict=True)]


def _box(cells: Sequence[Cell], pieces: Sequence[Sequence[Piece]]) -> Box:
    return tuple(
        frozenset(at for at, piece in enumerate(column) if _contains(cell, piece))
        for cell, column in zip(cells, pieces, strict=True)
    )


def _contains(cell: Cell, piece: Piece) -> bool:
    if cell.any:
        return True
    if isinstance(piece, Interval):
        at = piece.low if piece.low is not None else piece.high
        # A piece without either end is there only where no cell of the column names a number.
        return at is not None and any(interval.holds(at) for interval in cell.intervals)
    return (piece in cell.listed) is not cell.others


def _joined(column: TableInput, pieces: Sequence[Piece], part: Sequence[int]) -> Iterator[str]:
    """Name pieces; neighbouring stretches are said as one."""
    run: Interval | None = None
    for at in part:
        piece = pieces[at]
        if not isinstance(piece, Interval):
            yield {True: "はい", False: "いいえ"}[piece] if isinstance(piece, bool) else piece
        elif run is not None and run.high is not None and piece.low == run.high + 1:
            run = Interval(run.low, piece.high)
        else:
            if run is not None:
                yield _said(run, column.type)
            run = piece
    if run is not None:
        yield _said(run, column.type)


def _said(interval: Interval, kind: CellType) -> str:
    low, high = (None if end is None else _written(end, kind) for end in (interval.low, interval.high))
    if low is None:
        return f"<= {high}"
    if high is None:
        return f">= {low}"
    return low if low == high else f"[{low}..{high}]"


def _written(number: int, kind: CellType) -> str:
    if kind is CellType.NUMBER:
        return f"{number:,}"
    return date.fromordinal(min(max(number, 1), _EDGE)).isoformat()
