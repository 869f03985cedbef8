"""How is a decision table changed row by row and column by column, and what does the check say of it?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from backoffice.web.translations import _, translate
from workflows.routes import WrittenInput, WrittenOutput, WrittenRow, WrittenTable, look_at_table
from workflows.tables import TableProblem, table_problems

Item = TypeVar("Item")
Cells = Callable[[tuple[str, ...]], tuple[str, ...]]

SAID = {
    "gap": _("当てはまる行のない場合があります: %(example)s"),
    "overlap": _("%(first)s行目と%(second)s行目が、同じ場合に当てはまります: %(example)s"),
    "never": _("%(first)s行目は、前の行に隠れて使われません。"),
    "too_complex": _("表が複雑すぎて、抜けや重なりを確かめられません。"),
}


@dataclass(frozen=True)
class Looked:
    """What the check says of a table: sentences, and the rows (from 1) that they speak of."""

    sentences: tuple[str, ...]
    rows: frozenset[int]
    unreadable: bool = False


def look_at(table: WrittenTable) -> Looked:
    """Find gaps, overlaps and hidden rows; a table that cannot be read only says why."""
    found, trouble = look_at_table(table)
    if found is None:
        return Looked((trouble,), frozenset(), unreadable=True)
    problems = table_problems(found)
    labels = [column.label for column in found.inputs]
    rows = frozenset(row for problem in problems for row in problem.rows)
    return Looked(tuple(_sentence(problem, labels) for problem in problems), rows)


def changed(table: WrittenTable, what: str, at: int) -> WrittenTable:
    """Give the table after one button: a row or column more, fewer, or moved one place."""
    change = CHANGES.get(what)
    return table if change is None else change(table, at)


def _add_row(table: WrittenTable, _at: int) -> WrittenTable:
    return replace(table, rows=(*table.rows, WrittenRow(("",) * len(table.inputs), ("",) * len(table.outputs))))


def _add_input(table: WrittenTable, _at: int) -> WrittenTable:
    return _with_inputs(table, lambda cells: (*cells, ""), (*table.inputs, WrittenInput()))


def _add_output(table: WrittenTable, _at: int) -> WrittenTable:
    return _with_outputs(table, lambda cells: (*cells, ""), (*table.outputs, WrittenOutput()))


def _with_inputs(table: WrittenTable, change: Cells, inputs: tuple[WrittenInput, ...]) -> WrittenTable:
    return replace(table, inputs=inputs, rows=tuple(replace(row, when=change(row.when)) for row in table.rows))


def _with_outputs(table: WrittenTable, change: Cells, outputs: tuple[WrittenOutput, ...]) -> WrittenTable:
    return replace(table, outputs=outputs, rows=tuple(replace(row, then=change(row.then)) for row in table.rows))


CHANGES: dict[str, Callable[[WrittenTable, int], WrittenTable]] = {
    "add-row": _add_row,
    "add-input": _add_input,
    "add-output": _add_output,
    "remove-row": lambda table, at: replace(table, rows=_without(table.rows, at)),
    "row-up": lambda table, at: replace(table, rows=_swapped(table.rows, at)),
    "remove-input": lambda table, at: _with_inputs(
        table, lambda cells: _without(cells, at), _without(table.inputs, at)
    ),
    "input-left": lambda table, at: _with_inputs(table, lambda cells: _swapped(cells, at), _swapped(table.inputs, at)),
    "remove-output": lambda table, at: _with_outputs(
        table, lambda cells: _without(cells, at), _without(table.outputs, at)
    ),
    "output-left": lambda table, at: _with_outputs(
        table, lambda cells: _swapped(cells, at), _swapped(table.outputs, at)
    ),
}
"""What each button of the grid does; `at` is the place of its row or column."""


def _without(items: Sequence[Item], at: int) -> tuple[Item, ...]:
    return tuple(item for place, item in enumerate(items) if place != at)


def _swapped(items: Sequence[Item], at: int) -> tuple[Item, ...]:
    """Change an item's place with the one before it; the first stays."""
    if not 0 < at < len(items):
        return tuple(items)
    return (*items[: at - 1], items[at], items[at - 1], *items[at + 1 :])


def _sentence(problem: TableProblem, labels: Sequence[str]) -> str:
    example = "、".join(f"{label}: {value}" for label, value in zip(labels, problem.example, strict=False))
    rows = dict(zip(("first", "second"), problem.rows, strict=False))
    return translate(SAID[problem.code], **rows, example=example)
