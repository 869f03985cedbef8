"""How long paper is kept: whole fiscal years from the next 1 April on, and the last day is still kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.archive.workflow import FOR_EVER, YEARS, is_due, kept_from, kept_until
from backoffice.db.numbering import fiscal_year_of

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
ENDING = st.sampled_from([years for years in YEARS if years != FOR_EVER])


@pytest.mark.parametrize(
    ("settled_on", "years", "last"),
    [
        (date(2026, 11, 28), 5, date(2032, 3, 31)),
        (date(2026, 3, 31), 1, date(2027, 3, 31)),
        (date(2026, 4, 1), 1, date(2028, 3, 31)),
        (date(2024, 2, 29), 30, date(2054, 3, 31)),
    ],
)
def test_the_years_count_from_the_april_after_the_fiscal_year_of_settling(settled_on, years, last):
    assert kept_until(fiscal_year_of(settled_on), years) == last


@given(DAYS, ENDING)
def test_nothing_is_kept_shorter_than_its_years_nor_a_whole_year_longer(settled_on, years):
    begins = kept_from(fiscal_year_of(settled_on))
    last = kept_until(fiscal_year_of(settled_on), years)

    assert timedelta(1) <= begins - settled_on <= timedelta(366)
    assert (begins.month, begins.day, last.month, last.day) == (4, 1, 3, 31)
    assert last.year - begins.year == years


@given(DAYS, ENDING)
def test_it_may_go_on_the_day_after_the_last_and_not_before(settled_on, years):
    year = fiscal_year_of(settled_on)
    last = kept_until(year, years)

    assert not is_due(year, years, last)
    assert is_due(year, years, last + timedelta(1))


@given(st.integers(1990, 2090), ENDING, DAYS)
def test_more_years_never_make_a_sheet_due_earlier_and_for_ever_never_does(settled_in, years, today):
    longer = min((each for each in YEARS if each > years), default=FOR_EVER)

    assert is_due(settled_in, years, today) or not is_due(settled_in, longer, today)
    assert not is_due(settled_in, FOR_EVER, today)
