"""What is this file, whatever it calls itself? Its content tells; a name, and what a server says, are no proof."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Final

ZIP: Final = b"PK\x03\x04"
OLD_OFFICE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
OF_A_WORKBOOK: Final = "xl/workbook.xml"
A_PAGE: Final = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|script|table|meta|\?xml)", re.IGNORECASE)
ENCODINGS: Final = ("utf-8-sig", "cp932")
END_OF_A_PDF: Final = 2_048
CONTROL_LETTERS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
END_OF_A_DOS_FILE: Final = "\x1a"
"""Systems that come down from MS-DOS still write it behind a table."""
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Fallen:
    """A file that a page gave out, checked by its content. `name` is the recording's; the system's own is not kept."""

    name: str
    kind: str
    content: bytes = field(repr=False)
    sha256: str


def kind_of(content: bytes) -> str:
    """Tell the kind (`pdf`, `csv`, `xls`, `xlsx`) of a whole file; "" for a web page, a torn file, or anything else."""
    if content.startswith(b"%PDF-"):
        return "pdf" if b"%%EOF" in content[-END_OF_A_PDF:] else ""
    if content.startswith(OLD_OFFICE):
        return "xls"
    if content.startswith(ZIP):
        return "xlsx" if _is_a_workbook(content) else ""
    return "csv" if _is_a_table(content) else ""


def _is_a_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return OF_A_WORKBOOK in parts.namelist()
    except zipfile.BadZipFile:
        return False


def _is_a_table(content: bytes) -> bool:
    """A text without control letters whose lines have as many cells, two at least; or one line of headings."""
    if A_PAGE.match(content.removeprefix(b"\xef\xbb\xbf")[:END_OF_A_PDF]):
        return False
    text = _text(content)
    if text is None or not text.strip():
        return False
    try:
        widths = {len(line) for line in csv.reader(io.StringIO(text, newline=""), strict=True) if any(line)}
    except csv.Error:
        return False
    return len(widths) == 1 and max(widths) > 1


def _text(content: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = text.removesuffix(END_OF_A_DOS_FILE)
        return None if CONTROL_LETTERS.search(text) else text
    return None
