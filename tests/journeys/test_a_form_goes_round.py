"""A clerk builds a form, prints it, hands in what was written on it, checks what is doubtful, lists and queues it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from backoffice.identity import Role
from tests.journeys.a_form_goes_round import PEOPLE, Way, let_the_worker_read, name_system, scanned
from tests.journeys.test_a_form_is_built import add_twelve, begin, served, tell_conditions
from tests.journeys.test_pages_in_a_browser import Served, browser

__all__ = ["browser", "served"]
pytestmark = pytest.mark.journey


def test_a_form_is_built_printed_filled_in_scanned_read_checked_listed_and_queued(
    browser: Browser, served: Served, tmp_path: Path
):
    city = served.city
    department = city.department("市民センター")
    clerk = city.person(Role.CLERK, Role.VERIFIER, department=department)
    one = begin(browser, served, clerk, tmp_path)
    page = one.page
    way = Way(city, page, lambda _page, _name: None)

    add_twelve(page)
    tell_conditions(page)
    page.get_by_role("link", name="確かめて使い始める").click()
    page.get_by_role("button", name="第1版を使い始める").click()
    name_system(city, department)
    way.let_it_be_keyed()
    page.goto("/forms/1")
    way.call_it_print()
    way.hand_in(scanned(city, "form-1", way.print()))
    let_the_worker_read(city)
    expect(page.locator("main")).to_contain_text("R8-公民館-0002")
    way.check_all()
    page.goto("/records/1")

    for written in PEOPLE:
        expect(page.locator("main")).to_contain_text(str(written["公民館名"]))
    way.queue()
