"""What passes without a person: only what two engines, the ink and the rules agree on."""

from dataclasses import replace

import numpy as np
import pytest

from forms.answers import normalise
from forms.field_types import FieldType
from forms.layout import PaperField
from ocr.crosscheck import places_checked
from ocr.engine import LineReading
from ocr.evidence import NOTHING, Evidence, Sight
from ocr.gate import reasons
from ocr.page import FieldReading


def evidence(kind, first, second=None, least=0.999, certainties=None, rivals=None, **others):
    asked = PaperField(key="x", type=kind, box_mm=(0, 0, 10, 10))
    unspaced = first.replace(" ", "")
    reading = LineReading(
        text=unspaced,
        least=least,
        certainties=certainties or (0.999,) * len(unspaced),
        rivals=rivals or ((("ん", 0.0),),) * len(unspaced),
    )
    facts = {"certainty": least, "parts_clear": True, "unread": 0.0, "sizes": (1.0,) * len(unspaced)} | others
    second = first if second is None else second
    sight = Sight(np.zeros((1, 1), dtype=np.uint8), reading, normalise(asked, first), **facts)
    return Evidence(sight, LineReading(second, 1.0), normalise(asked, second))


@pytest.mark.parametrize(
    ("kind", "seen", "why"),
    [
        ("yen", {"first": "3,011,250"}, ()),
        ("yen", {"first": "3,011,250", "second": "3011250円"}, ()),
        ("yen", {"first": "3,011,250", "second": "3,011,260"}, ("engines_differ",)),
        ("yen", {"first": "3,011,250", "second": ""}, ()),
        ("yen", {"first": "3,011,250", "second": "", "least": 0.9}, ("engines_differ",)),
        ("yen", {"first": "3,011,250", "least": 0.4}, ("low_probability",)),
        ("yen", {"first": "3,01,250"}, ("amount_shape", "engines_differ")),
        ("date", {"first": "令和8年2月30日"}, ("date_impossible", "engines_differ")),
        ("date", {"first": "令和8年7月14日", "second": "令和年7月14日"}, ()),
        ("date", {"first": "令和8年7月14日", "second": "令和8年7月19日"}, ("engines_differ",)),
        ("text", {"first": "福岡銀行", "unread": 0.9}, ("ink_unread",)),
        ("text", {"first": "福岡銀行", "second": "福岡根行", "least": 0.96}, ()),
        ("text", {"first": "福岡銀行", "second": "福岡根行", "least": 0.9}, ("engines_differ",)),
        ("text", {"first": "福岡銀行", "second": "柱岡根介", "least": 0.96}, ("engines_differ",)),
        ("person_name", {"first": "林花子", "parts_clear": False}, ("name_parts",)),
        ("katakana", {"first": "ミヨコ"}, ()),
        ("katakana", {"first": "ミヨコ", "sizes": (1.0, 0.77, 1.0)}, ()),
        ("katakana", {"first": "ミヨコ", "sizes": (1.0, 0.77, 1.0), "least": 0.9}, ("ambiguous_kana",)),
        ("katakana", {"first": "ミヨコ", "second": "ミョコ", "sizes": (1.0, 0.77, 1.0)}, ("ambiguous_kana",)),
        ("katakana", {"first": "キョウコ", "sizes": (1.0, 0.6, 1.0, 1.0), "least": 0.9}, ()),
        ("katakana", {"first": "キョウコ", "sizes": (1.0, None, 1.0, 1.0), "least": 0.9}, ("ambiguous_kana",)),
        ("text", {"first": "ゆうちよ銀行", "sizes": (1, 1, 1, 0.6, 1, 1), "least": 0.9}, ("ambiguous_kana",)),
        ("person_name", {"first": "高橋 陽菜", "certainties": (0.91, 1, 1, 1)}, ("ambiguous_letter",)),
        ("person_name", {"first": "高橋 陽菜"}, ()),
        ("person_name", {"first": "髙木 光", "rivals": ((("髙", 0.003),), (), ())}, ("ambiguous_letter",)),
        ("text", {"first": "タワ一銀行"}, ("ambiguous_letter",)),
        ("person_name", {"first": "山崎 力"}, ("ambiguous_letter",)),
        ("text", {"first": "川崎支店"}, ()),
    ],
)
def test_the_gate_names_every_doubt(kind, seen, why):
    said = reasons(FieldType(kind), evidence(FieldType(kind), **seen))

    assert said == why


def test_an_empty_field_asks_a_person():
    empty = normalise(PaperField(key="x", type=FieldType.TEXT, box_mm=(0, 0, 1, 1)), "")

    said = reasons(FieldType.TEXT, Evidence(Sight(None, NOTHING, empty), NOTHING, empty))

    assert said == ("empty",)


def field(key, kind, value, why=(), second=""):
    return FieldReading(key, FieldType(kind), value, str(value), 0.99, why, (), (0, 0, 1, 1), second)


CODE = field("postal", "postal_code", "810-0001")


def test_an_address_elsewhere_than_its_postal_code_asks_about_both():
    code, address = places_checked((CODE, field("address", "address", "福岡県福岡市中央区大名1-2")))

    assert code.why_not == address.why_not == ("postal_address",)
    assert address.candidates == ("福岡県福岡市中央区天神1-2",)


def test_a_code_not_in_use_asks_about_the_code():
    code, address = places_checked((replace(CODE, value="000-0000"), field("address", "address", "福岡県福岡市1-2")))

    assert (code.why_not, address.why_not) == (("postal_unknown",), ())


def test_a_second_address_is_not_compared_with_the_code_of_the_first():
    here = field("address", "address", "福岡県福岡市中央区天神1-8-1")
    before = field("before", "address", "福岡県福岡市東区箱崎3-2")

    asked = [each.why_not for each in places_checked((CODE, here, before))]

    assert asked == [(), (), ()]


@pytest.mark.parametrize(
    ("read", "second", "value", "why"),
    [
        ("福岡市中央区天神1-8-1", "福冈1-8-1", "福岡市中央区天神1-8-1", ()),
        ("福岡市中央区天神1-8-1", "福冈1-8-7", "福岡市中央区天神1-8-1", ("engines_differ",)),
        ("福岡市中央区天伸1-8-1", "福岡市中央区天神 1-8-1", "福岡市中央区天神1-8-1", ()),
        ("福岡市中央区天伸1-8-1", "福岡1-8-1", "福岡市中央区天伸1-8-1", ("engines_differ", "postal_address")),
    ],
)
def test_a_place_is_spelled_as_its_code_says_where_either_engine_saw_it_so(read, second, value, why):
    doubted = field("address", "address", read, ("engines_differ",), second)

    _, address = places_checked((CODE, doubted))

    assert (address.value, address.why_not) == (value, why)
