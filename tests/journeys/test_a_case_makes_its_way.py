"""Does a matter pass through people in a real browser: side by side, sent back, in another's stead, overdue?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.identity import Role, Staff
from backoffice.inbox import ticking
from tests.backoffice.inbox.cases import Bureau, found_bureau
from tests.backoffice.office import PASSWORD, City
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import Visit, browser, serve, visit

pytestmark = pytest.mark.journey

__all__ = ["browser"]

Enter = Callable[[Staff], Page]
MATTER = {
    "title": "乳がん検診の案内",
    "program": "乳がん検診",
    "legal_basis": "健康増進法",
    "purpose": "対象の人に漏れなく知らせる",
    "audience": "40歳以上の女性",
    "starts": "R9.4.1",
}


@dataclass
class Bench:
    """A department whose people each sit at a browser of their own."""

    bureau: Bureau
    enter: Enter
    visits: list[Visit]

    @property
    def troubles(self) -> list[str]:
        return [trouble for each in self.visits for trouble in each.troubles]


@pytest.fixture
def at_work(city: City, browser: Browser, tmp_path: Path) -> Iterator[Bench]:
    with serve(city) as served:
        bureau = found_bureau(city)
        visits: list[Visit] = []

        def enter(person: Staff) -> Page:
            one = visit(browser, served, "desk", tmp_path / person.account)
            visits.append(one)
            signing_in.sign_in(one.page, person.account, PASSWORD)
            return one.page

        yield Bench(bureau, enter, visits)


def draft(page: Page) -> str:
    """Fill in the form by hand, send it on its way, and give the case's address."""
    page.goto("/cases/new/program_registration")
    for name, words in MATTER.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name="回議に付す").click()
    page.wait_for_selector("text=決裁の道すじ")
    return page.url.split("?")[0]


def decide(page: Page, address: str, button: str) -> None:
    page.goto(address)
    page.locator(".waiting-mine").get_by_role("button", name=button, exact=True).click()
    page.wait_for_selector(".banner-success, .flash, .banner")


def expect_step(page: Page, address: str, name: str) -> None:
    page.goto(address)
    expect(page.locator("[aria-current=step]")).to_have_text([re.compile(rf"^\s*{name}\s")])


def test_two_people_approve_side_by_side_and_the_matter_ends_a_minute_later(at_work: Bench):
    bureau = at_work.bureau
    drafter, head, privacy, first, second = (
        at_work.enter(person) for person in (bureau.drafter, bureau.head, bureau.privacy, bureau.dx, bureau.dx_head)
    )
    address = draft(drafter)
    decide(head, address, "承認")
    for page in (privacy, first):  # both have the case open before either decides
        page.goto(address)

    privacy.get_by_label("利用目的の範囲内である").check()
    privacy.get_by_label("項目は必要最小限である").check()
    privacy.get_by_role("button", name="承認", exact=True).click()
    privacy.wait_for_selector("text=1分以内なら取り消せます")
    first.get_by_label("条件と要綱が合っている").check()
    first.get_by_label("通知の文面を読んだ").check()
    first.get_by_role("button", name="承認", exact=True).click()
    first.wait_for_selector("text=1分以内なら取り消せます")
    decide(second, address, "承認")

    drafter.goto(address)
    expect(drafter.locator(".chip").first).to_contain_text("決裁済(まもなく発効)")
    bureau.city.clock.pass_(minutes=2)
    assert ticking.tick(bureau.city.office).effects == 1
    drafter.reload()
    expect(drafter.locator(".chip").first).to_contain_text("承認")
    assert at_work.troubles == []


def test_what_is_sent_back_says_what_to_mend_and_goes_on_when_mended(at_work: Bench):
    bureau = at_work.bureau
    drafter, head = at_work.enter(bureau.drafter), at_work.enter(bureau.head)
    address = draft(drafter)

    head.goto(address)
    head.get_by_role("button", name="差戻し").click()
    head.wait_for_selector(".field-error")
    head.locator("[name=reason]").fill("対象の年齢を要綱に合わせてください")
    head.get_by_role("button", name="差戻し").click()
    head.wait_for_selector("text=1分以内なら取り消せます")

    drafter.goto("/inbox?tray=returned")
    drafter.get_by_role("link", name=MATTER["title"]).click()
    expect(drafter.locator(".timeline")).to_contain_text("対象の年齢を要綱に合わせてください")
    drafter.get_by_role("link", name="内容を直す").click()
    drafter.locator("[name=audience]").fill("満40歳の女性")
    drafter.get_by_role("button", name="直した内容を保存").click()
    drafter.wait_for_selector("text=決裁の道すじ")
    decide(drafter, address, "完了")

    expect_step(head, address, "所属長承認")
    expect(head.locator("main")).to_contain_text("満40歳の女性")
    assert at_work.troubles == []


