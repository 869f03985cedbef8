"""What may stand in a personnel file, and what is said of one that cannot be read?"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.accounts.hr_import.roster import read_roster
from backoffice.errors import Invalid
from tests.backoffice.accounts.test_personnel_files import GAKUJI, HEADINGS, SUIDO, TOP, file_of


def troubles_of(*rows: str, headings: str = HEADINGS) -> list[tuple[int, str]]:
    _roster, troubles = read_roster(file_of(*rows, headings=headings).encode())
    return [
        (trouble.line, trouble.message % trouble.params if trouble.params else trouble.message) for trouble in troubles
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3101,学事課,0000,tanaka,=HYPERLINK(1),", "式は入れられません"),
        ("3101,@SUM(A1),0000,,,", "式は入れられません"),
        ("3101,学事課,0000,tanaka,田中\u202e美咲,", "見えない文字"),
        ("3101,学事課,0000,tanaka,,", "氏名がありません"),
        ("3101,学事課,0000,ta naka,田中 美咲,", "職員IDは英数字"),
        ("3101,,0000,tanaka,田中 美咲,", "所属名がありません"),
        ("学事,学事課,0000,tanaka,田中 美咲,", "所属コードは英数字"),
        ("3101,学事課,0000,tanaka,田中 美咲,市長", "役割「市長」はありません"),
        ("3101,学事課,9999,tanaka,田中 美咲,", "9999 がファイルにありません"),
        ("3101,学事課,0000,tanaka,田中 美咲", "列の数が見出しと違います"),
        (f"3101,学事課,0000,tanaka,{'長' * 101},", "長すぎます"),
        ("0000,別の市,,tanaka,田中 美咲,", "2行目と違います"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_its_reason(row, said):
    [(line, message)] = troubles_of(TOP, row)

    assert (line, said in message) == (3, True), message


def test_a_person_stands_in_the_file_once():
    twice = troubles_of(TOP, GAKUJI.format("tanaka", "田中", ""), SUIDO.format("tanaka", "田中", ""))

    assert twice == [(4, "職員ID tanaka が3行目にもあります。兼務の役割は、取り込んだあと画面で与えてください。")]


def test_departments_that_stand_above_themselves_are_found():
    said = troubles_of(TOP, "1,甲,2,,,", "2,乙,3,,,", "3,丙,1,,,")

    assert [line for line, message in said if "自分に戻ります" in message] == [3, 4, 5]


def test_a_department_ten_levels_down_is_taken_and_one_below_it_is_not():
    ways_down = [f"D{level},第{level}層,{f'D{level - 1}' if level > 2 else '0000'},,," for level in range(2, 12)]

    said = troubles_of(TOP, *ways_down, GAKUJI.format("tanaka", "田中", ""))

    assert said == [(12, "所属 D11 の階層が深すぎます(10段まで)。")]


def test_a_name_that_stands_in_numbers_is_short():
    headings = HEADINGS + ",所属略称"

    said = troubles_of(TOP + ",市", GAKUJI.format("a", "甲", "") + f",{'長' * 21}", headings=headings)

    assert said == [(3, "所属略称 が長すぎます(20文字まで)。")]


@pytest.mark.parametrize("rows", [("1,甲,1,,,",), (TOP, "1,甲,,,,")])
def test_there_is_exactly_one_top(rows):
    assert any("最上位" in message for _line, message in troubles_of(*rows))


def test_dates_and_mail_are_read_in_the_row():
    headings = HEADINGS + ",開始日,終了日,メール"
    said = troubles_of(
        TOP + ",,,",
        GAKUJI.format("a", "甲", "") + ",R9.4.1,R8.4.1,",
        GAKUJI.format("b", "乙", "") + ",いつか,,",
        GAKUJI.format("c", "丙", "") + ",,,no mail",
        GAKUJI.format("d", "丁", "") + ",2027/4/1,令和10年3月31日,d@city.example.jp",
        headings=headings,
    )

    assert [line for line, _message in said] == [3, 4, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "選んでください"),
        (b"\x00\x01" * 500_000, "文字を読み取れません"),
        (b"x" * (5 * 1024 * 1024), "大きすぎます"),
        ("いろは\r\n".encode() * 100_000, "見出し"),
        (('"' + "x" * 1_000_000).encode(), "CSVとして読み取れません"),
        ((HEADINGS + "\r\n" + "1,2\r\n" * 20_001).encode(), "行までです"),
    ],
)
def test_rubbish_is_refused_with_its_reason(content, said):
    with pytest.raises(Invalid) as refused:
        read_roster(content)

    assert said in refused.value.message


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_file_whatever_breaks_the_reader(content):
    for whole in (content, HEADINGS.encode() + b"\n" + content):
        with suppress(Invalid):
            roster, troubles = read_roster(whole)
            assert troubles or len(roster.people) <= content.count(b"\n") + 1
