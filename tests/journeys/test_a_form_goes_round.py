"""A clerk builds a form, prints it, hands in what people wrote on it, checks what is doubtful, and has it in a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from backoffice.identity import Role
from tests.journeys.a_form_goes_round import PEOPLE, Way, let_the_worker_read, scanned
from tests.journeys.test_a_form_is_built import add_twelve, begin, served, tell_conditions
from tests.journeys.test_pages_in_a_browser import Served, browser

__all__ = ["browser", "served"]
pytestmark = pytest.mark.journey


def test_a_form_is_built_printed_filled_in_scanned_read_checked_and_stands_in_its_list(
    browser: Browser, served: Served, tmp_path: Path
):
    city = served.city
    clerk = city.person(Role.CLERK, Role.VERIFIER, department=city.department("市民センター"))
    one = begin(browser, served, clerk, tmp_path)
    page = one.page
    way = Way(city, page, lambda _page, _name: None)

    add_twelve(page)
    tell_conditions(page)
    page.get_by_role("link", name="確かめて使い始める").click()
    page.get_by_role("button", name="第1版を使い始める").click()
    way.call_it_print()
    way.hand_in(scanned(city, "form-1", way.print()))
    let_the_worker_read(city)
    expect(page.locator("main")).to_contain_text("R8-公民館-0002")
    way.check_all()
    page.goto("/records/1")

    for written in PEOPLE:
        expect(page.locator("main")).to_contain_text(str(written["公民館名"]))
