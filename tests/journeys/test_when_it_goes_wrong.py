"""Data leaks, and a person asks what is held of them: does the officer come through both with a browser alone?"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from backoffice.identity import Role, Staff
from backoffice.inbox.deciding import Said, decide
from backoffice.inbox.models import Task
from backoffice.inbox.ticking import tick
from backoffice.inbox.workflow import WAITING
from tests.backoffice.consents.counter import entered
from tests.backoffice.inbox.cases import Bureau, found_bureau
from tests.backoffice.office import PASSWORD, City
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import SIZES, Visit, browser, serve, visit
from workflows.routes import Decision

pytestmark = pytest.mark.journey

__all__ = ["browser"]

WHO = "kaze-4712"


@dataclass
class Office:
    bureau: Bureau
    head: Staff
    at: Visit

    @property
    def page(self):
        return self.at.page

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()

    def noted(self, what: str) -> None:
        """Note what axe finds where the person stands now."""
        self.at.troubles += [f"{what}: {trouble}" for trouble in self.at._seen_in("as it stands")]

    def decides(self, who: Staff, decision: Decision, **answers: str) -> None:
        """Let a colleague decide the step that was opened last."""
        city = self.bureau.city
        with city.unit(city.actor(who)) as work:
            newest = select(Task).where(Task.state.in_(WAITING)).order_by(Task.id.desc()).limit(1)
            task = work.session.scalars(newest).one()
            decide(work, task, Said(decision, answers=answers))


@pytest.fixture(params=SIZES)
def office(request, city: City, browser: Browser, tmp_path: Path) -> Iterator[Office]:
    bureau = found_bureau(city)
    head = city.person(Role.HEAD, department=bureau.privacy.department, account="hogo-kacho")
    entered(city, bureau.privacy, WHO)
    with serve(city) as served:
        one = visit(browser, served, request.param, tmp_path)
        signing_in.sign_in(one.page, bureau.privacy.account, PASSWORD)
        yield Office(bureau, head, one)


def test_a_leak_is_begun_and_reported(office: Office):
    office.at.look("/breaches/new")
    office.page.locator("#what").fill("端末をなくした")
    office.page.locator("#people").fill("12")

    office.press("起こして回議に付す")
    office.noted("begun")
    office.page.get_by_role("link", name="案件を開く").click()
    office.page.get_by_label("報告した日").fill("R8.11.24")
    office.press("完了")

    expect(office.page.locator("main")).to_contain_text("確報")
    assert office.at.troubles == []


def test_a_person_takes_along_what_is_held_of_them(office: Office):
    office.at.look("/consents")
    office.page.locator("#pseudonym").fill(WHO)
    office.page.locator("#reason").fill("開示の請求 R8-9")
    office.press("さがす")
    with office.page.expect_navigation():
        office.page.get_by_role("link", name="開示・訂正・利用停止の請求").click()
    rights = office.page.url
    office.page.locator("#kind").select_option("disclose")
    office.page.locator("#identity").select_option("my_number_card")
    office.page.locator("#asked").fill("すべて")
    office.press("受け付けて回議に付す")
    office.noted("taken")
    privacy, city = office.bureau.privacy, office.bureau.city
    office.decides(privacy, Decision.DONE, outcome="granted", grounds="本人の情報である")
    office.decides(office.head, Decision.APPROVE)
    office.decides(privacy, Decision.DONE)
    city.clock.pass_(minutes=2)
    tick(city.office)
    office.page.goto(rights)
    office.noted("granted")

    with office.page.expect_download() as handed:
        office.page.get_by_role("button", name="写しを渡す").click()

    with zipfile.ZipFile(handed.value.path()) as packed:
        held = json.loads(packed.read("record.json"))
    assert (held["pseudonym"], len(held["looks"])) == (WHO, 2)
    assert office.at.troubles == []
