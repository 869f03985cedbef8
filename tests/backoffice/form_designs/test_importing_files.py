"""A file that a clerk brings becomes a form, or is refused with a sentence that helps."""

from __future__ import annotations

import io
import zipfile

import pytest

from backoffice.form_designs.files_in import MOST_BYTES
from backoffice.identity import Role
from tests.backoffice.staff_client import StaffClient

SHEET = """<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
{rows}</sheetData></worksheet>"""
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="一覧" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(*rows: tuple[str, ...]) -> bytes:
    lines = [
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in PARTS.items():
            book.writestr(name, content)
        book.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows="".join(lines)))
    return packed.getvalue()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 201_000_000)
    return packed.getvalue()


@pytest.fixture
def department(city):
    return city.department("市民センター")


@pytest.fixture
def clerk(city, department) -> StaffClient:
    return StaffClient(city).sign_in(city.person(Role.CLERK, department=department))


def bring(clerk, department, name: str, content: bytes, status: int = 200):
    data = {"title": "", "series": "公民館", "department": str(department.id)}
    return clerk.post("/forms/import", data, status, files={"file": (name, content, "application/octet-stream")})


def test_a_list_of_fields_in_a_spreadsheet_becomes_a_form(clerk, department):
    content = workbook(("項目名", "種類", "必須"), ("利用日", "日付", "○"), ("何か", "虹色", ""))

    told = bring(clerk, department, "利用報告.xlsx", content)

    assert "2欄を取り込みました" in told.text
    assert "「虹色」がわからない" in told.text
    assert "利用報告" in clerk.get("/forms").text


def test_the_head_of_a_csv_file_in_shift_jis_becomes_a_form(clerk, department):
    told = bring(clerk, department, "台帳.csv", "受付日,館名\r\nR8.4.1,東公民館\r\n".encode("cp932"))

    assert "2欄を取り込みました" in told.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 nothing", "Excelのファイルとして読み取れません"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "Excelのファイルとして読み取れません"),
        ("a.xls", b"not a spreadsheet", "Excelのファイルとして読み取れません"),
        ("a.xlsx", bomb(), "ファイルが大きすぎます"),
        ("a.csv", b"", "ファイルが空です"),
        ("a.csv", b"x" * (MOST_BYTES + 1), "大きすぎます"),
        ("a.csv", b"\x00\x01\x02", "文字を読み取れません"),
        ("a.csv", b"a,b\r\n" * 3000, "行か列が多すぎます"),
        ("a.json", b"{", "JSONとして読み取れません"),
        ("a.json", b"[]", "JSON Schema"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(clerk, department, name, content, said):
    assert said in bring(clerk, department, name, content, 422).text
