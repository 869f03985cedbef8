"""How much room does one question take, and what is drawn there? A label on a strip, below it where people write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forms.definition import FormField
from forms.field_types import LISTING, FieldType
from forms.layout import PaperField, PaperOption
from forms.paper.drawn import PALE, SHADE, Element, Frame, Words
from forms.paper.measures import (
    BOX_MM,
    CELL_MM,
    GAP,
    LABEL_MM,
    LABEL_PT,
    SMALL_PT,
    WIDTH,
    WRITING_MM,
    lines_of,
    share_of,
    text_mm,
)

_LINE_MM = 8.5
_LETTERS_A_LINE = 45
_MOST_LINES = 12
_UNIT_MM = 3.2
_OPTION_MM = 6.4
_CLEAR_MM = 2.1
"""Left white around a tick box: whether it is ticked is judged beside what is inked around it."""
_HELP_MM = 3.0

_HINTS = {
    FieldType.DATE: "例 令和8年4月1日",
    FieldType.KATAKANA: "カタカナで",
    FieldType.PERSON_NAME: "姓と名の間を空けて",
    FieldType.CHOICE: "1つに✓",
    FieldType.CHOICES: "あてはまるものすべてに✓",
}


@dataclass(frozen=True)
class Drawn:
    """What a block puts on the page at a place: elements, and the fields that are read there."""

    elements: tuple[Element, ...]
    fields: tuple[PaperField, ...] = ()


@dataclass(frozen=True)
class Block:
    """A part of a form that is not broken over pages: its size, and what is drawn where it comes to stand."""

    width: float
    height: float
    draw: Callable[[float, float], Drawn]


def block_of(field: FormField) -> Block | None:
    """Return the block of one question, None for what paper does not ask: what is computed, and a whole table."""
    if field.computed is not None or field.type is FieldType.TABLE:
        return None
    if field.type is FieldType.FILE:
        return _note(f"{field.label}は、別に添えてください。")
    if field.type is FieldType.CHECKBOX:
        return _tick(field)
    if field.type in LISTING:
        return _options(field)
    return _writing(field)


def heading(title: str, explained: str) -> Block:
    """Return the bar of a section."""
    below = _help_height(explained, WIDTH)

    def draw(x: float, y: float) -> Drawn:
        bar = Frame(x, y, WIDTH, 6.2, line=0, fill=SHADE)
        words = Words(x + 2, y, WIDTH - 4, 6.2, title, LABEL_PT + 2)
        return Drawn((bar, words, *_help(explained, x, y + 6.2, WIDTH)))

    return Block(WIDTH, 6.2 + below, draw)


def width_of(field: FormField) -> float:
    """Return how wide the block of a field is: what was asked for, or the next share in which its cells have room."""
    wanted = share_of(field)
    needed = _cells(field) * CELL_MM + _unit_mm(field)
    fits = [share for share in (4, 3, 2, 1) if share <= wanted and _share(share) >= needed]
    return _share(fits[0] if fits else 1)


def strip(field: FormField, x: float, y: float, width: float) -> tuple[Element, ...]:
    """Return the label of a question on its strip."""
    must = " (必須)" if field.required else ""
    hint = _HINTS.get(field.type, "")
    room = width - text_mm(field.label + must, LABEL_PT) - 4
    shown = hint if text_mm(hint, SMALL_PT) <= room else ""
    return (
        Frame(x, y, width, LABEL_MM, fill=SHADE),
        Words(x + 1.5, y, width - 3, LABEL_MM, field.label + must, LABEL_PT),
        *((Words(x + 1.5, y, width - 3, LABEL_MM, shown, SMALL_PT, "right", PALE - 60),) if shown else ()),
    )


def writing_box(field: FormField, x: float, y: float, width: float, height: float, lines: int | None = None) -> Drawn:
    """Return where one answer is written, with its cells and its unit, and how it is read there."""
    wide = min(width - _unit_mm(field), _cells(field) * CELL_MM or width)
    box = (round(x, 2), round(y, 2), round(wide, 2), round(height, 2))
    cells = _cells(field)
    parts = [Frame(x + wide * n / cells, y, 0, height, line=0.4) for n in range(1, cells)]
    unit = unit_of(field)
    said = (Words(x + wide + 0.8, y, _unit_mm(field), height, unit, LABEL_PT),) if unit else ()
    paper = PaperField(
        key=field.key,
        label=field.label,
        type=field.type,
        box_mm=box,
        comb=field.comb or (cells or None),
        lines=lines,
        business_key=field.business_key,
    )
    return Drawn((Frame(*box), *parts, *said), (paper,))


def option_boxes(field: FormField, x: float, y: float, width: float, size: float = BOX_MM) -> tuple[Drawn, float]:
    """Return the tick boxes of a question's options, in as many lines as they need, and the height of these."""
    line = size + 2 * _CLEAR_MM
    across, down = x + _CLEAR_MM, y + _CLEAR_MM
    elements: list[Element] = []
    options: list[PaperOption] = []
    for option in field.options:
        wide = size + _CLEAR_MM + text_mm(option.label, LABEL_PT) + _CLEAR_MM
        if across + wide > x + width and across > x + _CLEAR_MM:
            across, down = x + _CLEAR_MM, down + line
        box = (round(across, 2), round(down, 2), size, size)
        elements += [Frame(*box), Words(across + size + _CLEAR_MM, down - 0.5, wide, size + 1, option.label, LABEL_PT)]
        options.append(PaperOption(code=option.code, box_mm=box))
        across += wide
    height = down + size + _CLEAR_MM - y
    whole = (round(x, 2), round(y, 2), round(width, 2), round(height, 2))
    paper = PaperField(key=field.key, label=field.label, type=field.type, box_mm=whole, options=tuple(options))
    return Drawn((Frame(*whole), *elements), (paper,)), height


