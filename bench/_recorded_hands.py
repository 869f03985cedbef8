"""Who keys the rows of `recorded_replay`? A program for each way, asked on its standard input, one batch a line.

Each answers a batch with the seconds it took, from the first row's context to the last one's end; starting its browser
is not among them.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from rpa_bots.browser import HEIGHT, WIDTH, find_chromium
from rpa_bots.fake_water.__main__ import PASSWORD
from rpa_bots.journal import Stage, Standing
from rpa_bots.outcomes import Keyed
from rpa_bots.recording.keying import Taught, open_recorded
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.secret import Secret
from rpa_bots.target import Target

Row = Mapping[str, str]
Key = Callable[[Row], None]


class Kept:
    """The evidence of a bench: pictures on the disk, as a night keeps them until they are sealed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    def standing(self, standing: Standing) -> None:
        """Nobody watches a bench."""

    def submitting(self) -> None:
        """Commit nothing: what the back office's units cost is measured in `bench/keying.py`."""

    def receipt(self, number: str) -> None:
        """Commit nothing."""

    def picture(self, stage: Stage, png: bytes) -> None:
        self._number += 1
        (self._folder / f"{stage}-{self._number}.png").write_bytes(png)


@contextmanager
def recorded(url: str, account: str, folder: Path, *, pictures: bool) -> Iterator[Key]:
    """Key as a night does with a released recording."""
    recording = read_recording((folder / "recording.json").read_bytes())
    taught = Taught(recording, lambda record: {name: str(value) for name, value in record.items()})
    with open_recorded(taught, Target(url, account, 0), Secret(PASSWORD), pictures=pictures) as bot:
        journal = Kept(folder)

        def key(row: Row) -> None:
            ended = bot.key(row, journal)
            assert isinstance(ended, Keyed), ended

        yield key


@contextmanager
def bare(url: str, account: str) -> Iterator[Key]:
    """Write what one writes in an afternoon: no walls, no comparison, every dialog accepted."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), chromium_sandbox=False)

        def key(row: Row) -> None:
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="ja-JP")
            page = context.new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            page.goto(url)
            page.locator("[name=shokuin]").fill(account)
            page.locator("[name=angou]").fill(PASSWORD)
            page.get_by_role("button", name="ログイン").click()
            page.frame_locator("frame[name=menu]").get_by_role("link", name="開閉栓入力").click()
            _enter(page, row)
            context.close()

        yield key
        browser.close()


def _enter(page: Page, row: Row) -> None:
    screen = page.frame_locator("frame[name=main]")
    screen.locator("[name=uketsuke]").fill(row["受付番号"])
    screen.get_by_label("開栓").check()
    with page.expect_popup() as opened:
        screen.get_by_role("button", name="カレンダ").click()
    calendar = opened.value
    calendar.locator("[name=nen]").select_option(row["開栓年"])
    calendar.locator("[name=tsuki]").select_option(row["開栓月"])
    calendar.locator("[name=hi]").fill(row["開栓日"])
    with calendar.expect_event("close"), suppress(Error):  # a window that closes in its own click may raise
        calendar.get_by_role("button", name="決定").click()
    screen.get_by_label("フリガナ").fill(row["フリガナ"])
    screen.get_by_label("使用者氏名").fill(row["使用者氏名"])
    screen.locator("[name=yubin]").press_sequentially(row["郵便番号"])  # the address comes when a key comes up
    screen.get_by_label("番地").fill(row["番地"])
    screen.get_by_label("建物・部屋").fill(row["建物・部屋"])
    screen.locator("[name=denwa]").fill(row["電話番号"])
    screen.locator("[name=suisen]").fill(row["水栓番号"])
    screen.get_by_label("口径").select_option(row["口径"])
    screen.locator("[name=ninzu]").fill(row["使用人数"])
    screen.locator("[name=shiharai][value='2']").check()
    screen.get_by_label("立会を希望する").check()
    screen.locator("[name=biko]").fill(row["備考"])
    screen.get_by_role("button", name="確認").click()
    screen.get_by_role("button", name="登録").click()
    screen.get_by_text("受け付けました").wait_for()


def answer_batches(key: Key) -> None:
    """Key each batch of rows that is asked for, and say how long it took."""
    for line in sys.stdin:
        rows: Sequence[Row] = json.loads(line)
        began = time.perf_counter()
        for row in rows:
            key(row)
        print(time.perf_counter() - began, flush=True)


def main(kind: str, url: str, account: str, folder: str) -> None:
    ways = {
        "recorded": lambda: recorded(url, account, Path(folder), pictures=False),
        "pictures": lambda: recorded(url, account, Path(folder), pictures=True),
        "bare": lambda: bare(url, account),
    }
    with ways[kind]() as key:
        print("ready", flush=True)
        answer_batches(key)


if __name__ == "__main__":
    main(*sys.argv[1:])
