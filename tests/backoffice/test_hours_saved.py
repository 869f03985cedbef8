"""How many hours were saved?"""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from backoffice.indicators.rules import Done, Validity, hours_saved, validities


def test_items_count_with_the_minutes_confirmed_for_their_day_less_peoples_time():
    saved = hours_saved([Done(100, Decimal(12)), Done(50, Decimal(10))], people_seconds=3600 * 5)

    assert (saved.gross, saved.people, saved.hours) == (Decimal("28.3"), Decimal("5.0"), Decimal("23.3"))


def test_items_that_nobody_has_confirmed_minutes_for_save_nothing_and_are_told():
    saved = hours_saved([Done(7, None)], people_seconds=0)

    assert (saved.hours, saved.unconfirmed) == (Decimal("0.0"), 7)


def test_checking_that_takes_longer_than_keying_by_hand_shows_as_a_loss():
    assert hours_saved([Done(1, Decimal(1))], people_seconds=7200).hours < 0


def test_a_new_figure_leaves_the_days_before_it_as_they_were():
    stretches = validities([(date(2026, 10, 1), Decimal(9)), (date(2026, 4, 1), Decimal(12))])

    assert stretches == [
        Validity(Decimal(12), date(2026, 4, 1), date(2026, 10, 1)),
        Validity(Decimal(9), date(2026, 10, 1), None),
    ]


@given(st.dictionaries(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.decimals(1, 100, places=1), max_size=8))
def test_every_day_from_the_first_figure_on_has_exactly_one(figures):
    stretches = validities(figures.items())

    for day in figures:
        assert sum(each.first <= day and (each.until is None or day < each.until) for each in stretches) == 1
