"""Where does everything on a form's pages stand? The same definition always gives the same pages.

Blocks are set from left to right as long as they have room beside one another, then below. A block is never broken; a
section's heading never stands alone at the foot of a page; a table goes on under its head again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from forms.definition import FormDefinition, FormField
from forms.layout import PaperField, PaperLayout
from forms.paper.blocks import Block, block_of, heading
from forms.paper.drawn import Element, PaperPage, Words
from forms.paper.marks import markers, page_name
from forms.paper.measures import BOTTOM, GAP, LEFT, SMALL_PT, TITLE_PT, TOP, WIDTH
from forms.paper.tables import head_of, row_of

PAGE_MM = (210.0, 297.0)
MOST_PAGES = 20
_HAIR = 0.01


class TooLongForPaperError(ValueError):
    """A form does not fit on the pages that one application may have."""


@dataclass(frozen=True)
class _Piece:
    """A block that is set.

    `with_next` keeps it on the page of what follows; `below` sets it right under what stands before it; `head` is set
    again where it comes to stand at the top of a page.
    """

    block: Block
    with_next: bool = False
    below: bool = False
    head: Block | None = None


@dataclass
class _Sheet:
    elements: list[Element] = field(default_factory=list)
    fields: list[PaperField] = field(default_factory=list)


def compose(definition: FormDefinition) -> tuple[PaperPage, ...]:
    """Return the pages of a form, empty, without the code of a copy (forms.paper.marks.page_code).

    Raises TooLongForPaperError beyond 20 pages.
    """
    sheets = _set(list(_pieces(definition)))
    if len(sheets) > MOST_PAGES:
        raise TooLongForPaperError(f"{len(sheets)} pages")
    return tuple(_page(definition, number, len(sheets), sheet) for number, sheet in enumerate(sheets, 1))


def _pieces(definition: FormDefinition) -> Iterator[_Piece]:
    section = None
    for asked in definition.fields:
        if asked.section != section:
            section = asked.section
            told = next((one for one in definition.sections if one.code == section), None)
            if told is not None:
                yield _Piece(heading(told.title, told.help), with_next=True)
        if asked.columns:
            yield from _rows(definition, asked)
            continue
        block = block_of(asked)
        if block is not None:
            yield _Piece(block)


def _rows(definition: FormDefinition, table: FormField) -> Iterator[_Piece]:
    head = head_of(table)
    yield _Piece(head, with_next=True)
    for row in range(1, (table.rows or 0) + 1):
        yield _Piece(row_of(definition, table, row), below=True, head=head)


def _set(pieces: list[_Piece]) -> list[_Sheet]:
    sheets = [_Sheet()]
    across, down, line = LEFT, TOP, 0.0
    for piece, following in zip(pieces, (*pieces[1:], None), strict=True):
        block = piece.block
        if across > LEFT and across + block.width > LEFT + WIDTH + _HAIR:
            across, down, line = LEFT, down + line + GAP, 0.0
        if piece.below:
            down -= GAP
        kept = following.block.height if piece.with_next and following is not None else 0.0
        if across == LEFT and down > TOP and down + block.height + kept > BOTTOM:
            sheets.append(_Sheet())
            down = TOP
            if piece.head is not None:
                _draw(sheets[-1], piece.head, LEFT, down)
                down += piece.head.height
        _draw(sheets[-1], block, across, down)
        across, line = across + block.width + GAP, max(line, block.height)
        if across > LEFT + WIDTH:
            across, down, line = LEFT, down + line + GAP, 0.0
    return sheets


def _draw(sheet: _Sheet, block: Block, x: float, y: float) -> None:
    drawn = block.draw(x, y)
    sheet.elements += drawn.elements
    sheet.fields += drawn.fields


def _page(definition: FormDefinition, number: int, many: int, sheet: _Sheet) -> PaperPage:
    corners, drawn = markers()
    title = Words(22, 8, 146, 12, definition.title, TITLE_PT, "center")
    foot = f"{definition.code}　第{definition.version}版　{number}／{many}"
    elements = (*drawn, title, Words(22, 282, 166, 6, foot, SMALL_PT, "center"), *sheet.elements)
    layout = PaperLayout(
        form=definition.title,
        version=definition.version,
        page=number,
        pages=many,
        page_mm=PAGE_MM,
        qr_text=page_name(definition.code, definition.version, number),
        markers=corners,
        fields=tuple(sheet.fields),
    )
    return PaperPage(elements, layout)
