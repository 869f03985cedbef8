"""Dates in the Japanese calendar, at the edges where a wrong rule shows."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.problems import NotNormalError
from forms.wareki import ERAS, parse_date, show_wareki

days_of_the_table = st.dates(ERAS[0].first, date(2099, 12, 31))


@given(days_of_the_table)
def test_a_day_shown_in_wareki_is_read_back_as_the_same_day(day):
    shown = show_wareki(day)

    assert parse_date(shown) == day


@given(days_of_the_table, st.sampled_from(["{:%Y/%m/%d}", "{:%Y-%m-%d}", "{:%Y年%m月%d日}", "{:%Y.%m.%d}"]))
def test_a_western_date_is_read_whatever_parts_it(day, written):
    text = written.format(day)

    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("R8.11.2", date(2026, 11, 2)),
        ("令和8年11月2日", date(2026, 11, 2)),
        ("令和 8 年 11 月 2 日", date(2026, 11, 2)),
        ("2026/11/2", date(2026, 11, 2)),
        ("㋿元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S元.12.25", date(1926, 12, 25)),
    ],
)
def test_the_office_reads_the_ways_people_write_dates(text, day):
    read = parse_date(text)

    assert read == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("平成31年5月1日", "date_outside_era"),
        ("令和元年4月30日", "date_outside_era"),
        ("昭和65年1月1日", "date_outside_era"),
        ("令和8年2月30日", "date_impossible"),
        ("令和0年5月1日", "date_impossible"),
        ("2026/13/1", "date_impossible"),
        ("平成99年1月1日", "date_outside_era"),
        ("十一月二日", "date_shape"),
        ("令和年3月19日", "date_shape"),
    ],
)
def test_a_day_no_calendar_has_is_refused(text, code):
    with pytest.raises(NotNormalError) as refusal:
        parse_date(text)

    assert refusal.value.code == code


def test_each_era_begins_on_the_day_after_the_one_before():
    pairs = pairwise(ERAS)

    assert all(before.last + timedelta(days=1) == after.first for before, after in pairs)
