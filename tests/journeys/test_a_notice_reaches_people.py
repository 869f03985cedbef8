"""Is an audience frozen, released by a second person, sent by mail and LINE with its reason, and a withdrawal honoured?

Beside the office's pages stands what residents' phones show of it. Weeks later the clerk brings who was granted what
the notice told of, and the pages say what became of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.audiences.freezing import freeze
from backoffice.audiences.sending import send_run
from backoffice.audiences.ticking import tick
from backoffice.demo.edge import line_server, sink
from backoffice.demo.edge.ledger import Ledger, entries
from backoffice.demo.edge.line_account import COMPLAINT, Account, nothing_wrong
from backoffice.demo.edge.line_server import Played
from backoffice.demo.edge.phone import Shown, phone_view
from backoffice.demo.edge.sink import Sink
from backoffice.identity import Staff
from backoffice.inbox import ticking
from backoffice.programs.models import Program
from backoffice.take_up import queries
from backoffice.take_up.counting import count_list
from backoffice.worker import post_of
from tests import official_line
from tests.backoffice.audiences.post import OnceOnly, writing_office
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.audiences.test_between_freeze_and_send import withdraw
from tests.backoffice.audiences.town import Person, at, hear
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, City
from tests.backoffice.programs.offices import found_office
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import ASK_AXE, AXE, Visit, browser, serve, visit

pytestmark = pytest.mark.journey

__all__ = ["browser"]

TOKEN = "演習".encode().hex()
PLAN = {"send_on": "2026/11/25", "last_day": "2026/12/25", "period": "2026", "per_hour": "6000"}
OTHERS, TOOK_UP, MISSED = 45, 36, 4
"""Who is told beside the people named below, how many of them were granted it, and how many men were untold."""
PHONE = {"width": 390, "height": 844}


@dataclass
class Town:
    sending: Sending
    enter: Callable[[Staff], Visit]
    people: dict[str, Person]
    ledger: Path
    others: list[Person]
    visits: list[Visit] = field(default_factory=list)

    def phone(self, who: str) -> list[Shown]:
        return phone_view(self.ledger, self.people[who].address)


@pytest.fixture
def town(city: City, browser: Browser, tmp_path: Path) -> Iterator[Town]:
    with serve(city) as served:

        def enter(person: Staff) -> Visit:
            one = visit(browser, served, "desk", tmp_path / person.account)
            signing_in.sign_in(one.page, person.account, PASSWORD)
            there.visits.append(one)
            return one

        sending = found_sending(found_office(found_bureau(city)))
        names = sending.women_over_forty(4 + OTHERS)
        people = {
            **dict(zip(("hikari", "kasumi"), sending.register(names[:2]), strict=True)),
            "yasashii": sending.register(names[2:3], language="easy")[0],
            "line": sending.register(names[3:4], line=True, language="en")[0],
        }
        others = sending.register(names[4:])
        there = Town(sending, enter, people, tmp_path / "phones.jsonl", others)
        yield there


def plan(page: Page, program_id: int) -> int:
    """Begin a run by hand, and give its number in the address."""
    page.goto(f"/audiences/new/{program_id}")
    for name, words in PLAN.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name="起こして対象を確定する").click()
    page.wait_for_selector("text=だれに届くかを数えています")
    return int(page.url.split("?")[0].rsplit("/", 1)[1])


def approve(page: Page, address: str) -> None:
    page.goto(address)
    for check in ("抜き取りで対象者を確かめた", "文面と問い合わせ先を確かめた", "窓口の人手がある"):
        page.get_by_label(check).check()
    page.locator(".waiting-mine").get_by_role("button", name="承認", exact=True).click()
    page.wait_for_selector("text=1分以内なら取り消せます")


def send(town: Town, run_id: int, tmp_path: Path) -> None:
    """Let the worker send what is due, to the servers at the city's edge."""
    city, ledger = town.sending.city, Ledger(town.ledger)
    (tmp_path / "token").write_text(TOKEN)
    validator = official_line.official if official_line.IS_HERE else nothing_wrong
    with ExitStack() as stack:
        stack.callback(ledger.close)
        mails = stack.enter_context(sink.serving(Sink(ledger)))
        line = stack.enter_context(line_server.serving(Played(Account(ledger, TOKEN, validator=validator))))
        told = {"smtp_host": "127.0.0.1", "smtp_port": mails, "smtp_security": "none"}
        told |= {"line_endpoint": f"http://127.0.0.1:{line}", "line_token_file": tmp_path / "token"}
        office = writing_office(city, **told)
        with city.unit() as work:
            hear(work)
        tick(office)
        send_run(office, post_of(office, threading.Event()), run_id, OnceOnly())


