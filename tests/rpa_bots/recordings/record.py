"""How were these recordings made? By Chromium's own Recorder panel, which this program opens and a clerk's hands feed.

`python -m tests.rpa_bots.recordings.record` writes them anew, with the browser on this machine; these were made with
Chromium 156. They lie beside the system. Only one thing is changed afterwards: a value that came of a column of
move-ins.csv is replaced by the column's name, `{{使用者氏名}}`. What the Recorder gets wrong is left as it is:
`input[type='text']` for a box that says no type, which that selector never finds, a link called by the number it had
that day, a title still empty.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Frame, Page, sync_playwright

from rpa_bots.browser import find_chromium
from rpa_bots.fake_base.ledger import Ledger
from rpa_bots.fake_water.__main__ import ACCOUNT, PASSWORD
from rpa_bots.fake_water.recorded import FOLDER, ROWS
from rpa_bots.fake_water.records import COLUMNS, REFERENCE, generate, stored
from rpa_bots.fake_water.system import LETTER

URL: Final = "http://127.0.0.1:8908"
BOXES: Final = {
    "kana": "フリガナ",
    "shimei": "使用者氏名",
    "yubin": "郵便番号",
    "banchi": "番地",
    "tatemono": "建物・部屋",
    "denwa": "電話番号",
    "suisen": "水栓番号",
}
RECORDED_FOR: Final = date(2026, 11, 20)
DEBUGGING: Final = 9333
PREFERENCES: Final = "new Promise(told => InspectorFrontendHost.getPreferences(told))"
STORED_IN: Final = "recorder-recordings-ng"


class Clerk:
    """Mouse and keyboard only: the Recorder takes no notice of what a script does."""

    def __init__(self, page: Page, row: dict[str, str], address: str = URL) -> None:
        self.page = page
        self.row = row
        self.address = address
        page.on("dialog", lambda dialog: dialog.accept())

    def signs_in(self) -> None:
        self.types(self.page.main_frame, "[name=shokuin]", ACCOUNT)
        self.types(self.page.main_frame, "[name=angou]", PASSWORD)
        self.page.click("[value=ログイン]")
        self.page.wait_for_selector("frame", state="attached")

    def opens(self, link: str, box: str) -> Frame:
        self._frame("menu").click(f"text={link}")
        main = self._frame("main")
        main.wait_for_selector(box)
        return main

    def types(self, frame: Frame, box: str, text: str) -> None:
        frame.click(box)
        self._keys(frame.page, text)

    def chooses(self, frame: Frame, box: str, code: str) -> None:
        """Type the first letter of an option until it stands there: each time the list goes to the next of that letter.

        A click would open the list, which a window without a screen does not draw.
        """
        frame.focus(box)
        while frame.input_value(box) != code:
            frame.page.keyboard.press(code[0])
            frame.page.wait_for_timeout(1200)  # a sooner letter would be taken for the second one of a word

    def _keys(self, page: Page, text: str) -> None:
        page.keyboard.type(text, delay=15)
        page.wait_for_timeout(150)

    def _frame(self, name: str) -> Frame:
        self.page.wait_for_timeout(300)
        frame = self.page.frame(name)
        assert frame
        return frame


def registers(clerk: Clerk, *, with_reference: bool) -> None:
    clerk.signs_in()
    main = clerk.opens("開閉栓入力", "[name=suisen]")
    if with_reference:
        clerk.types(main, "[name=uketsuke]", clerk.row[REFERENCE])
    main.click("text=開栓")
    chooses_the_day(clerk, main)
    for name, column in BOXES.items():
        clerk.types(main, f"[name={name}]", clerk.row[column])
    clerk.chooses(main, "[name=kokei]", clerk.row["口径"])
    clerk.types(main, "[name=ninzu]", clerk.row["使用人数"])
    main.click("[name=shiharai][value='2']")
    main.click("[name=tachiai]")
    clerk.types(main, "[name=biko]", clerk.row["備考"])
    main.click("[value=確認]")
    main.wait_for_selector("[value=登録]")
    main.click("[value=登録]")
    main.wait_for_selector("text=受け付けました")


def chooses_the_day(clerk: Clerk, main: Frame) -> None:
    with clerk.page.expect_popup() as opened:
        main.click("[value=カレンダ]")
    window = opened.value
    calendar = window.main_frame
    calendar.wait_for_selector("#koyomi a")
    window.wait_for_timeout(1500)  # the Recorder needs a moment to see a new window
    clerk.chooses(calendar, "[name=nen]", clerk.row["開栓年"])
    clerk.chooses(calendar, "[name=tsuki]", clerk.row["開栓月"])
    clerk.types(calendar, "[name=hi]", clerk.row["開栓日"])
    box = window.locator("[value=決定]").bounding_box()
    assert box
    window.mouse.click(box["x"] + 8, box["y"] + 8)  # by hand: the window closes within the click
    clerk.page.wait_for_timeout(800)


def looks_up(clerk: Clerk, *, with_reference: bool) -> None:
    name, column = ("uketsuke", REFERENCE) if with_reference else ("suisen", "水栓番号")
    clerk.signs_in()
    main = clerk.opens("受付照会", "[name=suisen]")
    clerk.types(main, f"[name={name}]", clerk.row[column])
    main.click("[value=検索]")
    main.click("a[href^='/detail']")
    main.wait_for_selector("text=受付日時")


def recorded(devtools: Page, title: str, clerk: Clerk, act: Callable[[Clerk], None]) -> dict[str, Any]:
    """Record what `act` does under a title. This function will answer the flow as the Recorder keeps it."""
    clerk.page.goto(clerk.address)
    devtools.get_by_role("button", name="Create recording").first.click()
    devtools.get_by_label("Recording name").fill(title)
    devtools.get_by_role("button", name="Start recording").click()
    devtools.get_by_role("button", name="End recording").wait_for()
    act(clerk)
    clerk.page.wait_for_timeout(1000)
    devtools.get_by_role("button", name="End recording").click()
    devtools.wait_for_timeout(1500)
    kept = json.loads(devtools.evaluate(PREFERENCES)[STORED_IN])
    flow: dict[str, Any] = next(each["flow"] for each in kept if each["flow"]["title"] == title)
    return flow


def bound(flow: dict[str, Any], row: dict[str, str], columns: Sequence[str]) -> dict[str, Any]:
    """Put the columns' names where the row's values were keyed, in the order of keying."""
    waiting = list(columns)
    for step in flow["steps"]:
        if step["type"] == "change" and waiting and step["value"] == row[waiting[0]]:
            step["value"] = f"{{{{{waiting.pop(0)}}}}}"
    if waiting:
        raise SystemExit(f"not recorded: {waiting}\n{json.dumps(flow, ensure_ascii=False, indent=1)}")
    return flow


@contextmanager
def panel() -> Iterator[tuple[Page, Page]]:
    """Open a window for the clerk and, on it, the Recorder."""
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]
        flags = ["--headless=new", f"--remote-debugging-port={DEBUGGING}", "--remote-allow-origins=*", *sandbox]
        browser = subprocess.Popen(  # noqa: S603 - the browser that the bots use, too
            [find_chromium(), *flags, f"--user-data-dir={profile}", "--window-size=1366,768", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            debugging = f"127.0.0.1:{DEBUGGING}"
            target = _target(f"http://{debugging}/json")
            context = playwright.chromium.connect_over_cdp(f"http://{debugging}").contexts[0]
            (clerk,) = context.pages
            devtools = context.new_page()
            address = f"ws={debugging}/devtools/page/{target}&panel=chrome-recorder"
            devtools.goto(f"devtools://devtools/bundled/devtools_app.html?{address}")
            yield clerk, devtools
        finally:
            browser.terminate()
            browser.wait()


def _target(url: str) -> str:
    for _ in range(50):
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own browser
                return str(json.load(answer)[0]["id"])
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the browser does not answer")


@contextmanager
def water(known: Sequence[dict[str, str]], *switches: str) -> Iterator[None]:
    """Run the system at the address that stands in the recordings, with some move-ins registered already."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ledger.jsonl")
        for row in known:
            Ledger(file, LETTER).register(row[REFERENCE], ACCOUNT, stored(row), datetime.now(UTC))
        program = [sys.executable, "-m", "rpa_bots.fake_water", "--ledger", str(file), *switches]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as system:  # noqa: S603 - our own program
            assert system.stdout
            system.stdout.readline()
            try:
                yield
            finally:
                system.terminate()


def main() -> None:
    rows = generate(5, seed=3, today=RECORDED_FOR)
    with ROWS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    # of another year than the calendar opens on: a choice that stands there already is never recorded
    sample = next(row for row in rows if row["開栓年"] != str(datetime.now(UTC).year))
    keyed = [column for column in COLUMNS if column != REFERENCE]
    for title, act, columns, with_reference in (
        ("move-in", registers, [REFERENCE, *keyed], True),
        ("look-up", looks_up, [REFERENCE], True),
        ("move-in-without-number", registers, keyed, False),
        ("look-up-without-number", looks_up, ["水栓番号"], False),
    ):
        known = [sample] if act is looks_up else []
        doing = partial(act, with_reference=with_reference)
        with water(known, *([] if with_reference else ["--without-keys"])), panel() as (page, devtools):
            flow = bound(recorded(devtools, title, Clerk(page, sample), doing), sample, columns)
            written = json.dumps(flow, ensure_ascii=False, indent=2)
            (FOLDER / f"{title}.json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
