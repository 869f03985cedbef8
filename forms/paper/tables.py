"""How does a table stand on paper? Its columns by what they hold, a row a line, the head again on every page."""

from collections.abc import Mapping

from forms.definition import FormDefinition, FormField
from forms.field_types import LISTING, FieldType
from forms.layout import PaperField
from forms.paper.blocks import Block, Drawn, joined, option_boxes, tick_box, unit_of
from forms.paper.drawn import SHADE, Element, Frame, Words
from forms.paper.measures import BOX_MM, LABEL_MM, LABEL_PT, SMALL_PT, WIDTH, WRITING_MM, lines_of, text_mm

_NUMBER_MM = 7.0
_SMALL_BOX = 3.8
_WEIGHTS: Mapping[FieldType, float] = {
    FieldType.DATE: 36,
    FieldType.YEN: 30,
    FieldType.INTEGER: 18,
    FieldType.CHECKBOX: 14,
    FieldType.POSTAL_CODE: 26,
    FieldType.PHONE: 34,
    FieldType.ADDRESS: 60,
    FieldType.LINES: 60,
}
_USUAL = 40.0


def head_of(table: FormField) -> Block:
    """Return the label of a table and the heads of its columns."""
    wide = _widths(table)
    rows = max(lines_of(_head(column), SMALL_PT, wide[column.key] - 1.5) for column in table.columns)
    height = max(LABEL_MM, rows * 3.2 + 1)

    def draw(x: float, y: float) -> Drawn:
        must = " (必須)" if table.required else ""
        elements: list[Element] = [Words(x, y, WIDTH, LABEL_MM, table.label + must, LABEL_PT)]
        top, across = y + LABEL_MM, x + _NUMBER_MM
        elements.append(Frame(x, top, _NUMBER_MM, height, fill=SHADE))
        for column in table.columns:
            elements += [
                Frame(across, top, wide[column.key], height, fill=SHADE),
                Words(across + 0.7, top, wide[column.key] - 1.4, height, _head(column), SMALL_PT, "center"),
            ]
            across += wide[column.key]
        return Drawn(tuple(elements))

    return Block(WIDTH, LABEL_MM + height, draw)


def row_of(definition: FormDefinition, table: FormField, row: int) -> Block:
    """Return one row of a table."""
    wide = _widths(table)
    cells = {column.key: definition.field(f"{column.key}_{row}") for column in table.columns}
    height = max(_cell_height(cell, wide[key]) for key, cell in cells.items())

    def draw(x: float, y: float) -> Drawn:
        number = (Frame(x, y, _NUMBER_MM, height), Words(x, y, _NUMBER_MM, height, str(row), SMALL_PT, "center"))
        parts, across = [], x + _NUMBER_MM
        for key, cell in cells.items():
            parts.append(_cell(cell, across, y, wide[key], height))
            across += wide[key]
        return joined(parts, *number)

    return Block(WIDTH, height, draw)


def _cell(cell: FormField, x: float, y: float, width: float, height: float) -> Drawn:
    if cell.computed is not None:
        return Drawn((Frame(x, y, width, height, fill=SHADE),))
    if cell.type is FieldType.CHECKBOX:
        tick = tick_box(cell, x + (width - BOX_MM) / 2, y + (height - BOX_MM) / 2)
        return joined((tick,), Frame(x, y, width, height))
    if cell.type in LISTING:
        boxes, _ = option_boxes(cell, x, y, width, _SMALL_BOX)
        return joined((boxes,), Frame(x, y, width, height))
    # On one line: digits have no cells of their own here, there is no room for them; the head names the unit.
    box = (round(x, 2), round(y, 2), round(width, 2), round(height, 2))
    kind = FieldType.TEXT if cell.type is FieldType.LINES else cell.type
    paper = PaperField(
        key=cell.key, label=cell.label, type=kind, box_mm=box, comb=cell.comb, business_key=cell.business_key
    )
    return Drawn((Frame(*box),), (paper,))


def _cell_height(cell: FormField, width: float) -> float:
    if cell.type in LISTING:
        return max(WRITING_MM, option_boxes(cell, 0, 0, width, _SMALL_BOX)[1])
    return WRITING_MM


def _widths(table: FormField) -> dict[str, float]:
    wanted = {column.key: max(_WEIGHTS.get(column.type, _USUAL), _option_mm(column)) for column in table.columns}
    share = (WIDTH - _NUMBER_MM) / sum(wanted.values())
    return {key: weight * share for key, weight in wanted.items()}


def _option_mm(column: FormField) -> float:
    return max((_SMALL_BOX + 7 + text_mm(option.label, LABEL_PT) for option in column.options), default=0.0)


def _head(column: FormField) -> str:
    unit = unit_of(column)
    return f"{column.label}({unit})" if unit else column.label
