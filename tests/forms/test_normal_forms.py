"""One normal form for an answer, however it was typed or read."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import normalise
from forms.field_types import FieldType
from forms.kana import doubtful_sizes, settle_sizes
from forms.places import lies_in, places_of
from forms.widths import plain


@dataclass(frozen=True)
class Question:
    type: FieldType
    key: str = "asked"
    comb: int | None = None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "R8.11.2", "2026-11-02"),
        ("katakana", "ﾔﾏﾀﾞ ｶｵﾘ", "ヤマダ カオリ"),
        ("katakana", "やまだ\u3000かおり", "ヤマダ カオリ"),
        ("katakana", "カ゛ンタロ-", "ガンタロー"),
        ("person_name", "山田\u3000\u3000香織", "山田 香織"),
        ("person_name", "髙橋 﨑", "髙橋 﨑"),
        ("postal_code", "〒８１０ー０００１", "810-0001"),
        ("postal_code", "8100001", "810-0001"),
        ("address", "福岡県福岡市中央区 天神１−８−１", "福岡県福岡市中央区天神1-8-1"),
        ("address", "中央区天神1-8 ビル 201", "中央区天神1-8 ビル 201"),
        ("phone", "(092)711-4111", "092-711-4111"),
        ("phone", "09012345678", "090-1234-5678"),
        ("digits", "００１ 23", "00123"),
        ("integer", "５人", 5),
        ("yen", "¥3,011,250", 3011250),
        ("yen", "３，０１１，２５０円", 3011250),
        ("text", "市立\n東小学校", "市立東小学校"),
        ("text", "㈱ギジョ", "(株)ギジョ"),
        ("lines", " １行目 \r\n\r\n２行目\n\n", "1行目\n\n2行目"),
        ("choice", " narrowing ", "narrowing"),
        ("checkbox", "true", True),
        ("checkbox", "", False),
    ],
)
def test_an_answer_has_one_normal_form(kind, text, value):
    normal = normalise(Question(FieldType(kind)), text)

    assert (normal.value, normal.problem) == (value, None)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("katakana", "山田", "kana_letters"),
        ("person_name", "山田3", "name_letters"),
        ("postal_code", "810-000", "postal_shape"),
        ("phone", "090-1234-567", "phone_shape"),
        ("phone", "0-92711-4111", "phone_shape"),
        ("digits", "12a", "digits_shape"),
        ("integer", "五", "amount_shape"),
        ("yen", "3,01,250", "amount_shape"),
        ("yen", "9,999,999,999,999", "amount_limit"),
        ("integer", "9" * 5_000, "amount_limit"),
        ("checkbox", "maybe", "checkbox_word"),
    ],
)
def test_what_has_no_normal_form_is_refused_in_both_languages(kind, text, code):
    normal = normalise(Question(FieldType(kind)), text)

    assert normal.value is None
    assert normal.problem is not None
    assert normal.problem.code == code
    assert normal.problem.message_ja
    assert normal.problem.message_en


def test_a_comb_wants_as_many_digits_as_it_has_cells():
    question = Question(FieldType.DIGITS, comb=8)

    assert normalise(question, "42110478").value == "42110478"
    assert normalise(question, "4211047").problem is not None


@given(st.sampled_from(FieldType), st.text(max_size=40))
def test_a_normal_form_is_its_own_normal_form_and_nothing_is_ever_raised(kind, text):
    question = Question(kind)

    once = normalise(question, text).value

    again = normalise(question, str(once).lower() if isinstance(once, bool) else str(once)).value
    assert once is None or again == once


@given(st.text(max_size=40))
def test_plain_text_stands_on_one_line_without_outer_space(text):
    once = plain(text)

    assert plain(once) == once
    assert once == once.strip(" ")
    assert not set(once) & set("\r\n\u2028\u200b\u202e")


@given(st.text(st.sampled_from("アイウキシチツテニフヤユヨャュョッー "), max_size=12))
def test_settling_sizes_changes_only_kana_that_can_have_one_size(text):
    settled = settle_sizes(text)

    assert settle_sizes(settled) == settled
    assert all(settled[place] == text[place] for place in doubtful_sizes(text))


@pytest.mark.parametrize(("read", "settled"), [("カョコ", "カヨコ"), ("タッヤ", "タツヤ"), ("ョウコ", "ヨウコ")])
def test_a_kana_that_cannot_be_small_there_is_large(read, settled):
    written = settle_sizes(read)

    assert written == settled


def test_kiyoko_and_kyoko_are_both_names_so_a_person_looks():
    places = doubtful_sizes("キョウコ"), doubtful_sizes("キヨコ")

    assert places == ((1,), (1,))


def test_a_postal_code_tells_whether_an_address_lies_in_its_place():
    (place,) = places_of("810-0001")

    assert str(place) == "福岡県福岡市中央区天神"
    assert lies_in("福岡県福岡市中央区天神1-8-1", place)
    assert lies_in("福岡市中央区天神1-8-1", place)
    assert not lies_in("福岡県福岡市中央区大名1-8-1", place)
    assert places_of("000-0000") == ()
