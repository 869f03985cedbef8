"""Zones on paper that the house did not print: what becomes a layout, what is to be mended, what an act changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forms.building import acts, zone_acts
from forms.building.draft import FormDraft
from forms.building.findings import findings
from forms.building.keys import renamed
from forms.building.kinds import Sketch
from forms.building.zone_findings import lie_over
from forms.differences import How, What, differences
from forms.field_types import FieldType
from forms.layout import PaperLayout
from forms.problems import Severity
from forms.zones import ForeignPage, ForeignPaper, Proposal, ProposedOption, Writing, Zone, layouts_of

PAGE = ForeignPage(blank="0" * 64, page_mm=(210.0, 297.0))
LINE = (20.0, 40.0, 80.0, 9.0)
TICK = (20.0, 80.0, 4.5, 4.5)


def asked(*sketches: Sketch, pages: int = 1) -> FormDraft:
    draft = FormDraft(title="申込", paper=ForeignPaper(pages=(PAGE,) * pages))
    return acts.add(draft, sketches)[0] if sketches else draft


def zone(code: str = "z1", box=LINE, **told: object) -> Zone:
    return Zone.model_validate({"code": code, "page": 1, "box": box} | told)


def drawn(draft: FormDraft, *zones: Zone) -> FormDraft:
    for each in zones:
        draft = zone_acts.put_zone(draft, each)
    return draft


def codes(draft: FormDraft) -> list[str]:
    return [each.code for each in findings(draft) if each.place.startswith("zone:") or each.part == "zone"]


NAME = Sketch("氏名", FieldType.PERSON_NAME)
KIND = Sketch("種別", FieldType.CHOICE, options=("会議", "体操"))
AGREED = Sketch("同意", FieldType.CHECKBOX)


def test_zones_become_the_layout_that_a_reader_takes():
    draft = asked(
        NAME, Sketch("番号", FieldType.DIGITS, comb=7), KIND, AGREED, Sketch("理由", FieldType.LINES), pages=2
    )
    draft = drawn(
        draft,
        zone(key="a1"),
        zone("z2", (20.0, 60.0, 56.0, 9.0), key="a2", writing="comb", many=7),
        zone("z3", (60.0, 80.0, 4.5, 4.5), key="a3", option="o2", writing="tick"),
        zone("z4", TICK, key="a3", option="o1", writing="tick"),
        zone("z5", (20.0, 100.0, 4.5, 4.5), key="a4", writing="tick"),
        zone("z6", (20.0, 40.0, 150.0, 30.0), key="a5", writing="lines", many=3, page=2),
    )

    first, second = layouts_of(draft.as_it_is("form-1"), draft.paper)

    fields = {field.key: field for field in first.fields}
    assert (first.page, first.pages, first.qr_text, first.markers) == (1, 2, None, None)
    assert (fields["a1"].box_mm, fields["a2"].comb, fields["a4"].box_mm[:2]) == (LINE, 7, (20.0, 100.0))
    assert [option.code for option in fields["a3"].options] == ["o1", "o2"]
    assert fields["a3"].box_mm == (20.0, 80.0, 44.5, 4.5)
    assert [(field.key, field.lines) for field in second.fields] == [("a5", 3)]
    assert not codes(draft)


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ([zone(key="a1", box=(190.0, 40.0, 30.0, 9.0))], "outside"),
        ([zone(key="a1", box=(20.0, 40.0, 30.0, 1.0))], "small"),
        ([zone(key="a1", writing="comb", many=40)], "small"),
        ([zone(key="a1", writing="comb")], "cells"),
        ([zone(key="a1"), zone("z2")], "no_question"),
        ([zone(key="a1"), zone("z2", (20.0, 45.0, 80.0, 9.0), key="a1")], "overlap"),
        ([zone(key="a1"), zone("z2", (20.0, 60.0, 80.0, 9.0), key="a1")], "twice"),
        ([zone(key="a1", writing="tick")], "unfit"),
        ([zone(key="a1"), zone("z2", (20.0, 60.0, 80.0, 9.0), key="a9")], "gone"),
        ([], "no_zone"),
    ],
)
def test_what_does_not_fit_is_said_at_its_zone(zones, said):
    assert said in codes(drawn(asked(NAME), *zones))


def test_only_a_question_without_a_zone_lets_a_form_be_used():
    draft = drawn(asked(NAME, KIND), zone(key="a1"), zone("z2", TICK, key="a2", option="o1", writing="tick"))

    found = [(each.code, each.severity, each.message_ja) for each in findings(draft)]

    assert found == [
        ("no_option", Severity.ASK, "「種別」のうち、体操の印が紙のどこにもありません。"),
    ]


def test_neighbours_that_share_a_rule_do_not_lie_over_one_another():
    assert not lie_over(zone(), zone("z2", (20.0, 48.9, 80.0, 9.0)))
    assert not lie_over(zone(), zone("z2", (99.8, 40.0, 80.0, 9.0)))
    assert lie_over(zone(), zone("z2", (30.0, 42.0, 5.0, 5.0)))


def test_a_proposal_makes_its_question_or_takes_the_one_of_its_name():
    draft = asked(NAME)
    choice = Proposal(
        box=(18, 78, 80, 9),
        label="種別",
        type=FieldType.CHOICE,
        writing=Writing.TICK,
        options=(ProposedOption(label="会議", box=TICK), ProposedOption(label="会議", box=(60, 80, 4.5, 4.5))),
    )
    draft, first = zone_acts.accept(
        draft, 1, Proposal(box=LINE, label="氏　名", type=FieldType.TEXT, writing=Writing.LINE)
    )
    draft, second = zone_acts.accept(draft, 1, choice)

    assert [field.label for field in draft.fields] == ["氏名", "種別"]
    assert [option.label for option in draft.fields[1].options] == ["会議", "会議(2)"]
    assert (first, second, [each.key for each in draft.paper.zones]) == ("z1", "z2", ["a1", "a2", "a2"])
    assert zone_acts.left_of(draft.paper, 1, [choice]) == []
    assert not codes(draft)


def test_a_question_that_is_renamed_keeps_its_zone_and_cells_keep_theirs():
    draft = acts.add(asked(NAME), [Sketch("明細", FieldType.TABLE)])[0]
    column = draft.fields[1].columns[0].key
    draft = drawn(draft, zone(key="a1"), zone("z2", (20.0, 60.0, 80.0, 9.0), key=f"{column}_2"))

    draft = renamed(renamed(draft, "a1", "who"), column, "item")

    assert [each.key for each in draft.paper.zones] == ["who", "item_2"]
    assert "gone" not in codes(draft)


def test_what_moved_between_two_drafts_is_told_by_what_is_answered_there():
    old = drawn(asked(NAME, AGREED), zone(key="a1"), zone("z2", TICK, key="a2", writing="tick"))
    new = drawn(old, zone(key="a1", box=(20.0, 50.0, 80.0, 9.0)))
    new = zone_acts.remove_zone(new, "z2")

    told = {(each.how, each.label, tuple(part.part for part in each.parts)) for each in differences(old, new)}

    assert {each.what for each in differences(old, new)} == {What.ZONE}
    assert told == {(How.CHANGED, "氏名", ("box",)), (How.REMOVED, "同意", ())}


def test_more_zones_than_a_page_can_bear_are_refused():
    paper = ForeignPaper(pages=(PAGE,))
    many = [zone(f"z{number}") for number in range(1, 402)]

    with pytest.raises(ValidationError):
        paper.with_(many)


sides = st.floats(0, 250, allow_nan=False).map(lambda side: round(side, 1))
any_zone = st.builds(
    dict,
    box=st.tuples(sides, sides, sides, sides),
    page=st.integers(1, 2),
    writing=st.sampled_from(Writing),
    many=st.none() | st.integers(1, 64),
    key=st.sampled_from(["", "a1", "a2", "a3", "a4", "a9"]),
    option=st.sampled_from(["", "o1", "o2", "o9"]),
)


@given(st.lists(any_zone, max_size=12))
def test_whatever_is_drawn_its_layouts_are_whole_and_findings_are_told(zones):
    draft = asked(NAME, KIND, AGREED, Sketch("理由", FieldType.LINES), pages=2)
    draft = drawn(draft, *(zone(f"z{number}", **each) for number, each in enumerate(zones, 1)))

    layouts = layouts_of(draft.as_it_is("form-1"), draft.paper)

    read = [PaperLayout.model_validate_json(layout.model_dump_json()) for layout in layouts]
    assert read == list(layouts)
    keys = [field.key for layout in layouts for field in layout.fields]
    assert len(keys) == len(set(keys))
    assert FormDraft.model_validate(draft.model_dump(mode="json")) == draft
    assert all(each.message_ja and each.message_en for each in findings(draft))
