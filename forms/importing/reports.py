"""What does a workbook say that is one filled-in form? Labels with the answer beside or below, tables below heads.

Nothing is guessed: a cell is an answer only where a label of the form says so, and a row belongs to a table only below
a head that names its columns. A row of totals is no row of the table; it is what the others have to add up to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forms.answers import normalise
from forms.asking import settle
from forms.definition import FormDefinition, FormField
from forms.field_types import NUMBERS
from forms.importing.headings import bare
from forms.problems import Problem
from forms.widths import plain

Grid = Sequence[Sequence[str]]
"""The cells of a sheet as text, row by row; "" where a cell is empty."""

_TOTALS = frozenset({"合計", "計", "総計", "total"})
_SUBTOTALS = frozenset({"小計", "中計", "subtotal"})
"""Of some of the rows before: neither a row nor the end of the table."""
_LEAST_SHARE = 0.6
"""A row is the head of a table where it names so large a part of its columns: one heading alone is a label."""


@dataclass(frozen=True)
class Report:
    """What stands in a workbook by question, as it is typed there, and what does not add up."""

    typed: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass
class _Found:
    typed: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Head:
    """The row on which a table's head stands, and the place of each column that it names."""

    row: int
    places: Mapping[str, int]


def read_report(definition: FormDefinition, grid: Grid) -> Report:
    """Return what a sheet answers: questions whose label it has, cells of tables whose head it has.

    What the form computes is compared with what the sheet says, and so is a table's row of totals; a difference is a
    problem, as is a table with more rows than the form's.
    """
    found = _Found()
    taken: set[int] = set()
    for table in (one for one in definition.fields if one.columns):
        head = _head_of(table, grid)
        if head is not None:
            taken |= set(_read_table(found, definition, table, grid, head))
    labels = {bare(one.label): one for one in definition.fields if not one.columns}
    for row, place, label in _labelled(labels, grid, taken):
        if label.key in found.typed:
            continue
        found.typed[label.key] = _answer_at(grid, row, place, frozenset(labels))
    computed = {one.key for one in definition.fields if one.computed is not None}
    said = {key: text for key, text in found.typed.items() if key in computed and plain(text)}
    typed = {key: text for key, text in found.typed.items() if key not in computed}
    return Report(typed, (*found.problems, *_sums_apart(definition, typed, said)))


def _head_of(table: FormField, grid: Grid) -> _Head | None:
    wanted = {bare(column.label): column.key for column in table.columns}
    least = max(1, round(_LEAST_SHARE * len(wanted)))
    for number, row in enumerate(grid):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            key = wanted.get(bare(cell))
            if key is not None:
                places.setdefault(key, place)
        if len(places) >= least and (len(places) > 1 or len(wanted) == 1):
            return _Head(number, places)
    return None


def _read_table(found: _Found, definition: FormDefinition, table: FormField, grid: Grid, head: _Head) -> Iterator[int]:
    """Read the rows below a head until something else begins, and give the rows that were the table's."""
    yield head.row
    labels = {bare(one.label) for one in definition.fields}
    line = 0
    sums = dict.fromkeys(head.places, 0)
    for number in range(head.row + 1, len(grid)):
        cells = {key: _cell(grid, number, place) for key, place in head.places.items()}
        first = bare(next((cell for cell in grid[number] if plain(cell)), ""))
        if first in _TOTALS and not (first in labels and _is_one_sum(table, cells)):
            found.problems.extend(_totals_apart(table, cells, sums))
            yield number
            return
        if first in labels:
            return
        if first in _SUBTOTALS or not any(plain(cell) for cell in cells.values()):
            continue
        yield number
        line += 1
        if line > (table.rows or 0):
            found.problems.append(_too_many(table))
            return
        for column in table.columns:
            text = cells.get(column.key, "")
            found.typed[f"{column.key}_{line}"] = text
            if column.type in NUMBERS and column.key in sums:
                sums[column.key] += _number(column, text) or 0


def _is_one_sum(table: FormField, cells: Mapping[str, str]) -> bool:
    """Say whether a row has one number where the table has several columns of them: the form's own question then."""
    numbers = [one.key for one in table.columns if one.type in NUMBERS]
    return len(numbers) > 1 and sum(bool(plain(cells.get(key, ""))) for key in numbers) <= 1


def _totals_apart(table: FormField, cells: Mapping[str, str], sums: Mapping[str, int]) -> Iterator[Problem]:
    for column in table.columns:
        if column.type in NUMBERS and plain(cells.get(column.key, "")):
            said, sum_ = _number(column, cells[column.key]), sums[column.key]
            if said != sum_:
                yield _apart(f"{column.key}_1", column.label, cells[column.key], sum_)


def _sums_apart(definition: FormDefinition, typed: Mapping[str, str], said: Mapping[str, str]) -> Iterator[Problem]:
    """Compare what the form computes with what the sheet says it is."""
    values = {one.key: normalise(one, typed.get(one.key, "")).value for one in definition.questions}
    settled = settle(definition, values)
    for key, text in said.items():
        question = definition.field(key)
        computed = settled.values.get(key)
        if question.type in NUMBERS and computed is not None and _number(question, text) != computed:
            yield _apart(key, question.label, text, computed)


def _labelled(labels: Mapping[str, FormField], grid: Grid, taken: set[int]) -> Iterator[tuple[int, int, FormField]]:
    for number, row in enumerate(grid):
        if number in taken:
            continue
        for place, cell in enumerate(row):
            label = labels.get(bare(cell)) or labels.get(_before_colon(cell))
            if label is not None:
                yield number, place, label


def _answer_at(grid: Grid, row: int, place: int, labels: frozenset[str]) -> str:
    """Give what stands behind a colon in the label's own cell, else to its right, else below it.

    Below is looked where nothing stands to the right, or the next label at once.
    """
    _label, colon, behind = plain(grid[row][place]).partition(":")
    if colon and plain(behind):
        return plain(behind)
    right, next_one = next(((cell, at) for at, cell in enumerate(grid[row][place + 1 :]) if plain(cell)), ("", 0))
    if plain(right) and not _is_label(right, labels):
        return right
    below = _cell(grid, row + 1, place) if next_one == 0 else ""
    return "" if _is_label(below, labels) else below


def _is_label(cell: str, labels: frozenset[str]) -> bool:
    return bare(cell) in labels or _before_colon(cell) in labels


def _before_colon(cell: str) -> str:
    label, colon, _answer = plain(cell).partition(":")
    return bare(label) if colon else ""


def _cell(grid: Grid, row: int, place: int) -> str:
    return grid[row][place] if row < len(grid) and place < len(grid[row]) else ""


def _number(question: FormField, text: str) -> int | None:
    value = normalise(question, text).value
    return value if isinstance(value, int) else None


def _apart(key: str, label: str, said: str, computed: object) -> Problem:
    return Problem(
        key,
        "totals_apart",
        f"ファイルの「{label}」の合計は{plain(said)}ですが、内訳を足すと{computed}です。",
        f"The file says {plain(said)} in all for 「{label}」; its parts add up to {computed}.",
    )


def _too_many(table: FormField) -> Problem:
    return Problem(
        f"{table.columns[0].key}_{table.rows}",
        "too_many_rows",
        f"「{table.label}」は{table.rows}行までです。ファイルにはもっとあります。",
        f"「{table.label}」 has {table.rows} rows at most; the file has more.",
    )
