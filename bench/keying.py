"""How fast does a night key, against a bare Playwright script that visits the same pages of the same system?

The night does more (walls, comparison, the back office's units on the disk) and is yet quicker where the bot types a
form in one call. Not counted: the durable engine's one write a record.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date
from datetime import time as clock
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from backoffice.accounts import service as accounts
from backoffice.automation import queries, service
from backoffice.automation.bots import bots_of_this_machine
from backoffice.automation.jobs import Hands, Sitting
from backoffice.automation.models import RECORD_SCHEMA, TargetSystem
from backoffice.automation.queue import queueing
from backoffice.automation.systems.targets import TargetSettings
from backoffice.composition import open_office
from backoffice.demo.living import prepare
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings
from backoffice.work import Office
from rpa_bots.browser import HEIGHT, WIDTH, find_chromium
from rpa_bots.fake_legacy.records import generate
from rpa_bots.outcomes import Record

GOAL = 0.9
PASSWORD = "invented-for-the-bench"  # noqa: S105 - of a system that lives for a minute
Keyer = Callable[[Record], str]
ERA_CODES = ((date(2019, 5, 1), "5"), (date(1989, 1, 8), "4"), (date(1926, 12, 25), "3"))
TEXTS = ("kana", "name", "address", "phone", "insured", "child_kana", "child_name", "school", "grade")
BANK = ("bank", "branch", "account", "holder")
NUMBERS = ("children", "household", "income")


@contextmanager
def bot_keyer(url: str, folder: Path) -> Iterator[Keyer]:
    """Key as a night does: each record queued, taken up, submitted, receipted and ended in units of an office's own."""
    settings = Settings(data_dir=folder / "office")
    prepare(settings)
    house = Actor.house(Origin.WORKER)
    hands = Hands(bots_of_this_machine(None), time.monotonic, time.sleep, lambda: False)
    with open_office(settings) as office:
        target, night_id = start_night(office, url, house)
        with closing(Sitting(office, hands, night_id)) as sitting:
            sitting.go_on()  # the night's own record; the browser is open now

            def key(record: Record) -> str:
                values = {name: value for name, value in record.items() if name != "reference"}
                stored: dict[str, object] = {"schema": RECORD_SCHEMA, "values": values}
                with office.unit(house) as work:
                    item = queueing.queue_record(work, str(record["reference"]), stored, target, target.department_id)
                said = sitting.go_on()
                assert said == "keyed", said
                with office.look(house) as work:
                    return queries.find_item(work.session, house, item.id).receipt

            yield key


def start_night(office: Office, url: str, house: Actor) -> tuple[TargetSystem, int]:
    """Register the system as an operator would, open the whole day, and start a night over one record of its own."""
    system = TargetSettings("就学援助システム", url, clock(0), clock(0), 0, 2, pictures=False)
    first = generate(1, seed=99)[0]
    values = {name: value for name, value in first.items() if name != "reference"}
    with office.unit(house) as work:
        department = accounts.add_department(work, "学事課", "就援")
        target = service.add_target(work, "shugaku-enjo", system, department.id)
        service.set_credential(work, target, "bot", PASSWORD)
        stored: dict[str, object] = {"schema": RECORD_SCHEMA, "values": values}
        queueing.queue_record(work, "就援-R8-99999", stored, target, department.id)
        return target, service.start_night(work, target.id).id


