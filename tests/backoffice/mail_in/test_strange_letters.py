"""What do strangers write, and what do they enclose? Words come out as they were meant; nothing harmful is taken."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from backoffice.mail_in.enclosures import look_at
from backoffice.mail_in.reading import Part, read_letter, text_of
from forms.my_number import check_digit
from tests.backoffice.mail_in.letters import PDF, letter

LIMIT = 1_000_000
HEAD = b"From: a@example.jp\r\nMIME-Version: 1.0\r\n"


def packed(*files: tuple[str, bytes], **more: object) -> bytes:
    """An archive, with names as Japanese Windows writes them."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


def taken(*parts: tuple[str, bytes]) -> list[tuple[str, str]]:
    """Name of each attachment, and how it was refused: nothing for one that was taken."""
    return [(each.name, each.refusal) for each in look_at([Part(*part) for part in parts], LIMIT)]


def attached(header: bytes) -> bytes:
    head = b"Content-Type: application/pdf" + header + b"\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n' + head + PDF + b"\r\n--x--\r\n"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"\r\nContent-Disposition: attachment; filename*=UTF-8''%E5%90%8D%E7%B0%BF.pdf", "名簿.pdf"),
        (b"\r\nContent-Disposition: attachment; filename*0*=UTF-8''%E5%90%8D; filename*1*=%E7%B0%BF.pdf", "名簿.pdf"),
        (b"\r\nContent-Disposition: attachment; filename*=iso-2022-jp''%1B%24BL%3EJm%1B%28B.pdf", "名簿.pdf"),
        (b'; name="=?ISO-2022-JP?B?GyRCTD5KbRsoQi5wZGY=?="', "名簿.pdf"),
        (
            b'\r\nContent-Disposition: attachment; filename="=?utf-8?Q?=E5=90=8D?=\r\n =?utf-8?Q?=E7=B0=BF.pdf?="',
            "名簿.pdf",
        ),
        (b'\r\nContent-Disposition: attachment; filename="' + "名簿.pdf".encode("cp932") + b'"', "名簿.pdf"),
        (b'\r\nContent-Disposition: attachment; filename="../../etc/passwd.pdf"', "passwd.pdf"),
        (b'\r\nContent-Disposition: attachment; filename="C:\\\\temp\\\\a.pdf"', "a.pdf"),
        (b"\r\nContent-Disposition: attachment", "名称なし"),
        (b'\r\nContent-Disposition: attachment; filename="a\xe2\x80\xaefdp.exe"', "a fdp.exe"),
    ],
)
def test_an_attachment_has_the_name_that_its_sender_meant_and_no_path(header, name):
    [part] = read_letter(attached(header)).parts

    assert part.name == name
    assert part.content == PDF


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Type: text/plain; charset=iso-2022-jp\r\n", "住所変更①㈱".encode("cp932")),
        (b"Content-Type: text/plain; charset=iso-2022-jp\r\n", b"\x1b$B=;=jJQ99-!-j\x1b(B"),
        (b"Content-Type: text/plain; charset=us-ascii\r\n", "住所変更①㈱".encode()),
        (b"", b"\x1b$B=;=jJQ99-!-j\x1b(B"),
        (b"Content-Type: text/plain; charset=x-nobody-knows\r\n", "住所変更①㈱".encode("cp932")),
        (b"Content-Type: text/plain; charset=punycode\r\n", "住所変更①㈱".encode()),
        (
            b"Content-Type: text/html; charset=utf-8\r\n",
            "<style>p{}</style><p>住所変更<script>x()</script>①㈱</p>".encode(),
        ),
    ],
)
def test_words_are_read_as_they_were_meant_whatever_the_letter_says_of_them(head, body):
    read = read_letter(HEAD + b"Subject: \x1b$B=;=jJQ99\x1b(B\r\n" + head + b"\r\n" + body)

    assert (read.subject, read.text) == ("住所変更", "住所変更①㈱")
    assert read.from_html is (b"html" in head)


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "iso-2022-jp", "shift_jis", "rot13", "idna"]))
def test_whatever_bytes_come_some_words_do(content, charset):
    text_of(content, charset)


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("Fri, 31 Dec 9999 23:59:59 -0500", None),
        ("Fri, 31 Dec 9999 23:59:59 +0000", None),
        ("Mon, 1 Jan 1900 00:00:00 +0000", None),
        ("Sat, 28 Nov 2026 10:00:00 +0900", 2026),
        ("tomorrow", None),
    ],
)
def test_a_day_that_could_not_be_shown_is_none(said, year):
    moment = read_letter(HEAD + f"Date: {said}\r\n\r\nbody".encode()).written_at

    assert (moment and moment.year) == year


@given(st.binary(max_size=600))
def test_no_letter_brings_the_reader_down(raw):
    assert read_letter(raw).digest
    assert read_letter(attached(b"") + raw).digest


