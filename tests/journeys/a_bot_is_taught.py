"""The whole way of a recorded bot in a browser: brought in, mended, rehearsed, released, at night, told in the morning.

Pictures are taken on the way by whoever wants them: docs show them to clerks.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from backoffice.automation.bots import bots_of_this_machine
from backoffice.automation.jobs import Hands, run_night
from backoffice.identity import Role, Staff
from backoffice.night_reports import making
from backoffice.rehearsals.jobs import rehearse, stages_of_this_machine
from tests.backoffice.automation.nights import StepsAtOnce, Waiting
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.office import PASSWORD
from tests.backoffice.recordings.teaching import RAW, RELEASE
from tests.backoffice.rehearsals.staging import Rehearsing
from tests.journeys import signing_in

Take = Callable[[Page, str], None]


@dataclass
class Way:
    """A clerk and an operator at one browser, one after the other; what the worker does, it does between."""

    rehearsing: Rehearsing
    page: Page
    take: Take

    @property
    def bureau(self) -> Bureau:
        return self.rehearsing.lesson.bureau

    def sign_in(self, person: Staff) -> None:
        signing_in.sign_in(self.page, person.account, PASSWORD)

    def bring_in(self) -> None:
        """Choose the form and the file that the browser's Recorder exported."""
        self.page.goto("/bots/new")
        self.page.locator("#design").select_option(str(self.rehearsing.lesson.design_id))
        recording = {"name": "recording.json", "mimeType": "application/json", "buffer": RAW}
        self.page.set_input_files("#file", recording)
        self.take(self.page, "bot-brought")
        self.page.get_by_role("button", name="取り込む").click()
        expect(self.page.locator("main")).to_contain_text("手順を確かめてください")
        expect(self.page.locator("main")).not_to_contain_text("山田")

    def mend(self) -> None:
        """Say what goes into the two fields that nobody could know, and what shows that it was registered."""
        page = self.page
        page.get_by_label("手順4に入れるもの").select_option(label="フリガナ")
        page.get_by_label("手順5に入れるもの").select_option(value="{{a3.label}}")
        page.get_by_label("手順6で登録する").check()
        page.locator("#proof").fill("登録しました")
        self.take(page, "bot-mended")
        page.get_by_role("button", name="保存する").click()
        expect(page.locator("main")).not_to_contain_text("公開の前に")

    def rehearse(self, number: str) -> None:
        """Choose a record; the worker goes up to the button that registers, and the page shows how far it came."""
        page = self.page
        page.get_by_role("link", name="練習する", exact=True).click()
        page.get_by_label(number).check()
        page.get_by_role("button", name="練習する(登録の手前で止まる)").click()
        expect(page.locator("#rehearsal-live")).to_be_visible()
        office = self.bureau.city.office
        in_a_worker(lambda: rehearse(office, stages_of_this_machine(None), 1, StepsAtOnce()))
        expect(page.get_by_role("link", name="もう一度練習する")).to_be_visible()
        expect(page.locator("main")).to_contain_text("登録の手前まで終わりました")
        self.take(page, "bot-rehearsed")

    def send_on_its_route(self) -> None:
        """Write what those who decide have to know; they decide elsewhere, and it takes effect a minute later."""
        page = self.page
        page.goto("/bots/versions/1")
        for name, text in RELEASE.items():
            page.locator(f"#{name}").fill(text)
        page.get_by_role("button", name="起案する").click()
        expect(page.locator("main")).to_contain_text("決裁の道すじ")
        self.rehearsing.lesson.release()
        page.goto("/bots/versions/1")
        expect(page.locator("main")).to_contain_text("公開中")

    def let_the_night_key(self) -> None:
        """Press the button; the worker keys what waits, and the page shows how it ended."""
        page, city = self.page, self.bureau.city
        page.goto("/nights")
        page.get_by_role("button", name="いま始める").click()
        expect(page.locator("main")).to_contain_text("実行中")
        waiting = Waiting(city)
        hands = Hands(bots_of_this_machine(None), waiting.seconds, waiting.pause, waiting.stopping)
        in_a_worker(lambda: run_night(city.office, hands, 1, StepsAtOnce()))
        expect(page.locator("main")).to_contain_text("すべて終わりました")
        self.take(page, "bot-at-night")

    def read_in_the_morning(self, operator: Staff) -> None:
        city = self.bureau.city
        city.clock.pass_(hours=24)
        making.tick(city.office)
        self.sign_in(operator)  # a day later nobody is signed in any more
        self.page.goto("/nights/reports")
        expect(self.page.locator("main")).to_contain_text("転入システム")
        self.take(self.page, "bot-in-the-morning")


def in_a_worker(work: Callable[[], object]) -> None:
    """The browser keeps an event loop in this thread; the bot's browser wants one of its own."""
    with ThreadPoolExecutor(1) as worker:
        worker.submit(work).result()


def operator_of(bureau: Bureau) -> Staff:
    return bureau.city.person(Role.BOT_OPERATOR, department=bureau.department, account="yakan")
