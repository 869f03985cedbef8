"""Where the house puts a form's fields on paper: each once, apart from one another, with room for a hand."""

import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import catalogue
from forms.definition import FormDefinition, parse_definition
from forms.field_types import LISTING, FieldType
from forms.paper.composition import TooLongForPaperError, compose
from forms.paper.drawn import Squares

LABELS = st.text("氏名住所フリガナ番号の年月日ABC ()", min_size=1, max_size=40)
NOT_ON_PAPER = (FieldType.FILE, FieldType.TABLE)


@st.composite
def fields(draw: st.DrawFn, number: int, *, column: bool = False) -> dict[str, object]:
    kinds = [kind for kind in FieldType if not (column and kind in NOT_ON_PAPER)]
    kind = draw(st.sampled_from(kinds))
    made: dict[str, object] = {"key": f"k{number}", "label": draw(LABELS), "label_en": "x", "type": str(kind)}
    if kind in LISTING:
        many = draw(st.integers(1, 12))
        made["options"] = [{"code": f"o{n}", "label": draw(LABELS), "label_en": "o"} for n in range(many)]
    if kind is FieldType.DIGITS:
        made["comb"] = draw(st.none() | st.integers(1, 26))
    if kind is FieldType.TABLE:
        many = draw(st.integers(1, 6))
        made["columns"] = [draw(fields(number * 100 + n, column=True)) for n in range(1, many + 1)]
        made["rows"] = draw(st.integers(1, 40))
    if not column and draw(st.booleans()):
        made["help"] = draw(LABELS) * 3
    return made | {"width": draw(st.sampled_from([None, "full", "half", "third", "quarter"]))}


@st.composite
def definitions(draw: st.DrawFn) -> FormDefinition:
    asked = [draw(fields(number)) for number in range(1, draw(st.integers(1, 15)) + 1)]
    for one in asked:
        one["section"] = draw(st.sampled_from([None, "a", "b"]))
    sections = [{"code": code, "title": draw(LABELS), "help": draw(LABELS)} for code in ("a", "b")]
    form = {"schema": 2, "code": "x", "title": "様式", "title_en": "x", "version": 1, "sections": sections}
    return parse_definition(json.dumps(form | {"fields": asked}))


def boxes(page) -> list[tuple[float, float, float, float]]:
    """Return what a pen may touch: the boxes of fields, of a choice those of its options."""
    of_fields = [field for field in page.layout.fields if not field.options]
    of_options = [option.box_mm for field in page.layout.fields for option in field.options]
    return [field.box_mm for field in of_fields] + of_options


def overlap(one, other) -> bool:
    (x, y, w, h), (u, v, b, d) = one, other
    return min(x + w, u + b) - max(x, u) > 0.05 and min(y + h, v + d) - max(y, v) > 0.05


@settings(max_examples=60, deadline=None)
@given(definitions())
def test_every_question_that_paper_asks_stands_on_it_once_and_no_two_boxes_touch(definition):
    try:
        pages = compose(definition)
    except TooLongForPaperError:
        assert len(definition.questions) > 40
        return
    asked = [one.key for one in definition.questions if one.type not in NOT_ON_PAPER and one.computed is None]

    placed = [field.key for page in pages for field in page.layout.fields]

    assert sorted(placed) == sorted(asked)
    for page in pages:
        marks = [(one.x, one.y, one.size, one.size) for one in page.elements if isinstance(one, Squares)]
        for one, other in combinations([*boxes(page), *marks], 2):
            assert not overlap(one, other), (one, other)
        assert all(x >= 12 and x + w <= 198.1 and y >= 27 and y + h <= 276.1 for x, y, w, h in boxes(page))


def test_the_same_form_always_looks_the_same():
    definition = catalogue.find("shugaku-enjo").definition

    assert compose(definition) == compose(definition)


def test_the_shipped_application_fits_on_one_page():
    (page,) = compose(catalogue.find("shugaku-enjo").definition)

    assert page.layout.qr_text == "GIJO/shugaku-enjo/v1/p1"
    assert len(page.layout.fields) == 28


def test_a_table_goes_on_under_its_head_and_the_page_names_its_number():
    column = {"key": "n", "label": "人数", "label_en": "n", "type": "integer"}
    table = {"key": "t", "label": "表", "label_en": "t", "type": "table", "rows": 40, "columns": [column]}
    asked = {"schema": 2, "code": "x", "title": "x", "title_en": "x", "version": 3, "fields": [table]}

    first, second = compose(parse_definition(json.dumps(asked)))

    assert (first.layout.page, second.layout.page, second.layout.pages) == (1, 2, 2)
    assert second.layout.qr_text == "GIJO/x/v3/p2"
    assert [field.key for page in (first, second) for field in page.layout.fields] == [f"n_{n}" for n in range(1, 41)]
    heads = [[one.text for one in page.elements if getattr(one, "text", "") == "人数"] for page in (first, second)]
    assert heads == [["人数"], ["人数"]]


def test_a_form_that_nobody_would_fill_in_on_paper_is_refused():
    letters = {"label": "説明", "label_en": "x", "type": "lines", "max_length": 2000}
    asked = {"schema": 2, "code": "x", "title": "x", "title_en": "x", "version": 1}
    asked |= {"fields": [{"key": f"k{n}"} | letters for n in range(100)]}

    with pytest.raises(TooLongForPaperError):
        compose(parse_definition(json.dumps(asked)))