def test_a_notice_is_frozen_released_by_another_and_reaches_whoever_did_not_withdraw(
    town: Town, browser: Browser, tmp_path: Path
):
    sending, bureau = town.sending, town.sending.office.bureau
    drafter, head = town.enter(bureau.drafter), town.enter(bureau.head)

    run_id = plan(drafter.page, sending.desk.program_id)
    freeze(sending.city.office, run_id)
    drafter.page.wait_for_selector("#people-heading", timeout=30_000)
    drafter.look(f"/audiences/{run_id}")
    expect(drafter.page.locator("[aria-labelledby=samples-heading]")).to_contain_text("やさしい日本語")
    drafter.page.get_by_role("button", name="回議に付す").click()
    drafter.page.wait_for_selector("text=決裁の道すじ")
    case = drafter.page.url.split("?")[0]

    approve(head.page, case)
    sending.city.clock.pass_(minutes=2)
    ticking.tick(sending.city.office)
    drafter.look(f"/audiences/{run_id}/watch")
    expect(drafter.page.locator(".chip").first).to_contain_text("配信待ち")

    with sending.city.unit() as work:
        withdraw(work, town.people["kasumi"])
    sending.city.clock.moment = at("2026-11-25T10:01")
    with ThreadPoolExecutor(1) as worker:  # the browser keeps an event loop in this thread
        worker.submit(send, town, run_id, tmp_path).result()

    drafter = town.enter(bureau.drafter)  # a day later nobody is signed in any more
    drafter.look(f"/audiences/{run_id}")
    drafter.look(f"/audiences/{run_id}/watch")
    expect(drafter.page.locator(".chip").first).to_contain_text("配信終了")
    assert sorted(len(town.phone(who)) for who in ("hikari", "yasashii", "line")) == [1, 1, 2]
    assert town.phone("kasumi") == []
    assert [entry.content for entry in entries(town.ledger) if entry.channel == COMPLAINT] == []
    look_at_phones(town, browser, tmp_path)

    sending.city.clock.moment = at("2026-12-15T10:00")
    see_what_became_of_it(town, town.enter(bureau.drafter), run_id)
    assert [trouble for each in town.visits for trouble in each.troubles] == []


def see_what_became_of_it(town: Town, clerk: Visit, run_id: int) -> None:
    """Bring a list of grants at the page; its figures are in tens, and tell nothing of few."""
    path = f"/programs/{town.sending.desk.program_id}/take-up"
    clerk.look(path)
    clerk.page.locator("#file").set_input_files({"name": "grants.csv", "mimeType": "text/csv", "buffer": grants(town)})
    clerk.page.get_by_role("button", name="取り込む").click()
    clerk.page.wait_for_selector("text=取り込みました")
    office = town.sending.city.office
    with town.sending.city.look() as work:
        (kept,) = queries.lists_of(work.session, town.sending.desk.program_id)
    count_list(office, kept.id, OnceOnly())

    clerk.look(path)
    assert [cell_of(clerk.page, "runs-heading", at) for at in (1, 2, 4)] == ["約50人", "約40人", "約80%"]
    clerk.look(f"/take-up/{run_id}")
    said = clerk.page.locator("main").inner_text()
    assert "約40人" in said
    assert town.others[0].name not in said
    untold = clerk.page.locator("[aria-labelledby=missed-heading] td").all_inner_texts()
    assert set(untold) == {"10人未満か、伏せる数"}, "four men and one who withdrew are few"


def grants(town: Town) -> bytes:
    """Name some who were told, one who withdrew in time, and some men whom the rule passes over."""
    sending, withdrew = town.sending, town.people["kasumi"]
    residents = sending.residents
    men = list(residents.filter(residents["sex"] == "male")["pseudonym"][:MISSED])
    with sending.city.look() as work:
        number = work.session.get_one(Program, sending.desk.program_id).number
    names = [*(each.name for each in town.others[:TOOK_UP]), withdrew.name, *men]
    return "\n".join(["制度番号,仮名,支給決定日", *(f"{number},{name},2026-12-10" for name in names)]).encode()


def cell_of(page: Page, heading: str, place: int) -> str:
    return page.locator(f"[aria-labelledby={heading}] tbody td").nth(place).inner_text()


def look_at_phones(town: Town, browser: Browser, pictures: Path) -> None:
    """See the mails as a phone shows them: nothing that axe knows, read in order, in the reader's own words."""
    (mail,), (easy,), line = town.phone("hikari"), town.phone("yasashii"), town.phone("line")

    phone = browser.new_page(viewport=PHONE)
    for who, shown in (("hikari", mail), ("yasashii", easy)):
        phone.set_content(shown.page)
        phone.add_script_tag(path=str(AXE))
        assert phone.evaluate(ASK_AXE) == []
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        phone.screenshot(path=pictures / f"{who}.png", full_page=True)
    phone.set_content(mail.page)
    heard = [line for line in phone.locator("main").aria_snapshot().splitlines() if "heading" in line]
    phone.close()

    told = [part.split('"')[1] for part in heard]
    assert told[0] == mail.title
    assert told.index("なぜこのお知らせが届いたか") < told.index("お知らせを止めるには") < told.index("お問い合わせ")
    assert "女性" in mail.text
    assert mail.stop_link.startswith("https://gateway.city.example/stop/")
    assert "(" in easy.text
    assert any("women" in each.text for each in line)
