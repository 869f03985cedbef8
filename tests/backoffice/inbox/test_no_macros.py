"""No file that carries a program hangs on a case, whatever its name says."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.errors import Invalid
from backoffice.inbox.office_files import MOST_ENTRIES, must_hold_no_program
from backoffice.inbox.queries import attachments_of
from tests.backoffice.staff_client import StaffClient

PLAIN = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def office_file(*names: str) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "架空")
    return packed.getvalue()


def refusal_of(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        must_hold_no_program(content, "要綱.docx")
    return refused.value.message


def test_a_plain_document_hangs_on_its_case(bureau):
    client, case_id = StaffClient(bureau.city).sign_in(bureau.drafter), bureau.begin()

    page = client.post(f"/cases/{case_id}/attachments", files={"file": ("要綱.docx", office_file(*PLAIN))})

    assert "要綱.docx" in page.text


def test_a_document_with_macros_is_refused_with_what_to_do(bureau):
    client, case_id = StaffClient(bureau.city).sign_in(bureau.drafter), bureau.begin()
    hidden = office_file(*PLAIN, "word/vbaProject.bin")

    page = client.post(f"/cases/{case_id}/attachments", files={"file": ("要綱.docx", hidden)}, status=422)

    assert "マクロのない形式" in page.text
    with bureau.city.look() as work:
        assert attachments_of(work.session, case_id) == []


@pytest.mark.parametrize(
    "part", ["xl/vbaProject.bin", "XL/VBAPROJECT.BIN", "xl\\vbaProject.bin", "xl/macrosheets/sheet1.xml"]
)
def test_a_macro_is_found_wherever_it_stands_and_however_it_is_written(part):
    assert "マクロ" in refusal_of(office_file(*PLAIN, part))


def test_an_archive_of_another_kind_is_no_document():
    assert "名前の種類と違います" in refusal_of(office_file("readme.txt"))


def test_a_document_that_was_cut_off_is_refused():
    assert "壊れていて" in refusal_of(office_file(*PLAIN)[:-30])


def test_an_archive_of_parts_without_end_is_not_even_read():
    assert "部品が多すぎ" in refusal_of(b"PK\x03\x04" + b"PK\x01\x02" * (MOST_ENTRIES + 1))


@given(st.binary(max_size=400), st.integers(0, 300))
def test_no_file_whatever_breaks_the_check(rubbish, at):
    whole = office_file(*PLAIN)
    with pytest.raises(Invalid):
        must_hold_no_program(b"PK\x03\x04" + rubbish, "要綱.docx")
    with suppress(Invalid):
        must_hold_no_program(whole[:-at] + rubbish[: at // 3] + whole[len(whole) - at :], "要綱.docx")
