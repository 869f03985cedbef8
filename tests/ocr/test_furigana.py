"""A name and its reading are witnesses of each other: what an engine wavered over, the other may tell."""

import numpy as np
import pytest

from forms.answers import normalise
from forms.layout import PaperField
from ocr.engine import LineReading
from ocr.evidence import Sight
from ocr.furigana import agreed
from ocr.name_dictionary import readings_of

KANA = PaperField(key="kana", type="katakana", box_mm=(0, 0, 10, 10))
NAME = PaperField(key="name", type="person_name", box_mm=(0, 20, 10, 10))
PHONE = PaperField(key="phone", type="phone", box_mm=(0, 40, 10, 10))
OTHER = PaperField(key="other", type="person_name", box_mm=(0, 60, 10, 10))


def sight(field, written, certainty=0.99, *, clear=True, **rivals):
    """`rivals` name a letter of what was read, and what it may be besides, with the probability of that."""
    text = written.replace(" ", "")
    reading = LineReading(
        text=text,
        least=certainty,
        places=tuple((at + 0.5) / len(text) for at in range(len(text))),
        certainties=tuple(min(certainty, 1 - rivals[letter][1]) if letter in rivals else certainty for letter in text),
        rivals=tuple((rivals[letter],) if letter in rivals else () for letter in text),
    )
    parts = tuple(len(written[:at].replace(" ", "")) for at, letter in enumerate(written) if letter == " ")
    crop = np.zeros((1, 1), dtype=np.uint8)
    return Sight(crop, reading, normalise(field, written), parts_at=parts, parts_clear=clear, certainty=certainty)


def compared(kana, name, fields=(KANA, NAME)):
    told = agreed(fields, {"kana": kana, "name": name}, readings_of)
    return told["kana"].normal.value, told["name"].normal.value, told["kana"].confirmed


@pytest.mark.parametrize(
    ("kana", "name", "told"),
    [
        (sight(KANA, "アベ ヤエ"), sight(NAME, "安部 八重"), ("アベ ヤエ", "安部 八重", True)),
        (sight(KANA, "アベ リバキ", リ=("ツ", 0.05)), sight(NAME, "安部 椿"), ("アベ ツバキ", "安部 椿", True)),
        (sight(KANA, "タナカ ヤエ"), sight(NAME, "田中 入重", 入=("八", 0.2)), ("タナカ ヤエ", "田中 八重", True)),
        (sight(KANA, "アベ ミツコ"), sight(NAME, "安部 ミッ子", ッ=("ツ", 0.2)), ("アベ ミツコ", "安部 ミツ子", None)),
        (sight(KANA, "ニツタ ハジメ"), sight(NAME, "新田 一"), ("ニッタ ハジメ", "新田 一", True)),
        (sight(KANA, "タナカハジメ", clear=False), sight(NAME, "田中 一"), ("タナカ ハジメ", "田中 一", True)),
        (sight(KANA, "タナカ ハジメ"), sight(NAME, "田中一", clear=False), ("タナカ ハジメ", "田中 一", True)),
        (sight(KANA, "ヤマサキ ハジメ"), sight(NAME, "山﨑 一"), ("ヤマサキ ハジメ", "山﨑 一", True)),
        (sight(KANA, "ヤマダ タロウ"), sight(NAME, "山田 太郎", 郎=("部", 0.04)), ("ヤマダ タロウ", "山田 太郎", True)),
    ],
)
def test_a_name_and_its_reading_tell_of_each_other(kana, name, told):
    assert compared(kana, name) == told


@pytest.mark.parametrize(
    ("kana", "name", "confirmed"),
    [
        (sight(KANA, "アベ ナナ"), sight(NAME, "安部 八重"), None),
        (sight(KANA, "アバ ヤエ", 0.6, バ=("ハ", 0.3)), sight(NAME, "安部 八重"), False),
        (sight(KANA, "リー シャオ"), sight(NAME, "リー シヤオ"), False),
        (sight(KANA, "リー シャオ"), sight(NAME, "リー シャオ"), None),
        (sight(KANA, "タナカ ミツコ"), sight(NAME, "田中 ミッ子", ッ=("ツ", 0.02)), None),
        (sight(KANA, "タナカ リン"), sight(NAME, "田中 凜", 凜=("凛", 0.4)), None),
        (sight(KANA, "タナカ ミツ"), sight(NAME, "田中 光"), None),
        (sight(KANA, "タナカ ヤエ"), sight(NAME, "田中 入重", 入=("八", 0.02)), None),
        (sight(KANA, "ヤマダ タロウ"), sight(NAME, "山田 太郎", 郎=("朗", 0.04)), None),
        (sight(KANA, "ナカジマ ハジメ", ジ=("シ", 0.04)), sight(NAME, "中島 一"), None),
        (sight(KANA, "サントス マリア"), sight(NAME, "サントス マリア"), None),
    ],
)
def test_what_neither_engine_nor_dictionary_knows_stays_as_it_was_read(kana, name, confirmed):
    assert compared(kana, name) == (kana.normal.value, name.normal.value, confirmed)


@pytest.mark.parametrize(("holder", "told"), [("アベ リバキ", "アベ ツバキ"), ("タナカ リバキ", "タナカ リバキ")])
def test_a_reading_apart_from_every_name_changes_only_to_the_whole_of_one(holder, told):
    fields = (KANA, PHONE, NAME, PHONE, OTHER)
    sights = {
        "kana": sight(KANA, holder, リ=("ツ", 0.05)),
        "name": sight(NAME, "鈴木 一"),
        "phone": sight(PHONE, "092-711-1111"),
        "other": sight(OTHER, "安部 椿"),
    }

    assert agreed(fields, sights, readings_of)["kana"].normal.value == told


@pytest.mark.parametrize("others", [{}, {"other": sight(OTHER, "鈴木 一")}])
def test_an_account_holders_reading_never_spells_another_persons_name(others):
    """健二's father 健一 has the account: the engine held 一 possible in the son's name."""
    holder = PaperField(key="holder", type="katakana", box_mm=(0, 80, 10, 10))
    sights = {
        "kana": sight(KANA, "タナカ ケンジ"),
        "name": sight(NAME, "田中 健二", 二=("一", 0.04)),
        "phone": sight(PHONE, "092-711-1111"),
        "holder": sight(holder, "タナカ ケンイチ"),
        **others,
    }

    told = agreed((KANA, NAME, PHONE, holder, PHONE, OTHER), sights, readings_of)

    assert [told[key].normal.value for key in ("kana", "name", "holder")] == [
        "タナカ ケンジ",
        "田中 健二",
        "タナカ ケンイチ",
    ]
    assert (told["name"].confirmed, told["holder"].confirmed) == (True, None)


@pytest.mark.parametrize(
    ("part", "reading"), [("髙橋", "タカハシ"), ("靑木", "アオキ"), ("さくら", "サクラ"), ("ミツ子", "ミツコ")]
)
def test_names_are_known_in_the_letters_of_registers_and_in_kana(part, reading):
    assert reading in readings_of(part)
    assert readings_of("凸凹凸") == frozenset()
