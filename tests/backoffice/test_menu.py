"""A long menu stands on one line: what does not fit folds away, and the page one is on is always there."""

from __future__ import annotations

import pytest

from backoffice.web.menu import ON_ONE_LINE, MenuEntry, folded


def entries(count: int, current: int | None = None) -> list[MenuEntry]:
    return [MenuEntry(f"画面{at}", f"/page-{at}", at == current) for at in range(count)]


@pytest.mark.parametrize("count", [0, 1, ON_ONE_LINE, ON_ONE_LINE + 2])
def test_a_menu_that_is_short_or_nearly_so_is_whole(count):
    assert folded(entries(count)) == (entries(count), [])


def test_what_is_too_long_folds_away_in_its_order():
    shown, away = folded(entries(16))

    assert [*shown, *away] == entries(16)
    assert len(shown) == ON_ONE_LINE


@pytest.mark.parametrize("current", [ON_ONE_LINE, 15])
def test_the_page_one_is_on_never_folds_away(current):
    shown, away = folded(entries(16, current))

    assert shown[-1].current
    assert len(shown) == ON_ONE_LINE
    assert not any(each.current for each in away)
    assert {each.href for each in (*shown, *away)} == {each.href for each in entries(16)}
