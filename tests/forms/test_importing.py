"""What an office has becomes a form: a list of fields, the head of a table, a schema. Nothing is lost silently."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.building.draft import FormDraft
from forms.building.findings import findings
from forms.exporting import COLUMNS, definition_json, field_rows
from forms.field_types import FieldType
from forms.importing import NotImportedError, draft_of_json, draft_of_list, draft_of_table, is_list
from forms.json_schema import json_schema
from forms.widths import plain
from tests.backoffice.form_designs.furniture import drafted


def rows(*lines: str) -> list[tuple[int, list[str]]]:
    return [(number, line.split("|")) for number, line in enumerate(lines, start=1)]


def test_a_list_in_the_words_of_the_office_becomes_questions():
    found = draft_of_list(
        "届",
        rows(
            "項目名|種類|必須|選択肢|文字数|見出し",
            "氏名|氏名|○||40|申請者",
            "種別|選択||会議、体操||利用",
            "人数|数値|必須||||",
            "備考|長い文||||",
        ),
    )

    fields = found.draft.fields
    assert [(field.label, field.type, field.required) for field in fields] == [
        ("氏名", FieldType.PERSON_NAME, True),
        ("種別", FieldType.CHOICE, False),
        ("人数", FieldType.INTEGER, True),
        ("備考", FieldType.LINES, False),
    ]
    assert [option.label for option in fields[1].options] == ["会議", "体操"]
    assert fields[0].max_length == 40
    assert [section.title for section in found.draft.sections] == ["申請者", "利用"]
    assert found.notes == ()


def test_what_was_not_understood_is_told_by_its_row():
    found = draft_of_list(
        "届",
        rows("項目名|種類|必須|文字数|担当", "色|虹色||たくさん|山", "|文字|||", "利用日||○||", "よみ|フリガナ|||"),
    )

    assert [(note.row, note.message_ja) for note in found.notes] == [
        (1, "列「担当」は使いませんでした。"),
        (3, "項目名がないため、飛ばしました。"),
        (2, "「色」の種類「虹色」がわからないため、1行の文字にしました。"),
        (2, "「たくさん」を数として使えません。"),
        (4, "「利用日」の種類を、名前から決めました。"),
    ]
    assert [field.type for field in found.draft.fields] == [FieldType.TEXT, FieldType.DATE, FieldType.KATAKANA]


def test_the_head_of_a_table_becomes_questions_of_the_types_that_its_values_have():
    found = draft_of_table(
        "台帳",
        rows(
            "受付日|館名|人数|会員番号|区分|料金",
            "R8.4.1|東公民館|12|00123|会議|1,200円",
            "2026/4/2|西公民館|3|00124|体操|300",
            "令和8年4月3日|南公民館|40|00125|会議|0",
            "2026-04-04|北公民館|5|00126|体操|500",
        ),
    )

    assert [field.type for field in found.draft.fields] == [
        FieldType.DATE,
        FieldType.TEXT,
        FieldType.INTEGER,
        FieldType.DIGITS,
        FieldType.CHOICE,
        FieldType.YEN,
    ]
    assert is_list(rows("項目名|種類|必須"))
    assert not is_list(rows("受付日|館名|人数"))


def test_a_form_that_left_the_house_comes_back_the_same():
    definition = drafted().definition("form-1", 3)

    found = draft_of_json("別の名前", definition_json(definition))

    assert found.draft == FormDraft.of(definition)
    assert found.notes == ()


def test_a_list_that_left_the_house_comes_back_with_the_same_questions():
    definition = drafted().definition("form-1", 3)
    table = [(1, list(COLUMNS)), *((number, list(row)) for number, row in enumerate(field_rows(definition), start=2))]

    found = draft_of_list("届", table)

    assert [(one.label, one.type, one.required) for one in found.draft.every_field()] == [
        (one.label, one.type, one.required) for one in FormDraft.of(definition).every_field()
    ]


def test_a_schema_becomes_questions_under_its_own_names():
    schema = {
        "type": "object",
        "required": ["name", "agreed"],
        "properties": {
            "name": {"type": "string", "title": "氏名", "maxLength": 20},
            "Born On": {"type": "string", "format": "date"},
            "rooms": {"type": "array", "items": {}},
            "kind": {"enum": ["a", "b"]},
            "agreed": {"type": "boolean", "default": True},
            "fee": {"type": "integer", "minimum": 0, "title": "料金"},
        },
    }

    found = draft_of_json("届", json.dumps(schema))

    assert [(field.key, field.type) for field in found.draft.fields] == [
        ("name", FieldType.PERSON_NAME),
        ("born_on", FieldType.DATE),
        ("kind", FieldType.CHOICE),
        ("agreed", FieldType.CHECKBOX),
        ("fee", FieldType.YEN),
    ]
    assert len(found.notes) == 3
    assert found.draft.fields[0].required
    assert not found.draft.fields[3].required


def test_a_schema_of_ours_keeps_every_question_it_shows():
    definition = drafted().definition("form-1", 1)

    found = draft_of_json("届", json.dumps(json_schema(definition)))

    assert [field.key for field in found.draft.fields] == [question.key for question in definition.questions]


@pytest.mark.parametrize("text", ["", "[]", "3", '{"a": 1}', "{", '{"schema": 2, "fields": []}', "[" * 100_000])
def test_what_is_neither_a_form_nor_a_schema_is_refused_with_a_sentence(text):
    with pytest.raises(NotImportedError) as refused:
        draft_of_json("届", text)

    assert refused.value.message_ja


def test_an_empty_list_and_one_without_end_are_refused():
    for lines in (["項目名|種類"], ["項目名|種類", *(f"欄{n}|文字" for n in range(301))]):
        with pytest.raises(NotImportedError):
            draft_of_list("届", rows(*lines))
    with pytest.raises(NotImportedError):
        draft_of_table("届", [])


CELL = st.text(max_size=20)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_whatever_a_list_says_a_draft_comes_of_it_or_a_sentence(lines):
    table = [(1, ["項目名", "種類", "選択肢"]), *((number, line) for number, line in enumerate(lines, start=2))]

    if any(plain(line[0]) for line in lines):
        found = draft_of_list("届", table)
        assert all(one.code in {"asks_my_number", "twelve_digits"} for one in findings(found.draft))
    else:
        with pytest.raises(NotImportedError):
            draft_of_list("届", table)
