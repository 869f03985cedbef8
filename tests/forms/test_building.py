"""A form is put together part by part: nothing is lost on the way, and what does not fit is told by its label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forms.building import acts, conditions, formulas
from forms.building.conditions import Clause, Condition, Sign
from forms.building.draft import FormDraft
from forms.building.findings import findings
from forms.building.formulas import Comparison, Formula, FormulaKind, OneOf
from forms.building.keys import new_key, renamed, taken
from forms.building.kinds import Group, Sketch, of_type, options_of
from forms.definition import FormRule
from forms.differences import How, What, differences, types_changed
from forms.field_types import FieldType
from forms.problems import Severity

EMPTY = FormDraft(title="届")


def built(*sketches: Sketch) -> FormDraft:
    return acts.add(EMPTY, sketches)[0]


def told(draft: FormDraft) -> list[tuple[str, str]]:
    return [(one.place, one.code) for one in findings(draft)]


def keys(draft: FormDraft) -> list[str]:
    return [acts.name_of(item) for item in draft.items()]


MOVE = built(
    Sketch("転出する", FieldType.CHECKBOX),
    Sketch("転出日", FieldType.DATE),
    Sketch("人数", FieldType.INTEGER),
    Sketch("1人あたり", FieldType.YEN),
)


def with_part(draft: FormDraft, key: str, **parts: object) -> FormDraft:
    return acts.put(draft, draft.find(key).model_copy(update=parts))


def test_keys_come_from_latin_labels_and_are_counted_otherwise():
    assert new_key("氏名", set()) == "a1"
    assert new_key("氏名", {"a1", "a2"}) == "a3"
    assert new_key("E-mail アドレス", set()) == "a1"
    assert new_key("E-mail", set()) == "e_mail"
    assert new_key("class", set()) == "a1"
    assert new_key("2nd", set()) == "a1"


@given(st.text(max_size=40), st.sets(st.sampled_from(["a1", "a2", "x", "name"])))
def test_whatever_a_label_says_its_key_can_be_stored_and_named(label, names):
    draft = built(Sketch(label, FieldType.TEXT))

    assert new_key(label, names) not in names
    assert conditions.read(f"{draft.fields[0].key} == 'x'") is not None


def test_the_questions_of_a_bank_account_come_at_once_and_belong_together():
    draft, last = acts.add_group(EMPTY, Group.ACCOUNT)

    assert [field.label for field in draft.fields][:2] == ["金融機関名", "支店名"]
    assert draft.find("a2").bank == "a1"
    assert draft.find(last).label == "口座名義(カナ)"
    assert told(draft) == []


def test_what_stands_behind_a_heading_stands_under_it():
    draft, _ = acts.add_section(MOVE, "費用", after="a2")
    assert [field.section for field in draft.fields] == [None, None, "s1", "s1"]

    up = acts.move(draft, "section:s1", 1)
    gone = acts.remove(up, "section:s1")

    assert [field.section for field in up.fields] == [None, "s1", "s1", "s1"]
    assert [field.section for field in gone.fields] == [None] * 4


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 9)), max_size=12))
def test_however_parts_are_moved_none_is_lost(moves):
    draft, _ = acts.add_section(MOVE, "費用", after="a2")

    for which, to in moves:
        names = keys(draft)
        draft = acts.move(draft, names[which % len(names)], to)

    assert sorted(keys(draft)) == ["a1", "a2", "a3", "a4", "section:s1"]


def test_a_table_begins_with_a_column_and_keeps_one():
    draft = built(Sketch("部屋ごと", FieldType.TABLE))
    draft, column = acts.add_column(draft, "a1", Sketch("人数", FieldType.INTEGER))
    first = draft.find("a1").columns[0].key

    assert [one.key for one in acts.move(draft, column, 0).find("a1").columns] == [column, first]
    alone = acts.remove(draft, first)
    with pytest.raises(ValidationError):
        acts.remove(alone, column)


def test_a_copy_has_keys_of_its_own():
    draft = built(Sketch("部屋ごと", FieldType.TABLE), Sketch("氏名", FieldType.TEXT))

    draft, _ = acts.copy(draft, "a1")
    draft, _ = acts.copy(draft, "a2")

    assert len(taken(draft)) == sum(1 + len(one.columns) * (1 + (one.rows or 0)) for one in draft.fields)
    assert told(draft) == []


def test_a_key_that_is_renamed_is_renamed_in_every_condition():
    draft = with_part(MOVE, "a2", shown_if="a1", required_if="a1 and not a1")
    draft = with_part(draft, "a4", computed="a3 * 500")
    rule = FormRule(
        code="r1", holds="a3 < 5 or a1", keys=("a3",), severity=Severity.ASK, message_ja="多い", message_en=""
    )
    draft = acts.put_rule(draft, rule)

    draft = renamed(renamed(draft, "a1", "moves"), "a3", "people")

    assert draft.find("a2").shown_if == "moves"
    assert draft.find("a2").required_if == "moves and (not moves)"
    assert draft.find("a4").computed == "people * 500"
    assert (draft.rules[0].holds, draft.rules[0].keys) == ("people < 5 or moves", ("people",))
    assert told(draft) == []


def test_an_option_that_is_renamed_keeps_what_was_stored_under_it():
    first = options_of(["普通", "当座"])

    assert [one.code for one in options_of(["普通預金", "当座"], first)] == ["o1", "o2"]
    assert [one.code for one in options_of(["当座", "貯蓄", "普通"], first)] == ["o2", "o3", "o1"]
    assert [one.code for one in options_of(["当座", "普通"], first)] == ["o2", "o1"]


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("before", FieldType)
def test_every_type_can_become_every_other(before, kind):
    field = of_type(built(Sketch("欄", before)).fields[0], kind)

    assert field.type is kind
    assert field.label == "欄"


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        (Condition((Clause("a1", Sign.TICKED),)), "a1"),
        (Condition((Clause("a1", Sign.NOT_TICKED), Clause("a3", Sign.AT_LEAST, 3))), "not a1 and a3 >= 3"),
        (Condition((Clause("a2", Sign.LESS, "2026-04-01"),)), "a2 < date('2026-04-01')"),
        (
            Condition((Clause("a3", Sign.IS, 1), Clause("a3", Sign.NOT_ANSWERED)), all_hold=False),
            "a3 == 1 or a3 is None",
        ),
        (Condition((Clause("a5", Sign.HAS_NOT, "o1"),)), "not has(a5, 'o1')"),
    ],
)
def test_what_is_picked_is_written_and_read_back(condition, written):
    assert conditions.write(condition, MOVE.fields) == written
    assert conditions.read(written) == condition


@pytest.mark.parametrize(
    "source", ["len(a1) > 3", "a1 == a2", "(a1 or a2) and a3", "a1 < 3 < 5", "open('x')", "a1 in [1]"]
)
def test_what_cannot_be_picked_is_left_as_it_is_written(source):
    assert conditions.read(source) is None


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (Formula(FormulaKind.ADD, ("a", "b", "c")), "a + b + c"),
        (Formula(FormulaKind.SUBTRACT, ("a", "b")), "a - b"),
        (Formula(FormulaKind.TOTAL, ("a",)), "total(a)"),
        (Formula(FormulaKind.TOTAL, ("a", "b")), "total(a) + total(b)"),
        (Formula(FormulaKind.DAYS, ("a", "b")), "days_between(a, b)"),
        (Formula(FormulaKind.MULTIPLY, ("a", "b")), "a * b"),
    ],
)
def test_a_picked_formula_is_written_and_read_back(formula, written):
    assert formulas.write(formula) == written
    assert formulas.read(written) == formula


@pytest.mark.parametrize(
    "source", ["a + b * c", "a - (b - c)", "choose(a, 1, 2)", "total(a) - b", "1 + 1", "fiscal_year(a)"]
)
def test_a_formula_that_cannot_be_picked_is_not_misread(source):
    assert formulas.read(source) is None


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (Comparison(Formula(FormulaKind.ADD, ("a2",)), Sign.AT_MOST, key="b"), "a2 <= b"),
        (Comparison(Formula(FormulaKind.ADD, ("a2",)), Sign.LESS, value="2026-04-01"), "a2 < date('2026-04-01')"),
        (Comparison(Formula(FormulaKind.ADD, ("a3", "a4")), Sign.IS, key="b"), "a3 + a4 == b"),
        (Comparison(Formula(FormulaKind.TOTAL, ("a3",)), Sign.AT_MOST, value=100), "total(a3) <= 100"),
        (OneOf(("a2", "a3")), "a2 is not None or a3 is not None"),
    ],
)
def test_a_picked_rule_is_written_and_read_back(rule, written):
    assert formulas.write_rule(rule, MOVE.fields) == written
    assert formulas.read_rule(written) == rule


@pytest.mark.parametrize(
    ("key", "part", "source", "code"),
    [
        ("a1", "shown_if", "a2 is None", "ahead"),
        ("a2", "shown_if", "gone", "unknown"),
        ("a2", "shown_if", "a2 is None", "itself"),
        ("a2", "shown_if", "a1 ==", "expression"),
        ("a3", "shown_if", "a2 > 3", "kinds"),
        ("a3", "shown_if", "a2", "result"),
        ("a4", "computed", "a2", "result"),
        ("a4", "computed", "a1.real", "expression"),
    ],
)
def test_a_condition_that_cannot_hold_is_told_at_its_place(key, part, source, code):
    if code == "expression":
        draft = acts.put(MOVE, MOVE.find(key).model_copy(update={part: source}))
        draft = FormDraft.model_construct(**dict(draft))
        draft.__dict__["fields"] = tuple(
            one.model_copy(update={part: source}) if one.key == key else one for one in MOVE.fields
        )
    else:
        draft = with_part(MOVE, key, **{part: source})

    [finding] = findings(draft)

    assert (finding.place, finding.part, finding.code) == (key, part, code)
    assert finding.message_ja.endswith("。")


def test_a_finding_speaks_of_labels_and_not_of_keys():
    [finding] = findings(with_part(MOVE, "a1", shown_if="a2 is None"))

    assert "「転出日」" in finding.message_ja


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (EMPTY, "empty"),
        (built(Sketch("個人番号", FieldType.DIGITS)), "asks_my_number"),
        (built(Sketch(" ", FieldType.TEXT)), "label"),
        (built(Sketch("数", FieldType.INTEGER, minimum=3, maximum=1)), "range"),
        (FormDraft(title=" ", fields=MOVE.fields), "title"),
        (FormDraft(title="マイナンバーの届", fields=MOVE.fields), "asks_my_number"),
        (FormDraft(title="届", fields=(*MOVE.fields, MOVE.fields[0])), "same_key"),
        (acts.remove(acts.add_group(EMPTY, Group.ACCOUNT)[0], "a1"), "bank"),
    ],
)
def test_a_form_that_may_not_be_used_says_why(draft, code):
    assert code in {one.code for one in findings(draft)}


def test_a_table_too_large_for_a_form_is_told():
    draft = built(*(Sketch(f"表{number}", FieldType.TABLE) for number in range(7)))
    for field in draft.fields:
        draft = acts.put(draft, field.model_copy(update={"rows": 50}))

    assert [one.code for one in findings(draft)] == ["too_many"]


def test_rules_about_two_tables_and_about_what_is_gone_are_told():
    draft = built(Sketch("甲", FieldType.TABLE), Sketch("乙", FieldType.TABLE))
    one, two = (table.columns[0].key for table in draft.fields)
    rule = FormRule(
        code="r1", holds=f"{one} == {two}", keys=(one,), severity=Severity.ASK, message_ja="違う", message_en=""
    )

    assert told(acts.put_rule(draft, rule)) == [("rule:r1", "two_tables")]
    assert told(acts.put_rule(MOVE, rule)) == [("rule:r1", "unknown"), ("rule:r1", "unknown")]


def test_what_has_changed_is_told_part_by_part():
    new = acts.remove(with_part(MOVE, "a3", label="利用人数", required=True), "a4")
    new = acts.add(new, [Sketch("備考", FieldType.LINES)])[0]
    new = acts.move(acts.put(new, of_type(new.find("a2"), FieldType.TEXT)), "a2", 0)

    found = [(one.what, one.how, one.label, [part.part for part in one.parts]) for one in differences(MOVE, new)]

    assert found == [
        (What.FIELD, How.CHANGED, "転出日", ["type"]),
        (What.FIELD, How.CHANGED, "利用人数", ["label", "required"]),
        (What.FIELD, How.CHANGED, "備考", ["label", "type"]),
        (What.FORM, How.ORDER, "", []),
    ]
    assert next((field.label, before) for field, before in types_changed(MOVE, new)) == ("転出日", FieldType.DATE)
    assert differences(MOVE, MOVE) == ()


def test_a_key_of_a_version_in_use_never_gets_another_meaning():
    new = acts.remove(FormDraft.of(MOVE.definition("x", 1), taken(MOVE)), "a4")

    new, key = acts.add(new, [Sketch("備考", FieldType.LINES)])

    assert key == "a5"
    assert [(one.how, one.label) for one in differences(MOVE, new)] == [
        (How.REMOVED, "1人あたり"),
        (How.ADDED, "備考"),
    ]
