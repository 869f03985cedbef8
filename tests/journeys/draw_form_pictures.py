"""Pictures of a form's way from the builder to its list, for docs: `python -m tests.journeys.draw_form_pictures`.

A city is founded in a temporary folder; whoever writes on the paper is invented.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from argon2 import PasswordHasher
from playwright.sync_api import Page, sync_playwright

from backoffice.identity import Department, Role, Staff
from rpa_bots.browser import find_chromium
from tests.backoffice.office import PASSWORD, City, copy_template, make_template, open_city
from tests.journeys.a_form_goes_round import Way, let_the_worker_read, name_system, scanned
from tests.journeys.draw_pictures import take
from tests.journeys.test_a_form_is_built import add_twelve, begin, tell_conditions
from tests.journeys.test_pages_in_a_browser import serve


def main() -> None:
    """Make every picture anew."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = folder / "data"
        data.mkdir()
        quick_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        city = stack.enter_context(open_city(data, copy_template(make_template(folder), data), quick_hash))
        served = stack.enter_context(serve(city))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox"])
        department = city.department("市民センター")
        page = begin(browser, served, clerk(city, department), folder).page
        photograph(city, page, department)
        browser.close()


def clerk(city: City, department: Department) -> Staff:
    person = city.person(Role.CLERK, Role.VERIFIER, department=department)
    with city.unit() as work:
        work.session.get_one(Staff, person.id).name = "博多 花子"
    return person


def photograph(city: City, page: Page, department: Department) -> None:
    way = Way(city, page, take)
    add_twelve(page)
    tell_conditions(page)
    take(page, "form-built")
    page.get_by_role("link", name="確かめて使い始める").click()
    page.get_by_role("button", name="第1版を使い始める").click()
    name_system(city, department)
    way.let_it_be_keyed()
    page.goto("/forms/1")
    way.call_it_print()
    scan = scanned(city, "form-1", way.print())
    way.hand_in(scan)
    let_the_worker_read(city)
    page.locator("#batch-live").get_by_text("要確認").first.wait_for()
    take(page, "paper-batch")
    way.check_all()
    page.goto("/records/1")
    take(page, "paper-in-its-list")
    way.queue()


if __name__ == "__main__":
    main()