@contextmanager
def bare_keyer(url: str) -> Iterator[Keyer]:
    """Write what one writes in an afternoon: no walls, no journal, no comparison, every dialog accepted."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), chromium_sandbox=os.geteuid() != 0)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(url)
        page.fill("[name=account]", "bare")
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_load_state()
        main = page.frame(name="main")
        assert main

        def key(record: Record) -> str:
            main.goto(f"{url}/search")
            main.fill("[name=reference]", str(record["reference"]))
            main.click("form[name=search] [type=submit]")
            main.click("form[name=new] [type=submit]")
            for name, text in bare_texts(record).items():
                main.fill(f"[name={name}]", text)
            for name, code in bare_eras(record).items():
                main.select_option(f"[name={name}_g]", code)
            for name in (f"cb{number}" for number in range(8)):
                main.set_checked(f"[name={name}]", bool(record[name]))
            main.click("[name=go]")
            receipt = main.inner_text("#number")
            main.click("a[href^='/detail']")
            main.wait_for_selector("table.values")
            main.evaluate("() => [...document.querySelectorAll('td')].map(each => each.textContent)")
            return receipt

        yield key
        browser.close()


def bare_texts(record: Record) -> dict[str, str]:
    texts = {key: str(record[key]) for key in (*TEXTS, *BANK, *NUMBERS)}
    texts["postal1"], texts["postal2"] = str(record["postal"]).split("-")
    for key, code in bare_eras(record).items():
        day = date.fromisoformat(str(record[key]))
        begun = next(begun for begun, each in ERA_CODES if each == code)
        texts |= {f"{key}_y": str(day.year - begun.year + 1), f"{key}_m": str(day.month), f"{key}_d": str(day.day)}
    return texts


def bare_eras(record: Record) -> dict[str, str]:
    days = {key: date.fromisoformat(str(record[key])) for key in ("apply_date", "birth", "child_birth")}
    return {key: next(code for begun, code in ERA_CODES if day >= begun) for key, day in days.items()}


class Hand:
    """One keyer in a thread of its own: Playwright's sync objects stay in the thread that made them."""

    def __init__(self, opening: AbstractContextManager[Keyer]) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._opening = opening
        self._key = self._thread.submit(opening.__enter__).result()

    def seconds_for(self, records: list[Record]) -> float:
        started = time.perf_counter()
        receipts = self._thread.submit(lambda: [self._key(record) for record in records]).result()
        assert len(set(receipts)) == len(records)
        return time.perf_counter() - started

    def close(self) -> None:
        self._thread.submit(self._opening.__exit__, None, None, None).result()
        self._thread.shutdown()


@contextmanager
def legacy_system(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "rpa_bots.fake_legacy", "--port", "0", "--ledger", str(folder / "ledger.jsonl")]
    accounts = ["--account", "bot", "--account", "bare"]
    system = subprocess.Popen(  # noqa: S603 - our own program
        [*command, *accounts],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "FAKE_LEGACY_PASSWORD": PASSWORD},
        cwd=Path(__file__).parents[1],
    )
    assert system.stdout
    try:
        yield system.stdout.readline().split()[1]
    finally:
        system.terminate()
        system.wait()
        system.stdout.close()


def paired_rounds(url: str, folder: Path, rounds: int, each: int) -> list[tuple[float, float]]:
    """Key in turns, bot first in every other round; gives the seconds of (bot, bare) a round."""
    records: list[Record] = [*generate(2 * each * (rounds + 1), seed=1)]
    bot, bare = Hand(bot_keyer(url, folder)), Hand(bare_keyer(url))
    seconds = []
    try:
        for number in range(rounds + 1):
            mine, theirs = (records[start : start + each] for start in (2 * number * each, (2 * number + 1) * each))
            turns = [(bot, mine), (bare, theirs)]
            took = {hand: hand.seconds_for(batch) for hand, batch in (turns if number % 2 else reversed(turns))}
            seconds.append((took[bot], took[bare]))
    finally:
        bot.close()
        bare.close()
    return seconds[1:]  # the first round warms both browsers up


def result(seconds: list[tuple[float, float]], each: int) -> dict[str, object]:
    bot, bare = (60 * each / median(column) for column in zip(*seconds, strict=True))
    ratio = median(theirs / mine for mine, theirs in seconds)
    return {
        "name": "keying",
        "what": "records keyed a minute: searched, registered, read back; no pictures",
        "figure": round(bot, 1),
        "unit": "items/min",
        "against": f"bare Playwright script, same page visits: {bare:.1f} items/min",
        "ratio": round(ratio, 3),
        "goal": f">= {GOAL}",
        "holds": ratio >= GOAL,
        "growth": [
            {"n": 2 * each * (number + 2), "figure": round(60 * each / mine, 1)}
            for number, (mine, _) in enumerate(seconds)
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--each", type=int, default=6, help="records a round and hand")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, legacy_system(Path(name)) as url:
        found = result(paired_rounds(url, Path(name), options.rounds, options.each), options.each)
    brief = f"{found['figure']} {found['unit']}, ratio {found['ratio']}"
    print(json.dumps(found, ensure_ascii=False) if options.json else brief)
    return 0


if __name__ == "__main__":
    sys.exit(main())
