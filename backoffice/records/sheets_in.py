"""Which rows does a file have that somebody brings? A workbook of Excel or LibreOffice, or CSV; values only."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zlib import error as ZlibError  # noqa: N812 -- zlib names it in lower case

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from backoffice.errors import Invalid
from backoffice.web.csv_in import rows_of, text_of
from backoffice.web.translations import _

MOST_BYTES = 10_000_000
MOST_UNPACKED = 200_000_000
"""A workbook is a packed file: what it unpacks to is looked at before it is."""
MOST_AREA = 16_000_000
"""The reader makes room for all cells between the first and the last: two in far corners would end the process."""
MOST_ROWS = 2_000
MOST_COLUMNS = 300
MOST_GRID_ROWS = 500
_MOST_LETTERS = 2_000

_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Rows and cells as they stand in a sheet's XML, and where they say they lie; without it they follow the one before.
_PLACED = re.compile(rb"""<(?:\w++:)?(row|c)(?=[\s/>])((?:[^>"']|"[^"]*+"|'[^']*+')*+)>""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,8})(\d{0,9})""")
_UNREADABLE = _("Excelのファイルとして読み取れません。開いて保存し直すか、CSVにしてください。")
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
    if _is_workbook(content):
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


def every_row(content: bytes) -> Iterator[list[str]]:
    """Give the rows of all sheets of a workbook, hidden ones too. Raises Invalid for what cannot be opened."""
    with _opened(content) as book:
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet:
                for row in book.get_sheet_by_name(sheet.name).iter_rows():
                    yield [_as_text(cell) for cell in row if cell != ""]


def _rows(content: bytes) -> list[Row]:
    if not _is_workbook(content):
        return rows_of(text_of(content, MOST_BYTES))
    return [(line, row) for line, row in enumerate(_workbook(content, MOST_ROWS + 50), 1) if any(row)]


def _is_workbook(content: bytes) -> bool:
    return content.startswith((_PACKED, _OLD))


def _workbook(content: bytes, most_rows: int) -> list[list[str]]:
    with _opened(content) as book:
        if not book.sheet_names:
            raise Invalid(_("ファイルに行がありません。"))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=most_rows)
    return [[_as_text(cell) for cell in row] for row in rows]


@contextmanager
def _opened(content: bytes) -> Iterator[CalamineWorkbook]:
    """Open a workbook. Raises Invalid, here and within."""
    if content.startswith(_PACKED):
        _must_not_burst(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            yield book
    except PasswordError as trouble:
        raise Invalid(
            _("パスワードの付いたファイルは読み取れません。パスワードを外して保存し直してください。")
        ) from trouble
    except (CalamineError, ValueError, OSError) as trouble:
        raise Invalid(_UNREADABLE) from trouble


def _must_not_burst(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=MOST_UNPACKED // 1_000_000)
            is_vast = any(_area(packed.read(part)) > MOST_AREA for part in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ZlibError) as trouble:
        raise Invalid(_UNREADABLE) from trouble
    if is_vast:
        raise Invalid(_UNREADABLE)


def _area(part: bytes) -> int:
    """Give how many cells lie between the first of a sheet and its last; of a part that is no sheet there are none."""
    row = column = rows = columns = 0
    for found in _PLACED.finditer(part):
        tag, attributes = found.groups()
        place = _PLACE.search(attributes)
        letters, digits = place.groups() if place else (b"", b"")
        if tag == b"row":
            row, column = int(digits or row + 1), 0
        else:
            row, column = int(digits or row), _number(letters) if letters else column + 1
        rows, columns = max(rows, row), max(columns, column)
    return rows * columns


def _number(letters: bytes) -> int:
    """Give the number of a column: 1 for A, 28 for AB."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _as_text(cell: object) -> str:
    """Write a cell as people would type it: a whole number without a point, a day in ISO 8601."""
    match cell:
        case bool():
            return "on" if cell else ""
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta() | float() | int() | str():
            return str(cell).strip()
    return ""
