"""What the house prints it reads back: every kind of field, filled in, a little askew, through a poor scanner."""

import io
import json

import pytest
from PIL import Image, ImageFilter

from forms.definition import parse_definition
from forms.layout import Blanks
from forms.paper.composition import compose
from forms.paper.filling import filled
from forms.paper.marks import page_code
from forms.paper.printing import pictures_of
from ocr.reader import Reader


def asked(key: str, label: str, kind: str, **more: object) -> dict[str, object]:
    return {"key": key, "label": label, "label_en": key, "type": kind} | more


def options(*labels: str) -> list[dict[str, str]]:
    return [{"code": f"o{number}", "label": label, "label_en": label} for number, label in enumerate(labels)]


FORM = parse_definition(
    json.dumps(
        {
            "schema": 2,
            "code": "form-7",
            "title": "施設利用の申込",
            "title_en": "Use of a hall",
            "version": 2,
            "fields": [
                asked("day", "利用日", "date"),
                asked("kana", "フリガナ", "katakana"),
                asked("who", "氏名", "person_name"),
                asked("postal", "郵便番号", "postal_code"),
                asked("address", "住所", "address"),
                asked("number", "利用者番号", "digits", comb=8),
                asked("account", "口座番号", "account", required=True),
                asked("fee", "利用料", "yen"),
                asked("kind", "利用の区分", "choice", required=True, options=options("会議", "体操", "音楽", "その他")),
                asked("rooms", "使う部屋", "choices", options=options("講堂", "和室", "調理室", "会議室")),
                asked("agreed", "利用の決まりを守ります", "checkbox"),
                asked("wishes", "ご希望", "lines", max_length=100),
            ],
        }
    )
)
GIVEN = {
    "day": "2026-12-05",
    "kana": "ハカタ ハナコ",
    "who": "博多 花子",
    "postal": "810-0001",
    "address": "福岡市中央区天神1-8-1",
    "number": "00482915",
    "account": "1234567",
    "fee": 12500,
    "kind": "o1",
    "rooms": "o0,o3",
    "agreed": True,
}


@pytest.fixture(scope="module")
def read_back():
    """The fields of a sheet that was filled in, printed, laid a little askew, scanned and read, by key."""

    def read(values):
        (page,) = compose(FORM)
        blank, sheet = pictures_of([page, filled(page, values).with_([page_code(page.layout.qr_text, "K7Q2M9X4")])])
        image = Image.open(io.BytesIO(sheet)).convert("L").rotate(1.4, Image.Resampling.BICUBIC, fillcolor=252)
        scanned = io.BytesIO()
        image.filter(ImageFilter.GaussianBlur(0.6)).save(scanned, "JPEG", quality=70)
        reading = Reader(page.layout, Blanks(with_markers=blank), FORM).read(scanned.getvalue(), "x.jpg")
        assert reading.status == "read"
        assert reading.serial == "K7Q2M9X4"
        return {field.key: field for field in reading.fields}

    return read


def test_every_kind_of_field_comes_back_as_it_was_filled_in(read_back):
    fields = read_back(GIVEN)

    assert {key: fields[key].value for key in GIVEN} == GIVEN
    assert fields["kind"].passes
    assert fields["rooms"].passes


def test_two_ticks_where_one_is_asked_for_go_to_a_person_with_both(read_back):
    field = read_back(GIVEN | {"kind": "o1,o2"})["kind"]

    assert (field.value, field.why_not) == (None, ("several_ticks",))
    assert field.candidates == ("o1", "o2")


def test_what_several_lines_say_is_keyed_by_a_person(read_back):
    field = read_back(GIVEN | {"wishes": "椅子を並べて\nください。"})["wishes"]

    assert (field.value, field.why_not) == (None, ("several_lines",))


def test_an_empty_box_answers_a_question_that_may_be_left_and_another_is_asked_about(read_back):
    left = ("kana", "number", "account", "kind", "rooms")

    fields = read_back({key: value for key, value in GIVEN.items() if key not in left})

    assert [fields[key].value for key in left] == [None] * 5
    assert {key for key in left if fields[key].passes} == {"kana", "number", "rooms"}
    assert {fields[key].why_not for key in ("account", "kind")} == {("empty",)}
