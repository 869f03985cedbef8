"""Whoever begins a run by hand and the schedule that begins one mean the same time: nobody hears of it twice."""

from datetime import date

import pytest

from workflows.notices.periods import spelt
from workflows.notices.schedules import Occasion, Recurrence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026", "2026"),
        ("\uff12\uff10\uff12\uff16", "2026"),
        (" 2026 年度", "2026"),
        ("令和8年度", "2026"),
        ("令和元年度", "2019"),
        ("2026年12月", "2026-12"),
        ("2026-12", "2026-12"),
        ("2026/4", "2026-04"),
        ("令和8年4月", "2026-04"),
        ("R8.4", "2026-04"),
        ("2026年13月", "2026年13月"),
        ("第2期 夏", "第2期夏"),
        ("", ""),
    ],
)
def test_one_period_has_one_spelling(typed: str, kept: str):
    assert spelt(typed) == kept


@pytest.mark.parametrize("recurrence", Recurrence)
def test_a_schedule_spells_its_periods_so(recurrence: Recurrence):
    period = Occasion(date(2026, 12, 10), date(2026, 12, 1)).period(recurrence)

    assert spelt(period) == period
    assert spelt("令和8年度" if recurrence is Recurrence.YEARLY else "2026年12月") == period