def tick_box(field: FormField, x: float, y: float, size: float = BOX_MM) -> Drawn:
    """Return one tick box."""
    box = (round(x, 2), round(y, 2), size, size)
    return Drawn((Frame(*box),), (PaperField(key=field.key, label=field.label, type=field.type, box_mm=box),))


def joined(parts: Sequence[Drawn], *more: Element) -> Drawn:
    """Return several drawings as one, `more` below them."""
    elements = (*more, *(element for part in parts for element in part.elements))
    return Drawn(elements, tuple(field for part in parts for field in part.fields))


def _writing(field: FormField) -> Block:
    width = width_of(field)
    lines = _lines(field)
    height = lines * _LINE_MM if lines else WRITING_MM
    below = _help_height(field.help, width)

    def draw(x: float, y: float) -> Drawn:
        top = y + LABEL_MM
        drawn = writing_box(field, x, top, width, height, lines or None)
        ruled = [Frame(x + 2, top + _LINE_MM * n, width - 4, 0, line=0.4, dashed=True) for n in range(1, lines)]
        said = Drawn((*ruled, *_help(field.help, x, top + height, width)))
        return joined((drawn, said), *strip(field, x, y, _strip_mm(field, width)))

    return Block(width, LABEL_MM + height + below, draw)


def _strip_mm(field: FormField, width: float) -> float:
    """Over a row of cells the strip is as wide as they are, if its label has room there."""
    cells = _cells(field) * CELL_MM
    return max(cells, text_mm(field.label, LABEL_PT) + 16) if cells else width


def _tick(field: FormField) -> Block:
    must = " (必須)" if field.required else ""
    needed = BOX_MM + _CLEAR_MM + 1 + text_mm(field.label + must, LABEL_PT)
    share = next((each for each in (4, 3, 2) if _share(each) >= needed and each <= max(2, share_of(field))), 1)
    width = _share(share)
    rows = lines_of(field.label + must, LABEL_PT, width - BOX_MM - 3)
    height = max(_OPTION_MM, rows * 3.8)

    def draw(x: float, y: float) -> Drawn:
        words = Words(x + BOX_MM + 2.5, y, width - BOX_MM - 3, height, field.label + must, LABEL_PT)
        return joined((tick_box(field, x + 0.5, y + (height - BOX_MM) / 2),), words)

    return Block(width, height, draw)


def _options(field: FormField) -> Block:
    width = width_of(field)
    _, height = option_boxes(field, 0, 0, width)
    below = _help_height(field.help, width)

    def draw(x: float, y: float) -> Drawn:
        boxes, _ = option_boxes(field, x, y + LABEL_MM, width)
        said = Drawn(_help(field.help, x, y + LABEL_MM + height, width))
        return joined((boxes, said), *strip(field, x, y, width))

    return Block(width, LABEL_MM + height + below, draw)


def _note(text: str) -> Block:
    def draw(x: float, y: float) -> Drawn:
        return Drawn((Words(x, y, WIDTH, LABEL_MM, text, LABEL_PT),))

    return Block(WIDTH, LABEL_MM, draw)


def _share(parts: int) -> float:
    return (WIDTH - GAP * (parts - 1)) / parts


def _cells(field: FormField) -> int:
    if field.type is FieldType.ACCOUNT:
        return 7
    return field.comb or 0 if field.type is FieldType.DIGITS else 0


def unit_of(field: FormField) -> str:
    """Return what stands behind the box of a field."""
    return field.unit or ("円" if field.type is FieldType.YEN else "")


def _unit_mm(field: FormField) -> float:
    unit = unit_of(field)
    return text_mm(unit, LABEL_PT) + _UNIT_MM / 2 if unit else 0.0


def _lines(field: FormField) -> int:
    if field.type is not FieldType.LINES:
        return 0
    return min(_MOST_LINES, max(3, -(-(field.max_length or 180) // _LETTERS_A_LINE)))


def _help_height(text: str, width: float) -> float:
    return lines_of(text, SMALL_PT, width - 2) * _HELP_MM + (0.5 if text else 0)


def _help(text: str, x: float, y: float, width: float) -> tuple[Element, ...]:
    height = _help_height(text, width)
    return (Words(x + 1, y, width - 2, height, text, SMALL_PT, grey=PALE - 60),) if text else ()
