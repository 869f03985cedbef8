"""A workbook that needs more than a machine has is refused before it is opened, wherever one is brought."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from backoffice.errors import Invalid
from backoffice.form_designs import files_in
from backoffice.records.sheets_in import read_grid, read_sheet


def workbook(**cells: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, text in cells.items():
            sheet.write(place, text)
    return file.getvalue()


def binary() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("xl/workbook.bin", b"")
    return packed.getvalue()


OLD = (Path(__file__).parent / "far_corners.xls").read_bytes()
"""Three sheets with a cell in the first corner and one in the last, 5.6 kB; written once with xlwt 1.3."""
SAID = "urn:oasis:names:tc:opendocument:xmlns"
OPEN_DOCUMENT = (
    f'<office:document-content xmlns:office="{SAID}:office:1.0" xmlns:table="{SAID}:table:1.0"'
    f' xmlns:text="{SAID}:text:1.0"><office:body><office:spreadsheet><table:table table:name="館">'
    '<table:table-row><table:table-cell office:value-type="string"><text:p>館</text:p></table:table-cell>'
    '</table:table-row><table:table-row table:number-rows-repeated="%(rows)s">'
    '<table:table-cell table:number-columns-repeated="%(columns)s" office:value-type="string">'
    "<text:p>原西</text:p></table:table-cell></table:table-row>"
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)


def open_document(*, rows: int, columns: int) -> bytes:
    """An .ods with one cell that says how often it is repeated."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{SAID}:manifest:1.0"></m:manifest>')
        book.writestr("content.xml", OPEN_DOCUMENT % {"rows": rows, "columns": columns})
    return packed.getvalue()


@pytest.mark.parametrize("read", [read_sheet, read_grid, lambda content: files_in.read("a.xlsx", content)])
@pytest.mark.parametrize("content", [workbook(A1="館", XFD1048576="人数"), binary()], ids=["far corners", "binary"])
def test_what_cannot_be_bounded_is_refused_with_a_sentence(read, content):
    with pytest.raises(Invalid, match="Excelのファイルとして読み取れません"):
        read(content)


def test_cells_that_lie_wide_apart_within_reason_are_read():
    assert read_sheet(workbook(A1="館", B1="人数", A900="原西", B900="3")).rows == ((900, ["原西", "3"]),)


@pytest.mark.parametrize("content", [OLD, open_document(rows=30_000, columns=3_000)], ids=["xls", "ods"])
def test_a_small_file_that_would_end_the_process_ends_another_one_and_is_refused(content):
    with pytest.raises(Invalid, match="セルの範囲が広すぎて開けません"):
        read_sheet(content)


def test_cells_of_libreoffice_that_are_repeated_within_reason_are_read():
    assert read_sheet(open_document(rows=2, columns=1)).rows == ((2, ["原西"]), (3, ["原西"]))