def test_a_deputy_decides_in_the_stead_of_the_absent_who_looks_at_it_afterwards(at_work: Bench):
    bureau = at_work.bureau
    deputy = bureau.city.person(Role.HEAD, account="dairi")
    drafter, head, standing_in = (at_work.enter(person) for person in (bureau.drafter, bureau.head, deputy))
    address = draft(drafter)
    head.goto("/absences")
    head.locator("[name=starts]").fill("R8.11.24")
    head.locator("[name=ends]").fill("R8.11.25")
    head.locator("[name=deputy]").fill("dairi")
    head.get_by_role("button", name="不在を登録する").click()
    head.wait_for_selector("td:has-text('職員 dairi')")

    standing_in.goto("/inbox?tray=deputy")
    standing_in.get_by_role("link", name=MATTER["title"]).click()
    expect(standing_in.locator("main")).to_contain_text("代理として決めます")
    standing_in.get_by_role("button", name="承認", exact=True).click()
    standing_in.wait_for_selector("text=1分以内なら取り消せます")

    head.goto("/inbox/reviews")
    head.get_by_role("button", name="後閲した").click()
    head.wait_for_selector("text=後閲を待つ件はありません")
    drafter.goto(address)
    expect(drafter.locator(".timeline")).to_contain_text("(職員 kachoの代理)")
    assert at_work.troubles == []


def test_an_overdue_step_lies_before_the_head_above_too(at_work: Bench):
    bureau = at_work.bureau
    with bureau.city.look() as work:
        top = work.session.get(type(bureau.department), bureau.department.parent_id)
    above = bureau.city.person(Role.HEAD, department=top, account="kyokucho")
    address = draft(at_work.enter(bureau.drafter))
    bureau.city.clock.pass_(days=20)

    ticked = ticking.tick(bureau.city.office)
    page = at_work.enter(above)
    page.goto("/inbox?tray=overdue")

    assert ticked.escalations >= 1
    lying = page.locator(f"a[href^='{address.removeprefix(page.url.split('/inbox')[0])}?']")
    expect(lying).to_have_text(MATTER["title"])
    decide(page, address, "承認")
    expect(page.locator(".timeline")).to_contain_text("期限を過ぎ、上位へ回した")
    assert at_work.troubles == []


def test_who_comes_second_is_told_who_was_first(at_work: Bench):
    bureau = at_work.bureau
    colleague = bureau.city.person(Role.HEAD, department=bureau.department, account="kacho2")
    drafter, head, other = (at_work.enter(person) for person in (bureau.drafter, bureau.head, colleague))
    address = draft(drafter)
    for page in (head, other):
        page.goto(address)

    head.get_by_role("button", name="承認", exact=True).click()
    head.wait_for_selector("text=1分以内なら取り消せます")
    with other.expect_response(lambda answer: "/decide" in answer.url) as answered:
        other.get_by_role("button", name="承認", exact=True).click()

    assert answered.value.status == 409
    expect(other.locator("main")).to_contain_text("職員 kachoさんが")


def test_many_are_decided_by_keyboard_and_taken_back_at_once(at_work: Bench):
    bureau = at_work.bureau
    ids = [bureau.begin(title=f"検診の案内 その{number}") for number in range(3)]
    page = at_work.enter(bureau.head)
    page.goto("/inbox")
    page.locator(".scrolls").focus()
    for _ in ids:
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("3")

    page.get_by_role("button", name="承認", exact=True).click()
    page.wait_for_selector("text=まとめて決定しました")
    page.get_by_role("button", name="元に戻す").click()
    page.wait_for_selector("text=検診の案内 その2")

    assert all("head_review" in bureau.waiting(case_id) for case_id in ids)
    assert at_work.troubles == []
