"""The shipped form and the rules across its answers."""

import json
from pathlib import Path

import pytest

from forms import catalogue
from forms.definition import DefinitionError, parse_definition
from forms.field_types import FieldType
from forms.layout import LayoutError, load_layout, parse_layout
from forms.problems import Severity
from forms.validation import validate

FORM = catalogue.find("shugaku-enjo")
GOOD = {
    "apply_date": "2025-07-02",
    "kana": "ヤマダ カオリ",
    "name": "山田 香織",
    "birth": "1966-09-19",
    "postal": "310-8586",
    "address": "茨城県水戸市千波町9-16-11",
    "phone": "080-2934-9387",
    "insured": "42110478",
    "child_kana": "ヤマダ タクマ",
    "child_name": "山田 拓真",
    "child_birth": "2016-12-12",
    "school": "市立桜丘中学校",
    "grade": "5年4組",
    "children": 1,
    "household": 3,
    "income": 3011250,
    "bank": "福岡銀行",
    "branch": "三宮支店",
    "account": "1090518",
    "holder": "ヤマダ カオリ",
} | {f"cb{i}": False for i in range(8)}


def test_a_form_filled_in_well_has_no_problem():
    problems = validate(FORM.definition, GOOD)

    assert problems == ()


@pytest.mark.parametrize(
    ("changed", "key", "code", "severity"),
    [
        ({"name": None}, "name", "required", Severity.REFUSE),
        ({"child_birth": "1960-01-01"}, "child_birth", "child_younger", Severity.REFUSE),
        ({"apply_date": "1950-01-01"}, "apply_date", "apply_after_birth", Severity.REFUSE),
        ({"children": 6, "household": 5}, "household", "household_holds_children", Severity.ASK),
        ({"holder": "ヤマダ ハナコ"}, "holder", "holder_is_guardian", Severity.ASK),
        ({"grade": "四年"}, "grade", "pattern", Severity.REFUSE),
        ({"children": 99}, "children", "out_of_range", Severity.REFUSE),
        ({"income": -1}, "income", "out_of_range", Severity.REFUSE),
        ({"income": "3,011,250"}, "income", "type", Severity.REFUSE),
        ({"cb5": True, "cb6": True}, "cb5", "one_kind_of_account", Severity.ASK),
    ],
)
def test_each_rule_speaks_about_its_field(changed, key, code, severity):
    problems = validate(FORM.definition, GOOD | changed)

    assert (key, code, severity) in {(one.key, one.code, one.severity) for one in problems}


def test_a_rule_about_an_unanswered_field_says_nothing():
    problems = validate(FORM.definition, GOOD | {"household": None})

    assert [problem.code for problem in problems] == ["required"]


def test_the_layout_on_paper_asks_what_the_definition_asks():
    asked = {(field.key, field.type, field.label) for field in FORM.definition.fields}

    assert asked == {(field.key, field.type, field.label) for field in FORM.layout.fields}
    assert catalogue.definition_for(FORM.layout) is FORM.definition


def test_an_unknown_form_is_told_apart():
    with pytest.raises(catalogue.UnknownFormError):
        catalogue.find("no-such-form")

    assert catalogue.definition_for(FORM.layout.model_copy(update={"form": "別の様式"})) is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"schema": 3}, "schema"),
        ({"code": "就学"}, "code"),
        ({"fields": []}, "fields"),
        ({"rules": [{"code": "x", "holds": "open('x')", "keys": ["name"], "severity": "ask"}]}, "rules.0"),
    ],
)
def test_a_definition_that_is_not_one_is_refused_with_its_place(change, place):
    text = json.dumps(json.loads(_shipped("form.json")) | change)

    with pytest.raises(DefinitionError, match=place):
        parse_definition(text)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"form": "x"}', "\x00"])
def test_a_layout_that_is_not_one_is_refused(text):
    with pytest.raises(LayoutError, match="配置ファイル"):
        parse_layout(text)


def test_a_box_off_the_page_is_refused():
    layout = json.loads(_shipped("layout.json"))
    layout["fields"][0]["box_mm"][0] = 205

    with pytest.raises(LayoutError, match="apply_date"):
        parse_layout(json.dumps(layout))


def test_a_layout_whose_blank_is_missing_is_refused(tmp_path):
    path = tmp_path / "layout.json"
    path.write_bytes(_shipped("layout.json"))

    with pytest.raises(LayoutError, match="blank"):
        load_layout(path)


def _shipped(name: str) -> bytes:
    return (Path(catalogue.__file__).parent / "shugaku_enjo" / name).read_bytes()


def test_a_form_for_the_screen_has_a_definition_and_no_layout():
    asked = catalogue.definition("petition-intake")

    assert asked.field("kind").type is FieldType.CHOICE
    with pytest.raises(catalogue.UnknownFormError):
        catalogue.find("petition-intake")
    assert "petition-intake" not in {form.definition.code for form in catalogue.every_form()}


def test_every_shipped_form_speaks_both_languages_and_lies_in_the_folder_of_its_code():
    for code, asked in catalogue.every_definition().items():
        sentences = [asked.title_en, *(field.label_en for field in asked.fields)]
        sentences += [option.label_en for field in asked.fields for option in field.options]
        assert all(sentences), code
        assert all(sentence.isascii() for sentence in sentences), code


def test_an_answer_outside_the_options_is_refused():
    asked = catalogue.definition("small-change-review")

    assert [one.code for one in validate(asked, {"scope": "sideways"})] == ["option"]
    assert validate(asked, {"scope": "narrowing", "note": "対象を65歳以上に\n絞る。"}) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "choice"},
        {"type": "text", "options": [{"code": "a", "label": "甲", "label_en": "A"}]},
        {"type": "choice", "options": [{"code": "a", "label": "甲", "label_en": "A"}] * 2},
    ],
)
def test_only_a_choice_lists_options_each_once(changed):
    field = {"key": "scope", "label": "向き", "label_en": "Scope"} | changed

    with pytest.raises(DefinitionError, match="options"):
        parse_definition(
            json.dumps({"schema": 1, "code": "x", "title": "x", "title_en": "x", "version": 1, "fields": [field]})
        )


def test_paper_has_no_questions_that_only_a_screen_can_ask():
    drawn = json.loads(FORM.layout.model_dump_json())
    drawn["fields"][0]["type"] = "choice"

    with pytest.raises(LayoutError, match="screen"):
        parse_layout(json.dumps(drawn))
