"""Which steps are done for one row of data, in which order? Conditions and repeats are settled by the data alone."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rpa_bots.recording.tape.binding import Row, UnusableDataError, filled, names_in, ways_of
from rpa_bots.recording.tape.marks import Condition, Marked, Repeat
from rpa_bots.recording.tape.steps import Alternatives, Step

REPEATS_AT_MOST: Final = 500
IN_A_TABLE: Final = re.compile(r"(\btr:nth-of-type\(|\btr\[)(\d+)(?=[\])])")


@dataclass(frozen=True)
class Turn:
    """One step that is done, filled with the row's values; `row`: with those of the table's row in a repeat."""

    marked: Marked
    step: Step
    row: Row


def turns(steps: Sequence[Marked], row: Row) -> Iterator[Turn]:
    """Give the steps of a row. Raises UnusableDataError where a table's column holds no table."""
    for block, run in groupby(steps, key=lambda each: each.block):
        run_of_steps = list(run)
        repeat = run_of_steps[0].repeat
        if not block or repeat is None:
            yield from _once(run_of_steps, row, 0)
            continue
        for number, inner in enumerate(rows_of(row, repeat, _asked(run_of_steps))):
            yield from _once(run_of_steps, inner, number if repeat.moves else 0)


def rows_of(row: Row, repeat: Repeat, asked: Sequence[str] = ()) -> list[Row]:
    """Give the row once for each row of a table, with its cells under `table.part`. Raises UnusableDataError.

    What `asked` names and is not there is empty.
    """
    try:
        cells = json.loads(row[repeat.table] or "[]")
    except (ValueError, RecursionError):
        cells = None
    if not isinstance(cells, list) or not all(isinstance(each, dict) for each in cells):
        raise UnusableDataError(f"「{repeat.table}」の列に、明細の行(JSONの並び)が入っていません。")
    if len(cells) > REPEATS_AT_MOST:
        raise UnusableDataError(f"「{repeat.table}」の行が多すぎます({REPEATS_AT_MOST}行まで)。")
    empty = dict.fromkeys((name for name in asked if name.startswith(f"{repeat.table}.")), "")
    return [{**row, **empty, **_named(repeat.table, each)} for each in cells]


def laid_out(steps: Sequence[Marked], row: Row) -> Row:
    """Give a row with every cell of its tables as a column of its own: whatever must not be told of anybody."""
    repeats = {each.repeat.table: each.repeat for each in steps if each.repeat}
    cells = {
        f"{name} {number}": value
        for table, repeat in repeats.items()
        for number, inner in enumerate(rows_of(row, repeat), 1)
        for name, value in inner.items()
        if name.startswith(f"{table}.")
    }
    return {**row, **cells}


def whatever_is_told(steps: Sequence[Marked], row: Row) -> Row:
    """Give a row as `laid_out` does; as it is where a column holds no table, of which nothing is put in then."""
    try:
        return laid_out(steps, row)
    except UnusableDataError:
        return row


def _named(table: str, cells: Mapping[str, object]) -> dict[str, str]:
    return {f"{table}.{part}": "" if cell is None else str(cell) for part, cell in cells.items()}


def _asked(steps: Sequence[Marked]) -> list[str]:
    return [name for each in steps for name in names_in(each)]


def _once(steps: Sequence[Marked], row: Row, down: int) -> Iterator[Turn]:
    for each in steps:
        if each.condition is None or _holds(each.condition, row):
            yield Turn(each, _moved(filled(each.step, row), down), row)


def _holds(condition: Condition, row: Row) -> bool:
    value = row.get(condition.column, "").strip()
    return bool(value) if condition.equals is None else value == condition.equals


def _moved(step: Step, down: int) -> Step:
    """Give the step as it is found `down` rows further: by the rows of the table alone, since names are alike there."""
    if not down:
        return step
    further = [_further(way, down) for way in ways_of(step)]
    ways: Alternatives = tuple(way for way in further if way)
    return step.model_copy(update={"selectors": ways}) if ways else step


def _further(way: tuple[str, ...], down: int) -> tuple[str, ...]:
    """Move the innermost row of the way; () where it names none."""
    last = list(IN_A_TABLE.finditer(way[-1]))
    if not last:
        return ()
    found = last[-1]
    there = f"{found[1]}{int(found[2]) + down}"
    return (*way[:-1], way[-1][: found.start()] + there + way[-1][found.end() :])
