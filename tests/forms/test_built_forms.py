"""Forms that offices build themselves: conditions, tables, computed fields, banks, and what they may not ask."""

import json
from datetime import date

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.asking import settle
from forms.banks import banks_named, branches_named, every_bank
from forms.check_digits import CheckDigit, fits, of
from forms.definition import DefinitionError, FormDefinition, parse_definition
from forms.forbidden import asks_for_my_number
from forms.json_schema import json_schema
from forms.problems import Severity
from forms.validation import validate


def field(key: str, kind: str = "text", **more: object) -> dict[str, object]:
    return {"key": key, "label": key.upper(), "label_en": key, "type": kind} | more


def form(*fields: dict[str, object], **more: object) -> FormDefinition:
    asked = {"schema": 2, "code": "x", "title": "様式", "title_en": "Form", "version": 1, "fields": fields} | more
    return parse_definition(json.dumps(asked))


def rule(holds: str, *keys: str) -> dict[str, object]:
    return {
        "code": "r",
        "holds": holds,
        "keys": keys,
        "severity": "refuse",
        "message_ja": "違います。",
        "message_en": "No.",
    }


MOVE = form(
    field("moving", "checkbox"),
    field("leaves_on", "date", shown_if="moving", required=True),
    field("reason", required_if="leaves_on < date('2026-04-01')"),
)
CHILDREN = form(
    field("asked_on", "date"),
    field(
        "children", "table", rows=3, columns=[field("child"), field("born", "date"), field("fee", "yen", required=True)]
    ),
    field("sum", "yen", computed="total(fee)"),
    field("many", "integer", computed="filled(child)"),
    rules=[rule("born <= asked_on", "born"), rule("sum <= 10000", "sum")],
)


def test_a_question_that_is_not_shown_is_neither_required_nor_kept():
    settled = settle(MOVE, {"moving": False, "leaves_on": "2026-03-01"})

    assert "leaves_on" not in settled.shown
    assert settled.values["leaves_on"] is None
    assert validate(MOVE, {"moving": False, "leaves_on": "2026-03-01"}) == ()


def test_a_question_that_is_shown_is_asked_for_and_its_answer_asks_for_the_next():
    assert [one.key for one in validate(MOVE, {"moving": True})] == ["leaves_on"]
    assert [one.key for one in validate(MOVE, {"moving": True, "leaves_on": "2026-03-01"})] == ["reason"]
    assert validate(MOVE, {"moving": True, "leaves_on": "2026-05-01"}) == ()


def test_a_condition_on_a_misspelled_answer_does_not_hold():
    problems = validate(MOVE, {"moving": True, "leaves_on": "3月"})

    assert [(one.key, one.code) for one in problems] == [("leaves_on", "type")]


def test_a_table_asks_a_question_a_cell_and_counts_its_rows():
    settled = settle(CHILDREN, {"child_1": "甲", "fee_1": 3000, "child_3": "乙", "fee_3": 4000})

    assert len(CHILDREN.questions) == 1 + 9 + 2
    assert (settled.values["sum"], settled.values["many"]) == (7000, 2)
    assert settled.required == {"fee_1", "fee_3"}


def test_a_rule_about_a_column_holds_in_every_row_and_names_the_row_where_it_does_not():
    rows = {"asked_on": "2026-05-01", "born_1": "2020-01-01", "born_2": "2027-01-01", "fee_1": 1, "fee_2": 2}

    assert [one.key for one in validate(CHILDREN, rows)] == ["born_2"]
    assert [one.key for one in validate(CHILDREN, {"fee_1": 6000, "fee_2": 6000})] == ["sum"]


def test_what_is_computed_is_never_taken_from_whoever_answers():
    settled = settle(CHILDREN, {"sum": 1, "fee_2": 500})

    assert settled.values["sum"] == 500


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([field("a", shown_if="b"), field("b", "checkbox")], "does not stand before"),
        ([field("a", "yen", computed="a + 1")], "does not stand before"),
        ([field("a", "yen", computed="1", required=True)], "asked of nobody"),
        ([field("t", "table", rows=2, columns=[field("a")]), field("a_1")], "same key"),
        ([field("t", "table", rows=200, columns=[field("a")])], "rows"),
        ([field("t", "table", columns=[field("a")])], "rows"),
        ([field("a", columns=[field("b")])], "columns"),
        ([field("a", section="nowhere")], "no section"),
        ([field("a", "branch", bank="b")], "bank"),
        ([field("a", check_digit="luhn")], "check digit"),
        ([field("a", shown_if="open('x')"), field("b")], "functions"),
        ([field("t", "table", rows=2, columns=[field("a", shown_if="b")]), field("b")], "always shown"),
    ],
)
def test_a_form_that_could_not_be_asked_is_refused_with_its_reason(fields, said):
    with pytest.raises(DefinitionError, match=said):
        form(*fields)


