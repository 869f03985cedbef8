"""Does a record reach the old screen's boxes, and come back from its rows, unchanged?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa_bots.fake_legacy.fields import every_field, shown, stored_values
from rpa_bots.fake_legacy.records import generate
from rpa_bots.outcomes import differences
from rpa_bots.shugaku_enjo.fields import LABELS, UnfitRecordError, boxes, meant, stored
from rpa_bots.shugaku_enjo.wareki import era_date, iso_date

RECORD = generate(1, seed=7)[0]


def posted(record):
    """The form as a browser would send it."""
    layout = boxes(record)
    return {**layout.texts, **layout.choices, **{name: "1" for name, ticked in layout.ticks.items() if ticked}}


@given(st.integers(0, 10**6))
def test_what_is_typed_is_stored_and_read_back_as_it_was_meant(seed):
    record = generate(1, seed)[0]

    values, errors = stored_values(posted(record))
    rows = {field.label: shown(field, values[field.key]) for field in every_field()}

    assert errors == []
    assert stored(rows) == meant(record) == values


@given(st.dates(date(1868, 1, 25), date(2100, 12, 31)))
def test_every_date_since_meiji_goes_through_the_era_boxes_unchanged(day):
    values, _ = stored_values(posted({**RECORD, "birth": day.isoformat()}))

    assert values["birth"] == day.isoformat()
    assert iso_date(shown(next(f for f in every_field() if f.key == "birth"), values["birth"])) == day.isoformat()


@pytest.mark.parametrize(
    ("day", "code", "year"),
    [("1989-01-07", "3", 64), ("1989-01-08", "4", 1), ("2019-04-30", "4", 31), ("2019-05-01", "5", 1)],
)
def test_an_era_begins_on_its_first_day(day, code, year):
    written = era_date(date.fromisoformat(day))

    assert (written.code, written.year) == (code, year)


def test_the_first_year_may_be_written_with_its_own_sign():
    assert iso_date("令和元年5月1日") == "2019-05-01"


@pytest.mark.parametrize("text", ["", "2019年5月1日", "令和1年13月1日", "慶応1年1月1日"])
def test_what_is_no_wareki_date_is_refused(text):
    with pytest.raises(ValueError):
        iso_date(text)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": "𠮷田 香織"}, ("name",)),
        ({"address": "福岡市〜1", "school": "—"}, ("address", "school")),
        ({"birth": "1867-01-01"}, ("birth",)),
        ({"birth": "令和8年"}, ("birth",)),
        ({"income": "3000000"}, ("income",)),
        ({"children": -1}, ("children",)),
        ({"children": True}, ("children",)),
        ({"cb0": 1}, ("cb0",)),
        ({"name": 5}, ("name",)),
        ({"postal": "8100001"}, ("postal",)),
        ({"memo": "x"}, ("memo",)),
        ({"reference": ""}, ("reference",)),
    ],
)
def test_a_record_that_cannot_be_keyed_names_the_fields_a_person_must_mend(change, fields):
    with pytest.raises(UnfitRecordError) as refused:
        boxes({**RECORD, **change})

    assert refused.value.fields == fields


def test_a_refusal_never_repeats_a_value():
    with pytest.raises(UnfitRecordError) as refused:
        boxes({**RECORD, "name": "𠮷田 香織"})

    assert "田" not in refused.value.reason
    assert "𠮷" in refused.value.reason


def test_a_missing_value_is_a_blank_and_a_missing_tick_is_no():
    sparse = {"reference": "就援-R8-00001", "name": "佐藤 恵"}

    layout = boxes(sparse)

    assert layout.texts["address"] == layout.choices["birth_g"] == ""
    assert meant(sparse)["cb0"] is False
    assert meant(sparse)["address"] is None


@given(st.sampled_from(sorted(set(LABELS) - {"cb0"})))
def test_any_value_stored_otherwise_is_named(key):
    other = {**meant(RECORD), key: "別の値"}

    assert differences(meant(RECORD), other) == (key,)


def test_a_detail_screen_that_lacks_a_row_proves_nothing():
    with pytest.raises(ValueError):
        stored({"保護者氏名": "佐藤 恵"})
