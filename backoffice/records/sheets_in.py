"""Which rows does a file have that somebody brings? A workbook of Excel or LibreOffice, or CSV; values only."""

from dataclasses import dataclass

from backoffice.errors import Invalid
from backoffice.web.csv_in import rows_of, text_of
from backoffice.web.translations import _
from backoffice.web.workbooks import as_text, is_workbook, opened

MOST_BYTES = 10_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 300
MOST_GRID_ROWS = 500
_MOST_LETTERS = 2_000

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """The first row that is not empty, and the rows below it, each with its line."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes) -> Sheet:
    """Read the first sheet of a file. Raises Invalid, with a sentence, for what is no list or too much of one."""
    if len(content) > MOST_BYTES:
        raise Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=MOST_BYTES // 1_000_000)
    rows = _rows(content)
    if not rows:
        raise Invalid(_("ファイルに行がありません。"))
    (_line, header), *body = rows
    if len(body) > MOST_ROWS:
        raise Invalid(_("一度に取り込めるのは%(most)s行までです。ファイルを分けてください。"), most=MOST_ROWS)
    if len(header) > MOST_COLUMNS:
        raise Invalid(_("列が多すぎます(%(most)s列まで)。"), most=MOST_COLUMNS)
    if not body:
        raise Invalid(_("見出しの下に行がありません。1行目を見出しにしてください。"))
    width = len(header)
    cells = tuple((line, [cell[:_MOST_LETTERS] for cell in (row + [""] * width)[:width]]) for line, row in body)
    return Sheet(tuple(" ".join(cell.split())[:120] for cell in header), cells)


def read_grid(content: bytes) -> list[list[str]]:
    """Read every cell of a file's first sheet, as it lies there, empty rows too. Raises Invalid as `read_sheet`."""
    if len(content) > MOST_BYTES:
        raise Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=MOST_BYTES // 1_000_000)
    if is_workbook(content):
        rows = _workbook(content, MOST_GRID_ROWS + 1)
    else:
        rows = [row for _line, row in rows_of(text_of(content, MOST_BYTES))]
    if len(rows) > MOST_GRID_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise Invalid(
            _("1件の報告書としては大きすぎます(%(rows)s行、%(columns)s列まで)。"),
            rows=MOST_GRID_ROWS,
            columns=MOST_COLUMNS,
        )
    return [[cell[:_MOST_LETTERS] for cell in row] for row in rows]


def _rows(content: bytes) -> list[Row]:
    if not is_workbook(content):
        return rows_of(text_of(content, MOST_BYTES))
    return [(line, row) for line, row in enumerate(_workbook(content, MOST_ROWS + 50), 1) if any(row)]


def _workbook(content: bytes, most_rows: int) -> list[list[str]]:
    with opened(content) as book:
        if not book.sheet_names:
            raise Invalid(_("ファイルに行がありません。"))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=most_rows)
    return [[as_text(cell) for cell in row] for row in rows]