def test_a_letter_of_too_many_parts_or_too_deep_is_told_as_unreadable():
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(300))
    crowded = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\nhello\r\n" * 9
    many = b"--x\r\nContent-Type: message/rfc822\r\n\r\nhello\r\n" * 500

    assert read_letter(HEAD + nested).unreadable
    assert read_letter(HEAD + crowded + many).unreadable
    assert not read_letter(HEAD + crowded).unreadable


def test_what_a_letter_within_a_letter_encloses_is_taken_and_its_words_are_kept():
    inner = letter("申請の件", ("申請書.pdf", PDF), text="元の本文です。")
    outer = HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nFYI\r\n--x\r\n'
    read = read_letter(outer + b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--x--\r\n")

    assert [part.name for part in read.parts] == ["申請書.pdf"]
    assert "申請の件" in read.text
    assert "元の本文です。" in read.text


def test_a_number_that_must_not_be_here_is_masked_in_words_and_refused_in_a_table():
    number = "12345678901"
    number += str(check_digit(number))

    read = read_letter(letter(f"番号 {number}", text=f"番号は{number}です。"))

    assert number not in read.subject + read.text
    [(_name, refusal)] = taken(("番号.csv", f"番号\n{number}\n".encode("cp932")))
    assert "個人番号" in refusal


def workbook(*sheets: dict[str, object]) -> bytes:
    """A workbook whose sheets have these cells."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        for cells in sheets:
            sheet = book.add_worksheet()
            for place, value in cells.items():
                sheet.write(place, value)
    return written.getvalue()


def test_a_number_that_must_not_be_here_is_found_on_every_sheet_and_in_every_row():
    number = "12345678901"
    number += str(check_digit(number))
    places = [({"A1": number},), ({"A1": "番号"}, {"C9": int(number)}), ({"A1": "番号", "B3000": number},)]

    for sheets in places:
        assert "個人番号" in taken(("番号.xlsx", workbook(*sheets)))[0][1]


def test_a_workbook_is_taken_however_little_or_much_of_a_list_it_is_and_one_in_far_corners_is_not_opened():
    one, long = workbook({"B2": "見出しだけ"}), workbook({f"A{line}": line for line in range(1, 5_000)})
    assert taken(("一.xlsx", one), ("長.xlsx", long), ("空.xlsx", workbook({}))) == [
        ("一.xlsx", ""),
        ("長.xlsx", ""),
        ("空.xlsx", ""),
    ]

    assert "読み取れません" in taken(("隅.xlsx", workbook({"A1": 1, "XFD1048576": 2})))[0][1]


def test_a_hundred_attachments_are_taken_and_beyond_the_limit_it_is_said():
    assert [refusal for _name, refusal in taken(*((f"{n}.pdf", PDF) for n in range(100)))] == [""] * 100
    assert "多すぎ" in taken(*((f"{n}.pdf", PDF) for n in range(300)))[-1][1]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("winmail.dat", b"\x78\x9f\x3e\x22", "winmail.dat"),
        ("setup.exe", b"MZ", "添付できない種類"),
        ("page.html", b"<script>", "添付できない種類"),
        ("macro.xlsm", b"PK\x03\x04", "マクロ"),
        ("empty.pdf", b"", "空のファイル"),
        ("not.xlsx", b"\xd0\xcf\x11\xe0", "名前の種類と違います"),
        ("big.pdf", PDF + b"x" * LIMIT, "大きすぎます"),
        ("broken.zip", b"PK\x03\x04 broken", "壊れていて"),
        ("bomb.zip", packed(("zero.txt", b"0" * (3 * LIMIT))), "大きすぎます"),
        ("crowd.zip", packed(*((f"{n}.txt", b"x") for n in range(300))), "多すぎます"),
        ("nested.zip", packed(("inner.zip", packed(("a.txt", b"a")))), "ZIPの中のZIP"),
    ],
)
def test_what_is_not_taken_is_told_with_its_reason(name, content, said):
    [(_name, refusal)] = taken((name, content))

    assert said in refusal


def test_an_archive_with_a_password_is_refused_and_one_without_is_opened_with_japanese_names():
    locked = bytearray(packed(("秘密.pdf", PDF)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1

    assert "パスワード付き" in taken(("locked.zip", bytes(locked)))[0][1]
    assert taken(("open.zip", packed(("../申請/名簿.pdf", PDF), ("a.exe", b"MZ"))))[0] == ("名簿.pdf", "")


def test_also_what_archives_that_are_refused_unpack_to_is_counted():
    bomb, good = packed(("zero.txt", b"0" * (3 * LIMIT))), packed(("名簿.pdf", PDF))

    few = taken(*[("bomb.zip", bomb)] * 10, ("good.zip", good))
    many = taken(*[("bomb.zip", bomb)] * 60, ("good.zip", good))

    assert few[-1] == ("名簿.pdf", "")
    assert "大きすぎます" in many[-1][1]


def test_a_program_that_begins_as_a_document_is_saved_under_an_ending_that_starts_nothing():
    assert taken(("invoice.exe", b"MZ %PDF-1.7")) == [("invoice.exe.pdf", "")]