def test_a_rule_does_not_name_columns_of_two_tables():
    tables = (field(f"t{n}", "table", rows=2, columns=[field(f"a{n}", "yen")]) for n in (1, 2))

    with pytest.raises(DefinitionError, match="two tables"):
        form(*tables, rules=[rule("a1 < a2", "a1")])


def test_several_options_are_kept_in_the_order_of_the_form():
    options = [{"code": code, "label": code, "label_en": code} for code in ("a", "b", "c")]
    asked = form(field("days", "choices", options=options), field("why", required_if="has(days, 'c')"))

    assert validate(asked, {"days": "a,b"}) == ()
    assert [one.code for one in validate(asked, {"days": "b,a"})] == ["type"]
    assert [one.code for one in validate(asked, {"days": "a,z"})] == ["option"]
    assert [one.key for one in validate(asked, {"days": "b,c"})] == ["why"]


@pytest.mark.parametrize("kind", CheckDigit)
@given(body=st.text("0123456789", min_size=1, max_size=20), place=st.integers(0, 30), by=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(kind, body, place, by):
    number = body + str(of(kind, body))
    at = place % len(body)
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]

    assert fits(kind, number)
    # Modulus 11 leaves 0 for two rests, so that it misses one error in some; the others miss none.
    assert kind is CheckDigit.MODULUS_11 or not fits(kind, wrong)


@pytest.mark.parametrize(
    ("kind", "number"),
    [(CheckDigit.MODULUS_10_WEIGHT_3, "4901234567894"), (CheckDigit.LUHN, "79927398713")],
)
def test_published_examples_of_check_digits_fit(kind, number):
    assert fits(kind, number)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("福岡銀行", "0177"),
        ("福岡", "0177"),
        ("福岡市農業協同組合", "8633"),
        ("0177", "0177"),
        ("福岡 信用金庫", "1901"),
    ],
)
def test_a_bank_is_known_by_the_ways_people_write_it(written, code):
    assert [one.code for one in banks_named(written)] == [code]


def test_a_branch_is_known_at_its_own_bank_only():
    assert [one.code for one in branches_named("福岡銀行", "天神町支店")] == ["211"]
    assert branches_named("ゆうちょ銀行", "天神町支店") == ()
    assert branches_named("無い銀行", "天神町支店") == ()
    assert len(every_bank()) > 1000


def test_a_bank_that_the_list_has_not_is_asked_about_and_not_refused():
    asked = form(field("bank", "bank"), field("branch", "branch", bank="bank"))

    said = validate(asked, {"bank": "福岡銀行", "branch": "月面支店"})

    assert [(one.key, one.code, one.severity) for one in said] == [("branch", "branch_unknown", Severity.ASK)]


@pytest.mark.parametrize(
    "asked",
    [
        field("a", label="個人番号"),
        field("a", label="マイ ナンバー", kind="digits"),
        field("a", label="番号", help="12桁のマイナンバーを書いてください"),
        field("my_number", "digits"),
        field("a", "lines", label_en="Your My Number"),
        field("a", "digits", comb=12),
        field("t", "table", rows=1, columns=[field("a", label="世帯員の個人番号")]),
    ],
)
def test_a_form_that_asks_for_a_my_number_is_found_out(asked):
    asked = {**asked, "type": asked.get("kind", asked["type"])}
    asked.pop("kind", None)

    assert len(asks_for_my_number(form(asked))) == 1


@pytest.mark.parametrize(
    "asked",
    [
        field("a", "checkbox", label="マイナンバーカードを確認した"),
        field("a", "date", label="個人番号カードの有効期限"),
        field("a", "text", label="マイナンバーカードの色"),
        field("a", "digits", comb=12, business_key=True),
        field("a", "digits", comb=8),
    ],
)
def test_a_form_may_ask_about_the_card_and_for_numbers_of_the_office(asked):
    assert asks_for_my_number(form(asked)) == ()


def test_the_published_schema_is_one_and_takes_what_the_form_takes():
    schema = json_schema(CHILDREN)
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)

    assert judge.is_valid({"asked_on": "2026-05-01", "fee_1": 3000})
    assert not judge.is_valid({"fee_1": "3000"})
    assert not judge.is_valid({"sum": 1})
    assert not judge.is_valid({"unknown": 1})


def test_ways_of_counting_days_and_choosing():
    asked = form(
        field("first", "date"),
        field("last", "date"),
        field("days", "integer", computed="days_between(first, last) + 1"),
        field("price", "yen", computed="choose(days > 2, 500, 300)"),
        field("of", "integer", computed="year(first)"),
    )

    values = settle(asked, {"first": date(2026, 2, 27).isoformat(), "last": "2026-03-01"}).values

    assert (values["days"], values["price"], values["of"]) == (3, 500, 2026)
