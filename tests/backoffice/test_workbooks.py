"""A workbook that needs more than a machine has is refused before it is opened, wherever one is brought."""

from __future__ import annotations

import io
import zipfile

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


@pytest.mark.parametrize("read", [read_sheet, read_grid, lambda content: files_in.read("a.xlsx", content)])
@pytest.mark.parametrize("content", [workbook(A1="館", XFD1048576="人数"), binary()], ids=["far corners", "binary"])
def test_what_cannot_be_bounded_is_refused_with_a_sentence(read, content):
    with pytest.raises(Invalid, match="Excelのファイルとして読み取れません"):
        read(content)


def test_cells_that_lie_wide_apart_within_reason_are_read():
    assert read_sheet(workbook(A1="館", B1="人数", A900="原西", B900="3")).rows == ((900, ["原西", "3"]),)
