"""Can a clerk register a program in a browser: draft it, be warned, mend, see whom it reaches, have it approved?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.identity import Role, Staff
from backoffice.inbox import ticking
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, City
from tests.backoffice.programs.cities import take_in_residents
from tests.backoffice.programs.offices import TYPED, Office, found_office
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import Visit, browser, serve, visit
from workflows.routes import Decision

pytestmark = pytest.mark.journey

__all__ = ["browser"]


@dataclass
class Bench:
    """A department whose people each sit at a browser of their own, and the residents it may ask about."""

    office: Office
    residents: pl.DataFrame
    enter: Callable[[Staff], Page]
    visits: list[Visit]

    @property
    def troubles(self) -> list[str]:
        return [trouble for each in self.visits for trouble in each.troubles]


@pytest.fixture
def at_work(city: City, browser: Browser, tmp_path: Path) -> Iterator[Bench]:
    with serve(city) as served:
        office = found_office(found_bureau(city))
        visits: list[Visit] = []

        def enter(person: Staff) -> Page:
            one = visit(browser, served, "desk", tmp_path / person.account)
            visits.append(one)
            signing_in.sign_in(one.page, person.account, PASSWORD)
            return one.page

        yield Bench(office, take_in_residents(city), enter, visits)


def fill_in_the_sheet(page: Page) -> None:
    for name, words in TYPED.items():
        field = page.locator(f"[name={name}]")
        if field.get_attribute("type") == "checkbox":
            field.check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(words)
        else:
            field.fill(words)
    page.get_by_role("button", name="登録票を保存").click()
    page.wait_for_selector("#rule-heading")


def add_condition(page: Page, what: str, fill: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="次のすべて: 条件を加える").click()
    page.locator("#what").select_option(what)
    page.get_by_role("button", name="選ぶ").click()
    fill(page)
    page.get_by_role("button", name="条件を加える").click()
    page.wait_for_selector("#rule-desk")


def an_age(low: str, counted: str) -> Callable[[Page], None]:
    def fill(page: Page) -> None:
        page.locator("#from").fill(low)
        page.locator("#counted").select_option(counted)

    return fill


def press(page: Page, name: str, until: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_selector(until)


def begin(clerk: Page) -> str:
    """Begin a program, write its sheet, and give the address of its version."""
    clerk.goto("/programs/new")
    clerk.locator("#name_ja").fill("乳がん検診")
    press(clerk, "下書きを作る", "[name=legal_basis]")
    fill_in_the_sheet(clerk)
    return clerk.url.split("?")[0]


def build_the_rule_and_mend_it(clerk: Page) -> None:
    """Build a rule of which two things are found, take the idle condition away, undo and do that again."""
    clerk.get_by_role("link", name="ルールを組む").click()
    add_condition(clerk, "one_of:sex", lambda page: page.get_by_label("女性").check())
    add_condition(clerk, "age", an_age("40", "fiscal_year_end"))
    add_condition(clerk, "age", an_age("20", "birthday"))
    expect(clerk.locator(".rule-finding", has_text="この条件は結果を変えません")).to_have_count(1)
    expect(clerk.locator("#rule-desk")).to_contain_text("年齢の数え方が混ざっています")
    clerk.get_by_role("button", name="満年齢(誕生日で数える)が20歳以上: 消す").click()
    clerk.wait_for_selector("text=気になる点は見つかりませんでした")
    clerk.get_by_role("button", name="元に戻す").click()
    clerk.wait_for_selector("text=年齢の数え方が混ざっています")
    clerk.get_by_role("button", name="やり直す").click()
    clerk.wait_for_selector("text=気になる点は見つかりませんでした")


def try_and_submit(clerk: Page, version: str) -> int:
    """Keep the suggested examples, look whom it reaches, submit, and give the case's id."""
    clerk.goto(f"{version}/examples")
    for place in range(5):
        clerk.locator(f"#chosen-{place}").check()
    press(clerk, "選んだ人を例にする", "text=例を5人置きました")
    clerk.goto(f"{version}/preview")
    press(clerk, "今のルールで試算する", "text=判定ごとの人数")
    clerk.goto(version)
    press(clerk, "回議に付す", "text=決裁の道すじ")
    return int(clerk.url.split("?")[0].rsplit("/", 1)[1])


def send_back_mend_and_approve(office: Office, clerk: Page, version: str, case_id: int) -> None:
    bureau = office.bureau
    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK, "金額を確かめてください")
    clerk.goto(f"{version}/edit")
    clerk.locator("#amount").fill("自己負担1,400円")
    press(clerk, "登録票を保存", "#rule-heading")
    bureau.decide(office.drafter, case_id, "mend", Decision.DONE)
    for person, step in (
        (bureau.head, "head_review"),
        (bureau.privacy, "privacy_review"),
        (bureau.dx, "dx_check"),
        (bureau.dx_head, "dx_approval"),
    ):
        bureau.decide(person, case_id, step)
    bureau.city.clock.pass_(minutes=2)
    ticking.tick(bureau.city.office)


def test_a_program_is_drafted_mended_looked_at_sent_back_and_approved(at_work: Bench):
    office = at_work.office
    clerk = at_work.enter(office.drafter)

    version = begin(clerk)
    build_the_rule_and_mend_it(clerk)
    case_id = try_and_submit(clerk, version)
    send_back_mend_and_approve(office, clerk, version, case_id)

    clerk.goto(version)
    expect(clerk.locator(".chip").first).to_contain_text("有効")
    man = at_work.residents.filter((pl.col("sex") == "male") & (pl.col("consents") & 1 == 1)).row(0, named=True)
    colleague = at_work.enter(office.city.person(Role.CLERK, account="reader", department=office.bureau.department))
    colleague.goto(f"{version}/why")
    colleague.locator("#pseudonym").fill(man["pseudonym"])
    colleague.locator("#reason").fill("本人から電話で問合せ")
    press(colleague, "理由を見る", "#answer")
    expect(colleague.locator("#answer")).to_contain_text("非該当")
    assert at_work.troubles == []
