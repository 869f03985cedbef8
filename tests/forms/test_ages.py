"""Ages by law: complete at the end of the day before the birthday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.ages import age_attained, age_by_birthday, attained_on, fiscal_year, school_entry, school_grade

births = st.dates(date(1930, 1, 1), date(2030, 12, 31))


@given(births, st.integers(1, 100))
def test_an_age_is_attained_on_the_eve_of_the_birthday(birth, age):
    eve = attained_on(birth, age)

    assert age_attained(birth, eve) == age
    assert age_by_birthday(birth, eve) == age - 1
    assert age_by_birthday(birth, eve + timedelta(days=1)) == age


@given(births, st.integers(0, 40_000))
def test_the_attained_age_is_never_behind_and_at_most_one_day_ahead(birth, days):
    on = birth + timedelta(days=days)

    assert age_attained(birth, on) == age_by_birthday(birth, on + timedelta(days=1))


@pytest.mark.parametrize(
    ("birth", "entry"),
    [
        (date(2019, 4, 1), date(2025, 4, 1)),
        (date(2019, 4, 2), date(2026, 4, 1)),
        (date(2020, 2, 29), date(2026, 4, 1)),
        (date(2019, 3, 31), date(2025, 4, 1)),
    ],
)
def test_a_child_born_on_the_first_of_april_enters_school_a_year_before_one_born_on_the_second(birth, entry):
    begins = school_entry(birth)

    assert begins == entry


@given(births)
def test_compulsory_school_lasts_nine_years_from_entry(birth):
    entry = school_entry(birth)

    assert school_grade(birth, entry) == 1
    assert school_grade(birth, entry - timedelta(days=1)) is None
    assert school_grade(birth, date(entry.year + 9, 3, 31)) == 9
    assert school_grade(birth, date(entry.year + 9, 4, 1)) is None


def test_the_fiscal_year_turns_on_the_first_of_april():
    last, first = date(2026, 3, 31), date(2026, 4, 1)

    assert (fiscal_year(last), fiscal_year(first)) == (2025, 2026)


def test_there_is_no_age_before_birth():
    birth = date(2020, 1, 2)

    with pytest.raises(ValueError, match="before the birth"):
        age_by_birthday(birth, date(2020, 1, 1))
