"""Can a clerk word a notice in a browser, put the deadline in by a key, be warned, and have a head approve it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.identity import Staff
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.notices.wordings import Desk, found_desk
from tests.backoffice.office import PASSWORD, City
from tests.backoffice.programs.offices import found_office
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import Visit, browser, serve, visit

pytestmark = pytest.mark.journey

__all__ = ["browser"]


@dataclass
class Bench:
    desk: Desk
    enter: Callable[[Staff], Visit]
    visits: list[Visit] = field(default_factory=list)


@pytest.fixture
def at_work(city: City, browser: Browser, tmp_path: Path) -> Iterator[Bench]:
    with serve(city) as served:

        def enter(person: Staff) -> Visit:
            one = visit(browser, served, "desk", tmp_path / person.account)
            signing_in.sign_in(one.page, person.account, PASSWORD)
            bench.visits.append(one)
            return one

        bench = Bench(found_desk(found_office(found_bureau(city))), enter)
        yield bench


def press(page: Page, name: str, until: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_selector(until)


def test_a_notice_is_worded_checked_and_approved_by_somebody_else(at_work: Bench):
    clerk = at_work.enter(at_work.desk.drafter).page
    clerk.goto(f"/programs/{at_work.desk.program_id}/notices")
    press(clerk, "文面を書き始める", "#ja-subject")

    clerk.locator("#ja-subject").fill("至急 ")
    clerk.locator("[data-inserts='{申込みの期限}']").focus()
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#ja-subject")).to_have_value("至急 {申込みの期限}")
    expect(clerk.locator("#ja-subject")).to_be_focused()
    press(clerk, "保存して点検する", "text=詐欺のように読めたりする")

    clerk.locator("#ja-subject").fill("乳がん検診のお知らせ")
    press(clerk, "保存して点検する", ".banner-success")
    expect(clerk.locator(".chip-bad")).to_have_count(0)
    clerk.get_by_role("link", name="見え方と承認の画面へ").click()
    expect(clerk.locator(".phone", has_text="令和9年3月31日(水)までに")).to_have_count(1)
    expect(clerk.locator("#preview-2")).to_contain_text("やさしい日本語")
    press(clerk, "承認を求める", "text=承認待ち")
    address = clerk.url.split("?")[0]

    head = at_work.enter(at_work.desk.head)
    head.look(address)
    press(head.page, "承認する", "text=使う文面")

    assert at_work.desk.current() == int(address.rsplit("/", 1)[1])
    assert [trouble for each in at_work.visits for trouble in each.troubles] == []
