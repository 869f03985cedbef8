"""Decision tables: what a cell means, which row answers, and that gaps and overlaps are found exactly."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.tables import CellError, CellType, DecisionTable, Hit, TableError, TableOutput, evaluate, table_problems
from workflows.tables.cells import parse_answer, parse_cell
from workflows.tables.coverage import MAX_GAPS
from workflows.tables.table import read_input, read_rule


def table(columns, rows, hit="unique", words="") -> DecisionTable:
    """Columns are kinds, named a, b, …; the answer of each row is its number."""
    inputs = tuple(read_input(name, name, kind, words) for name, kind in zip("abcd", columns, strict=False))
    outputs = (TableOutput("row", "行", CellType.NUMBER),)
    rules = tuple(read_rule(at, f"r{at}", (row, (str(at),)), inputs, outputs) for at, row in enumerate(rows, start=1))
    return DecisionTable("t", "表", inputs, outputs, rules, Hit(hit))


def hit(one: DecisionTable, *values) -> tuple[int, ...]:
    return evaluate(one, dict(zip("abcd", values, strict=False))).rows


@pytest.mark.parametrize(
    ("kind", "cell", "inside", "outside"),
    [
        ("number", "-", [1, None], []),
        ("number", "", [1, None], []),
        ("number", "1,000", [1000], [999, 1001, None]),
        ("number", "< 1000", [999, -5], [1000, None]),
        ("number", "≦1000", [1000], [1001]),
        ("number", "＞＝ １０００", [1000], [999]),
        ("number", "[10..20]", [10, 20], [9, 21]),
        ("number", "(10..20)", [11, 19], [10, 20]),
        ("number", "[1,000..2,000)", [1000, 1999], [2000]),
        ("number", "1; 3、> 5", [1, 3, 6], [2, 5]),
        ("number", "-5", [-5], [5]),
        ("date", ">= 2026-04-01", ["2026-04-01"], ["2026-03-31", None]),
        ("date", "[令和8年4月1日..令和9年3月31日]", ["2026-12-01"], ["2027-04-01"]),
        ("text", "課長; 部長", ["課長", "部長"], ["局長", None]),
        ("text", '"-"', ["-"], ["x"]),
        ("text", "not(課長; 部長)", ["局長"], ["課長", None]),
        ("boolean", "はい", [True], [False, None]),
        ("boolean", "false", [False], [True]),
        ("boolean", "はい;いいえ", [True, False], [None]),
    ],
)
def test_a_cell_is_a_set_of_values(kind, cell, inside, outside):
    read = parse_cell(cell, CellType(kind))

    assert [read.holds(value, CellType(kind)) for value in (*inside, *outside)] == [True] * len(inside) + [False] * len(
        outside
    )


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("number", "千"),
        ("number", "1.5"),
        ("number", "[20..10]"),
        ("number", "(10..11)"),
        ("number", "[10..20"),
        ("number", "1 or 2"),
        ("number", "__import__('os')"),
        ("number", "9" * 400),
        ("date", "来年"),
        ("date", "2026-02-30"),
        ("text", "課長;;部長"),
        ("boolean", "たぶん"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused(kind, cell):
    with pytest.raises(CellError):
        parse_cell(cell, CellType(kind))


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "1,000", 1000),
        ("text", "課長", "課長"),
        ("boolean", "はい", True),
        ("date", "R8.4.1", "2026-04-01"),
        ("text", "-", None),
    ],
)
def test_an_answer_is_one_value(kind, cell, value):
    assert parse_answer(cell, CellType(kind)) == value


def test_the_row_that_applies_answers():
    one = table(["number", "boolean"], [("< 10", "-"), (">= 10", "はい"), (">= 10", "いいえ")])

    assert (hit(one, 9, None), hit(one, 10, True), hit(one, 10, False)) == ((1,), (2,), (3,))
    assert evaluate(one, {"a": 10, "b": None}).outputs == {"row": None}


def test_the_first_of_two_rows_answers():
    one = table(["number"], [("< 10",), ("-",)], hit="first")

    assert (hit(one, 9), hit(one, 10), hit(one, None)) == ((1,), (2,), (2,))


def test_a_value_of_another_kind_is_no_answer():
    with pytest.raises(TableError):
        hit(table(["number"], [("< 10",)]), "九")


def test_a_row_with_too_few_cells_is_named():
    with pytest.raises(TableError, match="2行目"):
        table(["number", "text"], [("-", "-"), ("-",)])


def test_a_column_over_a_date_that_was_counted_is_a_date():
    inputs = (read_input("a", "date(a)", "date", ""),)
    rule = read_rule(1, "r", ((">= 2026-04-01",), ("1",)), inputs, (TableOutput("row", "行", CellType.NUMBER),))
    one = DecisionTable("t", "", inputs, (TableOutput("row", "行", CellType.NUMBER),), (rule,), Hit.UNIQUE)

    assert evaluate(one, {"a": date(2026, 4, 1).isoformat()}).rows == (1,)


@pytest.mark.parametrize(
    ("columns", "rows", "kind", "found"),
    [
        (["number"], [("< 10",), (">= 10",)], "unique", []),
        (["number"], [("< 10",), ("> 10",)], "unique", [("gap", (), ("10",))]),
        (["number"], [("<= 10",), (">= 10",)], "unique", [("overlap", (1, 2), ("10",))]),
        (["number"], [("-",), ("5",)], "first", [("never", (2,), ())]),
        (["number"], [("5",), ("-",)], "first", []),
        (["number"], [("< 5",), (">= 5",), ("[1..9]",)], "first", [("never", (3,), ())]),
        (["boolean", "text"], [("はい", "-"), ("いいえ", "甲")], "unique", [("gap", (), ("いいえ", "(その他)"))]),
        (["text"], [("甲",), ("not(甲)",)], "unique", []),
        (["date"], [("< 2026-04-01",), (">= 2026-04-03",)], "unique", [("gap", (), ("[2026-04-01..2026-04-02]",))]),
        (["number", "number"], [("< 5", "-"), (">= 5", "< 5")], "unique", [("gap", (), (">= 5", ">= 5"))]),
    ],
)
def test_gaps_overlaps_and_hidden_rows_are_found_and_named(columns, rows, kind, found):
    problems = table_problems(table(columns, rows, kind))

    assert [(each.code, each.rows, each.example) for each in problems] == found


def test_a_column_with_listed_words_has_no_others():
    assert table_problems(table(["text"], [("甲",), ("乙",)], words="甲;乙")) == ()


CELLS = {
    "number": st.one_of(
        st.just("-"),
        st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 6)),
        st.builds(lambda low, more: f"[{low}..{low + more}]", st.integers(0, 6), st.integers(0, 3)),
        st.builds("{}".format, st.integers(0, 6)),
        st.builds("{}; {}".format, st.integers(0, 6), st.integers(0, 6)),
    ),
    "text": st.sampled_from(["-", "甲", "乙", "甲; 乙", "not(甲)", "not(乙; 丙)"]),
    "boolean": st.sampled_from(["-", "はい", "いいえ"]),
}
VALUES = {"number": range(-2, 12), "text": ["甲", "乙", "丙", "丁"], "boolean": [True, False]}


@st.composite
def tables(draw):
    columns = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3))
    rows = draw(st.lists(st.tuples(*(CELLS[kind] for kind in columns)), min_size=1, max_size=6))
    return columns, table(columns, rows, draw(st.sampled_from(["unique", "first"])))


def every_case(columns):
    cases = [()]
    for kind in columns:
        cases = [(*case, value) for case in cases for value in VALUES[kind]]
    return cases


def rows_that_apply(one: DecisionTable, case) -> list[int]:
    return [
        number
        for number, rule in enumerate(one.rules, start=1)
        if all(cell.holds(value, column.type) for cell, value, column in zip(rule.when, case, one.inputs, strict=True))
    ]


@settings(max_examples=400, deadline=None)
@given(tables())
def test_what_is_found_is_what_trying_every_case_finds(drawn):
    columns, one = drawn
    applying = [rows_that_apply(one, case) for case in every_case(columns)]

    problems = table_problems(one)

    gaps = [each for each in problems if each.code == "gap"]
    assert bool(gaps) is any(not rows for rows in applying)
    overlaps = {each.rows for each in problems if each.code == "overlap"}
    if one.hit is Hit.UNIQUE:
        assert overlaps == {pair for rows in applying for pair in combinations(rows, 2)}
    else:
        answering = {rows[0] for rows in applying if rows}
        hidden = {number for number in range(1, len(one.rules) + 1) if number not in answering}
        assert {each.rows[0] for each in problems if each.code == "never"} == hidden
    if len(gaps) < MAX_GAPS:
        assert {case for case, rows in zip(every_case(columns), applying, strict=True) if not rows} == {
            case for case in every_case(columns) if any(in_gap(one, gap.example, case) for gap in gaps)
        }


def in_gap(one: DecisionTable, example, case) -> bool:
    return all(said(one, at, text, value) for at, (text, value) in enumerate(zip(example, case, strict=True)))


def said(one: DecisionTable, at: int, text: str, value) -> bool:
    words = {word for rule in one.rules for word in rule.when[at].listed}
    if "(その他)" in text.split("; ") and value not in words:
        return True
    kind = one.inputs[at].type
    return parse_cell(text, kind).holds(value, kind)


@settings(max_examples=200, deadline=None)
@given(tables())
def test_evaluation_is_the_first_row_that_applies(drawn):
    columns, one = drawn

    for case in every_case(columns):
        assert list(hit(one, *case)) == rows_that_apply(one, case)[:1]
