"""Journey 3: a link to the library is written, approved, used, widened, shut; and what each time is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from backoffice.clients.scopes import Scope
from backoffice.data_links import holdings
from backoffice.identity import Staff
from tests.backoffice.clients.machines import dx_officer, gateway, machine
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.consents.portal import consented, proven, register
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.data_links.library import CARD, NAME, Library, grown_up
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, City
from tests.backoffice.programs.cities import take_in_residents
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import Visit, browser, serve, visit

pytestmark = pytest.mark.journey

__all__ = ["browser"]


@dataclass
class Bench:
    desk: Agreements
    enter: Callable[[Staff], Page]
    visits: list[Visit]

    @property
    def troubles(self) -> list[str]:
        return [trouble for each in self.visits for trouble in each.troubles]


@pytest.fixture
def at_work(city: City, browser: Browser, tmp_path: Path) -> Iterator[Bench]:
    with serve(city) as served:
        desk = Agreements(found_bureau(city))
        visits: list[Visit] = []

        def enter(person: Staff) -> Page:
            one = visit(browser, served, "desk", tmp_path / person.account)
            visits.append(one)
            signing_in.sign_in(one.page, person.account, PASSWORD)
            return one.page

        yield Bench(desk, enter, visits)


def write_agreement(page: Page) -> int:
    """Begin the agreement and write it, as a clerk would; gives the version."""
    page.goto("/links/new")
    page.locator("#name").fill("図書館カード")
    page.locator("#code").fill("library-card")
    page.get_by_role("button", name="下書きを作る").click()
    page.wait_for_selector("#recipient-code")
    words = {
        "recipient-code": "library",
        "recipient-ja": "図書館システム(演習用)",
        "recipient-en": "Library (exercise)",
        "controller": "総合図書館長",
        "purpose-0-code": "issue_card",
        "purpose-0-ja": "図書館カードを作る",
        "purpose-0-en": "Issue a library card",
        "reason-age_over_18": "館内の端末を使える年齢かを確かめる",
        "shown-ja": LIBRARY.shown.ja,
        "shown-easy": LIBRARY.shown.easy,
        "shown-en": LIBRARY.shown.en,
        "valid_from": "R8.11.1",
        "valid_until": "R9.10.31",
        "review_on": "R9.8.1",
        "per_person_day": "5",
        "contact-0-name": "図書館システム担当",
        "contact-0-telephone": "092-000-0001",
        "emergency-name": "当直",
        "emergency-telephone": "092-000-0002",
    }
    for field, text in words.items():
        page.locator(f"[name='{field}']").fill(text)
    for attribute, necessity in (("full_name", "required"), ("age_over_18", "optional"), ("city_resident", "required")):
        page.locator(f"[name='use-{attribute}']").select_option(necessity)
    page.get_by_role("button", name="内容を保存", exact=True).click()
    page.wait_for_selector("#terms-heading")
    page.get_by_role("link", name="影響評価に答える").click()
    page.wait_for_selector("#asked-heading")
    for answer in page.locator("input[value='no']").all():
        answer.check()
    page.get_by_role("button", name="影響評価を保存").click()
    page.wait_for_selector("text=回議に付す準備ができました")
    return int(page.url.split("?")[0].rstrip("/").split("/")[-1])


def send(page: Page, desk: Agreements) -> int:
    """Send the version that is open on its route; gives the case."""
    page.locator("#source").select_option(str(desk.bureau.department.id))
    page.locator("#untried").fill("相手のシステムの試験はあとで行う")
    page.get_by_role("button", name="回議に付す").click()
    page.wait_for_selector("text=回議に付しました")
    return desk.version(int(page.url.split("?")[0].split("/")[-1])).case_id or 0


def connect(page: Page, colleague: Page, link_id: int, name: str) -> None:
    page.goto(f"/links/{link_id}")
    page.locator("#client").select_option(label=name)
    page.get_by_role("button", name="選ぶ").click()
    page.wait_for_selector("text=別の職員の確認待ち")
    colleague.goto(f"/links/{link_id}")
    colleague.get_by_role("button", name="確かめたので、つなぐ").click()
    colleague.wait_for_selector("text=外部システムを決めました")


def test_a_library_card_is_agreed_on_used_widened_and_shut(at_work: Bench):
    desk = at_work.desk
    residents = take_in_residents(desk.city, people=300)
    clerk, dx = at_work.enter(desk.drafter), at_work.enter(desk.bureau.dx)
    version_id = write_agreement(clerk)
    desk.approve(send(clerk, desk))

    http = gateway(desk.city)
    portal = machine(desk.city, http=http)
    system = machine(desk.city, frozenset({Scope.LINKS}), http=http, name="図書館システム")
    connect(dx, at_work.enter(dx_officer(desk.city)), desk.link(version_id).id, "図書館システム")
    person = proven(grown_up(residents))
    library = Library(desk, portal, system, version_id, person, residents)
    register(portal, person)
    consented(portal, "core", person)
    library.consent()
    request = library.ask_for_card()
    assert library.fetch(request).json()["claims"] == {"full_name": NAME, "city_resident": True}
    problem(library.fetch(request, "birth_date"), 403, "not-in-agreement")
    library.answer(request)
    card = library.look(request)
    assert (card["card_number"], card["barcode"][:4]) == (CARD, "<svg")

    clerk.goto(f"/links/{desk.link(version_id).id}")
    clerk.get_by_role("button", name="次の版の下書きを作る").click()
    clerk.get_by_role("link", name="内容を書く").click()
    clerk.locator("[name='use-telephone']").select_option("required")
    clerk.get_by_role("button", name="内容を保存", exact=True).click()
    clerk.wait_for_selector("text=今同意している1人に、もう一度同意をたずねます")
    case_id = send(clerk, desk)
    assert library.fetch(request).status_code == 200
    desk.approve(case_id)
    problem(library.fetch(request), 404, "not-available")
    library.consent()
    holdings.tick(desk.city.office)
    assert library.fetch(request).json()["version"] == 2

    dx.goto(f"/links/{desk.link(version_id).id}")
    dx.locator("#reason").fill("渡しすぎのおそれ")
    dx.get_by_role("button", name="今すぐ止める").click()
    dx.wait_for_selector("text=止めました。今この時から、何も渡しません。")
    problem(library.fetch(request), 403, "link-shut")
    assert at_work.troubles == []
