"""A paper agrees with an application when both mean the same, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.collating import Finding, as_answer, compare, put_to
from forms.field_types import FieldType


def question(kind: FieldType, *options: str):
    return acts.add(FormDraft(title="申請"), [Sketch("欄", kind, options=options)])[0].fields[0]


@pytest.mark.parametrize(
    ("kind", "answer", "read", "finding"),
    [
        (FieldType.YEN, 300_000, 300_000, Finding.AGREES),
        (FieldType.YEN, 300_000, "¥300,000", Finding.AGREES),
        (FieldType.YEN, 300_000, 30_000, Finding.DIFFERS),
        (FieldType.YEN, 300_000, "三十万円ほど", Finding.DIFFERS),
        (FieldType.DATE, "2026-04-01", "令和8年4月1日", Finding.AGREES),
        (FieldType.TEXT, "株式会社架空ソフト", "㈱ 架空ソフト", Finding.AGREES),
        (FieldType.TEXT, "株式会社架空ソフト", "架空ソフト株式会社", Finding.DIFFERS),
        (FieldType.PERSON_NAME, "山田 花子", "山田　花子", Finding.AGREES),
        (FieldType.ADDRESS, "福岡市中央区天神1-2", "福岡市中央区天神１－２", Finding.AGREES),
        (FieldType.CHECKBOX, True, True, Finding.AGREES),
        (FieldType.INTEGER, 0, 0, Finding.AGREES),
        (FieldType.INTEGER, 5, None, Finding.UNREAD),
        (FieldType.INTEGER, None, 5, Finding.UNANSWERED),
    ],
)
def test_both_are_brought_into_the_normal_form_of_the_question(kind, answer, read, finding):
    assert compare(question(kind), answer, read) is finding


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_amounts_agree_exactly_when_they_are_the_same(one, other):
    found = compare(question(FieldType.YEN), one, f"{other:,}円")

    assert (found is Finding.AGREES) == (one == other)
    assert as_answer(question(FieldType.YEN), f"{other:,}") == other


@pytest.mark.parametrize(
    ("asked", "given", "value", "wanted"),
    [
        ((FieldType.CHOICE, "普通", "当座"), (FieldType.CHOICE, "当座", "普通"), "o1", "o2"),
        ((FieldType.CHOICE, "普通", "当座"), (FieldType.CHOICE, "貯蓄", "当座"), "o1", "貯蓄"),
        ((FieldType.CHOICES, "講堂", "和室", "庭"), (FieldType.CHOICES, "庭", "講堂"), "o1,o2", "o3,o1"),
        ((FieldType.CHOICE, "普通", "当座"), (FieldType.TEXT,), "当座", "o2"),
        ((FieldType.TEXT,), (FieldType.CHOICE, "当座", "普通"), "o2", "普通"),
        ((FieldType.TEXT,), (FieldType.TEXT,), "甲,乙", "甲,乙"),
        ((FieldType.CHOICE, "普通", "当座"), (FieldType.CHOICE, "当座", "普通"), None, None),
    ],
)
def test_an_option_is_the_same_by_its_label_never_by_its_code(asked, given, value, wanted):
    assert put_to(question(*asked), question(*given), value) == wanted
