"""Letters that look alike: neighbours, ink and everyday spelling say which one stands there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.field_types import FieldType
from forms.layout import PaperField
from ocr.engine import LineReading
from ocr.lookalikes import other_forms
from ocr.plausible import certainty, likeliest
from ocr.settling import settled


def reading(text, certainties=None, **rivals):
    """`rivals` name a letter of the text and the one that competes with it, with its probability."""
    return LineReading(
        text=text,
        least=0.9,
        places=tuple((at + 0.5) / len(text) for at in range(len(text))),
        certainties=certainties or (0.9,) * len(text),
        rivals=tuple((rivals[letter],) if letter in rivals else () for letter in text),
    )


@pytest.mark.parametrize(
    ("kind", "seen", "meant"),
    [
        ("address", reading("箱崎コ一ポ青葉"), "箱崎コーポ青葉"),
        ("address", reading("番地八イツ箱崎", 八=("ハ", 0.2)), "番地ハイツ箱崎"),
        ("address", reading("第八イツ"), "第八イツ"),
        ("person_name", reading("ーノ瀬健ー"), "一ノ瀬健一"),
        ("person_name", reading("二ノ宮"), "二ノ宮"),
        ("text", reading("小學校", 學=("学", 0.3)), "小学校"),
        ("text", reading("國學院"), "國學院"),
        ("address", reading("南区曰佐", 曰=("日", 0.3)), "南区曰佐"),
        ("text", reading("龍馬", (0.95, 0.99), 龍=("竜", 0.04)), "龍馬"),
        ("person_name", reading("廣田", 廣=("広", 0.3)), "廣田"),
        ("person_name", reading("高田", 高=("髙", 0.05)), "髙田"),
        ("person_name", reading("高田", 高=("髙", 0.001)), "高田"),
        ("person_name", reading("田中凛", 凛=("凜", 0.1)), "田中凛"),
        ("text", reading("高田", 高=("髙", 0.05)), "高田"),
        ("text", reading("犬がいます.門を閉める,3.5m"), "犬がいます。門を閉める,3.5m"),
    ],
)
def test_a_look_alike_is_settled_by_its_neighbours_and_by_everyday_spelling(kind, seen, meant):
    assert settled(FieldType(kind), seen, ()).text == meant


def test_a_kana_takes_the_size_that_its_ink_shows_if_the_engine_thought_of_it():
    sizes = (1.0, 0.6, 1.0, 1.0)

    doubted = settled(FieldType.KATAKANA, reading("リヨウコ", ヨ=("ョ", 0.3)), sizes)
    undoubted = settled(FieldType.KATAKANA, reading("リヨウコ"), sizes)

    assert (doubted.text, undoubted.text) == ("リョウコ", "リヨウコ")


@given(st.text("一ーハ八學学ロ口.。あ山3", max_size=12), st.sampled_from(list(FieldType)))
def test_settling_puts_one_letter_for_each_and_is_done_after_one_time(text, kind):
    once = settled(kind, reading(text), ())

    assert len(once.text) == len(once.certainties) == len(text)
    assert settled(kind, once, ()).text == once.text


def asked(kind, comb=None):
    return PaperField(key="x", type=kind, box_mm=(0, 0, 10, 10), comb=comb)


def test_a_rival_that_no_date_could_have_there_is_no_doubt():
    impossible = reading("令和8年2月1日", 令=("4", 0.6))
    possible = reading("令和8年2月1日", **{"2": ("3", 0.6)})

    doubts = [certainty(asked("date"), each) for each in (impossible, possible)]

    assert doubts == pytest.approx([1.0, 0.6])


@pytest.mark.parametrize(
    ("kind", "comb", "seen", "likely"),
    [
        ("date", None, reading("53.10.22", **{"5": ("S", 0.2)}), "S3.10.22"),
        ("yen", None, reading("102,9001", **{"1": ("", 0.3)}), "102,900"),
        ("digits", 4, reading("1234", **{"1": ("7", 0.3)}), "1234"),
        ("digits", 4, reading("123"), "123"),
    ],
)
def test_a_reading_that_cannot_stand_gives_way_to_the_likeliest_that_can(kind, comb, seen, likely):
    assert likeliest(asked(kind, comb), seen).text == likely


@pytest.mark.parametrize(
    ("name", "offered"), [("山崎 力", "山﨑 力"), ("高木 順", "髙木 順"), ("吉田 凜", "𠮷田 凜"), ("土井 光", None)]
)
def test_a_name_is_offered_in_the_letters_that_registers_know(name, offered):
    forms = other_forms(name)

    assert forms[:1] == (() if offered is None else (offered,))
