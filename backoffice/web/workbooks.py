"""How is a workbook opened that somebody brings? Only where its parts and cells need no more than a machine has.

Of Excel, old and new, and LibreOffice; values only, formulas as what they came to. Cells of an .xlsx are counted before
it is opened. In an .xls any number of sheets can be one and the same, in an .ods one cell any number of them: these
are first opened in a process of their own, which ends alone.
"""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zlib import error as ZlibError  # noqa: N812 -- zlib names it in lower case

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from backoffice.errors import Invalid
from backoffice.web.translations import _

MOST_UNPACKED = 200_000_000
"""A workbook is a packed file: what it unpacks to is looked at before it is."""
MOST_AREA = 16_000_000
"""The reader makes room for all cells between the first and the last: two in far corners would end the process."""

MOST_MEMORY = 500_000_000
"""In bytes, of the process in which a workbook is tried: two sheets of an .xls with 1,200,000 cells each fit."""
MOST_SECONDS = 30
_TRIED = """
import io, resource, sys
from python_calamine import CalamineError, CalamineWorkbook
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
try:
    with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=1)
except (CalamineError, ValueError, OSError):
    pass  # whoever opens it is told the same
"""

_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BINARY = "xl/workbook.bin"
"""Of an .xlsb, whose cells cannot be counted before it is opened."""
_OPEN_DOCUMENT = "content.xml"
# Rows and cells as they stand in a sheet's XML, and where they say they lie; without it they follow the one before.
_PLACED = re.compile(rb"""<(?:\w++:)?(row|c)(?=[\s/>])((?:[^>"']|"[^"]*+"|'[^']*+')*+)>""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,8})(\d{0,9})""")
_UNREADABLE = _("Excelのファイルとして読み取れません。開いて保存し直すか、CSVにしてください。")

_VAST = _("このファイルはセルの範囲が広すぎて開けません。要る範囲だけを新しいブックに写すか、CSVにしてください。")


def is_workbook(content: bytes) -> bool:
    return content.startswith((_PACKED, _OLD))


@contextmanager
def opened(content: bytes) -> Iterator[CalamineWorkbook]:
    """Open a workbook. Raises Invalid, here and within."""
    if not content.startswith(_PACKED) or _must_not_burst(content):
        _must_open_elsewhere(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            yield book
    except PasswordError as trouble:
        raise Invalid(
            _("パスワードの付いたファイルは読み取れません。パスワードを外して保存し直してください。")
        ) from trouble
    except (CalamineError, ValueError, OSError) as trouble:
        raise Invalid(_UNREADABLE) from trouble


def _must_not_burst(content: bytes) -> bool:
    """Say whether it may be another kind than an .xlsx, whose cells are not known yet. Raises Invalid."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if _BINARY in packed.namelist():
                raise Invalid(_UNREADABLE)
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=MOST_UNPACKED // 1_000_000)
            is_other = _OPEN_DOCUMENT in packed.namelist()
            is_vast = any(_area(packed.read(part)) > MOST_AREA for part in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ZlibError) as trouble:
        raise Invalid(_UNREADABLE) from trouble
    if is_vast:
        raise Invalid(_UNREADABLE)
    return is_other


def _must_open_elsewhere(content: bytes) -> None:
    """Raise Invalid for a workbook that ends the process which opens it; whether it can be read is told later."""
    try:
        tried = subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-I", "-c", _TRIED, str(MOST_MEMORY)],
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as trouble:
        raise Invalid(_UNREADABLE) from trouble
    if tried.returncode:
        raise Invalid(_VAST if tried.returncode < 0 else _UNREADABLE)


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


def every_row(content: bytes) -> Iterator[list[str]]:
    """Give the rows of all sheets of a workbook, hidden ones too. Raises Invalid for what cannot be opened."""
    with opened(content) as book:
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet:
                for row in book.get_sheet_by_name(sheet.name).iter_rows():
                    yield [as_text(cell) for cell in row if cell != ""]


def as_text(cell: object) -> str:
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
