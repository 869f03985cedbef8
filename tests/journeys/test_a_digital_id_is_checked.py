"""Can a pool's porter check digital IDs with a hand scanner, on a tablet, without a mouse, one after another?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser

from backoffice.digital_id import service
from backoffice.digital_id.workflow import Cause
from backoffice.identity import Role
from tests.backoffice.digital_id.wallets import issued, registered
from tests.backoffice.office import PASSWORD, City
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import SIZES, Visit, browser, serve, visit
from workflows.credentials.wallet_simulator import WalletSimulator
from workflows.rules.vocabulary import ConsentClass

pytestmark = pytest.mark.journey

__all__ = ["browser"]


@dataclass
class Counter:
    city: City
    at: Visit
    wallet: WalletSimulator
    number: str

    def scan(self, *claims: str) -> None:
        """The holder's telephone scans the screen and shows its own; the hand scanner types that and presses Enter."""
        asked = urlsplit(self.at.page.locator("#asked").text_content() or "")
        nonce = parse_qs(asked.query)["nonce"][0]
        now = int(self.city.clock().timestamp())
        shown = self.wallet.present(claims, asked._replace(query="").geturl(), nonce, now)
        self.at.page.keyboard.insert_text(shown)
        with self.at.page.expect_navigation():
            self.at.page.keyboard.press("Enter")

    @property
    def word(self) -> str:
        return " ".join(self.at.page.locator(".verdict-word").inner_text().split())

    @property
    def is_ready(self) -> bool:
        """The next scan goes into the field, while the answer to the last is still in sight."""
        box, height = self.at.page.locator(".verdict").bounding_box(), self.at.page.viewport_size["height"]
        in_sight = box["y"] >= 0 and box["y"] + box["height"] <= height
        return in_sight and self.at.page.evaluate("document.activeElement.id") == "shown"


@pytest.fixture(params=SIZES)
def counter(request, city: City, browser: Browser, tmp_path: Path) -> Iterator[Counter]:
    with serve(city) as served:
        one = visit(browser, served, request.param, tmp_path)
        resident = registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE, pseudonym="kaze-4711")
        wallet, number = issued(city, resident)
        signing_in.sign_in(one.page, city.person(Role.FACILITY).account, PASSWORD)
        yield Counter(city, one, wallet, number)


def noted(counter: Counter, what: str) -> None:
    """Note what axe finds on an answer, which no address shows again; a picture of it is kept."""
    counter.at.troubles += [f"{what}: {trouble}" for trouble in counter.at._seen_in("as sent")]
    counter.at.page.screenshot(path=counter.at.pictures / f"{what}.png", full_page=True)


def test_one_person_after_another_is_checked_by_the_scanner_alone(counter: Counter):
    counter.at.look("/digital-id/check?rule=senior_65")

    counter.scan("age_over_65")
    assert counter.word == "○ はい"
    assert counter.is_ready
    noted(counter, "yes")

    counter.scan("city_resident")
    assert counter.word == "× いいえ"
    assert counter.is_ready
    noted(counter, "no")

    counter.at.page.keyboard.insert_text("a torn code")
    with counter.at.page.expect_navigation():
        counter.at.page.keyboard.press("Enter")
    assert counter.word == "↻ もう一度"
    assert counter.is_ready
    noted(counter, "once-more")

    assert counter.at.troubles == []


def test_a_lost_telephone_is_refused_at_the_next_scan(counter: Counter):
    counter.at.look("/digital-id/check?rule=senior_65")
    with counter.city.unit() as work:
        service.revoke(work, counter.number, Cause.LOST)

    counter.scan("age_over_65")

    assert counter.word == "× いいえ"
