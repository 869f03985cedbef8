"""A workbook that is one filled-in report: its labels say what an answer is, and what does not add up is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backoffice.demo.built_forms import head_counts
from forms.definition import FormDefinition, FormField
from forms.importing import read_report

FORM = head_counts().definition("form-1", 1)
ROOM, ADULTS, CHILDREN = (column.key for column in FORM.fields[3].columns)


def grid(*lines: str) -> list[list[str]]:
    return [line.split("|") for line in lines]


def as_sent(*rows: str, totals: str = "") -> list[list[str]]:
    return grid(
        "|令和8年10月 利用人数報告",
        "公民館名|原西公民館||報告者|早良 花子",
        "報告する月の初日|2026-10-01",
        "",
        "部屋|大人(人)|子ども(人)|備考",
        *rows,
        *((totals,) if totals else ()),
        "",
        "行事の回数|1",
        "行事の内容:敬老会",
    )


def test_answers_stand_beside_their_labels_behind_a_colon_or_in_the_rows_of_a_table():
    report = read_report(FORM, as_sent("講堂|40|12|", "", "和室|8|0|休館1日"))

    assert report.problems == ()
    assert report.typed == {
        "a1": "原西公民館",
        "a2": "2026-10-01",
        "a3": "早良 花子",
        f"{ROOM}_1": "講堂",
        f"{ADULTS}_1": "40",
        f"{CHILDREN}_1": "12",
        f"{ROOM}_2": "和室",
        f"{ADULTS}_2": "8",
        f"{CHILDREN}_2": "0",
        FORM.fields[5].key: "1",
        FORM.fields[6].key: "敬老会",
    }


def test_an_answer_below_its_label_counts_and_a_label_is_nobodys_answer():
    report = read_report(FORM, grid("公民館名|報告する月の初日|報告者", "原西公民館|R8.10.1|"))

    assert report.typed == {"a1": "原西公民館", "a2": "R8.10.1", "a3": ""}


def test_a_row_of_totals_is_no_room_and_has_to_add_up():
    fine = read_report(FORM, as_sent("講堂|40|12|", "和室|8|0|", totals="計|48|12"))
    apart = read_report(FORM, as_sent("講堂|40|12|", "和室|8|0|", totals="合計|49|12"))

    assert f"{ROOM}_3" not in fine.typed
    assert fine.problems == ()
    assert [(one.key, one.code) for one in apart.problems] == [(f"{ADULTS}_1", "totals_apart")]
    assert "49" in apart.problems[0].message_ja
    assert "48" in apart.problems[0].message_ja


def test_a_subtotal_is_neither_a_room_nor_the_end_and_totals_count_where_they_are_filled():
    rows = ("講堂|40|12|", "小計|40|12|", "和室|8|0|")
    fine = read_report(FORM, as_sent(*rows, totals="総計|48||"))
    apart = read_report(FORM, as_sent(*rows, totals="総計|40||"))

    assert (fine.typed[f"{ROOM}_2"], fine.typed.get(f"{ROOM}_3"), fine.problems) == ("和室", None, ())
    assert [one.key for one in apart.problems] == [f"{ADULTS}_1"]


def test_what_the_form_computes_is_compared_with_what_the_workbook_says():
    fine = read_report(FORM, [*as_sent("講堂|40|12|"), ["合計", "52"]])
    apart = read_report(FORM, [*as_sent("講堂|40|12|"), ["合計", "53"]])

    assert fine.problems == ()
    assert [(one.key, one.code) for one in apart.problems] == [(FORM.fields[4].key, "totals_apart")]
    assert FORM.fields[4].key not in fine.typed


def test_more_rooms_than_the_form_has_rows_are_told_and_not_cut_off_silently():
    report = read_report(FORM, as_sent(*(f"部屋{number}|1|1|" for number in range(9))))

    assert [one.code for one in report.problems] == ["too_many_rows"]


def test_a_workbook_of_something_else_answers_nothing():
    assert read_report(FORM, grid("品名|数|単価", "鉛筆|3|100")).typed == {}
    assert read_report(FORM, []).typed == {}


def _laid(definition: FormDefinition, answers: dict[str, str]) -> list[list[str]]:
    """Lay answers out as an office would: a line a question, each table below its name."""
    lines: list[list[str]] = []
    for one in definition.fields:
        if one.columns:
            lines += [[f"■ {one.label}"], [column.label for column in one.columns]]
            filled = range(1, _rows(one, answers) + 1)
            lines += [[answers.get(f"{column.key}_{row}", "") for column in one.columns] for row in filled]
            lines.append([])
        elif one.computed is None:
            lines.append([one.label, "", answers.get(one.key, "")])
    return lines


def _rows(table: FormField, answers: dict[str, str]) -> int:
    first = table.columns[0].key
    return sum(1 for row in range(1, (table.rows or 0) + 1) if answers.get(f"{first}_{row}"))


NAMES = st.text("原西有田田隈室見高取", min_size=1, max_size=8)
ROOMS = st.lists(st.tuples(NAMES, st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=8)


@given(NAMES, NAMES, ROOMS)
def test_what_an_office_lays_out_is_read_back_as_it_was(centre: str, reporter: str, rooms: list[tuple[str, int, int]]):
    answers = {"a1": centre, "a2": "2026-10-01", "a3": reporter}
    for row, (room, adults, children) in enumerate(rooms, 1):
        answers |= {f"{ROOM}_{row}": room, f"{ADULTS}_{row}": str(adults), f"{CHILDREN}_{row}": str(children)}

    report = read_report(FORM, _laid(FORM, answers))

    assert {key: text for key, text in report.typed.items() if text} == answers
    assert report.problems == ()
